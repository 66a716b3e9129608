"""Returning vouchers that were not used: what comes back is shown first, then the books move, then the money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.shops import OrderState, VoucherState, number_of
from models import database
from models.ids import uuid7
from services import once
from services.payments.refunding import refund
from services.payments.rows import of_subject
from services.refunds import RefundCommand, RefundWish, refund_purchase
from services.resources import Resources
from services.shop import rows
from services.shop.issuing import shop_till
from services.shop.ordering import KIND, ORDERS, unknown
from services.shop.rows import Ordered, VoucherFacts
from services.work import Work, work

JOB: Final = "shop.return"
OPERATION: Final = "returnVouchers"
ONE: Final = 1000
_LINES: Final = """
SELECT l.id, l.net, l.accumulates, coalesce(l.points_earned, 0) AS earned FROM purchase_line AS l WHERE l.id = ANY ($1::uuid[])
"""
_MARK: Final = """
UPDATE shop_voucher SET state = 'RETURNED', return_id = $2 WHERE id = ANY ($1::uuid[]) AND order_id = $3 AND state = 'ISSUED'
"""
_INSERT: Final = """
INSERT INTO shop_return (id, order_id, state, net, asked_at, changed_at) VALUES ($1, $2, 'ASKED', $3, $4, $4)
"""
_RETURN: Final = "SELECT id, order_id, state, net, asked_at FROM shop_return WHERE id = $1"
_RETURNED: Final = "SELECT line_id FROM shop_voucher WHERE return_id = $1 ORDER BY position"
_SENT: Final = "UPDATE shop_return SET state = 'SENT', payment_refund_id = $2, changed_at = $3 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class ComesBack:
    """What a return of some vouchers of an order brings: money and progress in kopecks, points that are taken back."""

    ordered: Ordered
    vouchers: tuple[VoucherFacts, ...]
    money: int
    progress: int
    points: int


async def preview(member: UUID, vouchers: Sequence[UUID]) -> ComesBack:
    """What would come back now. Raises INVALID_INPUT, NOT_FOUND, VOUCHER_NOT_ACCEPTED for what was used or returned."""
    chosen = await _chosen(member, vouchers, "vouchers")
    lines = await database.fetch(_LINES, [one.line for one in chosen[1]])
    return ComesBack(
        *chosen,
        money=sum(line["net"] for line in lines),
        progress=sum(line["net"] for line in lines if line["accumulates"]),
        points=sum(line["earned"] for line in lines),
    )


async def give_back(member: UUID, *, key: str, vouchers: Sequence[UUID], expected: int, now: datetime) -> Ordered:
    """Return vouchers of mine for the sum that was shown. Tills refuse them from now on; books and money follow.

    Raises INVALID_INPUT also for another sum, KEY_REUSED, NOT_FOUND, VOUCHER_NOT_ACCEPTED.
    """
    claim = once.claim_of(member, OPERATION, once.key_text(key))
    body = once.body_of(sorted(vouchers), expected)
    async with work() as tx:
        order = await _order_of(member, vouchers)
        await rows.locked(tx, order)
        if await once.is_first(tx, claim, OPERATION, body=body, about=order, now=now):
            _, chosen = await _chosen(member, vouchers, "input.vouchers")
            money = sum(one.net for one in chosen)
            if money != expected:
                raise Refusal(Code.INVALID_INPUT, "shop.another_sum", field="input.money")
            back = uuid7()
            await tx.execute(_INSERT, back, order, money, now)
            marked = await tx.execute(_MARK, [one.id for one in chosen], back, order)
            if marked != f"UPDATE {len(chosen)}":
                raise _not_returnable("input.vouchers")  # a till was quicker
            await tx.enqueue(JOB, {"return_id": str(back)}, run_at=now, dedupe_key=str(back))
    held = await rows.find(order)
    assert held is not None  # noqa: S101 - orders are never deleted
    return (await rows.with_vouchers([held]))[0]


async def carry_out(back: UUID, resources: Resources, now: datetime) -> None:
    """Move the books of a return, then have its money given back. Running twice moves nothing twice.

    Where a person has had the money given back meanwhile, the books follow all the same.
    """
    row = await database.fetchrow(_RETURN, back)
    if row is None:
        return
    held = await rows.find(row["order_id"])
    assert held is not None and held.purchase_id is not None  # noqa: S101, PT018 - its vouchers were issued
    lines = [one["line_id"] for one in await database.fetch(_RETURNED, back)]
    command = RefundCommand(
        key=str(back),
        purchase=held.purchase_id,
        receipt_number=None,
        business_date=None,
        refund_number=number_of(back.int),
        refunded_at=row["asked_at"],
        lines=[RefundWish(line, ONE, None) for line in lines],
        is_told=True,
    )
    made = await refund_purchase(resources, await shop_till(held, now), command, now=now)
    async with work() as tx:
        await rows.locked(tx, held.id)
        is_sent = await send_money(tx, back, now, amount=made.refund.net)
    if is_sent:
        ORDERS.labels(held.partner, "returned").inc()


async def send_money(tx: Work, back: UUID, now: datetime, *, amount: int | None = None) -> bool:
    """Have the money of a return given back whose order is locked: what the books say, else what the guest was shown.

    False where there is no such return, and where its money was sent before.
    """
    row = await tx.fetchrow(f"{_RETURN} FOR UPDATE", back)
    if row is None or row["state"] != "ASKED":
        return False
    payment = await of_subject(KIND, row["order_id"])
    assert payment is not None  # noqa: S101 - it was paid by one
    money = row["net"] if amount is None else amount
    asked = await refund(tx, payment.id, money, reason="RETURNED", key=str(back), now=now)
    await tx.execute(_SENT, back, asked.id, now)
    return True


async def _order_of(member: UUID, vouchers: Sequence[UUID]) -> UUID:
    ordered, _ = await _named(member, vouchers, "input.vouchers")
    return ordered.order.id


async def _chosen(member: UUID, vouchers: Sequence[UUID], field: str) -> tuple[Ordered, tuple[VoucherFacts, ...]]:
    ordered, chosen = await _named(member, vouchers, field)
    if any(one.state is not VoucherState.ISSUED for one in chosen):
        raise _not_returnable(field)
    return ordered, chosen


async def _named(member: UUID, vouchers: Sequence[UUID], field: str) -> tuple[Ordered, tuple[VoucherFacts, ...]]:
    """Vouchers of one order of a member. Anybody else's are not there."""
    if not vouchers or len(set(vouchers)) != len(vouchers):
        raise Refusal(Code.INVALID_INPUT, "shop.which", field=field)
    order = await database.fetchval("SELECT order_id FROM shop_voucher WHERE id = $1", vouchers[0])
    held = None if order is None else await rows.find(order, member)
    if held is None or held.state is not OrderState.ISSUED:
        raise unknown(field)
    ordered = (await rows.with_vouchers([held]))[0]
    chosen = tuple(one for one in ordered.vouchers if one.id in set(vouchers))
    if len(chosen) != len(vouchers):
        raise unknown(field)
    return ordered, chosen


def _not_returnable(field: str) -> Refusal:
    return Refusal(Code.VOUCHER_NOT_ACCEPTED, "shop.not_returnable", field=field)
