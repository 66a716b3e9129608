"""Restaurants as values: what of them is ours, and where their orders are sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from integrations.restaurants import RestaurantCloud
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services.resources import Resources

_LINKED: Final = """
SELECT r.id, r.name, r.tables, r.discount_id, r.mark, r.looked_at, p.id AS place, p.outlet, p.linked_at
FROM restaurant AS r JOIN restaurant_place AS p ON p.restaurant_id = r.id
WHERE p.outlet IS NOT NULL ORDER BY r.name, r.id, p.id
"""


@dataclass(frozen=True, slots=True)
class Outlet:
    """A place of a restaurant that is an outlet of ours, and since when."""

    slug: str
    linked_at: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """A restaurant some of whose places are outlets of ours."""

    id: UUID
    name: str
    tables: tuple[UUID, ...]
    discount: UUID | None
    mark: int | None
    looked_at: datetime | None
    outlets: Mapping[UUID, Outlet]

    def outlet_of(self, place: UUID | None) -> Outlet | None:
        """The outlet of a place; where a restaurant has one, an order need not name it."""
        if place is None and len(self.outlets) == 1:
            return next(iter(self.outlets.values()))
        return None if place is None else self.outlets.get(place)


async def linked() -> dict[UUID, Linked]:
    """Every restaurant with an outlet of ours."""
    rows: dict[UUID, list[Record]] = {}
    for row in await database.fetch(_LINKED):
        rows.setdefault(row["id"], []).append(row)
    return {house: _linked(found) for house, found in rows.items()}


def cloud_of(resources: Resources) -> RestaurantCloud:
    """The restaurants' cloud. Raises NOT_FOUND where none is connected."""
    if resources.restaurants is None:
        raise Refusal(Code.NOT_FOUND, "restaurants.none")
    return resources.restaurants


def _linked(rows: Sequence[Record]) -> Linked:
    one = rows[0]
    return Linked(
        *(one["id"], one["name"], tuple(UUID(table) for table in orjson.loads(one["tables"]))),
        *(one["discount_id"], one["mark"], one["looked_at"]),
        outlets={row["place"]: Outlet(row["outlet"], row["linked_at"]) for row in rows},
    )
