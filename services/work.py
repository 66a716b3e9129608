"""The unit of work: one short transaction that knows what must happen after it, and never the network inside."""

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeVar, cast

import asyncpg
import orjson
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.exceptions import BaseORMException

from models import database
from models.database import Connection, Contention, Overdue, Record, Unreachable, Violation
from models.ids import uuid7

__all__ = ["Contention", "Later", "Unreachable", "Violation", "Work", "again", "work"]

T = TypeVar("T")
Isolation = Literal["read_committed", "repeatable_read", "serializable"]
WORK_SECONDS: Final = 4.0
TRIES: Final = 3
DRIVER: Final = (*database.DRIVER, BaseORMException)
ENQUEUE: Final = """
INSERT INTO job (id, name, payload, dedupe_key, status, run_at, attempts, deaths, created_at)
VALUES ($1, $2, $3::jsonb, $4, 'READY', $5, 0, 0, $5)
ON CONFLICT (name, dedupe_key) DO NOTHING
"""
ENQUEUE_ALL: Final = """
INSERT INTO job (id, name, payload, dedupe_key, status, run_at, attempts, deaths, created_at)
SELECT id, $2, payload::jsonb, dedupe_key, 'READY', run_at, 0, 0, $6
FROM unnest($1::uuid[], $3::text[], $4::text[], $5::timestamptz[]) AS j (id, payload, dedupe_key, run_at)
ON CONFLICT (name, dedupe_key) DO NOTHING
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Later:
    """A job of many that are written at once: its ids, when it runs, and what makes it one in the life of the house."""

    payload: dict[str, object]
    run_at: datetime
    dedupe_key: str


class Work:
    """What an open unit of work can do: statements, jobs that commit with it, and callbacks for afterwards."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.committing = False
        self._callbacks: list[Callable[[], None]] = []

    async def fetch(self, sql: str, *args: object) -> list[Record]:
        """Every row of a statement."""
        try:
            return await self.connection.fetch(sql, *args)
        except DRIVER as error:
            raise database.translated(error, unknown=False) or error from error

    async def fetchrow(self, sql: str, *args: object) -> Record | None:
        """The first row of a statement."""
        try:
            return await self.connection.fetchrow(sql, *args)
        except DRIVER as error:
            raise database.translated(error, unknown=False) or error from error

    async def fetchval(self, sql: str, *args: object) -> Any:
        """The first value of the first row of a statement."""
        try:
            return await self.connection.fetchval(sql, *args)
        except DRIVER as error:
            raise database.translated(error, unknown=False) or error from error

    async def execute(self, sql: str, *args: object) -> str:
        """Carry out a statement and give its command tag."""
        try:
            return await self.connection.execute(sql, *args)
        except DRIVER as error:
            raise database.translated(error, unknown=False) or error from error

    async def enqueue(
        self, name: str, payload: dict[str, object], *, run_at: datetime, dedupe_key: str | None = None
    ) -> bool:
        """Write a job that becomes visible with the COMMIT. False if one with this key is there already.

        The payload holds ids, never names, addresses or secrets: it is kept, listed and shown to operators.
        """
        body = orjson.dumps(payload).decode()
        tag = await self.execute(ENQUEUE, uuid7(), name, body, dedupe_key, run_at)
        return tag == "INSERT 0 1"

    async def enqueue_all(self, name: str, jobs: Sequence[Later], *, now: datetime) -> int:
        """Write many jobs of a name by one statement; say how many were not there yet."""
        bodies = [orjson.dumps(job.payload).decode() for job in jobs]
        keys, moments = [job.dedupe_key for job in jobs], [job.run_at for job in jobs]
        tag = await self.execute(ENQUEUE_ALL, [uuid7() for _ in jobs], name, bodies, keys, moments, now)
        return int(tag.rpartition(" ")[2])

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Run a short synchronous callback once the COMMIT has succeeded; never after a rollback."""
        self._callbacks.append(callback)

    def tell(self) -> None:
        """Run the callbacks. What they say is only a hint, so one that fails is logged and spoils nothing."""
        for callback in self._callbacks:
            try:
                callback()
            except Exception:
                log.exception("after-commit callback failed")


@asynccontextmanager
async def work(
    *, isolation: Isolation = "read_committed", readonly: bool = False, seconds: float = WORK_SECONDS
) -> AsyncIterator[Work]:
    """Open the one transaction of a use case. All of it is kept, or none.

    A cancelled task gives its connection back, waiting has an end, and errors of statements and of the COMMIT come out
    as the same `Violation`, `Contention` or `Unreachable`. Units do not nest, and no task is started inside one.
    """
    if database.in_work():
        msg = "a unit of work is open already: pass it down instead of opening another"
        raise RuntimeError(msg)
    unit: Work | None = None
    try:
        async with asyncio.timeout(seconds), database.lease() as connection:
            async with connection.transaction(isolation=isolation, readonly=readonly), joined(connection):
                unit = Work(connection)
                yield unit
                unit.committing = True
    except DRIVER as error:
        raise database.translated(error, unknown=unit is not None and unit.committing) or error from error
    unit.tell()


@asynccontextmanager
async def joined(connection: Connection) -> AsyncIterator[None]:
    """Send tortoise's models and `models.database` of this task through the connection of the unit."""
    client = database.opened().client
    wrapper = TransactionWrapper(client)
    # tortoise has no other way in than a private name; its version is pinned and a test stands guard
    wrapper._connection = cast("asyncpg.Connection[Record]", connection)  # noqa: SLF001
    connections = database.opened().context.connections
    token = connections.set("default", wrapper)
    try:
        async with database.standing_in(connection):
            yield
    finally:
        connections.reset(token)


async def again(unit: Callable[[], Awaitable[T]], *, tries: int = TRIES) -> T:
    """Run a whole unit, and run it anew when others were in the way: at most `tries` times, 10-100 ms apart.

    What has waited for as long as it may is not run anew: its caller was promised an answer by now.
    """
    for attempt in range(1, tries + 1):
        try:
            return await unit()
        except Overdue:
            raise
        except Contention:
            if attempt == tries:
                raise
            await asyncio.sleep(random.uniform(0.01, 0.1))  # noqa: S311 - jitter, not a secret
    raise AssertionError
