"""A campaign in plain words: what it gives, and what must be so."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

from graph.promotions.telling import told_points, told_times, told_when, unit_facts
from graph.words import Locale, sentence
from loyalty.money import print_quantity, tell_money, tell_percent
from loyalty.programme import Programme
from loyalty.promotions.campaigns import (
    Amount,
    Bounds,
    Campaign,
    Conditions,
    Fact,
    FreeItem,
    GiftPoints,
    Percent,
    PointsTimes,
    TierBoost,
)
from loyalty.texts import Text

NAMES_SHOWN: Final = 8


class _Named(Protocol):
    @property
    def name(self) -> Text: ...


def told_gift(campaign: Campaign, programme: Programme, locale: Locale) -> str:
    """What a campaign gives, in one line."""
    match campaign.effect:
        case Percent(basis_points):
            return sentence("campaign.gives.percent", locale, {"percent": tell_percent(basis_points, locale)})
        case Amount(kopecks):
            return sentence("campaign.gives.amount", locale, {"amount": tell_money(kopecks, locale)})
        case FreeItem(count):
            return sentence("campaign.gives.free", locale, {"count": count})
        case PointsTimes(factor):
            times = unit_facts(programme, locale) | {"times": told_times(factor, locale)}
            return sentence("campaign.gives.times", locale, times)
        case GiftPoints(points):
            return sentence("campaign.gives.gift", locale, {"points": told_points(points, programme, locale)})
        case TierBoost(tier, days):
            name = programme.tiers_by_id[tier].name.in_locale(locale)
            return sentence("campaign.gives.tier", locale, {"tier": name, "days": days})


def told_terms(campaign: Campaign, programme: Programme, locale: Locale) -> list[tuple[str, str]]:
    """(what is asked about, what must be so) of everything that a campaign asks, in the order of the file's fields."""
    asked = campaign.conditions
    found = [
        *_places(asked, programme, locale),
        ("when", told_when(asked, locale) if asked.weekdays or asked.hours else ""),
        ("basket", ", ".join(_basket(asked, locale))),
        ("purchase", _purchase(asked, locale)),
        ("birthday", _birthday(asked, locale)),
        *((bounds.fact.value, _within(bounds, locale)) for bounds in asked.members),
        ("code", sentence("campaign.code", locale) if campaign.needs_code else ""),
        ("per_member", _per_member(campaign, locale)),
        ("group", _group(campaign, programme, locale)),
    ]
    return [(sentence(f"campaign.term.{name}", locale), text) for name, text in found if text]


def _places(asked: Conditions, programme: Programme, locale: Locale) -> Iterator[tuple[str, str]]:
    services = {one.id: one for partner in programme.partners for one in partner.services}
    yield "tiers", _names(asked.tiers, programme.tiers_by_id, locale)
    yield "partners", _names(asked.partners, programme.partners_by_id, locale)
    yield "outlets", _names(asked.outlets, programme.outlets_by_id, locale)
    yield "channels", ", ".join(sentence(f"campaign.channel.{channel}", locale) for channel in asked.channels)
    yield "services", _names(asked.services, services, locale)


def _names(slugs: Sequence[str], known: Mapping[str, _Named], locale: Locale) -> str:
    names = [known[slug].name.in_locale(locale) if slug in known else slug for slug in slugs[:NAMES_SHOWN]]
    rest = len(slugs) - len(names)
    return ", ".join(names) + (f" {sentence('campaign.more', locale, {'count': rest})}" if rest else "")


def _basket(asked: Conditions, locale: Locale) -> Iterator[str]:
    if asked.line_min:
        yield sentence("campaign.line_min", locale, {"amount": tell_money(asked.line_min, locale)})
    if asked.basket_min:
        yield sentence("campaign.basket_min", locale, {"amount": tell_money(asked.basket_min, locale)})
    if asked.quantity_min:
        yield sentence("campaign.quantity_min", locale, {"quantity": print_quantity(asked.quantity_min)})


def _purchase(asked: Conditions, locale: Locale) -> str:
    nth = asked.nth_purchase
    return (
        "" if nth is None else sentence(f"campaign.{'every' if nth.is_every else 'nth'}", locale, {"count": nth.number})
    )


def _birthday(asked: Conditions, locale: Locale) -> str:
    near = asked.birthday
    return "" if near is None else sentence("campaign.birthday", locale, {"before": near.before, "after": near.after})


def _per_member(campaign: Campaign, locale: Locale) -> str:
    most = campaign.uses_per_member
    return "" if most is None else sentence("campaign.per_member", locale, {"count": most})


def _group(campaign: Campaign, programme: Programme, locale: Locale) -> str:
    if campaign.group is None or programme.promotions is None:
        return ""
    choice = programme.promotions.groups[campaign.group].value
    return sentence(f"campaign.group.{choice}", locale, {"group": campaign.group})


def _within(bounds: Bounds, locale: Locale) -> str:
    def told(value: int) -> str:
        return tell_money(value, locale) if bounds.fact is Fact.ACCUMULATED else str(value)

    ends = []
    if bounds.low is not None:
        ends.append(sentence("campaign.from", locale, {"low": told(bounds.low)}))
    if bounds.high is not None:
        ends.append(sentence("campaign.to", locale, {"high": told(bounds.high)}))
    return " ".join(ends)
