"""What campaigns gave, as a quote keeps it and as the posting statement takes it."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from loyalty.programme import Programme
from loyalty.promotions.campaigns import Campaign, OnReturn
from loyalty.promotions.occasion import Outcome, State
from loyalty.purchases import Priced
from loyalty.reasons import Reason
from models.ids import uuid7
from services.promotions.codes import NO_CODES, Codes
from services.promotions.pricing import Pricing


def stored(priced: Priced, codes: Codes) -> str | None:
    """What a quote keeps besides its lines; None where campaigns had no say."""
    if not priced.outcomes and not codes:
        return None
    return orjson.dumps({"outcomes": outcomes_data(priced.outcomes), "codes": codes.stored()}).decode()


def read_codes(promotions: str | None) -> Codes:
    """The promo codes of a kept quote."""
    return NO_CODES if promotions is None else Codes.of(orjson.loads(promotions)["codes"])


def outcomes_data(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """What came of each campaign, as a quote and a receipt keep it."""
    return [
        {
            "campaign": outcome.campaign,
            "state": outcome.state.value,
            "discount": outcome.discount,
            "points": outcome.points,
            "reasons": [reason.stored() for reason in outcome.reasons],
        }
        for outcome in outcomes
    ]


def read_outcomes(data: Sequence[Mapping[str, Any]]) -> tuple[Outcome, ...]:
    """What came of each campaign, read back."""
    return tuple(
        Outcome(
            one["campaign"],
            State(one["state"]),
            tuple(Reason.of(reason) for reason in one["reasons"]),
            one["discount"],
            one["points"],
        )
        for one in data
    )


def uses_of(programme: Programme, priced: Priced) -> list[dict[str, Any]]:
    """What a price takes of campaigns that are counted, each with its bounds."""
    promotions = programme.promotions
    if promotions is None:
        return []
    applied = [(promotions.by_id[one.campaign], one) for one in priced.outcomes if one.state is State.APPLIED]
    return [_use(campaign, outcome) for campaign, outcome in applied if campaign.is_counted]


def of_item(
    programme: Programme, pricing: Pricing, codes: Codes, lines: Sequence[Mapping[str, Any]], *, paid: bool = False
) -> dict[str, Any]:
    """What campaigns add to a posting item; nothing where none was tried. `lines` carry the ids of the receipt's.

    With `paid` the guest has paid by what was put aside for the order: it stands, whatever was given to others since.
    """
    promotions, priced = programme.promotions, pricing.priced
    if promotions is None or not priced.outcomes:
        return {}
    given = [promotions.by_id[one.campaign] for one in priced.outcomes if one.state is State.APPLIED]
    item = {
        "outcomes": outcomes_data(priced.outcomes),
        "parts": _parts(promotions.by_id, priced, codes, lines),
        "uses": uses_of(programme, priced),
        **({"paid": True} if paid else {}),
        "coupons": sorted(codes.by_campaign[one.id] for one in given if one.needs_code and one.id in codes.by_campaign),
    }
    # Whatever a guest was promised by the number of the purchase holds for that number alone.
    if not paid and any(campaign.conditions.nth_purchase for campaign in given):
        item["purchases"] = pricing.purchases
    return {"promotions": item}


def _use(campaign: Campaign, outcome: Outcome) -> dict[str, Any]:
    budget = campaign.budget
    return {
        "campaign": campaign.id,
        "discount": outcome.discount,
        "points": outcome.points,
        "most_discount": None if budget is None else budget.discount,
        "most_points": None if budget is None else budget.points,
        "most_uses": None if budget is None else budget.uses,
        "most_by_member": campaign.uses_per_member,
    }


def _parts(
    campaigns: Mapping[str, Campaign], priced: Priced, codes: Codes, lines: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """A row for every source of every line that a campaign touched, the tier's share first: they sum to its discount."""
    parts = []
    for line, written in zip(priced.lines, lines, strict=True):
        rest = line.discount - sum(part.amount for part in line.parts)
        if line.parts and rest:
            parts.append({"id": uuid7(), "line": written["id"], "source": "TIER", "amount": rest, "points": 0})
        for part in line.parts:
            campaign = campaigns[part.campaign]
            coupon = codes.by_campaign.get(campaign.id) if campaign.needs_code else None
            parts.append(
                {
                    "id": uuid7(),
                    "line": written["id"],
                    "source": "CAMPAIGN" if coupon is None else "COUPON",
                    "campaign": campaign.id,
                    "coupon": coupon,
                    "amount": part.amount,
                    "points": part.points,
                    "is_counted": campaign.is_counted,
                    "gives_back": campaign.on_return is OnReturn.GIVE_BACK,
                }
            )
    return [{"is_counted": False, "gives_back": False, **part} for part in parts]
