"""Comparing hotels: the least that a stay of these days costs in each of them, asked of the engine for all at once.

Engines let many hotels be asked far more seldom than one. So an answer serves for minutes, for it only leads to a search, and
where the limit is reached a few hotels are asked one by one, which also answers the search that follows.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from integrations.bookings import BookingEngine, LowestStay, Party
from integrations.ports import TooOften
from loyalty.business_days import business_date
from loyalty.programme import Programme, Tier
from loyalty.purchases import Priced
from services import callers, programmes
from services.bookings import asking, hotels, refusing, searching
from services.bookings.hotels import Hotel
from services.resources import Resources
from services.tiers.standing import tier_of

FRESH: Final = timedelta(minutes=5)
ALL_AT_ONCE: Final = 200
"""How many hotels one question may name."""
FEW: Final = 5
"""So many hotels are asked one by one where asking for all is not allowed at this moment."""


@dataclass(frozen=True, slots=True)
class Days:
    """What a member compares: a stay from a day to a day, and who sleeps in each room."""

    arrival: date
    departure: date
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The hotels with the least price of the whole stay, the cheapest first; None for those that are full, at the end."""

    programme: Programme
    tier: Tier
    hotels: tuple[tuple[Hotel, Priced | None], ...]


async def compare(resources: Resources, member: UUID, days: Days, *, now: datetime) -> Compared:
    """What the hotels of the programme cost a member at least.

    Raises INVALID_INPUT with the field, LIMIT_REACHED for a member or an engine that is asked too often, and ENGINE_AWAY.
    """
    programme = await programmes.current(now)
    engine = refusing.engine_of(resources)
    searching.check(days.arrival, days.departure, days.parties, business_date(now, programme.time_zone))
    # The page compares beside every search: counted with them, a guest would have half the searches of the settings.
    limit = resources.policy.booking_searches_per_member_hour
    hour = searching.HOUR_SECONDS
    await callers.spend(resources, "booking.compare", str(member), limit=limit, window_seconds=hour, now=now)
    tier = await tier_of(programme, member, now)
    found = {hotel.terms.property_id: hotel for hotel in await hotels.connected(resources, programme)}
    async with refusing.told():
        lowest = {
            party: await _lowest(engine, sorted(found), days, party, now) for party in dict.fromkeys(days.parties)
        }
    told = []
    for number, hotel in found.items():
        least = [lowest[party].get(number) for party in days.parties]
        stays = [(hotel.name_of(one.room_id), one.price) for one in least if one is not None]
        told.append((hotel, searching.priced(programme, hotel, tier.id, stays) if len(stays) == len(least) else None))
    told.sort(key=lambda one: (one[1] is None, 0 if one[1] is None else one[1].net))
    return Compared(programme, tier, tuple(told))


async def _lowest(
    engine: BookingEngine, numbers: Sequence[str], days: Days, party: Party, now: datetime
) -> Mapping[str, LowestStay]:
    """The cheapest stay of a room's guests in each hotel that has one, by its number at the engine."""
    try:
        parts = [
            await _asked(engine, tuple(numbers[start : start + ALL_AT_ONCE]), days, party, now)
            for start in range(0, len(numbers), ALL_AT_ONCE)
        ]
        stays = [stay for part in parts for stay in part]
    except TooOften:
        if len(numbers) > FEW:
            raise
        asked = [(number, days.arrival, days.departure, party, None) for number in numbers]
        offers = await asyncio.gather(*(searching.asked(engine, question, now) for question in asked))
        stays = [
            LowestStay(stay.property_id, stay.room_id, stay.rate_id, stay.price, stay.tax)
            for one in offers
            for stay in one
        ]
    least: dict[str, LowestStay] = {}
    for stay in stays:
        known = least.get(stay.property_id)
        if known is None or stay.price < known.price:
            least[stay.property_id] = stay
    return least


async def _asked(
    engine: BookingEngine, numbers: tuple[str, ...], days: Days, party: Party, now: datetime
) -> Sequence[LowestStay]:
    question = (numbers, days.arrival, days.departure, party)
    return await asking.ask(engine, ("lowest", *question), partial(engine.lowest, *question), fresh=FRESH, now=now)
