"""Events that a hotel's system posts: kept at once, each by itself, and worked off apart.

The engine holds back everything that follows an event it could not deliver, so whatever comes is taken: what cannot be
read is put aside in the open, and what is about other guests of the hotel is nothing to us.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final

import orjson
from prometheus_client import Counter

from integrations.ports import Refused, Unavailable
from loyalty import bookings as rules
from loyalty.bookings import BookingState
from models import database
from models.ids import uuid7
from services import programmes
from services.bookings import following, rows
from services.bookings.rows import BookingFacts
from services.keyring import Keyring
from services.resources import Resources
from services.work import Work, work

PATH: Final = "/hooks/travelline"
JOB: Final = "booking.events"
KEY_CHARACTERS: Final = 32
BATCH_MAX: Final = 1000
AT_ONCE: Final = 200
# By age, not by tries: every delivery has a job of its own, and each of them tries all that waits.
ASKED_FOR: Final = timedelta(hours=8)
PREFIX: Final = "webpms:"
CHECK_IN, CHECK_OUT = "webpms:check_in", "webpms:check_out"
NOT_IN, NOT_OUT = "webpms:cancel_check_in", "webpms:cancel_check_out"
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
log = logging.getLogger(__name__)


def key_of(keyring: Keyring) -> str:
    """What a hotel writes into its account as the key of its events: 128 bits that only the holder of ours can name."""
    return keyring.mac("travelline-hook", b"events").hex()[:KEY_CHARACTERS]


def is_key(key: str, keyring: Keyring) -> bool:
    """Whether somebody knows the key; takes the same time for every wrong one."""
    return compare_digest(key_of(keyring).encode(), key.encode("utf-8", "surrogatepass"))


async def keep(body: bytes, now: datetime) -> int:
    """Keep every event of a body that is not there yet, and have them worked off; says how many came."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = [None]
    items: Sequence[Any] = found if isinstance(found, list) else [found]
    async with work() as tx:
        for item in items[:BATCH_MAX]:
            await _keep_one(tx, item, now)
        await tx.enqueue(JOB, {}, run_at=now)
    return len(items)


async def _keep_one(tx: Work, item: Any, now: datetime) -> None:
    event: dict[str, Any] = item if isinstance(item, dict) else {}
    sent = event.get("payload")
    payload: dict[str, Any] = sent if isinstance(sent, dict) else {}
    number, house = payload.get("BookingNumber"), payload.get("PropertyId")
    name, kind = event.get("eventId"), event.get("eventType")
    readable = _is_text(name) and _is_text(kind)
    # Without an id of its own an event is told from another by what it says.
    told = name if readable else sha256(orjson.dumps(item, default=str)).hexdigest()[:64]
    fault = None if readable else "not an event"
    await tx.execute(
        _KEEP,
        *(uuid7(), str(told), str(kind)[:64] if readable else "unreadable"),
        *(number if _is_text(number) else None, str(house)[:32] if isinstance(house, str | int) else None),
        *(_moment(event.get("creationTime")), now, "NEW" if readable else "ASIDE", fault),
    )
    if not readable:
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
            await _turn(tx, booking, kind, min(happened or now, now), now)


async def _turn(tx: Work, booking: BookingFacts, kind: str, at: datetime, now: datetime) -> None:
    state = booking.state
    if kind == CHECK_IN and state in {BookingState.CONFIRMED, BookingState.NO_SHOW}:
        await rows.change(tx, booking.id, now, state="CHECKED_IN")
    elif kind == CHECK_OUT and state in {BookingState.CONFIRMED, BookingState.CHECKED_IN, BookingState.NO_SHOW}:
        terms = following.terms_of(await programmes.current(now), booking)
        counts = None if terms is None else rules.counts_at(terms, at)
        await rows.change(tx, booking.id, now, state="CHECKED_OUT", left_at=at, counts_at=counts)
    elif kind == NOT_IN and state is BookingState.CHECKED_IN:
        await rows.change(tx, booking.id, now, state="CONFIRMED")
    elif kind == NOT_OUT and state is BookingState.CHECKED_OUT:
        await rows.change(tx, booking.id, now, state="CHECKED_IN", left_at=None, counts_at=None)


async def sweep(now: datetime) -> int:
    """Delete events of long ago, and say how many."""
    return await database.sweep(_SWEEP, now - rules.EVENTS_KEPT)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64 and value.isprintable()  # noqa: PLR2004 - a column's width


def _moment(text: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if at is None:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
