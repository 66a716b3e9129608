"""What guests send and hear when they book."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from graph.bookings.types import Booking
from graph.problems import Problem
from graph.scalars import Money


@strawberry.input(description="The guests of one room: adults, and children by their ages.")
class RoomGuestsInput:
    """The guests of one room."""

    adults: int
    child_ages: list[int] = strawberry.field(default_factory=list)


@strawberry.input(description="A search for rooms: a hotel by its partner's id, the days, and who sleeps in each room.")
class RoomSearchInput:
    """A search for rooms."""

    hotel: strawberry.ID
    arrival: date
    departure: date
    rooms: list[RoomGuestsInput]
    promo_code: str | None = None


@strawberry.input(description="Offers of one search, one for each room.")
class StartBookingInput:
    """Offers of one search."""

    idempotency_key: str
    offers: list[strawberry.ID]


@strawberry.input(description="A yes to the terms of a booking. Without a way to pay: the first that it has.")
class ConfirmBookingInput:
    """A yes to the terms of a booking."""

    idempotency_key: str
    booking: UUID
    payment: strawberry.ID | None = None


@strawberry.input(description="A cancellation for the penalty that was shown; for another one nothing is cancelled.")
class CancelBookingInput:
    """A cancellation for the penalty that was shown."""

    idempotency_key: str
    booking: UUID
    expected_penalty: Money


@strawberry.type(description="The hotel has the rooms at these terms; nothing is booked before `confirmBooking`.")
class BookingStarted:
    """The hotel has the rooms at these terms."""

    booking: Booking


@strawberry.type(description="The hotel has the rooms, but at another price. The booking holds the new terms.")
class BookingPriceChanged:
    """The hotel has the rooms, but at another price."""

    booking: Booking
    message: str


@strawberry.type(description="The booking is being made; ask for it again until its state says how it ended.")
class BookingConfirmed:
    """The booking is being made."""

    booking: Booking


@strawberry.type(description="The booking is being cancelled; ask for it again until its state says how it ended.")
class BookingCancelling:
    """The booking is being cancelled."""

    booking: Booking


StartBookingResult = Annotated[BookingStarted | BookingPriceChanged | Problem, strawberry.union("StartBookingResult")]
ConfirmBookingResult = Annotated[BookingConfirmed | Problem, strawberry.union("ConfirmBookingResult")]
CancelBookingResult = Annotated[BookingCancelling | Problem, strawberry.union("CancelBookingResult")]
