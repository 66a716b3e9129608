"""Events that a hotel's system posts: kept at once, each by itself, and worked off apart.

The engine holds back everything that follows an event it could not deliver, so whatever comes is taken: what cannot be
read is put aside in the open, and what is about other guests of the hotel is nothing to us.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import Counter

from integrations.bookings import BookingEngine, HotelEvent, StayEvent
from integrations.ports import Refused, Unavailable
from loyalty import bookings as rules
from loyalty.bookings import BookingState
from models import database
from models.database import Record
from models.ids import uuid7
from services import programmes
from services.bookings import following, refusing, rows
from services.bookings.rows import BookingFacts
from services.keyring import Keyring
from services.resources import Resources
from services.work import Work, work

JOB: Final = "booking.events"
# The word is part of keys that stand in hotels' accounts: it never changes.
HOOK: Final = "travelline-hook"
KEY_CHARACTERS: Final = 32
AT_ONCE: Final = 200
# By age, not by tries: every delivery has a job of its own, and each of them tries all that waits.
ASKED_FOR: Final = timedelta(hours=8)
EVENTS: Final = Counter("kunak_booking_events", "Events of hotels' systems by how they ended.", ["outcome"])
_KEEP: Final = """
INSERT INTO booking_event (id, event_id, kind, number, property_id, happened_at, received_at, state, fault, tries)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) ON CONFLICT (event_id) DO NOTHING
"""
_NEW: Final = """
SELECT id, kind, number, property_id, happened_at, received_at FROM booking_event
WHERE state = 'NEW' ORDER BY id LIMIT $1
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
    async with work() as tx:
        for event in found:
            await _keep_one(tx, event, now)
        await tx.enqueue(JOB, {}, run_at=now)
    return len(found)


async def _keep_one(tx: Work, event: HotelEvent, now: datetime) -> None:
    await tx.execute(
        _KEEP,
        *(uuid7(), event.id, event.kind, event.number, event.property_id, event.happened_at, now),
        *("ASIDE" if event.fault else "NEW", event.fault),
    )
    if event.fault:
        EVENTS.labels("aside").inc()
        log.error("an event of a hotel could not be read")


async def work_off(resources: Resources, now: datetime) -> None:
    """Apply what waits, oldest first; one that fails stands in nobody's way."""
    programme = await programmes.current(now)
    houses = {partner.booking.property_id for partner in programme.hotels.values() if partner.booking is not None}
    trouble: Unavailable | None = None
    for row in await database.fetch(_NEW, AT_ONCE):
        state, fault = "DONE", None
        try:
            if row["property_id"] not in houses:
                state, fault = "ASIDE", "about a hotel that is not ours"
                log.error("an event is about a hotel that is not ours", extra={"report": str(row["id"])})
            elif row["number"] is not None:
                await _apply(row["kind"], row["number"], row["happened_at"], resources, now)
        except Unavailable as error:
            if now - row["received_at"] < ASKED_FOR:
                trouble = error
                await database.execute(_AGAIN, row["id"])
                continue
            state, fault = "ASIDE", "the engine could not be asked"
        except Refused as refused:
            state, fault = "ASIDE", str(refused)[:200]
        await database.execute(_DONE, row["id"], state, fault)
        EVENTS.labels(state.lower()).inc()
    if trouble is not None:
        raise trouble


async def _apply(kind: str, number: str, happened: datetime | None, resources: Resources, now: datetime) -> None:
    held = await rows.by_number(number)
    if held is None:
        return
    # The event carries no facts: how the booking stands is asked of the hotel.
    fresh = await following.refresh(held.id, resources, now)
    if fresh is None:
        return
    async with work() as tx:
        booking = await rows.locked(tx, fresh.id)
        if booking is not None:
            await _turn(tx, booking, refusing.engine_of(resources).meaning(kind), min(happened or now, now), now)


async def _turn(tx: Work, booking: BookingFacts, kind: StayEvent | None, at: datetime, now: datetime) -> None:
    state = booking.state
    if kind is StayEvent.CHECK_IN and state in {BookingState.CONFIRMED, BookingState.NO_SHOW}:
        await rows.change(tx, booking.id, now, state="CHECKED_IN")
    elif kind is StayEvent.CHECK_OUT and state in {
        BookingState.CONFIRMED,
        BookingState.CHECKED_IN,
        BookingState.NO_SHOW,
    }:
        terms = following.terms_of(await programmes.current(now), booking)
        counts = None if terms is None else rules.counts_at(terms, at)
        await rows.change(tx, booking.id, now, state="CHECKED_OUT", left_at=at, counts_at=counts)
    elif kind is StayEvent.NOT_IN and state is BookingState.CHECKED_IN:
        await rows.change(tx, booking.id, now, state="CONFIRMED")
    elif kind is StayEvent.NOT_OUT and state is BookingState.CHECKED_OUT:
        await rows.change(tx, booking.id, now, state="CHECKED_IN", left_at=None, counts_at=None)


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
