"""The hotels of a programme at a glance, for operators."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from loyalty.programme import Programme
from models import database

_SYNCED: Final = "SELECT property_id, synced_at FROM hotel"
_BOOKINGS: Final = """
SELECT partner, state, count(*) AS bookings FROM booking WHERE state <> 'OFFERED' GROUP BY partner, state
ORDER BY partner, state
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A hotel: when its texts were read, and (state, how many) of its members' bookings."""

    partner: str
    property_id: str
    synced_at: datetime | None
    bookings: tuple[tuple[str, int], ...]


async def lines(programme: Programme) -> list[Line]:
    """One line a hotel, in the order of the programme file."""
    read = {row["property_id"]: row["synced_at"] for row in await database.fetch(_SYNCED)}
    counted = [(row["partner"], row["state"], row["bookings"]) for row in await database.fetch(_BOOKINGS)]
    return [
        Line(
            partner.id,
            partner.booking.property_id,
            read.get(partner.booking.property_id),
            tuple((state, count) for owner, state, count in counted if owner == partner.id),
        )
        for partner in programme.hotels.values()
        if partner.booking is not None
    ]
