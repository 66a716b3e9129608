"""From an event to its deliveries: the body is written, and every address that asked for it gets one delivery."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from loyalty.webhooks import EventType
from models import database
from models.ids import uuid7
from services.webhooks.bodies import body_of
from services.work import Work, work

SPREAD: Final = "webhooks.spread"
DRAIN: Final = "webhooks.drain"

_EVENT: Final = "SELECT id, partner, kind, subject_id, at FROM webhook_event WHERE id = $1 AND body IS NULL FOR UPDATE"
_WRITE: Final = "UPDATE webhook_event SET body = $2 WHERE id = $1"
_DERIVE: Final = """
INSERT INTO webhook_event (id, partner, kind, subject_id, at, body) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
_TELL: Final = """
WITH told AS (
    INSERT INTO webhook_event (id, partner, kind, subject_id, at) SELECT $1::uuid, $2::text, $3::text, $4::uuid, $5::timestamptz
    WHERE EXISTS (SELECT FROM webhook_endpoint WHERE partner = $2::text AND status <> 'ENDED') ON CONFLICT DO NOTHING RETURNING id
) SELECT tell_later(jsonb_build_array(id), $5::timestamptz) FROM told
"""
_ADDRESSES: Final = """
SELECT id FROM webhook_endpoint WHERE partner = $1 AND status <> 'ENDED' AND $2 = ANY (events) ORDER BY id
"""
_DELIVER: Final = """
INSERT INTO webhook_delivery (id, event_id, endpoint_id, status, tries, next_at, delivered_at, created_at)
VALUES ($1, $2, $3, 'PENDING', 0, $4, NULL, $4) ON CONFLICT (endpoint_id, event_id) DO NOTHING
"""


async def spread(events: Sequence[UUID], now: datetime) -> int:
    """Make the deliveries of events, each once however often it is asked for; say how many there are."""
    made = 0
    for event in events:
        async with work() as tx:
            made += await _spread(tx, event, now)
    return made


async def _spread(tx: Work, event: UUID, now: datetime) -> int:
    row = await tx.fetchrow(_EVENT, event)
    if row is None:
        return 0
    subject, at = row["subject_id"], row["at"]
    body = await body_of(tx, row["kind"], subject, at)
    # What has nothing to tell is not looked at again.
    await tx.execute(_WRITE, event, body or "")
    if body is None:
        return 0
    if row["kind"] == EventType.TEST:
        return await _deliver(tx, event, [subject], now)
    made = await _to_listeners(tx, event, row["partner"], row["kind"], now)
    changed = None if row["kind"] == EventType.TIER_CHANGED else await body_of(tx, EventType.TIER_CHANGED, subject, at)
    if changed is not None:
        derived = (_of_tier(subject), row["partner"], EventType.TIER_CHANGED, subject, at, changed)
        if await tx.execute(_DERIVE, *derived) == "INSERT 0 1":
            made += await _to_listeners(tx, derived[0], row["partner"], EventType.TIER_CHANGED, now)
    return made


async def tell_of_tier(tx: Work, partner: str, subject: UUID, now: datetime) -> None:
    """Have a partner hear of a tier that its receipt changed later than it was posted, if it listens."""
    await tx.execute(_TELL, _of_tier(subject), partner, EventType.TIER_CHANGED, subject, now)


def _of_tier(subject: UUID) -> UUID:
    """One receipt, or refund, changes a tier once: the name of this event follows from its own, whoever tells of it first."""
    return uuid5(subject, EventType.TIER_CHANGED)


async def _to_listeners(tx: Work, event: UUID, partner: str, kind: str, now: datetime) -> int:
    return await _deliver(tx, event, [row["id"] for row in await tx.fetch(_ADDRESSES, partner, kind)], now)


async def _deliver(tx: Work, event: UUID, endpoints: Sequence[UUID], now: datetime) -> int:
    for endpoint in endpoints:
        await tx.execute(_DELIVER, uuid7(), event, endpoint, now)
        await wake(tx, endpoint, now)
    return len(endpoints)


async def wake(tx: Work, endpoint: UUID, at: datetime) -> None:
    """Have somebody deliver at a moment what then waits for an address."""
    await tx.enqueue(DRAIN, {"endpoint": str(endpoint)}, run_at=at)


async def next_due(endpoint: UUID) -> datetime | None:
    """When the next delivery of an address is due."""
    due: datetime | None = await database.fetchval(
        "SELECT min(next_at) FROM webhook_delivery WHERE endpoint_id = $1 AND status = 'PENDING'", endpoint
    )
    return due
