"""The restaurants' cloud as the panel shows it: connections, the inbox, comparisons, each narrowed to somebody's places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from loyalty.programme import Programme
from loyalty.scopes import PROGRAMME, Access, Scope
from models import database
from models.database import Record
from services import programmes
from services.audit import Actor
from services.pos import menu
from services.pos.menu import Group
from services.pos.plugins import VIEW
from services.resources import Resources
from services.restaurants import events, orders
from services.staff.acting import acting, reason_of

REPLAY: Final = "pos.manage"
ASIDE_MAX: Final = 50
DIFFERENCES_MAX: Final = 200

_HOUSES: Final = """
SELECT r.id, r.name, r.discount_id IS NOT NULL AS has_discount, r.mark, r.looked_at, r.synced_at, r.trouble,
    (SELECT count(*) FROM restaurant_dish WHERE restaurant_id = r.id) AS dishes,
    (SELECT count(*) FROM restaurant_difference WHERE restaurant_id = r.id AND settled_at IS NULL) AS differences
FROM restaurant AS r ORDER BY r.name, r.id
"""
_PLACES: Final = "SELECT id, restaurant_id, name, outlet, linked_at FROM restaurant_place ORDER BY name, id"
_WAITING: Final = """
SELECT count(*) AS waiting, min(since) AS since FROM (
    SELECT received_at AS since FROM restaurant_event WHERE state = 'NEW' AND ($1::uuid[] IS NULL OR restaurant_id = ANY ($1))
    UNION ALL
    SELECT told_at FROM restaurant_order WHERE state = 'NEW' AND ($1::uuid[] IS NULL OR restaurant_id = ANY ($1))
) AS w
"""
_ASIDE: Final = """
SELECT a.*, r.name, count(*) OVER () AS found FROM (
    SELECT id, 'EVENT' AS what, what AS title, restaurant_id, received_at AS at, fault FROM restaurant_event
    WHERE state = 'ASIDE' AND ($1::uuid[] IS NULL OR restaurant_id = ANY ($1))
    UNION ALL
    SELECT id, 'ORDER', number, restaurant_id, told_at, fault FROM restaurant_order
    WHERE state = 'ASIDE' AND ($1::uuid[] IS NULL OR restaurant_id = ANY ($1))
) AS a LEFT JOIN restaurant AS r ON r.id = a.restaurant_id ORDER BY a.at DESC, a.id DESC LIMIT $2
"""
_CHECKS: Final = """
SELECT c.*, r.name FROM restaurant_check AS c JOIN restaurant AS r ON r.id = c.restaurant_id
WHERE c.day >= $2 AND ($1::uuid[] IS NULL OR c.restaurant_id = ANY ($1)) ORDER BY c.day DESC, r.name, r.id
"""
_DIFFERENCES: Final = """
SELECT d.*, r.name FROM restaurant_difference AS d JOIN restaurant AS r ON r.id = d.restaurant_id
WHERE d.settled_at IS NULL AND ($1::uuid[] IS NULL OR d.restaurant_id = ANY ($1)) ORDER BY d.day, d.found_at, d.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A group of terminals. With an outlet: its menu groups, the service of those nobody spoke of, and their names."""

    id: UUID
    name: str
    outlet: str | None
    linked_at: datetime | None
    mapped: tuple[Group, ...]
    unmapped: tuple[str, ...]
    usual: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A restaurant of the cloud, how far its changes were read, and what of it is ours."""

    id: UUID
    name: str
    has_discount: bool
    mark: int | None
    looked_at: datetime | None
    synced_at: datetime
    trouble: str | None
    dishes: int
    differences: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits to be worked off and since when, and what was put aside: how many, and the newest of it."""

    waiting: int
    since: datetime | None
    aside: int
    newest: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The days that were compared, the newest first, and the orders that differ, the longest first."""

    days: Sequence[Mapping[str, Any]]
    differences: Sequence[Mapping[str, Any]]


async def connections(access: Access, now: datetime) -> list[Connection]:
    """The restaurants all of whose outlets somebody may see; those that are nobody's yet, for holders of the whole."""
    programme = await programmes.current(now)
    groups: dict[str, list[Group]] = {}
    for group in await menu.groups(None, now):
        groups.setdefault(group.outlet, []).append(group)
    seen = await _seen(access, programme)
    places: dict[UUID, list[Place]] = {}
    for row in await database.fetch(_PLACES):
        places.setdefault(row["restaurant_id"], []).append(_place(row, groups.get(row["outlet"] or "", [])))
    return [
        Connection(**dict(row), places=tuple(places.get(row["id"], ())))
        for row in await database.fetch(_HOUSES)
        if seen is None or row["id"] in seen
    ]


async def inbox(access: Access, now: datetime) -> Inbox:
    """What waits and what was put aside, of the restaurants somebody may see."""
    seen = await _seen(access, await programmes.current(now))
    waiting = await database.fetchrow(_WAITING, seen)
    assert waiting is not None  # noqa: S101 - a count always answers
    rows = [dict(row) for row in await database.fetch(_ASIDE, seen, ASIDE_MAX)]
    return Inbox(waiting["waiting"], waiting["since"], rows[0]["found"] if rows else 0, rows)


async def comparison(access: Access, since: date, now: datetime) -> Comparison:
    """The comparisons of the days since one, of the restaurants somebody may see."""
    seen = await _seen(access, await programmes.current(now))
    days = [dict(row) for row in await database.fetch(_CHECKS, seen, since)]
    return Comparison(days, [dict(row) for row in await database.fetch(_DIFFERENCES, seen, DIFFERENCES_MAX)])


async def replay(actor: Actor, *, reason: str, resources: Resources, now: datetime) -> int:
    """Have everything looked at anew that was put aside; says how much. For holders of the points of sale of the whole."""
    why = reason_of(reason)
    async with acting(actor, REPLAY, "restaurants.replay", resources=resources, now=now, reason=why) as act:
        act.require(PROGRAMME)
        found = await events.replay_in(act.tx, now) + await orders.replay_in(act.tx, now)
        act.record("restaurant_inbox", "aside", after={"replayed": found})
    return found


async def _seen(access: Access, programme: Programme) -> list[UUID] | None:
    """The restaurants somebody may see; None: every one."""
    if access.everywhere(VIEW):
        return None
    partners = {outlet.id: partner.id for partner in programme.partners for outlet in partner.outlets}
    outlets: dict[UUID, list[str]] = {}
    for row in await database.fetch(_PLACES):
        if row["outlet"] is not None:
            outlets.setdefault(row["restaurant_id"], []).append(row["outlet"])
    return [house for house, mine in outlets.items() if _are_within(access, mine, partners)]


def _are_within(access: Access, outlets: Iterable[str], partners: Mapping[str, str]) -> bool:
    return all(one in partners and access.within(VIEW, Scope((partners[one], one))) for one in outlets)


def _place(row: Record, groups: Sequence[Group]) -> Place:
    usual = next((one.service for one in groups if one.id == menu.DEFAULT), None)
    named = [one for one in groups if one.id != menu.DEFAULT]
    return Place(
        *(row["id"], row["name"], row["outlet"], row["linked_at"]),
        mapped=tuple(one for one in named if one.service is not None),
        unmapped=tuple(sorted(one.name or one.id for one in named if one.service is None)),
        usual=usual,
    )
