"""Returns of orders, by the same refunds as every till's. One that comes before its order waits for it."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from models import database, history
from models.database import Record
from models.history import LineFacts, PurchaseFacts, RefundFacts
from models.ids import uuid7
from services import once
from services.pos import orders
from services.pos.orders import Order
from services.refunds import RefundCommand, RefundWish, refund_purchase
from services.refunds.refunding import NUMBER_MAX
from services.resources import Resources
from services.tills import TillFacts, till_by_id

WAITS_QUIETLY: Final = timedelta(hours=24)
WAITS_AT_MOST: Final = timedelta(days=30)

_KEEP: Final = """
INSERT INTO pos_refund (id, outlet, refund_id, order_id, till_id, body, received_at)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7) ON CONFLICT (outlet, refund_id) DO NOTHING
"""
_FIND: Final = "SELECT * FROM pos_refund WHERE outlet = $1 AND refund_id = $2"
_WAITING: Final = """
SELECT * FROM pos_refund WHERE outlet = $1 AND order_id = $2 AND outcome IS NULL ORDER BY received_at, refund_id
"""
_SETTLE: Final = "UPDATE pos_refund SET outcome = $2::jsonb WHERE id = $1 AND outcome IS NULL"
_FORGET: Final = "DELETE FROM pos_refund WHERE id = $1 AND outcome IS NULL"
_OVERDUE: Final = "SELECT count(*) FROM pos_refund WHERE outcome IS NULL AND received_at < $1"
_SWEEP: Final = """
DELETE FROM pos_refund WHERE id IN (SELECT id FROM pos_refund WHERE outcome IS NULL AND received_at < $1 LIMIT $2)
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReturnedDish:
    """A part of what is returned: an item of the order, or a dish, and either thousandths or kopecks of it."""

    item: UUID | None
    product: str | None
    quantity: int | None
    net: int | None


@dataclass(frozen=True, slots=True)
class OrderRefund:
    """A return of an order; no dishes means all that is left. `refund` is the id of the storno in the till's system."""

    order: UUID
    refund: UUID
    number: str
    refunded_at: datetime
    dishes: Sequence[ReturnedDish] | None
    cashier: str | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A refund that was written, and its receipt after it."""

    refund: RefundFacts
    purchase: PurchaseFacts


async def refund_order(resources: Resources, till: TillFacts, wanted: OrderRefund, *, now: datetime) -> Returned | None:
    """Return all or a part of an order, once for its refund id. None: the order is not here yet, the refund waits for it.

    Raises INVALID_INPUT, KEY_REUSED for a refund id with other dishes, REFUND_EXCEEDS_SALE, and BUSY. After a refusal
    nothing is kept.
    """
    body = _body(wanted)
    await database.execute(
        _KEEP, uuid7(), till.outlet, wanted.refund, wanted.order, till.id, orjson.dumps(body).decode(), now
    )
    row = await database.fetchrow(_FIND, till.outlet, wanted.refund)
    if row is None:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
    if row["order_id"] != wanted.order or _told(row["body"])["dishes"] != body["dishes"]:
        raise once.key_reused()
    if row["outcome"] is None:
        order = await orders.find(till, wanted.order)
        if order is None or order.items is None:
            return None
        try:
            return await _carry_out(resources, order, row, now)
        except Refusal as refusal:
            if not refusal.retryable:
                await database.execute(_FORGET, row["id"])
            raise
    return await _again(row)


async def carry_out_waiting(resources: Resources, till: TillFacts, order: UUID, now: datetime) -> int:
    """Write the refunds that came before their order; gives their number. One that cannot be written is told in the log."""
    waiting = await database.fetch(_WAITING, till.outlet, order)
    bound = await orders.find(till, order) if waiting else None
    if bound is None or bound.items is None:
        return 0
    for row in waiting:
        try:
            await _carry_out(resources, bound, row, now)
        except Refusal as refusal:
            if refusal.retryable:
                raise
            log.warning("a refund that came before its order is refused", extra={"reason": refusal.code.value})
            await _settle(row, {"refused": refusal.code.value, "words": refusal.words, "field": refusal.field})
    return len(waiting)


async def overdue(now: datetime) -> int:
    """How many refunds have waited for their order for more than a day."""
    count: int = await database.fetchval(_OVERDUE, now - WAITS_QUIETLY)
    return count


async def sweep(now: datetime) -> int:
    """Forget refunds whose order never came; gives their number."""
    return await database.sweep(_SWEEP, now - WAITS_AT_MOST)


async def _carry_out(resources: Resources, order: Order, row: Record, now: datetime) -> Returned:
    kept = _told(row["body"])
    sold = await history.any_purchase(order.purchase)
    till = await till_by_id(row["till_id"])
    # Behind the look at the receipt: what was left then was left before this refund, unless it is there already.
    claim = once.claim_of(till.id, "refundPurchase", str(row["refund_id"]))
    written = await database.fetchval("SELECT answer FROM once_answer WHERE id = $1", claim)
    if written is not None:
        await _settle(row, {"purchase": str(sold.id), "refund": _told(written)["refunds"][-1]})
        return await _again_of(sold.id, _told(written)["refunds"][-1])
    # Two terminals' clocks differ: a return is never before its sale, nor after it was told.
    at = max(min(datetime.fromisoformat(kept["at"]), row["received_at"]), sold.closed_at)
    wishes = None if kept["dishes"] is None else _wishes(order, sold.lines, kept["dishes"])
    command = RefundCommand(
        key=str(row["refund_id"]),
        purchase=sold.id,
        receipt_number=None,
        business_date=None,
        refund_number=kept["number"],
        refunded_at=at,
        lines=wishes,
        cashier=kept.get("cashier"),
        is_told=True,
    )
    # Where another return of the day has the number that was printed, the storno's id makes it its own.
    own = replace(command, refund_number=f"{kept['number'][: NUMBER_MAX - 9]}-{row['refund_id'].hex[:8]}")
    try:
        made = await refund_purchase(resources, till, command, now=max(now, at))
    except Refusal as refusal:
        if refusal.code not in {Code.RECEIPT_EXISTS, Code.KEY_REUSED}:
            raise
        made = await refund_purchase(resources, till, own, now=max(now, at))
    await _settle(row, {"purchase": str(sold.id), "refund": str(made.refund.id)})
    return Returned(made.refund, made.purchase)


def _wishes(order: Order, lines: Sequence[LineFacts], dishes: Sequence[Mapping[str, Any]]) -> list[RefundWish]:
    """The lines that dishes mean: an item is its line; a dish without one is taken from its lines one after another."""
    items = order.items or []
    left = {str(line.id): _left(line) for line in lines}
    wanted: dict[str, list[int]] = {}
    for place, dish in enumerate(dishes):
        fitting = [
            one["line"]
            for one in items
            if (one["item"] == dish["item"] if dish["item"] else one["product"] == dish["product"])
        ]
        if not fitting:
            raise Refusal(Code.INVALID_INPUT, "refund.line_unknown", field=f"lines.{place}.item")
        measure = 0 if dish["quantity"] is not None else 1
        rest = dish["quantity"] if measure == 0 else dish["net"]
        for line in fitting:
            part = rest if line == fitting[-1] else min(rest, left[line][measure])
            if part > 0:
                wish = wanted.setdefault(line, [0, 0])
                wish[measure] += part
                left[line][measure] -= part
                rest -= part
    return [RefundWish(UUID(line), quantity or None, net or None) for line, (quantity, net) in wanted.items()]


def _left(line: LineFacts) -> list[int]:
    returned = line.refunded_part if line.refund_measure == "QUANTITY" else 0
    return [line.quantity - returned, line.net - line.refunded_net]


async def _again(row: Record) -> Returned:
    """What was answered the first time, as far as the receipt of now can tell it."""
    outcome = _told(row["outcome"])
    if "refused" in outcome:
        raise Refusal(Code(outcome["refused"]), outcome["words"], field=outcome["field"])
    return await _again_of(UUID(outcome["purchase"]), outcome["refund"])


async def _again_of(purchase_id: UUID, refund: str) -> Returned:
    purchase = await history.any_purchase(purchase_id)
    return Returned(next(one for one in purchase.refunds if str(one.id) == refund), purchase)


async def _settle(row: Record, outcome: Mapping[str, object]) -> None:
    await database.execute(_SETTLE, row["id"], orjson.dumps(outcome).decode())


def _told(stored: str) -> dict[str, Any]:
    read: dict[str, Any] = orjson.loads(stored)
    return read


def _body(wanted: OrderRefund) -> dict[str, Any]:
    dishes = None
    if wanted.dishes:
        dishes = [
            {
                "item": None if dish.item is None else str(dish.item),
                "product": dish.product,
                "quantity": dish.quantity,
                "net": dish.net,
            }
            for dish in wanted.dishes
        ]
    number = clean(wanted.number, field="number", length_max=NUMBER_MAX)
    named = {} if wanted.cashier is None else {"cashier": wanted.cashier}
    return {"number": number, "at": wanted.refunded_at.isoformat(), "dishes": dishes, **named}
