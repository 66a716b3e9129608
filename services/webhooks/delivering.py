"""Delivering what waits for one address: by one worker at a time, some at once, each attempt written down.

An address that fails is left alone for longer and longer, so it never holds more than one place of the worker; after days
it is disabled, and somebody is told. No transaction is open while a request is under way.
"""

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.ports import Announcer, Knock, Knocked, Unavailable
from loyalty.webhooks import DISABLED_AFTER, SPREAD_MAX, next_try, pause
from models import database
from models.database import Record
from models.ids import uuid7
from services.resources import Resources
from services.status.contacts import WEBHOOKS
from services.webhooks import notices
from services.webhooks.sealing import opened
from services.webhooks.spreading import wake
from services.work import Work, work

AT_ONCE: Final = 8
ROUNDS_SECONDS: Final = 20.0
HELD: Final = timedelta(seconds=50)
"""Longer than the rounds and the last request, shorter than the lease of the job."""
GONE: Final = 410
log = logging.getLogger(__name__)

_TAKE: Final = """
UPDATE webhook_endpoint SET drained_until = $2::timestamptz + $3::interval
WHERE id = $1 AND status = 'ACTIVE' AND (drained_until IS NULL OR drained_until <= $2)
    AND (paused_until IS NULL OR paused_until <= $2)
RETURNING id, partner, url, sealed, former_sealed, former_until, failures, failing_since
"""
_DUE: Final = """
SELECT d.id, d.tries, e.id AS event, e.body FROM webhook_delivery AS d JOIN webhook_event AS e ON e.id = d.event_id
WHERE d.endpoint_id = $1 AND d.status = 'PENDING' AND d.next_at <= $2
    AND EXISTS (SELECT FROM webhook_endpoint WHERE id = $1 AND url = $4 AND status = 'ACTIVE')
ORDER BY d.next_at, d.id LIMIT $3
"""
_ATTEMPTS: Final = """
INSERT INTO webhook_attempt (id, delivery_id, at, millis, status, fault, answer)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::int[], $5::smallint[], $6::text[], $7::text[])
"""
# A replay may have begun anew meanwhile, or another address stand there: only the try that was made is written down.
_SETTLE: Final = """
UPDATE webhook_delivery AS d SET tries = d.tries + 1, next_at = n.next_at,
    status = CASE WHEN n.is_taken THEN 'DELIVERED' WHEN n.next_at IS NULL THEN 'FAILED' ELSE 'PENDING' END,
    delivered_at = CASE WHEN n.is_taken THEN $5::timestamptz END
FROM unnest($1::uuid[], $2::smallint[], $3::timestamptz[], $4::boolean[]) AS n (id, tries, next_at, is_taken), webhook_endpoint AS e
WHERE d.id = n.id AND d.status = 'PENDING' AND d.tries = n.tries AND e.id = d.endpoint_id AND (n.is_taken OR e.url = $6)
"""
# How an address is says nothing of another one that was entered meanwhile in its place.
_WELL: Final = """
UPDATE webhook_endpoint SET failures = 0, failing_since = NULL, paused_until = NULL WHERE id = $1 AND url = $2
"""
_FAILING: Final = """
UPDATE webhook_endpoint SET failures = $3, failing_since = $4, paused_until = $5
WHERE id = $1 AND url = $2 AND status = 'ACTIVE'
"""
_DISABLE: Final = """
UPDATE webhook_endpoint SET status = 'DISABLED', reason = $3, changed_at = $4, paused_until = NULL
WHERE id = $1 AND url = $2 AND status = 'ACTIVE'
"""
_LEAVE: Final = "UPDATE webhook_endpoint SET drained_until = NULL WHERE id = $1 RETURNING status, paused_until"
_NEXT: Final = "SELECT min(next_at) FROM webhook_delivery WHERE endpoint_id = $1 AND status = 'PENDING'"


@dataclass(frozen=True, slots=True)
class Made:
    """A delivery that was tried, as it was before, and what came of it."""

    delivery: UUID
    tries: int
    knocked: Knocked


async def drain(endpoint: UUID, resources: Resources, announcer: Announcer, now: datetime) -> int:
    """Deliver what is due for an address; say how many were taken. Somebody else at it, or a pause: nothing is done."""
    row = await database.fetchrow(_TAKE, endpoint, now, HELD)
    if row is None:
        return 0
    secrets, loop, taken = opened(resources.keyring, row, now), asyncio.get_running_loop(), 0
    failures, since, ends = row["failures"], row["failing_since"], loop.time() + ROUNDS_SECONDS
    try:
        while loop.time() < ends:
            waiting = await database.fetch(_DUE, endpoint, now, AT_ONCE, row["url"])
            if not waiting:
                break
            made = await _round(row["url"], waiting, secrets, announcer)
            for one in made:
                resources.contacts.note(WEBHOOKS, None if one.knocked.is_taken else Unavailable(_said(one.knocked)))
            good = sum(one.knocked.is_taken for one in made)
            # What went well in an earlier round of this drain ends a row of failures, too.
            failures, since = (0, None) if good else (failures + 1, since or now)
            await _settled(row, made, failures=failures, since=since or now, now=now)
            taken += good
            if good < len(made):
                break
    finally:
        await _leave(endpoint, now)
    return taken


def _said(knocked: Knocked) -> str:
    return knocked.fault or f"answered {knocked.status}"


async def _round(url: str, waiting: Sequence[Record], secrets: tuple[bytes, ...], announcer: Announcer) -> list[Made]:
    knocks = [Knock(url=url, id=str(row["event"]), body=row["body"].encode(), secrets=secrets) for row in waiting]
    told = await asyncio.gather(*(announcer.knock(knock) for knock in knocks))
    return [Made(row["id"], row["tries"], knocked) for row, knocked in zip(waiting, told, strict=True)]


async def _settled(row: Record, made: Sequence[Made], *, failures: int, since: datetime, now: datetime) -> None:
    """Write down a round: its attempts, what is tried again and when, and how the address is."""
    async with work() as tx:
        await _write(tx, row["url"], made, now)
        if any(one.knocked.status == GONE for one in made):
            await _disable(tx, row, "GONE", now)
        elif not failures:
            await tx.execute(_WELL, row["id"], row["url"])
        else:
            asked = max((one.knocked.retry_after_seconds or 0 for one in made), default=0)
            await tx.execute(_FAILING, row["id"], row["url"], failures, since, now + pause(failures, asked=asked))
            if now - since >= DISABLED_AFTER:
                await _disable(tx, row, "FAILING", now)


async def _write(tx: Work, url: str, made: Sequence[Made], now: datetime) -> None:
    knocked = [one.knocked for one in made]
    await tx.execute(
        _ATTEMPTS,
        [uuid7() for _ in made],
        [one.delivery for one in made],
        [now] * len(made),
        [one.millis for one in knocked],
        [one.status for one in knocked],
        [one.fault for one in knocked],
        [one.answer for one in knocked],
    )
    again = [None if one.knocked.is_taken else _next(one, now) for one in made]
    ids, tries = [one.delivery for one in made], [one.tries for one in made]
    await tx.execute(_SETTLE, ids, tries, again, [one.is_taken for one in knocked], now, url)


def _next(made: Made, now: datetime) -> datetime | None:
    spread = random.randint(0, SPREAD_MAX)  # noqa: S311 - spreads load, guards nothing
    return next_try(made.tries + 1, now, spread=spread, asked=made.knocked.retry_after_seconds)


async def _disable(tx: Work, row: Record, reason: str, now: datetime) -> None:
    if await tx.execute(_DISABLE, row["id"], row["url"], reason, now) == "UPDATE 1":
        log.error("an address of webhooks was disabled", extra={"reason": reason, "webhook": str(row["id"])})
        await notices.ask(tx, row["id"], now)


async def _leave(endpoint: UUID, now: datetime) -> None:
    """Let others deliver, and see to it that somebody comes for what is still waiting."""
    async with work() as tx:
        row = await tx.fetchrow(_LEAVE, endpoint)
        due = await tx.fetchval(_NEXT, endpoint)
        if row is not None and row["status"] == "ACTIVE" and due is not None:
            await wake(tx, endpoint, max(due, row["paused_until"] or now, now))
