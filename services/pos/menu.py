"""What a dish is sold as: menu groups of an outlet and the services they are, as an operator says and from when on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.programme import Partner, Programme
from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services import programmes
from services.tills import TillFacts, place_of

CHANNEL: Final = "TILL"
DEFAULT: Final = ""
"""The group that stands for every group nobody has spoken of."""

_SERVICES: Final = """
SELECT DISTINCT ON (group_id) group_id, service FROM menu_service
WHERE outlet = $1 AND group_id = ANY ($2) AND since <= $3 ORDER BY group_id, since DESC, id DESC
"""
_SEEN: Final = """
INSERT INTO menu_group (id, outlet, group_id, name, first_seen_at, last_seen_at)
SELECT u.id, $1, u.group_id, u.name, $5, $5 FROM unnest($2::uuid[], $3::text[], $4::text[]) AS u (id, group_id, name)
ORDER BY u.group_id
ON CONFLICT (outlet, group_id) DO UPDATE SET name = excluded.name, last_seen_at = excluded.last_seen_at
WHERE menu_group.name <> excluded.name OR menu_group.last_seen_at < excluded.last_seen_at - interval '1 hour'
"""
_SAY: Final = "INSERT INTO menu_service (id, outlet, group_id, service, since) VALUES ($1, $2, $3, $4, $5)"
_GROUPS: Final = """
SELECT coalesce(g.outlet, s.outlet) AS outlet, coalesce(g.group_id, s.group_id) AS group_id, g.name, s.service, s.since,
    g.last_seen_at
FROM menu_group AS g FULL JOIN (
    SELECT DISTINCT ON (outlet, group_id) outlet, group_id, service, since FROM menu_service
    WHERE since <= $2 ORDER BY outlet, group_id, since DESC, id DESC
) AS s ON s.outlet = g.outlet AND s.group_id = g.group_id
WHERE $1::text IS NULL OR coalesce(g.outlet, s.outlet) = $1 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A line of an order: its item of the restaurant's system, the dish with its menu group, and the sum in kopecks."""

    item: UUID
    product: str | None
    group: str
    group_name: str
    name: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Sorted:
    """The service of each line, and the groups nobody has spoken of, which were sold as the outlet's default."""

    services: tuple[str, ...]
    unmapped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A menu group as an operator sees it. The empty id is the outlet's default; no service: it falls to the default."""

    outlet: str
    id: str
    name: str
    service: str | None
    since: datetime | None
    last_seen_at: datetime | None


async def sort_lines(till: TillFacts, programme: Programme, lines: Sequence[MenuLine], at: datetime) -> Sorted:
    """Which service each line is, by what was said at a moment. Raises SERVICE_NOT_SOLD_HERE where nothing was."""
    partner, _ = place_of(till, programme)
    groups = sorted({line.group for line in lines} | {DEFAULT})
    said: Mapping[str, str] = {
        row["group_id"]: row["service"] for row in await database.fetch(_SERVICES, till.outlet, groups, at)
    }
    usual = said.get(DEFAULT) or _only_service(partner)
    services = []
    for place, line in enumerate(lines):
        service = said.get(line.group) or usual
        if service is None:
            raise Refusal(Code.SERVICE_NOT_SOLD_HERE, "pos.group_unmapped", field=f"lines.{place}.group")
        services.append(service)
    return Sorted(tuple(services), tuple(sorted({line.group for line in lines if line.group not in said})))


async def note_groups(till: TillFacts, lines: Sequence[MenuLine], now: datetime) -> None:
    """Keep the groups that came, so that an operator can say what they are."""
    names = {line.group: line.group_name for line in lines if line.group != DEFAULT}
    if names:
        ids = [uuid7() for _ in names]
        await database.execute(_SEEN, till.outlet, ids, list(names), list(names.values()), now)


async def say(outlet: str, group: str, service: str, now: datetime) -> None:
    """From now on a menu group of an outlet is this service; the empty group is every other one.

    Raises INVALID_INPUT for an outlet the programme does not know or a service its partner does not sell at tills.
    """
    programme = await programmes.current(now)
    partner = next((one for one in programme.partners if outlet in {place.id for place in one.outlets}), None)
    if partner is None:
        raise Refusal(Code.INVALID_INPUT, "pos.unknown_outlet", field="outlet", outlet=outlet)
    sold = partner.services_by_id.get(service)
    if sold is None or CHANNEL not in sold.channels:
        fitting = ", ".join(one.id for one in partner.services if CHANNEL in one.channels)
        raise Refusal(Code.INVALID_INPUT, "pos.unknown_service", field="service", service=service, services=fitting)
    await database.execute(_SAY, uuid7(), outlet, group, service, now)


async def groups(outlet: str | None, now: datetime) -> list[Group]:
    """Every group that came or was spoken of, of one outlet or of all."""
    return [
        Group(row["outlet"], row["group_id"], row["name"] or "", row["service"], row["since"], row["last_seen_at"])
        for row in await database.fetch(_GROUPS, outlet, now)
    ]


def _only_service(partner: Partner) -> str | None:
    """What is sold at the partner's tills, where it is one thing only."""
    fitting = [service.id for service in partner.services if CHANNEL in service.channels]
    return fitting[0] if len(fitting) == 1 else None
