"""Pricing with campaigns: the rules of every line, then what campaigns of this place and moment do for this guest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from loyalty.business_days import business_date
from loyalty.programme import Programme
from loyalty.promotions.campaigns import TierBoost
from loyalty.promotions.evaluation import promote
from loyalty.promotions.occasion import NOTHING_USED, Guest, Occasion, Used
from loyalty.purchases import BasketLine, Priced, price
from models import database
from models.database import Record, statement
from services.gathering import Gathering
from services.promotions.codes import NO_CODES, Codes, alive


@dataclass(frozen=True, slots=True)
class Basket:
    """What is priced: for whom, where, through which channel, and in which moment.

    `own` is what the basket's order has put aside of campaigns already; `is_paid` says that only points can be added, and
    `waits` that a bank has still to confirm the payment.
    """

    member: UUID
    partner: str
    outlet: str
    channel: str
    tier: str
    accumulated: int
    lines: Sequence[BasketLine]
    at: datetime
    codes: Codes = NO_CODES
    own: Mapping[str, Used] = field(default_factory=dict)
    is_paid: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Pricing:
    """A price, and the number of purchases it was computed after; None where no campaign was tried."""

    priced: Priced
    purchases: int | None = None


async def price_basket(programme: Programme, basket: Basket) -> Pricing:
    """The price of a basket. Nothing is read where no campaign speaks of its place."""
    priced = price(programme, partner=basket.partner, channel=basket.channel, tier=basket.tier, lines=basket.lines)
    return await promote_basket(programme, priced, basket)


async def promote_basket(programme: Programme, priced: Priced, basket: Basket) -> Pricing:
    """The price of a basket that the rules have priced, after the campaigns of its place."""
    promotions = programme.promotions
    here = () if promotions is None else promotions.at(basket.partner, basket.outlet, basket.channel)
    if not here and not basket.codes:
        return Pricing(priced)
    counted = tuple(campaign.id for campaign in here if campaign.is_counted)
    gives_tiers = any(isinstance(campaign.effect, TierBoost) for campaign in here)
    found = await _FACTS.ask((basket.member, counted, gives_tiers))
    zone = _zone(programme, basket.outlet)
    occasion = Occasion(
        partner=basket.partner,
        outlet=basket.outlet,
        channel=basket.channel,
        tier=basket.tier,
        local=basket.at.astimezone(ZoneInfo(zone)),
        guest=_guest(found, basket, zone),
        used=_used(found, basket.own),
        codes=frozenset((await alive(basket.codes)).by_campaign),
        is_paid=basket.is_paid,
        waits=basket.waits,
    )
    promoted = promote(programme, priced, occasion)
    return Pricing(promoted, found["purchases"] if promoted.outcomes else None)


async def _read_facts(wanted: list[tuple[UUID, tuple[str, ...], bool]]) -> list[Record]:
    members = [member for member, _, _ in wanted]
    campaigns = sorted({campaign for _, counted, _ in wanted for campaign in counted})
    gives_tiers = any(gives for _, _, gives in wanted)
    return await database.fetch(statement("promotion_facts"), members, campaigns, gives_tiers)


_FACTS: Final = Gathering(_read_facts)


def _guest(found: Record, basket: Basket, zone: str) -> Guest:
    last = found["last_at"]
    return Guest(
        id=str(basket.member),
        joined=business_date(found["joined_at"], zone),
        purchases=found["purchases"],
        accumulated=basket.accumulated,
        born=found["birth_date"],
        last_purchase=None if last is None else business_date(last, zone),
        has_grant=found["granted_until"] is not None and found["granted_until"] > basket.at,
    )


def _used(found: Record, own: Mapping[str, Used]) -> Mapping[str, Used]:
    budgets: dict[str, list[int]] = orjson.loads(found["budgets"] or "{}")
    uses: dict[str, int] = orjson.loads(found["uses"] or "{}")
    used = {}
    for campaign in budgets.keys() | uses.keys():
        discount, points, receipts = budgets.get(campaign, (0, 0, 0))
        mine = own.get(campaign, NOTHING_USED)
        used[campaign] = Used(
            discount - mine.discount,
            points - mine.points,
            receipts - mine.uses,
            uses.get(campaign, 0) - mine.by_member,
        )
    return used


def _zone(programme: Programme, outlet: str) -> str:
    known = programme.outlets_by_id.get(outlet)
    return programme.time_zone if known is None else known.time_zone
