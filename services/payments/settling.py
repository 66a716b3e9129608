"""What the acquirer says of a payment, written once: with what it means to the thing that is paid for."""

import logging
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import Counter

from integrations.payments import PaymentFate, PaymentTold
from integrations.ports import Refused
from loyalty.payments import FOLLOWED, PaymentState, pause
from services.payments import refunding, rows
from services.payments.rows import PaymentFacts
from services.payments.subjects import Subjects
from services.work import Work, work

LOOK: Final = "payment.look"
PAYMENTS: Final = Counter("kunak_payments", "Payments by what for and how they ended.", ["kind", "outcome"])
_WAITING: Final = frozenset({PaymentState.OPENING, PaymentState.PENDING})
_GONE: Final = frozenset({PaymentState.EXPIRED, PaymentState.FAILED})
log = logging.getLogger(__name__)


async def settle(held: PaymentFacts, told: PaymentTold, subjects: Subjects, now: datetime) -> None:
    """Bring a payment to what the acquirer says of it. Raises `Refused` where that cannot be this payment."""
    if told.amount != held.amount or (told.order is not None and told.order != held.id):
        raise Refused("the acquirer tells of another payment")
    subject = subjects[held.kind]
    outcome: str | None = None
    async with work() as tx:
        await subject.lock(tx, held.subject)
        fresh = await rows.locked(tx, held.id)
        if fresh is None:
            return
        if fresh.provider_id not in {None, told.id}:
            raise Refused("the acquirer tells of another payment")
        if told.fate is PaymentFate.SUCCEEDED:
            outcome = await _succeed(tx, fresh, told, subjects, now)
        elif told.fate is PaymentFate.CANCELED:
            outcome = await _cancel(tx, fresh, told, subjects, now)
        elif fresh.state in _WAITING and fresh.expires_at <= now and fresh.provider_id is not None:
            await rows.change(tx, fresh.id, now, state="EXPIRED", reason="expired")
            await look_later(tx, fresh, now)
            await subject.unpaid(tx, fresh, now)
            outcome = "expired"
        elif fresh.state is PaymentState.OPENING:
            await rows.change(tx, fresh.id, now, state="PENDING", provider_id=told.id, confirmation_url=told.page)
            await look_later(tx, fresh, now)
    if outcome is not None:
        PAYMENTS.labels(held.kind, outcome).inc()


async def give_up(held: PaymentFacts, subjects: Subjects, now: datetime, *, state: PaymentState, reason: str) -> None:
    """End a payment that waits without a word of the acquirer's."""
    subject = subjects[held.kind]
    async with work() as tx:
        await subject.lock(tx, held.subject)
        fresh = await rows.locked(tx, held.id)
        if fresh is None or fresh.state not in _WAITING:
            return
        await rows.change(tx, fresh.id, now, state=state.value, reason=reason)
        if fresh.provider_id is not None:
            await look_later(tx, fresh, now)
        await subject.unpaid(tx, fresh, now)
    PAYMENTS.labels(held.kind, state.value.lower()).inc()


async def look_later(tx: Work, payment: PaymentFacts, now: datetime) -> None:
    """Have a payment looked at again: soon after it was opened, seldom later, and at its end."""
    if now - payment.expires_at > FOLLOWED:
        return
    at = now + pause(now - payment.opened_at)
    if now < payment.expires_at < at:
        at = payment.expires_at + timedelta(seconds=1)
    await tx.enqueue(LOOK, {"payment_id": str(payment.id)}, run_at=at)


async def _succeed(tx: Work, fresh: PaymentFacts, told: PaymentTold, subjects: Subjects, now: datetime) -> str | None:
    if fresh.state is PaymentState.SUCCEEDED:
        return None
    if fresh.state is PaymentState.CANCELED:
        log.error("a payment that had ended was paid", extra={"payment": str(fresh.id)})
    await rows.change(tx, fresh.id, now, state="SUCCEEDED", provider_id=told.id, paid_at=now, reason=None)
    paid = await rows.locked(tx, fresh.id)
    assert paid is not None  # noqa: S101 - it is locked
    if fresh.state in _WAITING and await subjects[fresh.kind].paid(tx, paid, now):
        return "succeeded"
    # It came too late, or nobody wants it any more: all of it goes back.
    await refunding.refund(tx, fresh.id, fresh.amount, reason="UNWANTED", key="unwanted", now=now)
    return "unwanted"


async def _cancel(tx: Work, fresh: PaymentFacts, told: PaymentTold, subjects: Subjects, now: datetime) -> str | None:
    if fresh.state is PaymentState.SUCCEEDED:
        log.error("a payment that had succeeded is told as canceled", extra={"payment": str(fresh.id)})
        return None
    if fresh.state is PaymentState.CANCELED:
        return None
    await rows.change(tx, fresh.id, now, state="CANCELED", provider_id=told.id, reason=told.reason)
    if fresh.state in _GONE:
        return None
    await subjects[fresh.kind].unpaid(tx, fresh, now)
    return "canceled"
