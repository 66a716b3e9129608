"""The hotels of a programme at a glance, for operators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from loyalty.bookings import StayCounts
from loyalty.programme import Programme
from models import database

_READ: Final = "SELECT property_id, synced_at, looked_at FROM hotel"
# Where the hotel tells of check-outs, who is in it and counts already has left without one.
_WITHOUT_END: Final = """
SELECT number, counts_at FROM booking WHERE state = 'CHECKED_IN' AND counts_at IS NOT NULL AND partner = $1
ORDER BY counts_at
"""
_BOOKINGS: Final = """
SELECT partner, state, count(*) AS bookings FROM booking WHERE state <> 'OFFERED' GROUP BY partner, state
ORDER BY partner, state
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A hotel: when its texts and its changes were read, and (state, how many) of its members' bookings.

    `without_end` are stays of which no check-out was told: (number, when it counts all the same).
    """

    partner: str
    property_id: str
    synced_at: datetime | None
    looked_at: datetime | None
    bookings: tuple[tuple[str, int], ...]
    without_end: tuple[tuple[str, datetime], ...]


async def lines(programme: Programme) -> list[Line]:
    """One line a hotel, in the order of the programme file."""
    read = {row["property_id"]: row for row in await database.fetch(_READ)}
    counted = [(row["partner"], row["state"], row["bookings"]) for row in await database.fetch(_BOOKINGS)]
    found = []
    for partner in programme.hotels.values():
        if partner.booking is None:
            continue
        tells = partner.booking.counts is StayCounts.CHECK_OUT
        ended = await database.fetch(_WITHOUT_END, partner.id) if tells else []
        row = read.get(partner.booking.property_id)
        found.append(
            Line(
                partner.id,
                partner.booking.property_id,
                None if row is None else row["synced_at"],
                None if row is None else row["looked_at"],
                tuple((state, count) for owner, state, count in counted if owner == partner.id),
                tuple((row["number"], row["counts_at"]) for row in ended),
            )
        )
    return found
