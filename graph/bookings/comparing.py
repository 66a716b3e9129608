"""Hotels side by side as guests read them: what a stay costs there at least."""

from __future__ import annotations

from datetime import date
from typing import Self

import strawberry

from graph.bookings.results import RoomGuestsInput
from graph.bookings.types import Hotel
from graph.programme.types import Tier
from graph.scalars import Money
from graph.words import Locale
from services.bookings.comparing import Compared, Days


@strawberry.input(description="Days to compare all hotels by, and who sleeps in each room.")
class HotelComparisonInput:
    """Days to compare all hotels by."""

    arrival: date
    departure: date
    rooms: list[RoomGuestsInput]


@strawberry.type(
    description="A hotel and the least that the whole stay costs there; no sums where it is full. To book it is searched."
)
class HotelPrice:
    """A hotel and the least that the stay costs there."""

    hotel: Hotel
    price: Money | None = strawberry.field(description="The public price of all rooms.")
    discount: Money | None
    net: Money | None = strawberry.field(description="The member's price.")


@strawberry.type(
    description="The hotels that can be booked here for some days, the cheapest first, full ones at the end."
)
class HotelComparison:
    """The hotels for some days."""

    tier: Tier
    nights: int
    hotels: list[HotelPrice]

    @classmethod
    def of(cls, compared: Compared, days: Days, locale: Locale) -> Self:
        """The comparison in a reader's language."""
        return cls(
            tier=Tier.of(compared.tier, locale),
            nights=(days.departure - days.arrival).days,
            hotels=[
                HotelPrice(
                    hotel=Hotel.of(hotel, compared.programme, locale),
                    price=None if priced is None else Money(priced.gross),
                    discount=None if priced is None else Money(priced.discount),
                    net=None if priced is None else Money(priced.net),
                )
                for hotel, priced in compared.hotels
            ],
        )
