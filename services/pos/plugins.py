"""Plugins of restaurants' systems: what each terminal last said about itself."""

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.scopes import Access, Scope
from models import database
from models.ids import uuid7
from services.tills import TillFacts

VIEW: Final = "plugin.view"
WRITTEN_EVERY: Final = timedelta(seconds=15)
REMEMBERED: Final = 4096

_NOTE: Final = """
INSERT INTO plugin (id, till_id, terminal, version, front_version, queue, skew_ms, first_seen_at, last_seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
ON CONFLICT (till_id, terminal) DO UPDATE SET version = excluded.version,
    front_version = coalesce(excluded.front_version, plugin.front_version), queue = excluded.queue,
    skew_ms = excluded.skew_ms, last_seen_at = excluded.last_seen_at
WHERE plugin.last_seen_at <= excluded.last_seen_at
"""
_ALL: Final = """
SELECT p.id, p.terminal, p.version, p.front_version, p.queue, p.skew_ms, p.first_seen_at, p.last_seen_at, t.id AS till_id,
    t.name AS till, t.partner, t.outlet, t.revoked_at
FROM plugin AS p JOIN till AS t ON t.id = p.till_id
ORDER BY t.partner, t.outlet, p.terminal, p.id
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """What a plugin says of itself with a call."""

    terminal: str
    version: str
    front_version: str | None
    queue: int
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class PluginFacts:
    """A plugin as an operator sees it. The skew is our clock minus the terminal's."""

    id: UUID
    terminal: str
    version: str
    front_version: str | None
    queue: int
    skew: timedelta
    first_seen_at: datetime
    last_seen_at: datetime
    till_id: UUID
    till: str
    partner: str
    outlet: str
    is_revoked: bool


class Contacts:
    """The contacts of a process. What says nothing new is written down every quarter of a minute only."""

    def __init__(self) -> None:
        self._written: MutableMapping[tuple[UUID, str], tuple[Contact, datetime]] = {}

    async def note(self, till: TillFacts, contact: Contact, now: datetime) -> None:
        """Write down that a plugin called."""
        key = (till.id, contact.terminal)
        before = self._written.get(key)
        if before is not None and _says_nothing_new(before[0], contact) and abs(now - before[1]) < WRITTEN_EVERY:
            return
        if len(self._written) >= REMEMBERED:
            self._written.clear()
        self._written[key] = (contact, now)
        skew = round((now - contact.sent_at) / timedelta(milliseconds=1))
        said = (contact.terminal, contact.version, contact.front_version, contact.queue, skew)
        await database.execute(_NOTE, uuid7(), till.id, *said, now)


def _says_nothing_new(before: Contact, contact: Contact) -> bool:
    return (before.version, before.queue) == (contact.version, contact.queue)


async def plugins(access: Access) -> list[PluginFacts]:
    """Every plugin that ever called from a place where `plugin.view` is held."""
    return [
        PluginFacts(
            id=row["id"],
            terminal=row["terminal"],
            version=row["version"],
            front_version=row["front_version"],
            queue=row["queue"],
            skew=timedelta(milliseconds=row["skew_ms"]),
            first_seen_at=row["first_seen_at"],
            last_seen_at=row["last_seen_at"],
            till_id=row["till_id"],
            till=row["till"],
            partner=row["partner"],
            outlet=row["outlet"],
            is_revoked=row["revoked_at"] is not None,
        )
        for row in await database.fetch(_ALL)
        if access.within(VIEW, Scope((row["partner"], row["outlet"], str(row["till_id"]))))
    ]
