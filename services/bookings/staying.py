"""A booking is brought to what its hotel told of the stay: the rule is in loyalty/stays.py, its events in the table."""

from datetime import datetime
from typing import Final
from uuid import UUID

from integrations.bookings import BookingEngine
from loyalty.bookings import HotelTerms, begins_at
from loyalty.stays import StayStands, StayTold, happened, turned
from services.bookings import rows
from services.bookings.rows import BookingFacts
from services.work import Work

_TOLD: Final = """
SELECT id, kind, happened_at, received_at, state FROM booking_event
WHERE number = $1 AND property_id = $2 AND state <> 'ASIDE'
"""
_DONE: Final = "UPDATE booking_event SET state = 'DONE' WHERE id = ANY ($1) AND state = 'NEW'"


async def settle(
    tx: Work, booking: BookingFacts, engine: BookingEngine, *, terms: HotelTerms | None, zone: str, now: datetime
) -> list[UUID]:
    """Bring a locked booking to what its newest event says; gives the events that are done with it.

    `zone` is the clock of its hotel; without `terms` it is not counted.
    """
    booked = booking.confirmed_at or booking.offered_at
    found = await tx.fetch(_TOLD, booking.number, booking.property_id)
    told = [
        StayTold(happened(row["happened_at"], row["received_at"], booked), row["id"].int, means)
        for row in found
        if (means := engine.meaning(row["kind"])) is not None
    ]
    stay = StayStands(booking.state, booking.left_at, booking.counts_at)
    stands = turned(stay, told, begins=begins_at(booking.arrival, zone), terms=terms, now=now)
    if stands is not None:
        to = {"state": stands.state.value, "left_at": stands.left_at, "counts_at": stands.counts_at}
        await rows.change(tx, booking.id, now, **to)
    fresh = [row["id"] for row in found if row["state"] == "NEW"]
    await tx.execute(_DONE, fresh)
    return fresh
