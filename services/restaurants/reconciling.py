"""Comparing a day with the cloud: what is missing here is mended, and what still differs stands in a report.

Theirs are ended orders of members, as the cloud tells them now; ours are purchases of the restaurant's outlets. An order
that differs stays in the report until a later comparison finds it alike, or our books are put right.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from prometheus_client import Gauge

from integrations.ports import Refused, Unavailable
from integrations.restaurants import OrderKind, OrderState, RestaurantCloud, ToldOrder
from loyalty.refusals import Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services.resources import Resources
from services.restaurants import orders, rows, watching
from services.restaurants.rows import Linked, cloud_of
from services.work import Work, work

DIFFERENCES: Final = Gauge(
    "kunak_restaurants_differences", "Orders on which the restaurants' cloud and our books differ."
)
DAY: Final = timedelta(days=1)
_BOOKED: Final = """
SELECT p.id, o.order_id, p.net, p.net - p.refunded_net AS kept FROM purchase AS p JOIN pos_order AS o ON o.id = p.id
WHERE p.outlet = ANY ($1) AND p.closed_at >= $2 AND p.closed_at < $3
"""
_KEPT: Final = """
SELECT o.order_id, o.state, o.fault, o.net, b.id AS bound, p.id AS purchase, p.net AS booked,
    p.net - p.refunded_net AS kept, p.closed_at, o.state = 'NEW' AND o.leased_until > $3 AS is_under_way
FROM restaurant_order AS o LEFT JOIN pos_order AS b ON b.outlet = o.outlet AND b.order_id = o.order_id AND b.cancelled_at IS NULL
LEFT JOIN purchase AS p ON p.id = b.id WHERE o.restaurant_id = $1 AND o.id = ANY ($2)
"""
_DIFFERS: Final = """
INSERT INTO restaurant_difference AS d (id, restaurant_id, day, order_id, what, theirs, ours, reason, found_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (restaurant_id, order_id) DO UPDATE SET what = excluded.what, theirs = excluded.theirs, ours = excluded.ours,
    reason = excluded.reason, settled_at = NULL,
    found_at = CASE WHEN d.settled_at IS NULL THEN d.found_at ELSE excluded.found_at END
"""
_SETTLED: Final = """
UPDATE restaurant_difference SET settled_at = $4
WHERE restaurant_id = $1 AND day = $2 AND NOT order_id = ANY ($3) AND settled_at IS NULL
"""
_CHECKED: Final = """
INSERT INTO restaurant_check AS c (id, restaurant_id, day, theirs, theirs_net, ours, ours_net, mended, checked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (restaurant_id, day) DO UPDATE SET theirs = excluded.theirs, theirs_net = excluded.theirs_net,
    ours = excluded.ours, ours_net = excluded.ours_net, mended = c.mended + excluded.mended, checked_at = excluded.checked_at
"""
_OPEN: Final = "SELECT count(*) FROM restaurant_difference WHERE settled_at IS NULL"
_REPORT: Final = """
SELECT d.*, r.name FROM restaurant_difference AS d JOIN restaurant AS r ON r.id = d.restaurant_id
WHERE d.settled_at IS NULL ORDER BY d.day, d.found_at, d.id LIMIT $1
"""
_CHECKS: Final = """
SELECT c.*, r.name FROM restaurant_check AS c JOIN restaurant AS r ON r.id = c.restaurant_id
WHERE c.day >= $1 ORDER BY c.day, r.name, r.id
"""
_SWEEP: Final = """
DELETE FROM restaurant_check WHERE id IN (SELECT id FROM restaurant_check WHERE checked_at < $1 LIMIT $2)
"""
KEPT: Final = timedelta(days=400)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    """An order that differs. What: MISSING_HERE, MISSING_THERE, SUM_DIFFERS or GONE_THERE; sums in kopecks."""

    order: UUID
    what: str
    theirs: int | None
    ours: int | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """A day of a restaurant: orders of members and their sum, theirs and ours, and how many were missing and are mended."""

    theirs: int
    theirs_net: int
    ours: int
    ours_net: int
    mended: int
    differences: tuple[Difference, ...]


async def compare_day(resources: Resources, day: date, now: datetime) -> int:
    """Compare a day of every restaurant; gives the number of orders that differ. Raises `Unavailable` to come again."""
    cloud, trouble, found = cloud_of(resources), None, 0
    for house in (await rows.linked()).values():
        try:
            found += len((await compare(resources, cloud, house, day, now)).differences)
        except (Unavailable, Refused) as error:
            log.warning("a restaurant could not be compared", extra={"reason": str(error)})
            trouble = error
    DIFFERENCES.set(await count_open())
    if isinstance(trouble, Unavailable):
        raise trouble
    return found


async def compare(resources: Resources, cloud: RestaurantCloud, house: Linked, day: date, now: datetime) -> Compared:
    """Compare a day of a restaurant: keep what the cloud tells of it, have it posted, and write down what differs."""
    zone = await watching.zone_of(house, now)
    begins = datetime(day.year, day.month, day.day, tzinfo=zone)
    ends = begins + DAY
    outlets = [one.slug for one in house.outlets.values()]
    booked = await database.fetch(_BOOKED, outlets, begins, ends)
    told = await _told(cloud, house, begins, [row["order_id"] for row in booked])
    # What our books have on this day is compared on it, though the cloud's clock says that it closed over midnight.
    known = {row["order_id"] for row in booked}
    inside = [
        one
        for one in told
        if one.closed_at is None
        or begins <= one.closed_at.replace(tzinfo=zone) < ends
        or (one.till_id or one.id) in known
    ]
    mended = await orders.keep_all(house, inside, now)
    try:
        await orders.work_off(resources, now)
    except Refusal as refusal:
        raise Unavailable(f"not settled: {refusal.code}") from None
    booked = await database.fetch(_BOOKED, outlets, begins, ends)
    kept = await database.fetch(_KEPT, house.id, [one.id for one in inside], now)
    compared = _compared(inside, kept, booked, mended=mended, is_whole=cloud.sees_tills)
    async with work() as tx:
        await _write(tx, house, day, compared, now)
    return compared


async def _told(cloud: RestaurantCloud, house: Linked, begins: datetime, booked: Sequence[UUID]) -> list[ToldOrder]:
    """What the cloud tells of a day: its deliveries, its tables where it tells of them, and what we have booked."""
    _, deliveries = await watching.deliveries_of(cloud, house, begins - DAY, begins + DAY)
    found = {one.id: one for one in deliveries}
    if cloud.sees_tills and house.tables:
        first, last = ((begins + step).replace(tzinfo=None) for step in (-watching.OPEN_FOR, DAY))
        found |= {one.id: one for one in await cloud.at_tables(house.id, house.tables, first, last)}
    by_till = {one.till_id for one in found.values()} | set(found)
    others = [order for order in booked if order not in by_till]
    for kind in OrderKind if others else ():
        found |= {one.id: one for one in await cloud.orders(house.id, kind, others, of_till=True)}
    return list(found.values())


def _compared(
    told: Sequence[ToldOrder], kept: Sequence[Record], booked: Sequence[Record], *, mended: int, is_whole: bool
) -> Compared:
    ended = {one.till_id or one.id: one for one in told if one.state is not OrderState.OPEN}
    closed = {order for order, one in ended.items() if one.state is OrderState.CLOSED}
    rows_of = {row["order_id"]: row for row in kept}
    # Nobody's orders are none of ours: without a guest there is nothing to compare.
    theirs = {order for order in closed if order in rows_of and _is_members(rows_of[order])}
    found = [one for order in theirs for one in _missing(order, rows_of[order])]
    ours: dict[UUID, Any] = {row["order_id"]: row for row in booked}
    for order, row in ours.items():
        one = ended.get(order)
        if one is None:
            if is_whole:
                found.append(Difference(order, "MISSING_THERE", None, row["net"]))
        elif one.state is OrderState.GONE and row["kept"]:
            found.append(Difference(order, "GONE_THERE", 0, row["kept"], "deleted after it was recorded"))
        elif one.state is OrderState.CLOSED and one.net != row["net"]:
            found.append(Difference(order, "SUM_DIFFERS", one.net, row["net"]))
    there = sum(ended[order].net for order in theirs)
    here = [row["net"] for order, row in ours.items() if order in ended or is_whole]
    return Compared(len(theirs), there, len(here), sum(here), mended, tuple(sorted(found, key=lambda each: each.order)))


def _is_members(row: Record) -> bool:
    return row["state"] in {"POSTED", "TOLD", "ASIDE"} or row["bound"] is not None


def _missing(order: UUID, row: Record) -> list[Difference]:
    # What another worker has in its hands at this moment is a purchase in the next; the next night looks again.
    if row["purchase"] is not None or row["is_under_way"]:
        return []
    return [Difference(order, "MISSING_HERE", row["net"], None, row["fault"])]


async def _write(tx: Work, house: Linked, day: date, compared: Compared, now: datetime) -> None:
    for one in compared.differences:
        facts = (one.order, one.what, one.theirs, one.ours, one.reason)
        await tx.execute(_DIFFERS, uuid7(), house.id, day, *facts, now)
    await tx.execute(_SETTLED, house.id, day, [one.order for one in compared.differences], now)
    sums = (compared.theirs, compared.theirs_net, compared.ours, compared.ours_net, compared.mended)
    await tx.execute(_CHECKED, uuid7(), house.id, day, *sums, now)


async def count_open() -> int:
    """How many orders differ, as the report has them: one that differs on two days is one."""
    found: int = await database.fetchval(_OPEN)
    return found


async def report(limit: int = 500) -> list[dict[str, Any]]:
    """The orders that differ, the longest first: day, name, order_id, what, theirs, ours, reason, found_at."""
    return [dict(row) for row in await database.fetch(_REPORT, limit)]


async def checks(since: date) -> list[dict[str, Any]]:
    """The days that were compared: day, name, theirs, theirs_net, ours, ours_net, mended, checked_at."""
    return [dict(row) for row in await database.fetch(_CHECKS, since)]


async def sweep(now: datetime) -> int:
    """Forget comparisons of more than a year ago; gives their number."""
    return await database.sweep(_SWEEP, now - KEPT)
