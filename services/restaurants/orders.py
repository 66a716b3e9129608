"""Ended orders as the cloud tells them: kept by their newest stamp, and worked off one by one.

One that cannot become a purchase is put aside with its reason and stands in nobody's way.
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import orjson
from prometheus_client import Counter

from integrations.restaurants import OrderState, ToldOrder
from loyalty.refusals import Refusal
from models import database
from models.database import Record
from services import programmes
from services.resources import Resources
from services.restaurants import posting, rows
from services.restaurants.posting import Ended
from services.restaurants.rows import Linked
from services.work import Work, work

JOB: Final = "restaurants.orders"
LEASE: Final = timedelta(minutes=2)
AT_ONCE: Final = 50
KEPT_AT_ONCE: Final = 200
KEPT: Final = timedelta(days=100)
FORGOTTEN_AFTER: Final = timedelta(days=30)
ORDERS: Final = Counter(
    "kunak_restaurant_orders", "Ended orders of the restaurants' cloud by what became of them.", ["outcome"]
)
# A till's own id wins over the cloud's, so that one order is one row, whoever tells of it.
_KEEP: Final = """
INSERT INTO restaurant_order AS o (id, restaurant_id, outlet, order_id, kind, ending, stamp, number, closed_at, net, state,
    fault, body, told_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::jsonb, $14)
ON CONFLICT (id) DO UPDATE SET ending = excluded.ending, stamp = excluded.stamp, number = excluded.number,
    closed_at = excluded.closed_at, net = excluded.net, state = excluded.state, fault = excluded.fault,
    body = excluded.body, told_at = excluded.told_at, leased_until = NULL
WHERE o.stamp < excluded.stamp AND (o.ending, o.net, o.state = 'ASIDE') IS DISTINCT FROM
    (excluded.ending, excluded.net, excluded.state = 'ASIDE')
RETURNING state
"""
_TAKE: Final = """
UPDATE restaurant_order SET leased_until = $1 WHERE id IN (
    SELECT id FROM restaurant_order WHERE state = 'NEW' AND (leased_until IS NULL OR leased_until <= $2)
    ORDER BY told_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
RETURNING id, restaurant_id, outlet, order_id, kind, ending, stamp, number, closed_at, net, body, purchase_id
"""
_DONE: Final = """
UPDATE restaurant_order SET state = $3::text, fault = $4, purchase_id = coalesce($5, purchase_id), leased_until = NULL,
    body = CASE WHEN $3::text = 'ASIDE' THEN body END
WHERE id = $1 AND stamp = $2 AND state = 'NEW'
"""
_BACK: Final = "UPDATE restaurant_order SET leased_until = NULL WHERE id = ANY ($1) AND leased_until IS NOT NULL"
_REPLAY: Final = (
    "UPDATE restaurant_order SET state = 'NEW', fault = NULL WHERE state = 'ASIDE' AND body IS NOT NULL RETURNING id"
)
_FORGET: Final = """
UPDATE restaurant_order SET body = NULL WHERE id IN (
    SELECT id FROM restaurant_order WHERE state = 'ASIDE' AND body IS NOT NULL AND told_at < $1 LIMIT 1000)
"""
_SWEEP: Final = """
DELETE FROM restaurant_order WHERE id IN (SELECT id FROM restaurant_order WHERE state <> 'NEW' AND told_at < $1 LIMIT $2)
"""
log = logging.getLogger(__name__)


async def keep(tx: Work, house: Linked, told: Sequence[ToldOrder], now: datetime) -> int:
    """Keep ended orders that are new or changed since, and have them worked off; says how many. Open ones come again."""
    programme = await programmes.current(now)
    fresh = 0
    for one in sorted(told, key=lambda order: order.id):
        outlet = house.outlet_of(one.place)
        if one.state is OrderState.OPEN or outlet is None or outlet.slug not in programme.outlets_by_id:
            continue
        zone = ZoneInfo(programme.outlets_by_id[outlet.slug].time_zone)
        closed = None if one.closed_at is None else one.closed_at.replace(tzinfo=zone)
        if closed is not None and closed < outlet.linked_at:
            continue
        is_aside = one.fault is not None and one.state is OrderState.CLOSED
        state = await tx.fetchval(
            _KEEP,
            *(one.id, house.id, outlet.slug, one.till_id or one.id, one.kind.value, one.state.value, one.stamp),
            *(
                one.number or one.id.hex[:8],
                closed,
                one.net,
                "ASIDE" if is_aside else "NEW",
                one.fault,
                _body(one),
                now,
            ),
        )
        fresh += state == "NEW"
        if state == "ASIDE":
            ORDERS.labels("aside").inc()
            log.error(
                "an order of the restaurants' cloud cannot be read", extra={"order": str(one.id), "reason": one.fault}
            )
    if fresh:
        await tx.enqueue(JOB, {}, run_at=now)
    return fresh


async def keep_all(house: Linked, told: Sequence[ToldOrder], now: datetime) -> int:
    """Keep any number, some at a time: a unit of work has seconds, and days that nobody read have thousands of orders."""
    fresh = 0
    for start in range(0, len(told), KEPT_AT_ONCE):
        async with work() as tx:
            fresh += await keep(tx, house, told[start : start + KEPT_AT_ONCE], now)
    return fresh


async def work_off(resources: Resources, now: datetime) -> None:
    """Make purchases of what waits, longest first. Raises a passing refusal once all the others had their turn."""
    houses = await rows.linked()
    trouble: Refusal | None = None
    while taken := await database.fetch(_TAKE, now + LEASE, now, AT_ONCE):
        try:
            for row in taken:
                trouble = await _settle(resources, row, houses.get(row["restaurant_id"]), now) or trouble
        finally:
            # What was not settled is anybody's again at once, whatever came between.
            await database.execute(_BACK, [row["id"] for row in taken])
        if trouble is not None:
            raise trouble
        if len(taken) < AT_ONCE:
            return


async def _settle(resources: Resources, row: Record, house: Linked | None, now: datetime) -> Refusal | None:
    """Settle one order; gives the refusal after which it has to come again."""
    try:
        became = await posting.settle(resources, Ended.of(row, house), now)
    except Refusal as refusal:
        if refusal.retryable:
            return refusal
        became = posting.Became("ASIDE", fault=refusal.words)
    await database.execute(_DONE, row["id"], row["stamp"], became.state, became.fault, became.purchase)
    ORDERS.labels(became.state.lower()).inc()
    if became.state == "ASIDE":
        facts = {"order": str(row["id"]), "reason": became.fault}
        log.error("an order of the restaurants' cloud was put aside", extra=facts)
    return None


async def replay(now: datetime) -> int:
    """Have orders looked into anew that were put aside; says how many."""
    async with work() as tx:
        return await replay_in(tx, now)


async def replay_in(tx: Work, now: datetime) -> int:
    """The same within a unit of work."""
    found = await tx.fetch(_REPLAY)
    if found:
        await tx.enqueue(JOB, {}, run_at=now)
    return len(found)


async def sweep(now: datetime) -> int:
    """Forget what orders said that nobody mended for a month, and orders of long ago; gives the number of those."""
    await database.execute(_FORGET, now - FORGOTTEN_AFTER)
    return await database.sweep(_SWEEP, now - KEPT)


def _body(one: ToldOrder) -> str:
    """What a purchase is made of."""
    kept = asdict(one)
    return orjson.dumps({name: kept[name] for name in ("lines", "discounts", "tenders", "customer", "phone")}).decode()
