"""Hotels as guests see them: our own copies of texts and pictures, brought up to date at night."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from integrations.bookings import BookingEngine, HotelCard, RateKind, RoomKind
from integrations.ports import Refused, Unavailable
from loyalty.bookings import HotelTerms
from loyalty.programme import Partner, Programme
from models import database
from models.ids import uuid7
from services import programmes
from services.resources import Resources

PICTURES_AT_ONCE: Final = 200
# Where so many have no answer the server is away: to wait for each of the others would hold up the round.
PICTURES_MISSED_MAX: Final = 10
STALE: Final = timedelta(hours=20)
_CARDS: Final = "SELECT property_id, card FROM hotel WHERE property_id = ANY ($1)"
_PICTURES: Final = "SELECT id, source FROM hotel_picture WHERE source = ANY ($1)"
_KEEP: Final = """
INSERT INTO hotel (property_id, card, synced_at, looked_at) VALUES ($1, $2::jsonb, $3, $3)
ON CONFLICT (property_id) DO UPDATE SET card = $2::jsonb, synced_at = $3
"""
_KEEP_PICTURE: Final = """
INSERT INTO hotel_picture (id, source, kind, body, fetched_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (source) DO NOTHING
"""
_MISSING: Final = """
SELECT count(*) FROM unnest($1::text[]) AS p (id) LEFT JOIN hotel AS h ON h.property_id = p.id
WHERE h.property_id IS NULL OR h.synced_at < $2
"""
_KINDS: Final = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hotel:
    """A hotel of the programme, with our copies of its pictures by their addresses at the engine."""

    partner: Partner
    terms: HotelTerms
    card: HotelCard
    pictures: Mapping[str, UUID]

    @property
    def rooms(self) -> Mapping[str, RoomKind]:
        """Its types of rooms by their ids."""
        return {room.id: room for room in self.card.rooms}

    def name_of(self, room: str) -> str:
        """What a type of room is called; the hotel's own name for one it has not told of."""
        found = self.rooms.get(room)
        return self.card.name if found is None else found.name

    @property
    def rates(self) -> Mapping[str, RateKind]:
        """Its rate plans by their ids."""
        return {rate.id: rate for rate in self.card.rates}


async def connected(resources: Resources, programme: Programme) -> list[Hotel]:
    """The hotels that can be booked now: named by the programme, and known to a booking engine that is there."""
    if resources.hotels is None or not programme.hotels:
        return []
    terms = {partner.booking.property_id: partner for partner in programme.hotels.values() if partner.booking}
    rows = {row["property_id"]: orjson.loads(row["card"]) for row in await database.fetch(_CARDS, list(terms))}
    cards = {number: read_card(rows[number]) for number in terms if number in rows}
    sources = [url for card in cards.values() for url in _urls(card)]
    copies = {row["source"]: row["id"] for row in await database.fetch(_PICTURES, sources)}
    return [
        Hotel(partner, partner.booking, cards[number], copies)
        for number, partner in terms.items()
        if number in cards and partner.booking is not None
    ]


async def hotel_of(resources: Resources, programme: Programme, partner: str) -> Hotel | None:
    """The hotel of a partner, if it can be booked."""
    return next((hotel for hotel in await connected(resources, programme) if hotel.partner.id == partner), None)


async def zone_of(resources: Resources, programme: Programme, partner: str) -> str:
    """The clock of a partner's hotel; the programme's where the hotel tells none."""
    return zone_in(programme, await hotel_of(resources, programme, partner))


def zone_in(programme: Programme, hotel: Hotel | None) -> str:
    """The same of a hotel that is at hand."""
    return (hotel.card.time_zone if hotel is not None else "") or programme.time_zone


async def is_due(resources: Resources, now: datetime) -> bool:
    """Whether a hotel of the programme was never read, or not since yesterday."""
    numbers = _numbers(await programmes.current(now))
    return resources.hotels is not None and bool(await database.fetchval(_MISSING, numbers, now - STALE))


async def sync(resources: Resources, now: datetime) -> None:
    """Read every hotel anew with the pictures we have not. One that fails keeps what it had, and others go on."""
    engine = resources.hotels
    if engine is None:
        return
    trouble: Exception | None = None
    for number in _numbers(await programmes.current(now)):
        try:
            card = await engine.card(number)
            await database.execute(_KEEP, number, orjson.dumps(asdict(card)).decode(), now)
            await _copy_pictures(engine, card, now)
        except (Unavailable, Refused) as error:
            log.exception("a hotel could not be read", extra={"hotel": number})
            trouble = error
    if isinstance(trouble, Unavailable):
        raise trouble


async def picture(number: UUID) -> tuple[bytes, str] | None:
    """(a picture, its type)."""
    row = await database.fetchrow("SELECT body, kind FROM hotel_picture WHERE id = $1", number)
    return None if row is None else (bytes(row["body"]), row["kind"])


def read_card(data: Mapping[str, Any]) -> HotelCard:
    """A kept card."""
    plain = dict(data)
    rooms = [_tuples(room, "amenities", "pictures") for room in plain.pop("rooms")]
    rates = [RateKind(**rate) for rate in plain.pop("rates")]
    return HotelCard(**_tuples(plain, "pictures"), rooms=tuple(RoomKind(**room) for room in rooms), rates=tuple(rates))


async def _copy_pictures(engine: BookingEngine, card: HotelCard, now: datetime) -> None:
    wanted = _urls(card)[:PICTURES_AT_ONCE]
    there = {row["source"] for row in await database.fetch(_PICTURES, wanted)}
    trouble: list[Unavailable] = []
    for url in dict.fromkeys(wanted):
        if url in there:
            continue
        try:
            body = await engine.picture(url)
        except Refused as refused:
            log.warning("a hotel names a picture that is not to be had", extra={"reason": str(refused)})
            continue
        except Unavailable as error:
            trouble.append(error)
            if len(trouble) == PICTURES_MISSED_MAX:
                break
            continue
        kind = kind_of(body)
        if kind is not None:
            await database.execute(_KEEP_PICTURE, uuid7(), url, kind, body, now)
    if trouble:
        raise trouble[-1]


def kind_of(body: bytes) -> str | None:
    """What sort of picture it is by its first bytes: whatever it was called, nothing else is ever shown."""
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _KINDS if body.startswith(start)), None)


def _urls(card: HotelCard) -> list[str]:
    return [*card.pictures, *(url for room in card.rooms for url in room.pictures)]


def _numbers(programme: Programme) -> list[str]:
    return [partner.booking.property_id for partner in programme.hotels.values() if partner.booking is not None]


def _tuples(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: tuple(value) if key in names else value for key, value in data.items()}
