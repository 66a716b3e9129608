"""The table of jobs: leasing, finishing, burying, and giving the dead another try."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from models import database

DEATHS_MAX: Final = 3
ERROR_CHARACTERS_MAX: Final = 500
KEPT: Final = timedelta(days=30)

_LEASE: Final = """
WITH kind AS (
    SELECT * FROM unnest($1::text[], $2::int[], $3::interval[]) AS k (name, attempts_max, lease)
), due AS (
    SELECT j.id, k.lease FROM job AS j JOIN kind AS k ON k.name = j.name
    WHERE j.status = 'READY' AND j.run_at <= $4 AND j.attempts < k.attempts_max
        AND (j.leased_until IS NULL OR (j.leased_until <= $4 AND j.deaths + 1 < $5))
    ORDER BY j.run_at, j.id LIMIT $6 FOR UPDATE OF j SKIP LOCKED
)
UPDATE job SET attempts = attempts + 1, deaths = deaths + (leased_until IS NOT NULL)::int, leased_until = $4 + due.lease
FROM due WHERE job.id = due.id
RETURNING job.id, job.name, job.payload, job.dedupe_key, job.attempts
"""
_BURY: Final = """
UPDATE job SET status = 'DEAD', finished_at = $3, leased_until = NULL, deaths = deaths + 1,
    error = 'its worker was gone ' || (deaths + 1) || ' times, ' || attempts || ' attempts'
FROM unnest($1::text[], $2::int[]) AS k (name, attempts_max)
WHERE job.name = k.name AND status = 'READY' AND leased_until <= $3
    AND (deaths + 1 >= $4 OR attempts >= k.attempts_max)
"""
# A late worker must not touch a job that was taken from it meanwhile: the attempt must still be its own.
_DONE: Final = """
WITH mine AS (SELECT id, dedupe_key FROM job WHERE id = $1 AND attempts = $2 AND status = 'READY' FOR UPDATE),
kept AS (
    UPDATE job SET status = 'DONE', finished_at = $3, leased_until = NULL, error = NULL
    FROM mine WHERE job.id = mine.id AND mine.dedupe_key IS NOT NULL RETURNING 1
), gone AS (
    DELETE FROM job USING mine WHERE job.id = mine.id AND mine.dedupe_key IS NULL RETURNING 1
)
SELECT (SELECT count(*) FROM kept) + (SELECT count(*) FROM gone)
"""
_LATER: Final = """
UPDATE job SET leased_until = NULL, run_at = $3, error = $4 WHERE id = $1 AND attempts = $2 AND status = 'READY'
"""
_DEAD: Final = """
UPDATE job SET status = 'DEAD', leased_until = NULL, finished_at = $3, error = $4
WHERE id = $1 AND attempts = $2 AND status = 'READY'
"""
_RELEASE: Final = """
UPDATE job SET leased_until = NULL, attempts = attempts - 1 WHERE id = $1 AND attempts = $2 AND status = 'READY'
"""
_LIST_DEAD: Final = """
SELECT id, name, payload, dedupe_key, attempts, error, finished_at FROM job WHERE status = 'DEAD'
ORDER BY finished_at DESC, id DESC LIMIT $1
"""
_REPLAY: Final = """
UPDATE job SET status = 'READY', attempts = 0, deaths = 0, error = NULL, finished_at = NULL, leased_until = NULL,
    run_at = $2
WHERE status = 'DEAD' AND ($1::uuid[] IS NULL OR id = ANY($1)) RETURNING id
"""
_SWEEP: Final = """
DELETE FROM job WHERE id IN (SELECT id FROM job WHERE status = 'DONE' AND finished_at < $1 LIMIT $2)
"""

_NEXT: Final = """
SELECT min(greatest(run_at, leased_until)) FROM job WHERE status = 'READY' AND greatest(run_at, leased_until) > $1
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms jobs of a name are leased."""

    name: str
    attempts_max: int
    lease: timedelta


@dataclass(frozen=True, slots=True)
class Leased:
    """A job in the hands of one worker, until its lease runs out."""

    id: UUID
    name: str
    payload: dict[str, Any]
    dedupe_key: str | None
    attempt: int


@dataclass(frozen=True, slots=True)
class DeadJob:
    """A job that was given up, with the reason."""

    id: UUID
    name: str
    payload: dict[str, Any]
    attempts: int
    error: str | None
    died_at: datetime


async def lease(terms: Collection[Terms], *, count: int, now: datetime) -> list[Leased]:
    """Take at most `count` due jobs. The attempt counts from here, whatever becomes of the worker."""
    names, attempts = [one.name for one in terms], [one.attempts_max for one in terms]
    leases = [one.lease for one in terms]
    rows = await database.fetch(_LEASE, names, attempts, leases, now, DEATHS_MAX, count)
    return [
        Leased(row["id"], row["name"], orjson.loads(row["payload"]), row["dedupe_key"], row["attempts"]) for row in rows
    ]


async def bury(terms: Collection[Terms], *, now: datetime) -> int:
    """Give up jobs that ended their worker too often; say how many."""
    names, attempts = [one.name for one in terms], [one.attempts_max for one in terms]
    return _count(await database.execute(_BURY, names, attempts, now, DEATHS_MAX))


async def finish(job: Leased, *, now: datetime) -> bool:
    """Note success. A job with a dedupe key stays, so that it is done once ever. False if it was no longer ours."""
    return bool(await database.fetchval(_DONE, job.id, job.attempt, now))


async def postpone(job: Leased, *, until: datetime, error: str) -> bool:
    """Give the job back for another try."""
    return _count(await database.execute(_LATER, job.id, job.attempt, until, error[:ERROR_CHARACTERS_MAX])) == 1


async def give_up(job: Leased, *, error: str, now: datetime) -> bool:
    """Put the job among the dead, where people see it."""
    return _count(await database.execute(_DEAD, job.id, job.attempt, now, error[:ERROR_CHARACTERS_MAX])) == 1


async def release(job: Leased) -> bool:
    """Give the job back as if it had never been taken: the worker is asked to stop."""
    return _count(await database.execute(_RELEASE, job.id, job.attempt)) == 1


async def dead(*, limit: int = 100) -> list[DeadJob]:
    """The jobs given up last."""
    return [
        DeadJob(
            id=row["id"],
            name=row["name"],
            payload=orjson.loads(row["payload"]),
            attempts=row["attempts"],
            error=row["error"],
            died_at=row["finished_at"],
        )
        for row in await database.fetch(_LIST_DEAD, limit)
    ]


async def next_due(now: datetime) -> datetime | None:
    """When the next job that is not due yet will be, or the lease of one that is ends; None without any."""
    due: datetime | None = await database.fetchval(_NEXT, now)
    return due


async def replay(ids: Collection[UUID] | None, *, now: datetime) -> list[UUID]:
    """Give dead jobs all their tries back: those named, or all of them."""
    return [row["id"] for row in await database.fetch(_REPLAY, None if ids is None else list(ids), now)]


async def sweep(now: datetime) -> int:
    """Forget jobs that were done long ago; say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


def _count(tag: str) -> int:
    return int(tag.rpartition(" ")[2])
