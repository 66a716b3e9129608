"""How a booking engine's failures are told to a member: what to do, never what went wrong inside."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from integrations.bookings import BookingEngine
from integrations.ports import Refused, TooOften, Unavailable
from loyalty.refusals import Code, Refusal
from services.resources import Resources

RETRY_SECONDS = 30


def engine_of(resources: Resources) -> BookingEngine:
    """The booking engine. Raises NOT_FOUND where none is connected."""
    if resources.hotels is None:
        raise no_hotel()
    return resources.hotels


@asynccontextmanager
async def told() -> AsyncIterator[None]:
    """Turn what a call to the engine raises into a refusal."""
    try:
        yield
    except TooOften as often:
        raise Refusal(
            Code.LIMIT_REACHED, "booking.too_often", retryable=True, retry_after_seconds=often.seconds
        ) from None
    except Unavailable:
        raise Refusal(
            Code.ENGINE_AWAY, "booking.engine_away", retryable=True, retry_after_seconds=RETRY_SECONDS
        ) from None
    except Refused:
        raise Refusal(Code.ROOM_GONE, "booking.refused") from None


def no_hotel() -> Refusal:
    """The refusal of a hotel that is not booked here."""
    return Refusal(Code.NOT_FOUND, "booking.no_hotel", field="hotel")


def unknown() -> Refusal:
    """The refusal of a booking that is nobody's or somebody else's."""
    return Refusal(Code.NOT_FOUND, "booking.unknown", field="input.booking")
