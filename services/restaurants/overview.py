"""The restaurants of the cloud at a glance: how fresh each is, what waits and what was put aside."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models import database

_LINES: Final = """
SELECT p.id AS place, p.name AS place_name, p.outlet, p.linked_at, r.id, r.name, r.discount_id, r.looked_at, r.synced_at,
    r.trouble,
    (SELECT count(*) FROM restaurant_dish WHERE restaurant_id = r.id) AS dishes,
    (SELECT count(*) FROM restaurant_difference WHERE restaurant_id = r.id AND settled_at IS NULL) AS differences
FROM restaurant AS r LEFT JOIN restaurant_place AS p ON p.restaurant_id = r.id ORDER BY r.name, r.id, p.name, p.id
"""
_STATES: Final = """
SELECT 'events' AS what, state, count(*) AS count, min(received_at) AS oldest FROM restaurant_event GROUP BY state
UNION ALL
SELECT 'orders', state, count(*), min(told_at) FROM restaurant_order GROUP BY state ORDER BY 1, 2
"""
_ASIDE: Final = """
SELECT 'event' AS what, id, received_at AS at, fault FROM restaurant_event WHERE state = 'ASIDE'
UNION ALL
SELECT 'order', id, told_at, fault FROM restaurant_order WHERE state = 'ASIDE' ORDER BY at DESC LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A place of a restaurant. Without an outlet it is none of ours."""

    restaurant: UUID
    name: str
    place: UUID | None
    place_name: str | None
    outlet: str | None
    has_discount: bool
    dishes: int
    looked_at: datetime | None
    trouble: str | None
    differences: int


async def lines() -> list[Line]:
    """One line a place."""
    return [
        Line(
            *(row["id"], row["name"], row["place"], row["place_name"], row["outlet"], row["discount_id"] is not None),
            *(row["dishes"], row["looked_at"], row["trouble"], row["differences"]),
        )
        for row in await database.fetch(_LINES)
    ]


async def states() -> list[dict[str, Any]]:
    """How many events and orders stand how, and since when the oldest: what, state, count, oldest."""
    return [dict(row) for row in await database.fetch(_STATES)]


async def aside(limit: int) -> list[dict[str, Any]]:
    """What was put aside last: what, id, at, fault."""
    return [dict(row) for row in await database.fetch(_ASIDE, limit)]
