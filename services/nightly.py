"""The nightly run: once a day of the programme, step after step, each in small parts that do no harm when repeated.

Whoever runs it holds a lock that its death releases, so that of rivals one works and a killed one is followed at once.
How far each step came is kept after every part; the next one goes on there.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Final

from loyalty.business_days import business_date
from models import database
from models.database import Contention, Unreachable
from services import programmes
from services.resources import Resources

LOCK: Final = 20_250_101
STARTS: Final = 5
KEPT: Final = timedelta(days=400)
WITHOUT_PROGRAMME: Final = "UTC"
log = logging.getLogger(__name__)

_FINISHED: Final = "SELECT EXISTS (SELECT 1 FROM nightly_run WHERE day = $1 AND finished_at IS NOT NULL)"
_IS_HELD: Final = """
SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = $1::bigint::oid AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
# What was not finished by the next night is done by that one: every step looks at what is due, not at what the date is.
_OVERTAKE: Final = """
UPDATE nightly_run SET finished_at = $2, trouble = 'not finished before the next night'
WHERE day < $1 AND finished_at IS NULL
"""
_BEGIN: Final = "INSERT INTO nightly_run (day, started_at) VALUES ($1, $2) ON CONFLICT DO NOTHING"
# A start is counted before the step runs: one that ends its process is told from one that nobody began.
_STEP: Final = """
INSERT INTO nightly_step AS s (id, day, place, step, cursor, done, parts, millis, starts, started_at)
VALUES (gen_random_uuid(), $1, $2, $3, '', 0, 0, 0, 1, $4)
ON CONFLICT (day, step) DO UPDATE SET place = $2, starts = s.starts + (s.finished_at IS NULL)::int
RETURNING cursor, starts, finished_at
"""
_KEEP: Final = """
UPDATE nightly_step SET cursor = $4, done = done + $5, parts = parts + 1, millis = millis + $6, starts = 0, trouble = $7,
    finished_at = $8
WHERE day = $1 AND step = $2 AND cursor = $3 AND finished_at IS NULL
"""
_FAILED: Final = "UPDATE nightly_step SET trouble = $3 WHERE day = $1 AND step = $2"
_LEAVE: Final = """
UPDATE nightly_step SET finished_at = $3, trouble = coalesce(trouble, 'ended its process') WHERE day = $1 AND step = $2
"""
_END: Final = """
UPDATE nightly_run SET finished_at = $2,
    trouble = (SELECT left(string_agg(step || ': ' || trouble, '; ' ORDER BY place), 200) FROM nightly_step
        WHERE day = $1 AND trouble IS NOT NULL)
WHERE day = $1 AND finished_at IS NULL RETURNING trouble
"""
_SWEEP: Final = "DELETE FROM nightly_run WHERE day IN (SELECT day FROM nightly_run WHERE started_at < $1 LIMIT $2)"
_TROUBLE: Final = "SELECT EXISTS (SELECT 1 FROM nightly_step WHERE day = $1 AND step = $2 AND trouble IS NOT NULL)"
_RUNS: Final = "SELECT * FROM nightly_run ORDER BY day DESC LIMIT $1"
_STEPS: Final = "SELECT * FROM nightly_step WHERE day = ANY ($1::date[]) ORDER BY day DESC, place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What a step is told: the day that has begun, the moment, and what use cases are given."""

    day: date
    now: datetime
    resources: Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a step: how much it did, and after what the next one begins. `trouble` rings, and ends the step."""

    done: int = 0
    cursor: str = ""
    is_over: bool = True
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step by its name. `advance` does the next part after a cursor, "" at first, in units of work of its own.

    A part that was done and not noted is done again: its second time must find nothing left to do.
    """

    name: str
    advance: Callable[[Night, str], Awaitable[Part]]


@dataclass(frozen=True, slots=True)
class StepFacts:
    """How far a step came, for whoever looks."""

    name: str
    done: int
    parts: int
    seconds: float
    trouble: str | None
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One night with its steps."""

    day: date
    started_at: datetime
    finished_at: datetime | None
    trouble: str | None
    steps: Sequence[StepFacts]


class Overtaken(Exception):
    """Somebody else went on with the step meanwhile: this one stops."""


async def is_due(now: datetime) -> bool:
    """Whether the run of today is not finished, and nobody works on it."""
    if await database.fetchval(_FINISHED, await _day(now)):
        return False
    return not await database.fetchval(_IS_HELD, LOCK)


async def go_on(
    steps: Sequence[Step], resources: Resources, now: datetime, *, told: Callable[[str, Part], None] = lambda *_: None
) -> bool:
    """Begin the run of today, or go on where it stopped. False if somebody else is at it, or a step has to wait.

    A step that fails, or ends its process, is begun again by the next call; after five starts without a finished part it
    is left with its trouble, and the others have their turn.
    """
    async with _alone() as is_mine:
        if not is_mine:
            return False
        night = Night(day=await _day(now), now=now, resources=resources)
        if await database.fetchval(_FINISHED, night.day):
            return True
        await database.execute(_OVERTAKE, night.day, now)
        await database.execute(_BEGIN, night.day, now)
        for place, step in enumerate(steps):
            if not await _carried_out(step, place, night, told):
                return False
        trouble = await database.fetchval(_END, night.day, now)
    if trouble:
        log.error("the nightly run ended with trouble", extra={"day": night.day.isoformat(), "reason": trouble})
    else:
        log.info("nightly run finished", extra={"day": night.day.isoformat()})
    return True


async def has_trouble(day: date, step: str) -> bool:
    """Whether a step of a night ended with trouble: what must not follow it asks."""
    found: bool = await database.fetchval(_TROUBLE, day, step)
    return found


async def runs(*, nights: int) -> list[RunFacts]:
    """The last nights, the newest first."""
    found = await database.fetch(_RUNS, nights)
    rows = await database.fetch(_STEPS, [row["day"] for row in found])
    return [
        RunFacts(
            row["day"],
            row["started_at"],
            row["finished_at"],
            row["trouble"],
            [
                StepFacts(
                    *(one["step"], one["done"], one["parts"], one["millis"] / 1000),
                    *(one["trouble"], one["started_at"], one["finished_at"]),
                )
                for one in rows
                if one["day"] == row["day"]
            ],
        )
        for row in found
    ]


async def sweep(now: datetime) -> int:
    """Forget runs of more than a year ago with their steps, and say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


async def _carried_out(step: Step, place: int, night: Night, told: Callable[[str, Part], None]) -> bool:
    """Do a step part by part until it is over; False if it failed and is to be tried again."""
    row = await database.fetchrow(_STEP, night.day, place, step.name, night.now)
    assert row is not None  # noqa: S101 - an insert that is never in vain gives its row
    cursor: str = row["cursor"]
    is_over = row["finished_at"] is not None
    if not is_over and row["starts"] > STARTS:
        await database.execute(_LEAVE, night.day, step.name, night.now)
        return True
    while not is_over:
        begun = monotonic()
        try:
            part = await step.advance(night, cursor)
        except (Contention, Unreachable):
            raise  # nothing is wrong with the step
        except Exception as error:
            log.exception("a step of the nightly run failed", extra={"job": step.name})
            await database.execute(_FAILED, night.day, step.name, type(error).__name__)
            return False
        millis = round((monotonic() - begun) * 1000)
        ended = night.now if part.is_over else None
        kept = (night.day, step.name, cursor, part.cursor, part.done, millis, part.trouble, ended)
        if await database.execute(_KEEP, *kept) != "UPDATE 1":
            raise Overtaken(step.name)
        told(step.name, part)
        cursor, is_over = part.cursor, part.is_over
    return True


@asynccontextmanager
async def _alone() -> AsyncIterator[bool]:
    """Whether this run is the only one, for as long as the block runs. A connection that ends gives the lock back."""
    connection = await database.connection_apart()
    try:
        yield bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK))
    finally:
        await connection.close(timeout=database.RELEASE_SECONDS)


async def _day(now: datetime) -> date:
    programme = await programmes.newest(now)
    return business_date(now, WITHOUT_PROGRAMME if programme is None else programme.time_zone)
