"""An ended order of the cloud becomes a purchase, unless its plugin told it already: one order, one purchase.

Whose it is says the plugin's scan, or a guest of the cloud that is a member of ours, or, where the programme takes phones,
the order's phone. The price is what the guest has paid, by the rules of the moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

import orjson

from integrations.restaurants import ToldLine
from loyalty.programme import Identification
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services import programmes
from services.phones import phone_or_none
from services.pos import guestless, orders
from services.pos.closing import ClosedLine, ClosedOrder, close_order
from services.pos.guestless import Guestless
from services.pos.menu import CHANNEL, DEFAULT, MenuLine
from services.pos.orders import Guest, Order
from services.purchases import TenderPaid
from services.purchases.posting import CLOSED_AHEAD
from services.resources import Resources
from services.restaurants.rows import Linked, cloud_of
from services.tills import TillFacts, add_till, till_by_id

_POSTED: Final = """
SELECT p.id, p.net, p.net - p.refunded_net AS kept FROM pos_order AS o JOIN purchase AS p ON p.id = o.id
WHERE o.outlet = $1 AND o.order_id = $2
"""
_ALIAS: Final = "SELECT member_id FROM member_identity WHERE system = $1 AND external_id = $2"
_PHONE: Final = """
SELECT c.member_id FROM contact AS c JOIN member AS m ON m.id = c.member_id AND m.status = 'ACTIVE'
WHERE c.kind = 'PHONE' AND c.value = $1 AND c.verified_at IS NOT NULL
"""
_CARD: Final = """
SELECT c.id FROM card AS c JOIN member AS m ON m.id = c.member_id AND m.status = 'ACTIVE'
WHERE c.member_id = $1 AND c.status = 'ACTIVE'
"""
_TILL: Final = """
SELECT id FROM till WHERE outlet = $1 AND kind = 'SYSTEM' AND name = $2 AND revoked_at IS NULL ORDER BY created_at, id LIMIT 1
"""
# The id at the till is what joins the two ways an order comes. Should it differ, the receipt itself still tells.
_ALIKE: Final = """
SELECT 1 FROM purchase WHERE outlet = $1 AND member_id = $2 AND receipt_number = $3 AND net = $4
    AND closed_at BETWEEN $5::timestamptz - interval '3 hours' AND $5::timestamptz + interval '3 hours' AND id <> $6
"""
_DISHES: Final = (
    "SELECT dish_id, code, group_id, group_name FROM restaurant_dish WHERE restaurant_id = $1 AND dish_id = ANY ($2)"
)


@dataclass(frozen=True, slots=True)
class Ended:
    """An ended order as it was kept."""

    house: Linked | None
    restaurant: UUID
    outlet: str
    order: UUID
    is_closed: bool
    number: str
    closed_at: datetime | None
    net: int
    purchase: UUID | None
    lines: tuple[ToldLine, ...]
    discounts: Mapping[UUID, int]
    tenders: tuple[TenderPaid, ...]
    customer: UUID | None
    phone: str | None

    @classmethod
    def of(cls, row: Record, house: Linked | None) -> "Ended":
        """An order from its row."""
        told = orjson.loads(row["body"] or "{}")
        discounts: dict[UUID, int] = {}
        for kind, off in told.get("discounts", ()):
            discounts[UUID(kind)] = discounts.get(UUID(kind), 0) + off
        customer = told.get("customer")
        return cls(
            *(house, row["restaurant_id"], row["outlet"], row["order_id"], row["ending"] == "CLOSED", row["number"]),
            *(row["closed_at"], row["net"], row["purchase_id"], read_lines(told.get("lines", ())), discounts),
            tenders=tuple(TenderPaid(kind, amount) for kind, amount in told.get("tenders", ())),
            customer=None if customer is None else UUID(customer),
            phone=told.get("phone"),
        )


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an order: POSTED by us now, TOLD before by its plugin, NOBODYS, GONE, or put ASIDE."""

    state: str
    purchase: UUID | None = None
    fault: str | None = None


def read_lines(rows: Sequence[Mapping[str, Any]]) -> tuple[ToldLine, ...]:
    """Lines as they were kept."""
    return tuple(
        ToldLine(
            UUID(row["item"]),
            None if row["product"] is None else UUID(row["product"]),
            *(row["name"], row["quantity"], row["cost"], row["net"]),
            tuple((UUID(kind), off) for kind, off in row["discounts"]),
        )
        for row in rows
    )


async def settle(resources: Resources, ended: Ended, now: datetime) -> Became:
    """Make a purchase of an order, once. Raises a refusal: a passing one to come again, any other puts it aside."""
    posted = await database.fetchrow(_POSTED, ended.outlet, ended.order)
    if not ended.is_closed:
        return _gone(posted)
    if posted is not None:
        return Became("TOLD", posted["id"], None if posted["net"] == ended.net else "another sum than was recorded")
    if ended.closed_at is None:
        return Became("ASIDE", fault="closed without a moment")
    if ended.closed_at > now + CLOSED_AHEAD:
        return Became("ASIDE", fault="closed in the future: look at the outlet's time zone")
    lines = await _lines(ended)
    if lines is None:
        return Became("ASIDE", fault="what our discount took off which dish cannot be told")
    bound = await orders.find(_place(ended), ended.order)
    if bound is None or bound.cancelled_at is not None:
        bound = await _bound(cloud_of(resources).name, ended, lines, now)
    if bound is None:
        return Became("NOBODYS")
    if await database.fetchval(
        _ALIKE, ended.outlet, bound.guest.member, ended.number, ended.net, ended.closed_at, bound.id
    ):
        return Became("ASIDE", fault="a receipt like it is recorded already")
    return await _closed(resources, ended, bound, lines, now)


async def _closed(resources: Resources, ended: Ended, bound: Order, lines: list[ClosedLine], now: datetime) -> Became:
    assert ended.closed_at is not None  # noqa: S101 - the caller has looked
    closed = ClosedOrder(
        order=ended.order,
        quote=bound.quote,
        scan=None,
        number=ended.number,
        closed_at=min(ended.closed_at, now),
        lines=lines,
        tenders=ended.tenders or ((TenderPaid("OTHER", ended.net),) if ended.net else ()),
        is_bound=True,
        is_told=True,
    )
    try:
        made = await close_order(resources, await till_by_id(bound.till), closed, now=now)
    except Refusal as refusal:
        # Its plugin told it in the same moment, with items of its own: then that is the purchase.
        posted = (
            await database.fetchrow(_POSTED, ended.outlet, ended.order) if refusal.code is Code.KEY_REUSED else None
        )
        if posted is None:
            raise
        return Became("TOLD", posted["id"], None if posted["net"] == ended.net else "another sum than was recorded")
    assert made is not None  # noqa: S101 - its order has a guest
    return Became("POSTED", made.purchase.id)


def _gone(posted: Record | None) -> Became:
    """There is no event of a return: an order that is gone although we hold its purchase is for a person to look at."""
    if posted is None or not posted["kept"]:
        return Became("GONE", None if posted is None else posted["id"])
    return Became("GONE", posted["id"], "deleted after it was recorded")


async def _lines(ended: Ended) -> list[ClosedLine] | None:
    """The lines with what our discount took off each; None where that cannot be told."""
    ours = None if ended.house is None else ended.house.discount
    off = [sum(part for kind, part in line.discounts if kind == ours) for line in ended.lines]
    total = ended.discounts.get(ours, 0) if ours is not None else 0
    if sum(off) != total:
        off = [line.cost - line.net for line in ended.lines]
        if sum(off) != total:
            return None
    if any(part < 0 for part in off):
        return None
    wanted = list({line.product for line in ended.lines if line.product is not None})
    dishes = {row["dish_id"]: row for row in await database.fetch(_DISHES, ended.restaurant, wanted)}
    return [_line(line, part, dishes.get(line.product)) for line, part in zip(ended.lines, off, strict=True)]


def _line(line: ToldLine, off: int, dish: Record | None) -> ClosedLine:
    group, name, code = (DEFAULT, "", None) if dish is None else (dish["group_id"], dish["group_name"], dish["code"])
    return ClosedLine(MenuLine(line.item, code, group, name, line.name, line.quantity, line.net + off), off)


def _place(ended: Ended) -> TillFacts:
    """Where an order is looked up: by its outlet alone."""
    return TillFacts(ended.restaurant, "", "", ended.outlet, "SYSTEM", (CHANNEL,))


async def _bound(system: str, ended: Ended, lines: list[ClosedLine], now: datetime) -> Order | None:
    """The order with the guest that the cloud names, if that is a member. One of nobody's may still be claimed."""
    till = await _till(system, ended.outlet, now)
    member = await _member(system, ended, now)
    card = None if member is None else await database.fetchval(_CARD, member)
    if member is not None and card is not None:
        return await orders.bind(None, till, ended.order, Guest(member, card, None), now, is_deferred=False)
    if not any(line.discount for line in lines) and ended.closed_at is not None:
        told = [line.line for line in lines]
        await guestless.keep(till, Guestless(ended.order, ended.number, ended.closed_at, told, ended.tenders), now)
    return None


async def _member(system: str, ended: Ended, now: datetime) -> UUID | None:
    if ended.customer is not None:
        found: UUID | None = await database.fetchval(_ALIAS, system, str(ended.customer))
        if found is not None:
            return found
    programme = await programmes.current(now)
    number = phone_or_none(ended.phone or "")
    if number is None or Identification.PHONE not in programme.identify:
        return None
    owner: UUID | None = await database.fetchval(_PHONE, number)
    return owner


async def _till(name: str, outlet: str, now: datetime) -> TillFacts:
    """The till that the cloud's orders are written by, made where there is none; nobody has its key."""
    known = await database.fetchval(_TILL, outlet, name)
    if known is not None:
        return await till_by_id(known)
    programme = await programmes.current(now)
    partner = next((one for one in programme.partners if outlet in {place.id for place in one.outlets}), None)
    if partner is None:
        # A version has retired the place since: this order is put aside, and those behind it have their turn.
        raise Refusal(Code.FORBIDDEN, "till.retired")
    key = f"kt_{token_urlsafe(32)}"
    till, _ = await add_till(name, partner.id, outlet, kind="SYSTEM", channels=[CHANNEL], now=now, key=key)
    return till
