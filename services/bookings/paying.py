"""Bookings that are paid to us: verified, paid, booked, in this order; and the money back where nothing came of it."""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from integrations.payments import ReceiptLine
from loyalty.bookings import BookingState, comes_back
from loyalty.payments import PaymentState, RefundState
from services.bookings import rows
from services.bookings.rows import BookingFacts
from services.payments import refunding
from services.payments import rows as payments
from services.payments.opening import PaymentRequest, open_payment
from services.payments.rows import PaymentFacts, RefundFacts
from services.work import Work

CREATE: Final = "booking.create"
KIND: Final = "booking"
NOT_REFUNDED: Final = "NOT_REFUNDED"
# What a booking says whose money a person has had given back because its hotel never said yes.
GIVEN_BACK: Final = "GIVEN_BACK"
log = logging.getLogger(__name__)


async def open_for(tx: Work, booking: BookingFacts, now: datetime) -> UUID:
    """Open the payment of a booking that is locked; nothing is booked before it is paid. Gives the payment's id."""
    told = f"Проживание {booking.arrival:%d.%m.%Y}–{booking.departure:%d.%m.%Y}"
    request = PaymentRequest(
        kind=KIND,
        subject=booking.id,
        member=booking.member,
        amount=booking.net,
        description=told,
        return_path=f"/booking?booking={booking.id}",
        lines=(ReceiptLine(told, booking.net),),
    )
    return (await open_payment(tx, request, now)).id


async def give_back(tx: Work, booking: BookingFacts, penalty: int | None, now: datetime, *, reason: str) -> None:
    """Give back what was paid to us for a booking that is locked, less the penalty. Nothing was paid: nothing happens."""
    if booking.payment_id is None:
        return
    paid = await payments.locked(tx, booking.payment_id)
    if paid is None or paid.state is not PaymentState.SUCCEEDED:
        return
    amount = min(comes_back(paid.amount, penalty), paid.amount - paid.refunded)
    if amount:
        await refunding.refund(tx, paid.id, amount, reason=reason, key=KIND, now=now)


class _Bookings:
    """What a payment means to a booking."""

    kind = KIND

    async def lock(self, tx: Work, subject: UUID) -> None:
        """Lock the booking."""
        await rows.locked(tx, subject)

    async def paid(self, tx: Work, payment: PaymentFacts, now: datetime) -> bool:
        """Have it booked, if it still waits for this money."""
        held = await _waiting(tx, payment)
        if held is None:
            return False
        await rows.change(tx, held.id, now, state="CREATING")
        await tx.enqueue(CREATE, {"booking_id": str(held.id)}, run_at=now, dedupe_key=str(held.id))
        return True

    async def unpaid(self, tx: Work, payment: PaymentFacts, now: datetime) -> None:
        """Nothing is booked."""
        held = await _waiting(tx, payment)
        if held is not None:
            fault = "NOT_PAID" if payment.provider_id is not None else "NO_PAGE"
            await rows.change(tx, held.id, now, state="FAILED", fault=fault)

    async def refunded(self, tx: Work, payment: PaymentFacts, refund: RefundFacts, now: datetime) -> None:
        """Say so where the money could not be given back, for as long as it is so."""
        if refund.state is RefundState.CANCELED:
            await rows.change(tx, payment.subject, now, fault=NOT_REFUNDED)
            return
        held = await rows.locked(tx, payment.subject)
        if held is not None and held.fault == NOT_REFUNDED:
            await rows.change(tx, payment.subject, now, fault=_fault_before(held, refund))

    async def give_up(self, tx: Work, thing: UUID, now: datetime) -> bool:
        """The hotel says neither yes nor no: a booking came to nothing, a cancelling costs nothing."""
        held = await rows.locked(tx, thing)
        if held is None or held.state not in {BookingState.CREATING, BookingState.CANCELLING}:
            return False
        if held.state is BookingState.CREATING:
            await rows.change(tx, thing, now, state="FAILED", fault=GIVEN_BACK)
        else:
            await rows.change(tx, thing, now, state="CANCELLED", penalty=0, fault=None, counts_at=None)
            # Nobody knows whether the hotel has cancelled it: whoever decided this calls there, and the log says so, too.
            log.error("a booking whose money went back stands at its hotel", extra={"booking": str(thing)})
        await give_back(tx, held, None, now, reason=GIVEN_BACK)
        return True


def _fault_before(held: BookingFacts, refund: RefundFacts) -> str | None:
    """What a booking says once its money is on its way: one that came to nothing was refused, or never asked for."""
    if held.state is not BookingState.FAILED:
        return None
    if refund.reason == GIVEN_BACK:
        return GIVEN_BACK
    return "REFUSED" if held.tries else "NOT_PAID"


async def _waiting(tx: Work, payment: PaymentFacts) -> BookingFacts | None:
    held = await rows.locked(tx, payment.subject)
    waits = held is not None and held.state is BookingState.AWAITING_PAYMENT and held.payment_id == payment.id
    return held if waits else None


SUBJECT: Final = _Bookings()
