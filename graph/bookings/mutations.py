"""Booking and cancelling."""

import strawberry

from graph.bookings.queries import told
from graph.bookings.results import (
    BookingCancelling,
    BookingConfirmed,
    BookingPriceChanged,
    BookingStarted,
    CancelBookingInput,
    CancelBookingResult,
    ConfirmBookingInput,
    ConfirmBookingResult,
    StartBookingInput,
    StartBookingResult,
)
from graph.context import Info
from graph.permissions import member
from graph.words import sentence
from services.bookings import cancelling, confirming, starting
from services.bookings.starting import StartCommand


@strawberry.type
class BookingMutations:
    """Booking and cancelling."""

    @strawberry.mutation(
        extensions=[member()],
        description="Ask the hotel for the terms of these offers as of now. Nothing is booked yet.",
    )
    async def start_booking(self, info: Info, input: StartBookingInput) -> StartBookingResult:  # noqa: A002 - the contract
        """Ask the hotel for the terms of these offers."""
        context = info.context
        command = StartCommand(key=input.idempotency_key, offers=input.offers)
        made = await starting.start(context.resources, context.member.member_id, command, now=context.now)
        booking = await told(made, context)
        if made.is_dearer:
            return BookingPriceChanged(booking=booking, message=sentence("booking.price_changed", context.locale))
        return BookingStarted(booking=booking)

    @strawberry.mutation(
        extensions=[member()],
        description="Say yes to the terms of a booking of mine. The same key and body get the same booking.",
    )
    async def confirm_booking(self, info: Info, input: ConfirmBookingInput) -> ConfirmBookingResult:  # noqa: A002
        """Say yes to the terms of a booking."""
        context = info.context
        made = await confirming.confirm(
            context.member.member_id,
            key=input.idempotency_key,
            booking=input.booking,
            way=input.payment,
            now=context.now,
        )
        return BookingConfirmed(booking=await told(made, context))

    @strawberry.mutation(
        extensions=[member()],
        description="Cancel a booking of mine for the penalty that `cancellationPenalty` told.",
    )
    async def cancel_booking(self, info: Info, input: CancelBookingInput) -> CancelBookingResult:  # noqa: A002
        """Cancel a booking."""
        context = info.context
        made = await cancelling.cancel(
            context.member.member_id,
            key=input.idempotency_key,
            booking=input.booking,
            expected=input.expected_penalty,
            now=context.now,
        )
        return BookingCancelling(booking=await told(made, context))
