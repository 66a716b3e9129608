"""Searching rooms: the same question of many guests is asked once, and its answer serves for a minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from prometheus_client import Counter

from integrations.bookings import BookingEngine, OfferedStay, Party
from loyalty import bookings as rules
from loyalty.business_days import business_date
from loyalty.programme import Programme, Tier
from loyalty.purchases import BasketLine, Priced, price
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from services import callers, programmes
from services.bookings import asking, offers, refusing
from services.bookings.hotels import Hotel, hotel_of, zone_in
from services.bookings.offers import Offer
from services.resources import Resources
from services.tiers.standing import tier_of

FRESH: Final = timedelta(seconds=60)
CODE_MAX: Final = 32
HOUR_SECONDS: Final = 3600
ONE: Final = 1000
SEARCHES: Final = Counter("kunak_booking_searches", "Searches for rooms by signed-in members.", ["hotel"])
Question: TypeAlias = tuple[str, date, date, Party, str | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a member looks for: a partner's rooms from a day to a day, and who sleeps in each room."""

    partner: str
    arrival: date
    departure: date
    parties: tuple[Party, ...]
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An offer for one room with its two prices, and the word by which it is booked."""

    word: str
    stay: OfferedStay
    priced: Priced


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hotel has, room by room, for a member of a tier. `is_code_known`: None where no promo code was given."""

    hotel: Hotel
    programme: Programme
    tier: Tier
    rooms: tuple[tuple[Party, tuple[Found, ...]], ...]


async def search(resources: Resources, member: UUID, wanted: Wanted, *, now: datetime) -> Answer:
    """What a hotel has for a member.

    Raises INVALID_INPUT with the field, NOT_FOUND for a hotel that is not booked here, LIMIT_REACHED for a member or
    an engine that is asked too often, and ENGINE_AWAY.
    """
    programme = await programmes.current(now)
    hotel = await hotel_of(resources, programme, wanted.partner)
    if hotel is None:
        raise refusing.no_hotel()
    check(wanted.arrival, wanted.departure, wanted.parties, business_date(now, zone_in(programme, hotel)))
    corporate = _corporate(wanted.code, hotel)
    limit = resources.policy.booking_searches_per_member_hour
    await callers.spend(resources, "booking.search", str(member), limit=limit, window_seconds=HOUR_SECONDS, now=now)
    SEARCHES.labels(wanted.partner).inc()
    tier = await tier_of(programme, member, now)
    engine = refusing.engine_of(resources)
    found: dict[Party, Sequence[OfferedStay]] = {}
    async with refusing.told():
        for party in dict.fromkeys(wanted.parties):
            question = (hotel.terms.property_id, wanted.arrival, wanted.departure, party, corporate)
            found[party] = await asked(engine, question, now)
    rooms = []
    for party in wanted.parties:
        stays = sorted(found[party], key=lambda stay: stay.price)
        sealed = [
            offers.seal(Offer(hotel.partner.id, stay, corporate), member, resources.keyring, now) for stay in stays
        ]
        sums = [priced(programme, hotel, tier.id, [(hotel.name_of(stay.room_id), stay.price)]) for stay in stays]
        told = (Found(*one) for one in zip(sealed, stays, sums, strict=True))
        rooms.append((party, tuple(told)))
    return Answer(hotel, programme, tier, tuple(rooms))


def priced(programme: Programme, hotel: Hotel, tier: str, stays: Sequence[tuple[str, int]]) -> Priced:
    """The member's price of rooms, (name, public price): one line a room, by the rule of the cabinet."""
    lines = [BasketLine(hotel.terms.service, name, ONE, amount) for name, amount in stays]
    return price(programme, partner=hotel.partner.id, channel="CABINET", tier=tier, lines=lines)


async def asked(engine: BookingEngine, question: Question, now: datetime) -> Sequence[OfferedStay]:
    """What an engine says that one hotel has."""
    return await asking.ask(engine, question, partial(engine.search, *question), fresh=FRESH, now=now)


def check(arrival: date, departure: date, parties: Sequence[Party], today: date) -> None:
    """Refuse days and guests that no hotel takes. Raises INVALID_INPUT with the field."""
    fault = rules.dates_fault(arrival, departure, today)
    if fault is not None:
        field = "arrival" if fault == "booking.arrival_past" else "departure"
        raise Refusal(Code.INVALID_INPUT, fault, field=f"input.{field}", nights_max=rules.NIGHTS_MAX)
    if not 1 <= len(parties) <= rules.ROOMS_MAX:
        raise Refusal(Code.INVALID_INPUT, "booking.rooms", field="input.rooms", most=rules.ROOMS_MAX)
    for place, party in enumerate(parties):
        fault = rules.party_fault(party.adults, party.child_ages)
        if fault is not None:
            adults, children = rules.ADULTS_MAX, rules.CHILDREN_MAX
            raise Refusal(Code.INVALID_INPUT, fault, field=f"input.rooms.{place}", adults=adults, children=children)


def _corporate(code: str | None, hotel: Hotel) -> str | None:
    """What a promo code opens. Raises INVALID_INPUT for a code that is none of the hotel's."""
    if code is None or not code.strip():
        return None
    written = clean(code.strip(), field="input.promoCode", length_max=CODE_MAX)
    corporate = hotel.terms.corporate_of(written)
    if corporate is None:
        raise Refusal(Code.INVALID_INPUT, "booking.code_unknown", field="input.promoCode")
    return corporate
