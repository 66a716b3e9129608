"""The campaigns of a programme as plain data and back."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, Final

from loyalty.promotions.campaigns import (
    Amount,
    Birthday,
    Bounds,
    Budget,
    Campaign,
    Caps,
    Choice,
    Conditions,
    Effect,
    Fact,
    FreeItem,
    GiftPoints,
    Hours,
    Nth,
    OnReturn,
    Percent,
    PointsTimes,
    Promotions,
    TierBoost,
    Weekday,
)
from loyalty.texts import Text

Data = Mapping[str, Any]
_EFFECTS: Final[Mapping[str, Callable[..., Effect]]] = {
    "percent": Percent,
    "amount": Amount,
    "free_items": FreeItem,
    "points_times": PointsTimes,
    "gift_points": GiftPoints,
    "tier": TierBoost,
}
_NAMES: Final[Mapping[object, str]] = {kind: name for name, kind in _EFFECTS.items()}
_PLAIN: Final = ("tiers", "partners", "outlets", "channels", "services")
_SUMS: Final = ("line_min", "basket_min", "quantity_min")


def promotions_data(promotions: Promotions) -> dict[str, Any]:
    """The campaigns as they are kept with a version; in the order of their slugs, for the file's order says nothing."""
    campaigns = sorted(promotions.campaigns, key=lambda campaign: campaign.id)
    return {
        "campaigns": [_campaign_data(campaign) for campaign in campaigns],
        "groups": {group: choice.value for group, choice in promotions.groups.items()},
        "caps": [promotions.caps.line, promotions.caps.receipt],
        "excluded": [list(pair) for pair in sorted(promotions.excluded)],
    }


def read_promotions_data(data: Data) -> Promotions:
    """The campaigns of a version row."""
    return Promotions(
        campaigns=tuple(_read_campaign(one) for one in data["campaigns"]),
        groups={group: Choice(choice) for group, choice in data["groups"].items()},
        caps=Caps(*data["caps"]),
        excluded=frozenset((partner, service) for partner, service in data["excluded"]),
    )


def _campaign_data(campaign: Campaign) -> dict[str, Any]:
    name = _NAMES[type(campaign.effect)]
    return {
        "id": campaign.id,
        "name": [campaign.name.ru, campaign.name.en],
        "conditions": _conditions_data(campaign.conditions),
        "effect": [name, *(getattr(campaign.effect, field.name) for field in fields(campaign.effect))],
        "starts": None if campaign.starts is None else campaign.starts.isoformat(),
        "ends": None if campaign.ends is None else campaign.ends.isoformat(),
        "priority": campaign.priority,
        "group": campaign.group,
        "needs_code": campaign.needs_code,
        "budget": None if campaign.budget is None else asdict(campaign.budget),
        "uses_per_member": campaign.uses_per_member,
        "holdout": campaign.holdout,
        "on_return": campaign.on_return.value,
    }


def _read_campaign(data: Data) -> Campaign:
    return Campaign(
        id=data["id"],
        name=Text(*data["name"]),
        conditions=_read_conditions(data["conditions"]),
        effect=_read_effect(*data["effect"]),
        starts=None if data["starts"] is None else date.fromisoformat(data["starts"]),
        ends=None if data["ends"] is None else date.fromisoformat(data["ends"]),
        priority=data["priority"],
        group=data["group"],
        needs_code=data["needs_code"],
        budget=None if data["budget"] is None else Budget(**data["budget"]),
        uses_per_member=data["uses_per_member"],
        holdout=data["holdout"],
        on_return=OnReturn(data["on_return"]),
    )


def _read_effect(name: str, *facts: int | str) -> Effect:
    return _EFFECTS[name](*facts)


def _conditions_data(asked: Conditions) -> dict[str, Any]:
    """Only what is asked for, so that a field of a later version changes no digest of an earlier content."""
    hours, nth, birthday = asked.hours, asked.nth_purchase, asked.birthday
    told: dict[str, Any] = {name: list(getattr(asked, name)) for name in _PLAIN}
    told |= {name: getattr(asked, name) for name in _SUMS}
    told |= {
        "weekdays": [day.value for day in asked.weekdays],
        "hours": None if hours is None else [hours.opens, hours.closes],
        "nth_purchase": None if nth is None else [nth.number, nth.is_every],
        "birthday": None if birthday is None else [birthday.before, birthday.after],
        "members": [[bounds.fact.value, bounds.low, bounds.high] for bounds in asked.members],
    }
    return {name: value for name, value in told.items() if value not in (None, 0, [])}


def _read_conditions(data: Data) -> Conditions:
    plain: dict[str, Any] = {name: tuple(data.get(name, ())) for name in _PLAIN}
    plain |= {name: data.get(name, 0) for name in _SUMS}
    return Conditions(
        **plain,
        weekdays=tuple(Weekday(day) for day in data.get("weekdays", ())),
        hours=Hours(*data["hours"]) if "hours" in data else None,
        nth_purchase=Nth(*data["nth_purchase"]) if "nth_purchase" in data else None,
        birthday=Birthday(*data["birthday"]) if "birthday" in data else None,
        members=tuple(Bounds(Fact(fact), low, high) for fact, low, high in data.get("members", ())),
    )
