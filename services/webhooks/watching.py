"""Taking up what nobody does any more: a job that lost three workers is given up, what it was to tell is not."""

from datetime import datetime, timedelta
from typing import Final

from models import database
from services.webhooks.spreading import DRAIN, SPREAD, wake
from services.work import work

FORGOTTEN: Final = timedelta(minutes=15)
AT_ONCE: Final = 500

_EVENTS: Final = """
SELECT id FROM webhook_event AS e WHERE body IS NULL AND at < $1 AND NOT EXISTS (
    SELECT FROM job WHERE name = $2 AND status = 'READY' AND payload -> 'events' ? e.id::text)
ORDER BY at, id LIMIT $3
"""
_ENDPOINTS: Final = """
SELECT id FROM webhook_endpoint AS e WHERE status = 'ACTIVE'
    AND EXISTS (SELECT FROM webhook_delivery WHERE endpoint_id = e.id AND status = 'PENDING' AND next_at < $1)
    AND NOT EXISTS (SELECT FROM job WHERE name = $2 AND status = 'READY' AND payload ->> 'endpoint' = e.id::text)
ORDER BY id
"""


async def take_up(now: datetime) -> int:
    """Have events spread and deliveries made whose job is gone; say of how many events and addresses."""
    since = now - FORGOTTEN
    events = [str(row["id"]) for row in await database.fetch(_EVENTS, since, SPREAD, AT_ONCE)]
    endpoints = await database.fetch(_ENDPOINTS, since, DRAIN)
    async with work() as tx:
        # Each by a job of its own: one that costs workers must not stand before the others.
        for event in events:
            await tx.enqueue(SPREAD, {"events": [event]}, run_at=now)
        for row in endpoints:
            await wake(tx, row["id"], now)
    return len(events) + len(endpoints)
