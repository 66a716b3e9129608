"""How a stay stands by what its hotel told of it: the newest of its events says so, whatever order they came in.

Newest is meant by the hotel's clock, not by ours: an event that was held up undoes nothing that happened after it, and
one that was lost is made up for by whatever follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.bookings import BookingEngine, StayEvent
from loyalty import bookings as rules
from loyalty.bookings import BookingState, HotelTerms
from services.bookings import rows
from services.bookings.rows import BookingFacts
from services.work import Work

# A clock may be that wrong and still say what came before what.
SKEW: Final = timedelta(hours=1)
STANDS: Final[Mapping[StayEvent, BookingState]] = {
    StayEvent.CHECK_IN: BookingState.CHECKED_IN,
    StayEvent.CHECK_OUT: BookingState.CHECKED_OUT,
    StayEvent.NOT_IN: BookingState.CONFIRMED,
    StayEvent.NOT_OUT: BookingState.CHECKED_IN,
}
TURNED: Final = frozenset({*rules.BOOKED, BookingState.NO_SHOW})
_TOLD: Final = """
SELECT id, kind, happened_at, received_at, state FROM booking_event
WHERE number = $1 AND property_id = $2 AND state <> 'ASIDE'
"""
_DONE: Final = "UPDATE booking_event SET state = 'DONE' WHERE id = ANY ($1) AND state = 'NEW'"


@dataclass(frozen=True, slots=True, order=True)
class StayTold:
    """What one event says of a stay. They sort as they happened, and within one moment as they came."""

    at: datetime
    id: UUID
    means: StayEvent


def happened(told: datetime | None, received: datetime, booked: datetime) -> datetime:
    """When an event happened. One whose clock cannot be right happened when it came."""
    return told if told is not None and booked - SKEW <= told <= received + SKEW else received


async def settle(
    tx: Work, booking: BookingFacts, engine: BookingEngine, *, terms: HotelTerms | None, zone: str, now: datetime
) -> list[UUID]:
    """Bring a locked booking to what its newest event says; gives the events that are done with it.

    `zone` is the clock of its hotel; without `terms` it is not counted.
    """
    booked = booking.confirmed_at or booking.offered_at
    found = await tx.fetch(_TOLD, booking.number, booking.property_id)
    told = [
        StayTold(happened(row["happened_at"], row["received_at"], booked), row["id"], means)
        for row in found
        if (means := engine.meaning(row["kind"])) is not None
    ]
    if told and booking.state in TURNED:
        await _turn(tx, booking, max(told), terms=terms, zone=zone, now=now)
    fresh = [row["id"] for row in found if row["state"] == "NEW"]
    await tx.execute(_DONE, fresh)
    return fresh


async def _turn(
    tx: Work, booking: BookingFacts, newest: StayTold, *, terms: HotelTerms | None, zone: str, now: datetime
) -> None:
    stands = STANDS[newest.means]
    if stands is BookingState.CHECKED_OUT:
        # Nobody leaves before the day of arrival, and nothing has happened that is still to come.
        left = max(min(newest.at, now), rules.begins_at(booking.arrival, zone))
        if (booking.state, booking.left_at) != (stands, left):
            counts = None if terms is None else rules.counts_at(terms, left)
            await rows.change(tx, booking.id, now, state=stands.value, left_at=left, counts_at=counts)
    elif booking.state is not stands and (booking.state, stands) != (BookingState.NO_SHOW, BookingState.CONFIRMED):
        await rows.change(tx, booking.id, now, state=stands.value, left_at=None, counts_at=None)
