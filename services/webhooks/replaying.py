"""Deliveries as the staff read them, and sending them once more: one, several, or all of a span of time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.scopes import Access
from models import database
from models.database import Record
from models.ids import uuid7
from services.audit import Actor
from services.resources import Resources
from services.staff.acting import acting, reason_of
from services.webhooks.endpoints import MANAGE, held, one
from services.webhooks.spreading import wake

AT_ONCE_MAX: Final = 1_000
KEPT: Final = timedelta(days=30)

_PAGE: Final = """
SELECT d.id, d.event_id, e.kind, e.at, d.status, d.tries, d.next_at, d.delivered_at, d.created_at, e.body,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('at', a.at, 'millis', a.millis, 'status', a.status, 'fault', a.fault,
        'answer', a.answer) ORDER BY a.at DESC, a.id DESC), '[]')
        FROM (SELECT * FROM webhook_attempt WHERE delivery_id = d.id ORDER BY at DESC, id DESC LIMIT 20) AS a) AS attempts
FROM webhook_delivery AS d JOIN webhook_event AS e ON e.id = d.event_id
WHERE d.endpoint_id = $1 AND ($3::timestamptz IS NULL OR (d.created_at, d.id) < ($3, $4))
    AND ($5::text IS NULL OR d.status = $5)
ORDER BY d.created_at DESC, d.id DESC LIMIT $2
"""
_AGAIN: Final = """
UPDATE webhook_delivery SET status = 'PENDING', tries = 0, next_at = $2, delivered_at = NULL
WHERE endpoint_id = $1 AND id = ANY ($3::uuid[])
"""
# What the address asked for in that time and never had a delivery, because it was not there yet, gets one as well.
_SPAN: Final = """
INSERT INTO webhook_delivery AS d (id, event_id, endpoint_id, status, tries, next_at, delivered_at, created_at)
SELECT unnested.id, unnested.event, $1, 'PENDING', 0, $2, NULL, $2 FROM unnest($3::uuid[], $4::uuid[]) AS unnested (id, event)
ON CONFLICT (endpoint_id, event_id) DO UPDATE SET status = 'PENDING', tries = 0, next_at = $2, delivered_at = NULL
"""
_EVENTS: Final = """
SELECT v.id FROM webhook_event AS v JOIN webhook_endpoint AS e ON e.partner = v.partner AND v.kind = ANY (e.events)
LEFT JOIN webhook_delivery AS d ON d.event_id = v.id AND d.endpoint_id = e.id
WHERE e.id = $1 AND v.at >= $2 AND v.at < $3 AND v.body <> '' AND (NOT $4 OR d.status IS DISTINCT FROM 'DELIVERED')
ORDER BY v.at, v.id LIMIT $5
"""
# The pause spares a server that is down; whoever sends something again by hand has just mended theirs.
_RESUME: Final = "UPDATE webhook_endpoint SET paused_until = NULL WHERE id = $1 AND paused_until IS NOT NULL"
_TELL: Final = "SELECT tell_partner($1, 'webhook.test', $2, $3)"
_SWEEP: Final = "DELETE FROM webhook_event WHERE id IN (SELECT id FROM webhook_event WHERE at < $1 LIMIT $2)"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request: a status, or why there is none."""

    at: datetime
    millis: int
    status: int | None
    fault: str | None
    answer: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to an address, with its last twenty attempts, the newest first."""

    id: UUID
    event: UUID
    kind: str
    at: datetime
    status: str
    tries: int
    next_at: datetime | None
    delivered_at: datetime | None
    created_at: datetime
    body: str
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Events of a span of time, the end not included; those that were delivered too unless `undelivered`."""

    since: datetime
    until: datetime
    undelivered: bool


async def page(
    access: Access, endpoint: UUID, *, rows: int, after: tuple[datetime, UUID] | None, status: str | None
) -> list[Delivery]:
    """At most `rows` deliveries of an address, the newest first. Raises NOT_FOUND for another's."""
    await one(access, endpoint)
    at, last = after or (None, None)
    return [_delivery(row) for row in await database.fetch(_PAGE, endpoint, rows, at, last, status)]


async def replay(
    actor: Actor,
    endpoint: UUID,
    wanted: Sequence[UUID] | Span,
    *,
    reason: str,
    resources: Resources,
    now: datetime,
) -> int:
    """Send deliveries once more and at once, under the ids they had; say how many, a thousand at most.

    Raises NOT_FOUND for another's address, INVALID_INPUT for a span that ends before it begins.
    """
    why = reason_of(reason, field="input.reason")
    if isinstance(wanted, Span) and wanted.until <= wanted.since:
        raise Refusal(Code.INVALID_INPUT, "webhooks.span", field="input.until")
    async with acting(actor, MANAGE, "webhook.replay", resources=resources, now=now, reason=why) as act:
        found = await held(act, endpoint, field="input.endpoint")
        if isinstance(wanted, Span):
            span = (wanted.since, wanted.until, wanted.undelivered)
            events = [row["id"] for row in await act.tx.fetch(_EVENTS, endpoint, *span, AT_ONCE_MAX)]
            tag = await act.tx.execute(_SPAN, endpoint, now, [uuid7() for _ in events], events)
        else:
            tag = await act.tx.execute(_AGAIN, endpoint, now, list(wanted))
        count = int(tag.rpartition(" ")[2])
        if count:
            await act.tx.execute(_RESUME, endpoint)
            await wake(act.tx, endpoint, now)
            act.record("webhook", endpoint, scope=found.scope, after={"replayed": count})
        return count


async def send_test(actor: Actor, endpoint: UUID, *, resources: Resources, now: datetime) -> UUID:
    """Have a test event sent to an address at once; gives the event. Raises NOT_FOUND."""
    async with acting(actor, MANAGE, "webhook.test", resources=resources, now=now) as act:
        found = await held(act, endpoint)
        event: UUID = await act.tx.fetchval(_TELL, found.partner, endpoint, now)
        await act.tx.execute(_RESUME, endpoint)
        act.record("webhook", endpoint, scope=found.scope, after={"event": str(event)})
        return event


async def sweep(now: datetime) -> int:
    """Delete events that are a month old, with their deliveries and attempts; say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


def _delivery(row: Record) -> Delivery:
    attempts = tuple(
        Attempt(datetime.fromisoformat(one["at"]), one["millis"], one["status"], one["fault"], one["answer"])
        for one in orjson.loads(row["attempts"])
    )
    return Delivery(
        id=row["id"],
        event=row["event_id"],
        kind=row["kind"],
        at=row["at"],
        status=row["status"],
        tries=row["tries"],
        next_at=row["next_at"],
        delivered_at=row["delivered_at"],
        created_at=row["created_at"],
        body=row["body"],
        attempts=attempts,
    )
