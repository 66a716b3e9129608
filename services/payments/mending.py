"""A refund that came to nothing, gone on with: asked for anew under a key of its own, or noted as given back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.payments import RefundState
from models.ids import uuid7
from services.payments import refunding, rows
from services.payments.rows import PaymentFacts, RefundFacts
from services.payments.subjects import Subjects
from services.work import Work

BY_HAND: Final = "by_hand"


async def locked(tx: Work, refund: UUID, subjects: Subjects) -> tuple[PaymentFacts, RefundFacts]:
    """(payment, refund) that nobody else changes until the unit of work ends, what was paid for locked before them."""
    found = await rows.find_refund(refund)
    assert found is not None  # noqa: S101 - refunds are never deleted
    payment = await rows.find(found.payment)
    assert payment is not None  # noqa: S101 - nor are payments
    await subjects[payment.kind].lock(tx, payment.subject)
    paid, held = await rows.locked(tx, payment.id), await rows.locked_refund(tx, refund)
    assert paid is not None and held is not None  # noqa: S101, PT018
    return paid, held


async def ask_anew(tx: Work, paid: PaymentFacts, held: RefundFacts, subjects: Subjects, now: datetime) -> None:
    """Have a refund asked for once more that was not carried out. It is another one to the acquirer, by another key.

    Raises REFUND_EXCEEDS_SALE where its sum was given back otherwise meanwhile.
    """
    await _reserve(tx, paid, held, now)
    fresh = {"state": "ASKING", "key": uuid7(), "provider_id": None, "fault": None, "tries": 0, "first_sent_at": None}
    await rows.change_refund(tx, held.id, now, **fresh)
    await tx.enqueue(refunding.JOB, {"refund_id": str(held.id)}, run_at=now)
    await _tell(tx, paid, held, subjects, now)


async def note_given(
    tx: Work,
    paid: PaymentFacts,
    held: RefundFacts,
    subjects: Subjects,
    now: datetime,
    *,
    provider_id: str | None = None,
) -> None:
    """Write down that the money of a refund was given back by hand, in the acquirer's account if there is a number of it.

    Raises REFUND_EXCEEDS_SALE where its sum was given back otherwise meanwhile.
    """
    await _reserve(tx, paid, held, now)
    number = provider_id or held.provider_id
    await rows.change_refund(tx, held.id, now, state="SUCCEEDED", provider_id=number, fault=BY_HAND)
    await _tell(tx, paid, held, subjects, now)
    refunding.REFUNDS.labels(paid.kind, BY_HAND).inc()


async def _reserve(tx: Work, paid: PaymentFacts, held: RefundFacts, now: datetime) -> None:
    """Take the sum of one that was not carried out out of the payment again; any other still has it."""
    if held.state is RefundState.CANCELED:
        await refunding.take_out(tx, paid, held.amount, now)


async def _tell(tx: Work, paid: PaymentFacts, held: RefundFacts, subjects: Subjects, now: datetime) -> None:
    fresh = await rows.locked_refund(tx, held.id)
    assert fresh is not None  # noqa: S101 - it is locked
    await subjects[paid.kind].refunded(tx, paid, fresh, now)
