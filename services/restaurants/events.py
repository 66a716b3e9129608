"""Events that a restaurants' cloud posts: kept and answered at once, worked off apart.

Their senders are not proven by more than a shared word, they come in any order, ten times or never. So an event is a
hint: which order it is about is kept, and what the order is, is read from the cloud.
"""

import logging
from collections import Counter as Counted
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from integrations.ports import Refused, Unavailable, Unreadable
from integrations.restaurants import Hint, OrderKind, RestaurantCloud
from models import database
from models.database import Record
from models.ids import uuid7
from services.keyring import Keyring
from services.resources import Resources
from services.restaurants import orders, rows
from services.restaurants.rows import Linked, cloud_of
from services.work import Work, work

JOB: Final = "restaurants.events"
HOOK: Final = "restaurants-hook"
KEY_CHARACTERS: Final = 32
AT_ONCE: Final = 200
LEASE: Final = timedelta(minutes=2)
KEPT: Final = timedelta(days=30)
FAULT_MAX: Final = 200
EVENTS: Final = Counter("kunak_restaurant_events", "Events of the restaurants' cloud by how they ended.", ["outcome"])
# One statement however many there are, by their keys, so that two deliveries of the same events never wait for each other.
_KEEP: Final = """
INSERT INTO restaurant_event AS e (id, key, what, restaurant_id, kind, order_id, times, received_at, state, fault)
SELECT id, key, what, restaurant_id, kind, order_id, times, $9,
    CASE WHEN fault IS NOT NULL THEN 'ASIDE' WHEN order_id IS NULL THEN 'DONE' ELSE 'NEW' END, fault
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::int[], $8::text[])
    AS t (id, key, what, restaurant_id, kind, order_id, times, fault)
ORDER BY key ON CONFLICT (key) DO UPDATE SET times = e.times + excluded.times RETURNING key, times, state
"""
_TOLD: Final = ("key", "what", "restaurant", "kind", "order")
_TAKE: Final = """
UPDATE restaurant_event SET leased_until = $1 WHERE id IN (
    SELECT id FROM restaurant_event WHERE state = 'NEW' AND (leased_until IS NULL OR leased_until <= $2)
    ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, restaurant_id, kind, order_id
"""
_DONE: Final = "UPDATE restaurant_event SET state = $2, fault = $3 WHERE id = ANY ($1) AND state = 'NEW'"
_BACK: Final = "UPDATE restaurant_event SET leased_until = NULL WHERE id = ANY ($1) AND leased_until IS NOT NULL"
_REPLAY: Final = """
UPDATE restaurant_event SET state = 'NEW', fault = NULL, leased_until = NULL
WHERE state = 'ASIDE' AND order_id IS NOT NULL AND restaurant_id = ANY ($1) RETURNING id
"""
_SWEEP: Final = """
DELETE FROM restaurant_event WHERE id IN (
    SELECT id FROM restaurant_event WHERE state <> 'NEW' AND received_at < $1 LIMIT $2)
"""
log = logging.getLogger(__name__)


def key_of(keyring: Keyring) -> str:
    """What the cloud sends with every event: 128 bits that only the holder of our keys can name."""
    return keyring.mac(HOOK, b"events").hex()[:KEY_CHARACTERS]


def is_key(shown: str, keyring: Keyring) -> bool:
    """Whether somebody knows the key, or one of a key that is being changed, with or without `Bearer` before it."""
    return keyring.vouches(HOOK, b"events", shown.removeprefix("Bearer "), KEY_CHARACTERS)


async def keep(cloud: RestaurantCloud, body: bytes, now: datetime) -> int:
    """Keep what a body points at, and have what is new worked off; says how many events came."""
    try:
        hints = cloud.read_hook(body)
    except Unreadable as fault:
        hints = [Hint(sha256(body).hexdigest(), "unreadable", fault=str(fault))]
    came, found = Counted(one.key for one in hints), {one.key: one for one in hints}
    ids = sorted(uuid7() for _ in found)
    told = [[getattr(one, name) for one in found.values()] for name in _TOLD]
    times, faults = [came[key] for key in found], [one.fault for one in found.values()]
    async with work() as tx:
        kept = await tx.fetch(_KEEP, ids, *told, times, faults, now)
        # An event that was there already has come more often than now.
        fresh = [row["state"] for row in kept if row["times"] == came[row["key"]]]
        if "NEW" in fresh:
            await tx.enqueue(JOB, {}, run_at=now)
    for state in set(fresh):
        EVENTS.labels(state.lower()).inc(fresh.count(state))
    EVENTS.labels("again").inc(len(hints) - len(fresh))
    if (aside := fresh.count("ASIDE")) > 0:
        log.error("events of the restaurants' cloud could not be read", extra={"count": aside})
    return len(hints)


async def work_off(resources: Resources, now: datetime) -> None:
    """Read the orders that waiting events point at, and keep them. Raises `Unavailable` to come again."""
    cloud = cloud_of(resources)
    while taken := await database.fetch(_TAKE, now + LEASE, now, AT_ONCE):
        try:
            await _look_up(cloud, taken, now)
        finally:
            await database.execute(_BACK, [row["id"] for row in taken])
        if len(taken) < AT_ONCE:
            return


async def _look_up(cloud: RestaurantCloud, taken: Sequence[Record], now: datetime) -> None:
    """Settle events by restaurant and kind, each group by itself."""
    linked = await rows.linked()
    groups: dict[tuple[UUID, str], list[Record]] = {}
    for row in taken:
        groups.setdefault((row["restaurant_id"], row["kind"]), []).append(row)
    trouble: Unavailable | None = None
    for (restaurant, kind), found in groups.items():
        ids = [row["id"] for row in found]
        try:
            fault = await _read(cloud, linked.get(restaurant), OrderKind(kind), [row["order_id"] for row in found], now)
        except Unavailable as error:
            trouble = error
            continue
        except Refused as refused:
            fault = f"refused: {refused}"[:FAULT_MAX]
        await database.execute(_DONE, ids, "ASIDE" if fault else "DONE", fault)
        EVENTS.labels("aside" if fault else "done").inc(len(ids))
        if fault:
            log.error("events of the restaurants' cloud were put aside", extra={"count": len(ids), "reason": fault})
    if trouble is not None:
        raise trouble


async def _read(
    cloud: RestaurantCloud, house: Linked | None, kind: OrderKind, wanted: Sequence[UUID], now: datetime
) -> str | None:
    """Keep the orders of a restaurant's events as the cloud has them now; says what is wrong."""
    if house is None:
        return "about a restaurant that is none of ours"
    told = await cloud.orders(house.id, kind, list(dict.fromkeys(wanted)))
    async with work() as tx:
        await orders.keep(tx, house, told, now)
    return None


async def replay(now: datetime) -> int:
    """Have events looked into anew that were put aside and whose restaurant is ours by now; says how many."""
    async with work() as tx:
        return await replay_in(tx, now)


async def replay_in(tx: Work, now: datetime) -> int:
    """The same within a unit of work."""
    found = await tx.fetch(_REPLAY, list(await rows.linked()))
    if found:
        await tx.enqueue(JOB, {}, run_at=now)
    return len(found)


async def sweep(now: datetime) -> int:
    """Forget events of a month ago; gives their number."""
    return await database.sweep(_SWEEP, now - KEPT)
