"""Giving money back: asked for inside somebody's unit of work, carried out by a job, followed until it has ended."""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from integrations.payments import KeySpent, PaymentFate, PaymentGateway, ReceiptLine, RefundOrder, RefundTold
from integrations.ports import Refused, Unavailable, Uncertain
from loyalty.payments import KEY_LIVES, PaymentState, RefundState, pause
from loyalty.refusals import Code, Refusal
from services import once
from services.payments import finding, rows
from services.payments.rows import PaymentFacts, RefundFacts
from services.payments.subjects import Subjects
from services.resources import Resources
from services.work import Work, work

JOB: Final = "payment.refund"
LOOK: Final = "payment.refund_look"
REFUNDS: Final = Counter(
    "kunak_payment_refunds", "Refunds of payments by what for and how they ended.", ["kind", "outcome"]
)
_INSERT: Final = """
INSERT INTO payment_refund (id, payment_id, amount, reason, state, tries, asked_at, changed_at)
VALUES ($1, $2, $3, $4, 'ASKING', 0, $5, $5) ON CONFLICT (id) DO NOTHING
"""
OLD: Final = "key_old"
NOT_MADE: Final = "not_made"
_OVER: Final = frozenset({RefundState.SUCCEEDED, RefundState.CANCELED})
log = logging.getLogger(__name__)


async def refund(tx: Work, payment: UUID, amount: int, *, reason: str, key: str, now: datetime) -> RefundFacts:
    """Give money of a payment back. The same key is the same refund. The acquirer hears of it after the commit.

    The thing that was paid for is locked by the caller. Raises REFUND_EXCEEDS_SALE for more than is left of the payment.
    """
    held = await rows.locked(tx, payment)
    if held is None or held.state is not PaymentState.SUCCEEDED:
        raise Refusal(Code.NOT_FOUND, "payment.not_paid", field="payment")
    number = once.claim_of(payment, "refundPayment", key)
    if await tx.execute(_INSERT, number, payment, amount, reason, now) == "INSERT 0 1":
        await take_out(tx, held, amount, now, field="amount")
        await tx.enqueue(JOB, {"refund_id": str(number)}, run_at=now, dedupe_key=str(number))
    made = await rows.locked_refund(tx, number)
    assert made is not None  # noqa: S101 - it was written a moment ago, or before with the same key
    return made


async def take_out(tx: Work, paid: PaymentFacts, amount: int, now: datetime, *, field: str | None = None) -> None:
    """Count a sum as given back of a payment whose row is locked. Raises REFUND_EXCEEDS_SALE for more than is left of it."""
    if not 0 < amount <= paid.amount - paid.refunded:
        raise Refusal(Code.REFUND_EXCEEDS_SALE, "payment.refund_too_large", field=field)
    await rows.change(tx, paid.id, now, refunded=paid.refunded + amount)


async def carry_out(refund: UUID, resources: Resources, subjects: Subjects, now: datetime) -> None:
    """Have the acquirer give money back. Asking again is safe for as long as the key lives, and is not done longer.

    Then the acquirer's list says what became of it. Raises `Unavailable` to come again.
    """
    gateway = rows.gateway_of(resources)
    begun = await _begun(refund, now)
    if begun is None:
        return
    held, payment = begun
    if now - (held.first_sent_at or now) >= KEY_LIVES:
        await _look_up(gateway, held, payment, subjects, now)
        return
    try:
        told = await _asked(gateway, held, payment, now)
    except Refused as refused:
        log.error("a refund was refused", extra={"refund": str(refund), "reason": str(refused)})  # noqa: TRY400
        await _end(held, payment, subjects, now, state=RefundState.CANCELED, fault=str(refused)[:64])
        return
    await settle(held, told, subjects, now)


async def _asked(gateway: PaymentGateway, held: RefundFacts, payment: PaymentFacts, now: datetime) -> RefundTold:
    if held.key is not None:
        # Somebody has it asked for anew: perhaps somebody else has given it back by hand meanwhile.
        told = await finding.done(gateway, held, payment, held.asked_at, now)
        if told is not None and told.fate is not PaymentFate.CANCELED:
            return told
    try:
        return await gateway.refund(_order(held, payment))
    except KeySpent:
        # Our words are others now, the settings of receipts for one: what came of the first ones stands in the list.
        told = await finding.done(gateway, held, payment, held.first_sent_at or now, now)
        if told is None:
            raise Unavailable("the acquirer has heard of a refund that it does not list yet") from None
        return told
    except Uncertain:
        raise
    except Unavailable:
        if held.first_sent_at is None:
            await _never_sent(held, now)
        raise


async def _never_sent(held: RefundFacts, now: datetime) -> None:
    """The first call was surely not heard, so its key has not begun to live; unless somebody has called meanwhile."""
    async with work() as tx:
        fresh = await rows.locked_refund(tx, held.id)
        if fresh is not None and fresh.tries == held.tries + 1 and fresh.state is RefundState.ASKING:
            await rows.change_refund(tx, held.id, now, first_sent_at=None)


async def _look_up(
    gateway: PaymentGateway, held: RefundFacts, payment: PaymentFacts, subjects: Subjects, now: datetime
) -> None:
    """Bring a refund whose key has ended to what the acquirer lists. What it does not list now, it has never made."""
    if held.fault is None:
        log.error("a refund has had no answer for a day", extra={"refund": str(held.id)})
        async with work() as tx:
            await rows.change_refund(tx, held.id, now, fault=OLD)
    told = await finding.done(gateway, held, payment, held.first_sent_at or held.asked_at, now)
    if told is None:
        await _end(held, payment, subjects, now, state=RefundState.CANCELED, fault=NOT_MADE)
    else:
        await settle(held, told, subjects, now)


def _order(held: RefundFacts, payment: PaymentFacts) -> RefundOrder:
    whole = held.amount == payment.amount
    first = payment.lines[0].subject if payment.lines else "service"
    return RefundOrder(
        id=held.key or held.id,
        payment=str(payment.provider_id),
        amount=held.amount,
        description=payment.description,
        lines=payment.lines if whole else (ReceiptLine(payment.description, held.amount, first),),
        contact=payment.contact,
    )


async def look(refund: UUID, resources: Resources, subjects: Subjects, now: datetime) -> None:
    """Ask how a refund stands that the acquirer is working on. Raises `Unavailable`."""
    held = await rows.find_refund(refund)
    if held is None or held.state is not RefundState.PENDING or held.provider_id is None:
        return
    told = await rows.gateway_of(resources).ask_refund(held.provider_id)
    if told is not None:
        await settle(held, told, subjects, now)


async def settle(held: RefundFacts, told: RefundTold, subjects: Subjects, now: datetime) -> None:
    """Bring a refund to what the acquirer says of it. Raises `Refused` where that cannot be this refund."""
    payment = await rows.find(held.payment)
    if payment is None or told.amount != held.amount or told.payment != payment.provider_id:
        raise Refused("the acquirer tells of another refund")
    if told.fate is not PaymentFate.PENDING:
        state = RefundState.SUCCEEDED if told.fate is PaymentFate.SUCCEEDED else RefundState.CANCELED
        await _end(held, payment, subjects, now, state=state, provider_id=told.id, fault=told.reason)
        return
    async with work() as tx:
        fresh = await rows.locked_refund(tx, held.id)
        if fresh is not None and fresh.state not in _OVER:
            await rows.change_refund(tx, held.id, now, state="PENDING", provider_id=told.id)
            await tx.enqueue(LOOK, {"refund_id": str(held.id)}, run_at=now + pause(now - held.asked_at))


async def _begun(refund: UUID, now: datetime) -> tuple[RefundFacts, PaymentFacts] | None:
    """Write that the acquirer is about to be asked, and from when on its key lives."""
    async with work() as tx:
        held = await rows.locked_refund(tx, refund)
        if held is None or held.state is not RefundState.ASKING:
            return None
        await rows.change_refund(tx, refund, now, tries=held.tries + 1, first_sent_at=held.first_sent_at or now)
    payment = await rows.find(held.payment)
    return None if payment is None else (held, payment)


async def _end(
    held: RefundFacts,
    payment: PaymentFacts,
    subjects: Subjects,
    now: datetime,
    *,
    state: RefundState,
    provider_id: str | None = None,
    fault: str | None = None,
) -> None:
    subject = subjects[payment.kind]
    async with work() as tx:
        await subject.lock(tx, payment.subject)
        paid = await rows.locked(tx, payment.id)
        fresh = await rows.locked_refund(tx, held.id)
        if paid is None or fresh is None or fresh.state in _OVER:
            return
        number = provider_id or fresh.provider_id
        await rows.change_refund(tx, held.id, now, state=state.value, provider_id=number, fault=fault)
        if state is RefundState.CANCELED:
            log.error("a refund was not carried out", extra={"refund": str(held.id), "reason": fault})
            await rows.change(tx, paid.id, now, refunded=paid.refunded - fresh.amount)
        over = await rows.locked_refund(tx, held.id)
        assert over is not None  # noqa: S101 - it is locked
        await subject.refunded(tx, paid, over, now)
    REFUNDS.labels(payment.kind, state.value.lower()).inc()
