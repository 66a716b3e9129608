"""Reading what changed at the restaurants from where it was left, so that an event nobody delivered costs minutes.

Deliveries are read by their revision, and by their days where that lies too far back; orders of tables by the time they
were opened at, and those whose guest a plugin bound, by their ids at the till.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from prometheus_client import Gauge

from integrations.ports import Refused, Unavailable
from integrations.restaurants import OrderKind, RestaurantCloud, ToldOrder, TooOld
from models import database
from services import programmes
from services.resources import Resources
from services.restaurants import events, orders, rows, syncing
from services.restaurants.rows import Linked

WATCH: Final = "restaurants.watch"
# A revision may lie three hours back.
MARK_LIVES: Final = timedelta(hours=2, minutes=45)
DAYS_BACK: Final = timedelta(days=6)
# An order of a table may last a banquet, and is found by when it was opened.
OPEN_FOR: Final = timedelta(hours=24)
LATE: Final = timedelta(minutes=10)
AT_ONCE: Final = 200
FRESHNESS: Final = Gauge(
    "kunak_restaurants_freshness_seconds", "Since when a restaurant's changes were not read.", ["restaurant"]
)
LAG: Final = Gauge("kunak_restaurants_lag_seconds", "Age of the oldest event or order of the restaurants that waits.")
ASIDE: Final = Gauge("kunak_restaurants_aside", "Events and orders of the restaurants that were put aside.", ["what"])
_MARK: Final = "UPDATE restaurant SET mark = coalesce($2, mark), looked_at = $3, trouble = NULL WHERE id = $1"
_TROUBLE: Final = "UPDATE restaurant SET trouble = $2 WHERE id = $1"
# The plugin bound a guest and never told the end: perhaps it died with its terminal.
_UNTOLD: Final = """
SELECT order_id FROM pos_order WHERE outlet = ANY ($1) AND items IS NULL AND cancelled_at IS NULL
    AND bound_at BETWEEN $2 AND $3 ORDER BY bound_at DESC LIMIT $4
"""
_WAITS: Final = """
SELECT coalesce(extract(epoch FROM $1 - least(
    (SELECT min(received_at) FROM restaurant_event WHERE state = 'NEW'),
    (SELECT min(told_at) FROM restaurant_order WHERE state = 'NEW'))), 0)::float8
"""
_ASIDE: Final = """
SELECT (SELECT count(*) FROM restaurant_event WHERE state = 'ASIDE') AS events,
    (SELECT count(*) FROM restaurant_order WHERE state = 'ASIDE') AS orders
"""
log = logging.getLogger(__name__)


async def watch(resources: Resources, now: datetime) -> None:
    """Read what changed at every restaurant, and work off whatever waits. Raises `Unavailable` to come again."""
    cloud = resources.restaurants
    if cloud is None:
        return
    trouble: Exception | None = None
    try:
        if await syncing.is_due(now):
            await syncing.sync(resources, now, is_daily=True)
    except (Unavailable, Refused) as error:
        trouble = error
    for house in (await rows.linked()).values():
        try:
            await _look(cloud, house, now)
        except (Unavailable, Refused) as error:
            log.warning("a restaurant's changes could not be read", extra={"reason": str(error)})
            await database.execute(_TROUBLE, house.id, str(error)[:200])
            trouble = error
    try:
        await events.work_off(resources, now)
    except Unavailable as error:
        trouble = error
    await orders.work_off(resources, now)
    await measure(now)
    if isinstance(trouble, Unavailable):
        raise trouble


async def measure(now: datetime) -> None:
    """Set the gauges: how fresh each restaurant is, what waits, what was put aside."""
    for house in (await rows.linked()).values():
        since = house.looked_at or min(one.linked_at for one in house.outlets.values())
        FRESHNESS.labels(str(house.id)).set((now - since).total_seconds())
    LAG.set(await database.fetchval(_WAITS, now))
    aside = await database.fetchrow(_ASIDE)
    assert aside is not None  # noqa: S101 - counts always answer
    for what in ("events", "orders"):
        ASIDE.labels(what).set(aside[what])


async def _look(cloud: RestaurantCloud, house: Linked, now: datetime) -> None:
    mark, told = await _deliveries(cloud, house, now)
    told = [*told, *await _tables(cloud, house, now)]
    # The mark moves on behind the orders that it stands for: what is read twice is kept once.
    await orders.keep_all(house, told, now)
    await database.execute(_MARK, house.id, mark, now)


async def _deliveries(cloud: RestaurantCloud, house: Linked, now: datetime) -> tuple[int, Sequence[ToldOrder]]:
    is_fresh = house.looked_at is not None and now - house.looked_at < MARK_LIVES
    if house.mark is not None and is_fresh:
        try:
            changes = await cloud.changed([house.id], house.mark)
        except TooOld:
            log.warning("a restaurant's changes are read by days")
        else:
            return changes.mark, changes.orders
    return await deliveries_of(cloud, house, await _since(house, now), now)


async def deliveries_of(
    cloud: RestaurantCloud, house: Linked, since: datetime, now: datetime
) -> tuple[int, Sequence[ToldOrder]]:
    """Deliveries of days, and the mark of before the first was read: what changes meanwhile comes after it."""
    zone, found = await zone_of(house, now), dict[UUID, ToldOrder]()
    mark: int | None = None
    day, last = (at.astimezone(zone).replace(tzinfo=None) for at in (since, now + timedelta(days=1)))
    while day < last:
        until = min(day + timedelta(days=1), last)
        changes = await cloud.deliveries(house.id, day, until)
        mark = changes.mark if mark is None else mark
        found |= {one.id: one for one in changes.orders}
        day = until
    return mark or 0, list(found.values())


async def _since(house: Linked, now: datetime) -> datetime:
    linked = min(one.linked_at for one in house.outlets.values())
    return max((house.looked_at or linked) - timedelta(days=1), now - DAYS_BACK)


async def _tables(cloud: RestaurantCloud, house: Linked, now: datetime) -> list[ToldOrder]:
    found: list[ToldOrder] = []
    if cloud.sees_tills and house.tables:
        zone = await zone_of(house, now)
        since = max(house.looked_at or now, now - DAYS_BACK) - OPEN_FOR
        first, last = (at.astimezone(zone).replace(tzinfo=None) for at in (since, now + LATE))
        found += await cloud.at_tables(house.id, house.tables, first, last)
    outlets = [one.slug for one in house.outlets.values()]
    untold = await database.fetch(_UNTOLD, outlets, now - OPEN_FOR, now - LATE, AT_ONCE)
    if untold:
        ids = [row["order_id"] for row in untold]
        found += await cloud.orders(house.id, OrderKind.TABLE, ids, of_till=True)
    return list({one.id: one for one in found}.values())


async def zone_of(house: Linked, now: datetime) -> ZoneInfo:
    """The clock of a restaurant: that of its outlet."""
    programme = await programmes.current(now)
    known = [programme.outlets_by_id.get(one.slug) for one in house.outlets.values()]
    return ZoneInfo(next((one.time_zone for one in known if one is not None), programme.time_zone))
