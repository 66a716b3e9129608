"""The log of the staff: an event in the transaction of each write (INV-21), refusals beside it, and the check of its chain."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.rights import RIGHTS
from loyalty.scopes import NOTHING, PROGRAMME, Access, Scope
from models import database
from models.database import Record
from models.ids import uuid7
from services import callers
from services.resources import Resources
from services.work import Work

__all__ = ["Actor", "Checked", "Event", "EventFacts", "Finding", "check", "note", "page", "write"]

HOUR_SECONDS: Final = 3600
REFUSALS_PER_SUBJECT_HOUR: Final = 20
REFUSALS_PER_HOUR: Final = 1000
CHECKED_AT_ONCE: Final = 5_000
OPERATOR: Final = "operator"
UNKNOWN: Final = "—"

_WRITE: Final = """
INSERT INTO audit_event (id, at, actor_id, actor, action, right_code, scope, object_kind, object_id, outcome, reason,
    before, after, request_id, address)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb, $14, $15)
"""
_CHAIN: Final = """
SELECT sequence, previous_hash, hash, hash = audit_digest(e) AS is_whole FROM audit_event AS e
WHERE sequence > $1 ORDER BY sequence LIMIT $2
"""
_PAGE: Final = """
SELECT * FROM audit_event
WHERE ($2::timestamptz IS NULL OR (at, id) < ($2, $3)) AND ($4::uuid IS NULL OR actor_id = $4)
    AND ($5::text IS NULL OR right_code = $5) AND ($6::text IS NULL OR object_id = $6 OR object_kind = $6)
    AND ($7::timestamptz IS NULL OR at >= $7) AND ($8::timestamptz IS NULL OR at < $8)
    AND ($9::text[] IS NULL OR split_part(scope, '/', 1) = ANY ($9))
ORDER BY at DESC, id DESC LIMIT $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: one of the staff by a session, or the operator of the installation by its terminal."""

    id: UUID | None
    name: str
    access: Access
    session_id: UUID | None = None
    request_id: str | None = None
    address: str | None = None

    @classmethod
    def operator(cls) -> "Actor":
        """Whoever has the terminal has the database: every right, everywhere."""
        return cls(id=None, name=OPERATOR, access=Access.of((right, PROGRAMME) for right in RIGHTS))

    @classmethod
    def unknown(cls, *, name: str = UNKNOWN, request_id: str | None = None, address: str | None = None) -> "Actor":
        """Somebody who is not signed in."""
        return cls(id=None, name=name, access=NOTHING, request_id=request_id, address=address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What was done to what, by which right. `before` and `after` are what changed, masked, never a secret."""

    action: str
    object_kind: str
    object_id: str | None = None
    right: str | None = None
    scope: Scope | None = None
    reason: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event as it is read."""

    id: UUID
    sequence: int
    at: datetime
    actor_id: UUID | None
    actor: str
    action: str
    right: str | None
    scope: Scope | None
    object_kind: str
    object_id: str | None
    outcome: str
    reason: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    request_id: str | None
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a page of the log is narrowed to; `partners` None is the whole programme."""

    actor: UUID | None = None
    right: str | None = None
    object: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    partners: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where the chain does not hold."""

    sequence: int
    what: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of the chain saw: how many events, the last one and its hash."""

    events: int
    head: int
    digest: str
    findings: list[Finding] = field(default_factory=list)


async def write(tx: Work, actor: Actor, event: Event, now: datetime) -> None:
    """Write an event into the transaction of what it tells of. The last statement of a unit: the chain waits for it."""
    await tx.execute(_WRITE, *_row(actor, event, now, outcome="DONE"))


async def note(resources: Resources, actor: Actor, event: Event, now: datetime) -> None:
    """Write down a refusal, in a unit of its own. A crowd of them is cut: the log is no place to fill a disk."""
    subject = str(actor.id or actor.address)
    for door, who, limit in (
        ("audit.refused", subject, REFUSALS_PER_SUBJECT_HOUR),
        ("audit.refused", "", REFUSALS_PER_HOUR),
    ):
        verdict = await resources.limits.hit(callers.key(door, who), limit=limit, window_seconds=HOUR_SECONDS, now=now)
        if not verdict.allowed:
            return
    await database.execute(_WRITE, *_row(actor, event, now, outcome="REFUSED"))


async def page(*, rows: int, after: tuple[datetime, UUID] | None, filters: Filters) -> list[EventFacts]:
    """At most `rows` events, newest first, behind the place `after`."""
    at, last = after or (None, None)
    partners = None if filters.partners is None else sorted(filters.partners)
    narrowed = (filters.actor, filters.right, filters.object, filters.since, filters.until, partners)
    return [_facts(row) for row in await database.fetch(_PAGE, rows, at, last, *narrowed)]


async def check(*, expected: tuple[int, str] | None = None) -> Checked:
    """Follow the whole chain. `expected` is a (sequence, hash) kept elsewhere: it tells whether the end was cut off."""
    findings: list[Finding] = []
    events, head, digest, kept = 0, 0, b"", None
    while rows := await database.fetch(_CHAIN, head, CHECKED_AT_ONCE):
        for row in rows:
            number = row["sequence"]
            if number != head + 1:
                findings.append(Finding(number, f"{number - head - 1} events before it are missing"))
            if row["previous_hash"] != digest:
                findings.append(Finding(number, "does not continue the event before it"))
            if not row["is_whole"]:
                findings.append(Finding(number, "was changed after it was written"))
            head, digest, events = number, row["hash"], events + 1
            if expected is not None and number == expected[0]:
                kept = digest.hex()
    if expected is not None and (kept is None or not kept.startswith(expected[1])):
        findings.append(Finding(expected[0], "is not the event whose hash was kept"))
    return Checked(events, head, digest.hex(), findings)


def _row(actor: Actor, event: Event, now: datetime, *, outcome: str) -> tuple[object, ...]:
    return (
        uuid7(),
        now,
        actor.id,
        actor.name,
        event.action,
        event.right,
        None if event.scope is None else str(event.scope),
        event.object_kind,
        event.object_id,
        outcome,
        event.reason,
        _json(event.before),
        _json(event.after),
        actor.request_id,
        actor.address,
    )


def _json(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else orjson.dumps(dict(values), default=str).decode()


def _facts(row: Record) -> EventFacts:
    return EventFacts(
        id=row["id"],
        sequence=row["sequence"],
        at=row["at"],
        actor_id=row["actor_id"],
        actor=row["actor"],
        action=row["action"],
        right=row["right_code"],
        scope=None if row["scope"] is None else Scope.parse(row["scope"]),
        object_kind=row["object_kind"],
        object_id=row["object_id"],
        outcome=row["outcome"],
        reason=row["reason"],
        before=orjson.loads(row["before"] or "{}"),
        after=orjson.loads(row["after"] or "{}"),
        request_id=row["request_id"],
        address=row["address"],
    )
