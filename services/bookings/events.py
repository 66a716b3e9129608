"""Events that a hotel's system posts: kept at once, each by itself, and worked off apart.

The engine holds back everything that follows an event it could not deliver, so whatever comes is taken: what cannot be
read is put aside in the open, and what is about other guests of the hotel is nothing to us.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from integrations.bookings import BookingEngine
from integrations.ports import Refused, TooOften, Unavailable
from loyalty import bookings as rules
from loyalty.bookings import BookingState
from models import database
from models.database import Record
from models.ids import uuid7
from services import programmes
from services.bookings import following, hotels, refusing, rows, staying
from services.keyring import Keyring
from services.resources import Resources
from services.work import work

JOB: Final = "booking.events"
# The word is part of keys that stand in hotels' accounts: it never changes.
HOOK: Final = "travelline-hook"
KEY_CHARACTERS: Final = 32
AT_ONCE: Final = 200
FIRST: Final = UUID(int=0)
# By age, not by tries: every delivery has a job of its own, and each of them tries all that waits.
ASKED_FOR: Final = timedelta(hours=8)
EVENTS: Final = Counter("kunak_booking_events", "Events of hotels' systems by how they ended.", ["outcome"])
# One statement however many there are: a thousand of them would be more than a unit of work has time for on a busy day,
# and the engine would come with the same thousand for ever. By their own ids, so that two deliveries of the same
# events never wait for each other.
_KEEP: Final = """
INSERT INTO booking_event (id, event_id, kind, number, property_id, happened_at, received_at, state, fault, tries)
SELECT id, event_id, kind, number, property_id, happened_at, $8, CASE WHEN fault IS NULL THEN 'NEW' ELSE 'ASIDE' END, fault, 0
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
    AS e (id, event_id, kind, number, property_id, happened_at, fault)
ORDER BY event_id ON CONFLICT (event_id) DO NOTHING RETURNING state
"""
_TOLD: Final = ("id", "kind", "number", "property_id", "happened_at", "fault")
_NEW: Final = """
SELECT id, number, property_id, received_at FROM booking_event WHERE state = 'NEW' AND id > $1 ORDER BY id LIMIT $2
"""
_DONE: Final = "UPDATE booking_event SET state = $2, fault = $3 WHERE id = $1"
_AGAIN: Final = "UPDATE booking_event SET tries = tries + 1 WHERE id = $1"
_SWEEP: Final = """
DELETE FROM booking_event WHERE id IN (SELECT id FROM booking_event WHERE state <> 'NEW' AND received_at < $1 LIMIT $2)
"""
_ASIDE: Final = """
SELECT id, kind, number, property_id, received_at, fault FROM booking_event WHERE state = 'ASIDE'
ORDER BY received_at DESC LIMIT $1
"""
# What could not be read has no number: who has seen it is done with it.
_REPLAY: Final = """
UPDATE booking_event SET received_at = $1, state = CASE WHEN number IS NULL THEN 'DONE' ELSE 'NEW' END,
    fault = CASE WHEN number IS NULL THEN fault END
WHERE state = 'ASIDE' RETURNING state
"""
log = logging.getLogger(__name__)


def key_of(keyring: Keyring) -> str:
    """What a hotel writes into its account as the key of its events: 128 bits that only the holder of ours can name."""
    return keyring.mac(HOOK, b"events").hex()[:KEY_CHARACTERS]


def is_key(key: str, keyring: Keyring) -> bool:
    """Whether somebody knows the key, or one of a key that is being changed."""
    return keyring.vouches(HOOK, b"events", key, KEY_CHARACTERS)


async def keep(engine: BookingEngine, body: bytes, now: datetime) -> int:
    """Keep every event of a body that is not there yet, and have them worked off; says how many came."""
    found = engine.read_events(body)
    # Ids that grow: what happened within one moment stays in the order in which it was told.
    ids = sorted(uuid7() for _ in found)
    told = [[getattr(one, name) for one in found] for name in _TOLD]
    async with work() as tx:
        kept = [row["state"] for row in await tx.fetch(_KEEP, ids, *told, now)]
        if "NEW" in kept:
            await tx.enqueue(JOB, {}, run_at=now)
    if (aside := kept.count("ASIDE")) > 0:
        EVENTS.labels("aside").inc(aside)
        log.error("events of a hotel could not be read", extra={"count": aside})
    return len(found)


async def work_off(resources: Resources, now: datetime) -> None:
    """Apply all that waits; what fails stands in nobody's way. Raises `Unavailable` to come again."""
    programme = await programmes.current(now)
    houses = {partner.booking.property_id for partner in programme.hotels.values() if partner.booking is not None}
    trouble: Unavailable | None = None
    after, settled = FIRST, set[UUID]()
    while found := await database.fetch(_NEW, after, AT_ONCE):
        for row in found:
            if row["id"] in settled:
                continue
            try:
                settled.update(await _settled(row, houses, resources, now))
            except TooOften:
                # Whatever stands behind it would hear the same.
                raise
            except Unavailable as error:
                trouble = error
        after = found[-1]["id"]
    if trouble is not None:
        raise trouble


async def _settled(row: Record, houses: Collection[str], resources: Resources, now: datetime) -> Collection[UUID]:
    """Be done with an event and with what else waits about its booking; gives them all."""
    try:
        if row["property_id"] in houses:
            done = await _apply(row, resources, now)
            EVENTS.labels("done").inc(len(done))
            return done
        log.error("an event is about a hotel that is not ours", extra={"report": str(row["id"])})
        fault = "about a hotel that is not ours"
    except Unavailable:
        if now - row["received_at"] < ASKED_FOR:
            await database.execute(_AGAIN, row["id"])
            raise
        fault = "the engine could not be asked"
    except Refused as refused:
        fault = str(refused)[:200]
    await database.execute(_DONE, row["id"], "ASIDE", fault)
    EVENTS.labels("aside").inc()
    return [row["id"]]


async def _apply(row: Record, resources: Resources, now: datetime) -> Collection[UUID]:
    held = None if row["number"] is None else await rows.by_number(row["number"])
    if held is None or held.property_id != row["property_id"]:
        await database.execute(_DONE, row["id"], "DONE", None)
        return [row["id"]]
    # The event carries no facts: how the booking stands is asked of the hotel.
    await following.refresh(held.id, resources, now)
    programme = await programmes.current(now)
    terms, zone = following.terms_of(programme, held), await hotels.zone_of(resources, programme, held.partner)
    async with work() as tx:
        booking = await rows.locked(tx, held.id)
        if booking is None or booking.state is BookingState.CANCELLING:
            raise Unavailable("a booking is being cancelled: how it ends is not known yet")
        return await staying.settle(tx, booking, refusing.engine_of(resources), terms=terms, zone=zone, now=now)


async def aside(limit: int) -> list[Record]:
    """What was put aside, the newest first: id, kind, number, property_id, received_at, fault."""
    return await database.fetch(_ASIDE, limit)


async def replay(now: datetime) -> int:
    """Have what was put aside applied anew, and tick off what could not be read; says how many are applied."""
    async with work() as tx:
        found = await tx.fetch(_REPLAY, now)
        await tx.enqueue(JOB, {}, run_at=now)
    return sum(row["state"] == "NEW" for row in found)


async def sweep(now: datetime) -> int:
    """Delete events of long ago, and say how many."""
    return await database.sweep(_SWEEP, now - rules.EVENTS_KEPT)
