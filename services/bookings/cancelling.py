"""Cancelling: the penalty is shown first, and the booking stands unless it is still what was shown."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from integrations.bookings import PenaltyDiffers
from integrations.ports import Refused, Uncertain
from loyalty.bookings import BookingState, comes_back
from loyalty.refusals import Code, Refusal
from services import callers, once
from services.bookings import asking, paying, refusing, rows, searching
from services.bookings.confirming import BOOKINGS
from services.bookings.rows import BookingFacts
from services.resources import Resources
from services.work import work

JOB: Final = "booking.cancel"
OPERATION: Final = "cancelBooking"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Penalty:
    """What cancelling costs now, in kopecks, and of which booking; what comes back of money that was paid to us."""

    booking: BookingFacts
    amount: int
    comes_back: int | None = None


async def penalty_of(resources: Resources, member: UUID, booking: UUID, now: datetime) -> Penalty:
    """What cancelling a booking of mine would cost now. Raises NOT_FOUND, QUOTE_USED, LIMIT_REACHED and ENGINE_AWAY."""
    found = await rows.find(booking, member)
    if found is None:
        raise refusing.unknown()
    _check(found)
    limit = resources.policy.booking_starts_per_member_hour
    await callers.spend(
        resources, "booking.penalty", str(member), limit=limit, window_seconds=searching.HOUR_SECONDS, now=now
    )
    engine = refusing.engine_of(resources)
    async with refusing.told():
        amount = await engine.penalty(str(found.number), now, is_prepaid=found.prepaid is not None)
    paid = None if found.payment_id is None else found.prepaid
    return Penalty(found, amount, None if paid is None else comes_back(paid, amount))


async def cancel(member: UUID, *, key: str, booking: UUID, expected: int, now: datetime) -> BookingFacts:
    """Cancel a booking of mine for the penalty that I was shown. The engine hears of it after the commit.

    Raises INVALID_INPUT, KEY_REUSED, NOT_FOUND, QUOTE_USED for a booking that cannot be cancelled any more.
    """
    claim = once.claim_of(member, OPERATION, once.key_text(key))
    async with work() as tx:
        held = await rows.locked(tx, booking)
        if held is None or held.member != member:
            raise refusing.unknown()
        if await once.is_first(tx, claim, OPERATION, body=once.body_of(booking, expected), about=booking, now=now):
            _check(held)
            await rows.change(tx, booking, now, state="CANCELLING", expected_penalty=expected, fault=None)
            await tx.enqueue(JOB, {"booking_id": str(booking)}, run_at=now)
    made = await rows.find(booking)
    assert made is not None  # noqa: S101 - rows with a yes are never deleted
    return made


async def carry_out(booking: UUID, resources: Resources, now: datetime) -> None:
    """Cancel at the engine. Asking twice is safe: it cancels once, and only for what is expected."""
    held = await rows.find(booking)
    if held is None or held.state is not BookingState.CANCELLING or held.number is None:
        return
    engine = refusing.engine_of(resources)
    fault: str | None = None
    penalty = held.expected_penalty or 0
    try:
        await engine.cancel(held.number, penalty, is_prepaid=held.prepaid is not None)
    except PenaltyDiffers:
        fault = "PENALTY_CHANGED"
    except (Uncertain, Refused):
        # Perhaps an earlier call was heard: the hotel's own record says how the booking stands.
        booked = await engine.booked(held.property_id, held.number)
        if booked is None or not booked.is_cancelled:
            if booked is None:
                raise
            fault = "NOT_CANCELLED"
        elif booked.penalty is not None:
            penalty = booked.penalty
    async with work() as tx:
        now_held = await rows.locked(tx, booking)
        if now_held is None or now_held.state is not BookingState.CANCELLING:
            return
        if fault is None:
            await rows.change(tx, booking, now, state="CANCELLED", penalty=penalty, counts_at=None)
            await paying.give_back(tx, now_held, penalty, now, reason="CANCELLED")
        else:
            log.warning("a booking was not cancelled", extra={"booking": str(booking), "reason": fault})
            await rows.change(tx, booking, now, state="CONFIRMED", fault=fault)
    asking.forget(engine)
    BOOKINGS.labels(held.partner, "cancelled" if fault is None else "not cancelled").inc()


def _check(booking: BookingFacts) -> None:
    if booking.state is not BookingState.CONFIRMED or booking.number is None:
        raise Refusal(Code.QUOTE_USED, "booking.cannot_cancel", field="input.booking")
