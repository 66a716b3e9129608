"""Reading what changes seldom: restaurants, their places and tables, and the menu with its groups."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from integrations.ports import Refused, Unavailable
from integrations.restaurants import DiscountKind, Dish, RestaurantCloud
from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services import programmes
from services.resources import Resources
from services.restaurants import rows
from services.restaurants.rows import Linked, cloud_of
from services.work import work

DAILY: Final = timedelta(hours=24)
_HOUSE: Final = """
INSERT INTO restaurant (id, name, tables, synced_at) VALUES ($1, $2, '[]', $3)
ON CONFLICT (id) DO UPDATE SET name = excluded.name
"""
# Of the others there is no menu to read: none of theirs is ours, or the key sees them no more.
_OTHERS: Final = "UPDATE restaurant SET synced_at = $2 WHERE NOT id = ANY ($1)"
_READ: Final = "UPDATE restaurant SET synced_at = $2 WHERE id = $1"
_FRESH: Final = "SELECT id FROM restaurant WHERE synced_at >= $1"
_PLACE: Final = """
INSERT INTO restaurant_place (id, restaurant_id, name) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET restaurant_id = excluded.restaurant_id, name = excluded.name
"""
_TABLES: Final = "UPDATE restaurant SET tables = $2::jsonb WHERE id = $1"
_DISHES: Final = """
INSERT INTO restaurant_dish (id, restaurant_id, dish_id, code, name, group_id, group_name)
SELECT u.id, $1, u.dish, u.code, u.name, u.grp, u.grp_name
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]) AS u (id, dish, code, name, grp, grp_name)
ON CONFLICT (restaurant_id, dish_id) DO UPDATE SET code = excluded.code, name = excluded.name,
    group_id = excluded.group_id, group_name = excluded.group_name
"""
_GROUPS: Final = """
INSERT INTO menu_group (id, outlet, group_id, name, first_seen_at, last_seen_at)
SELECT u.id, $1, u.grp, u.name, $4, $4 FROM unnest($2::uuid[], $3::text[], $5::text[]) AS u (id, grp, name) ORDER BY u.grp
ON CONFLICT (outlet, group_id) DO UPDATE SET name = excluded.name WHERE menu_group.name <> excluded.name
"""
_IS_DUE: Final = "SELECT coalesce(min(synced_at) < $1, true) FROM restaurant"
_LINK: Final = """
UPDATE restaurant_place SET outlet = $2, linked_at = $3 WHERE id = $1 RETURNING restaurant_id
"""
_DISCOUNT: Final = "UPDATE restaurant SET discount_id = $2 WHERE id = $1"
log = logging.getLogger(__name__)
_OF_PLACE: Final = "SELECT restaurant_id FROM restaurant_place WHERE id = $1"


async def is_due(now: datetime) -> bool:
    """Whether the restaurants were never read, or not since yesterday."""
    return bool(await database.fetchval(_IS_DUE, now - DAILY))


async def sync(resources: Resources, now: datetime, *, is_daily: bool = False) -> int:
    """Read the restaurants of our key, and of those with an outlet of ours the tables and the menu; says how many.

    Daily, what was read since yesterday is left as it is. One that cannot be read stands in nobody's way: the last trouble is
    raised at the end.
    """
    cloud = cloud_of(resources)
    houses = await cloud.restaurants()
    places = await cloud.places([house.id for house in houses]) if houses else []
    async with work() as tx:
        for house in houses:
            await tx.execute(_HOUSE, house.id, house.name, now)
        for place in places:
            await tx.execute(_PLACE, place.id, place.restaurant, place.name)
    told = {house.id for house in houses}
    linked = {number: one for number, one in (await rows.linked()).items() if number in told}
    await database.execute(_OTHERS, list(linked), now)
    fresh = {row["id"] for row in await database.fetch(_FRESH, now - DAILY)} if is_daily else set()
    trouble: Unavailable | Refused | None = None
    for number, one in linked.items():
        if number in fresh:
            continue
        try:
            await _read(cloud, one, now)
        except (Unavailable, Refused) as error:
            log.warning("a restaurant's menu could not be read", extra={"reason": str(error)})
            trouble = error
    if trouble is not None:
        raise trouble
    return len(houses)


async def link(place: UUID, outlet: str, now: datetime) -> None:
    """From now on what is closed at a place is sold at an outlet of ours.

    Raises NOT_FOUND for a place that the cloud never told of, INVALID_INPUT for an outlet the programme does not know.
    """
    programme = await programmes.current(now)
    if outlet not in programme.outlets_by_id:
        raise Refusal(Code.INVALID_INPUT, "pos.unknown_outlet", field="outlet", outlet=outlet)
    if await database.fetchval(_LINK, place, outlet, now) is None:
        raise Refusal(Code.NOT_FOUND, "restaurants.no_place", field="place")


async def discounts(resources: Resources, restaurant: UUID) -> Sequence[DiscountKind]:
    """The types of discount of a restaurant, as the cloud has them now."""
    return await cloud_of(resources).discounts(restaurant)


async def choose_discount(resources: Resources, restaurant: UUID, kind: UUID) -> None:
    """Say which type of discount is ours. Raises INVALID_INPUT for one of no free sum."""
    found = next((one for one in await discounts(resources, restaurant) if one.id == kind), None)
    if found is None or not found.is_free_sum:
        raise Refusal(Code.INVALID_INPUT, "restaurants.discount", field="type")
    if await database.execute(_DISCOUNT, restaurant, kind) != "UPDATE 1":
        raise Refusal(Code.NOT_FOUND, "restaurants.no_place", field="restaurant")


async def _read(cloud: RestaurantCloud, house: Linked, now: datetime) -> None:
    tables = await cloud.tables(list(house.outlets)) if cloud.sees_tills else []
    dishes = await cloud.menu(house.id)
    await database.execute(_TABLES, house.id, orjson.dumps([str(one) for one in tables]).decode())
    await _keep_menu(house.id, [outlet.slug for outlet in house.outlets.values()], dishes, now)
    await database.execute(_READ, house.id, now)


async def _keep_menu(restaurant: UUID, outlets: Sequence[str], dishes: Sequence[Dish], now: datetime) -> None:
    """Keep dishes with their groups, and name the groups to the outlets, where an operator says what they are."""
    kept = [one for one in dishes if one.group is not None]
    columns = (
        [uuid7() for _ in kept],
        [one.id for one in kept],
        [one.code for one in kept],
        [one.name for one in kept],
        [str(one.group) for one in kept],
        [one.group_name for one in kept],
    )
    names = {str(one.group): one.group_name for one in kept}
    async with work() as tx:
        await tx.execute(_DISHES, restaurant, *columns)
        for outlet in outlets:
            await tx.execute(_GROUPS, outlet, [uuid7() for _ in names], list(names), now, list(names.values()))
