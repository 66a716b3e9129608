"""The one pool of connections, the faults a database can answer with, and the statements kept as files."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException

from loyalty.refusals import Code, Refusal

Record: TypeAlias = asyncpg.Record
Connection: TypeAlias = "PoolConnectionProxy[Record]"

CONNECT_SECONDS: Final = 2.0
COMMAND_SECONDS: Final = 3.5
RELEASE_SECONDS: Final = 2.0
SWEPT_AT_ONCE: Final = 1_000
SESSION: Final = {
    "application_name": "kunak",
    "statement_timeout": "3000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "10000",
    "timezone": "UTC",
    "jit": "off",
}
APART: Final = ("host", "port", "user", "password", "database", "server_settings", "ssl")
SQL: Final = Path(__file__).parent / "sql"


class Violation(Exception):
    """A constraint said no. `constraint` is its name, whether a statement broke it or the COMMIT did."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class Contention(Refusal):
    """Others were in the way (a lock, a deadlock, a serialization): nothing was kept, the whole unit may be repeated."""

    def __init__(self) -> None:
        super().__init__(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)


class Overdue(Contention):
    """A lock or a statement took all the time it may take: whoever repeats it at once only waits as long again."""


class Unreachable(Refusal):
    """The database did not answer. If `unknown`, what was sent may have been carried out: read it back by its key."""

    def __init__(self, *, unknown: bool) -> None:
        super().__init__(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
        self.unknown = unknown


CONTENDED: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    # A migration changed what a prepared statement gives; the driver prepares it anew, but cannot within a transaction.
    asyncpg.InvalidCachedStatementError,
)
OVERDUE: Final = (
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
)


# What the driver raises. An internal error is what it says when a server that ends a session speaks out of turn.
DRIVER: Final = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def translated(error: BaseException, *, unknown: bool) -> Exception | None:
    """The fault or refusal an error of the driver means, or None where it is a mistake of ours and must stay visible."""
    if isinstance(error, BaseORMException) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return Violation(error.constraint_name or error.column_name or error.sqlstate or "unnamed")
    if isinstance(error, OVERDUE):
        return Overdue()
    if isinstance(error, CONTENDED):
        return Contention()
    if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
        # The server has become a standby, or never was anything else: it is not the one we write to.
        return Unreachable(unknown=False)
    if isinstance(error, (*LOST, asyncpg.InternalClientError)):
        return Unreachable(unknown=unknown)
    if isinstance(error, asyncpg.InterfaceError) and "closed" in str(error):
        return Unreachable(unknown=unknown)
    return None


def tortoise(url: str, *, connections: int = 12, session: dict[str, str] | None = None) -> dict[str, Any]:
    """The configuration tortoise is started with, by the application and by its migrations alike.

    `reset` does nothing, which saves one round trip at every release. It is safe as long as nobody uses a session-wide
    SET, a session-wide advisory lock or LISTEN on a connection of the pool.
    """
    expanded = expand_db_url(url.replace("postgresql://", "asyncpg://", 1).replace("postgres://", "asyncpg://", 1))
    credentials = {
        **expanded["credentials"],
        "minsize": min(2, connections),
        "maxsize": connections,
        "timeout": CONNECT_SECONDS,
        "command_timeout": COMMAND_SECONDS,
        "server_settings": SESSION | (session or {}),
        "reset": leave_as_it_is,
    }
    return {
        "connections": {"default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}},
        "apps": {"models": {"models": ["models"], "default_connection": "default", "migrations": "migrations"}},
        "use_tz": True,
        "timezone": "UTC",
    }


async def leave_as_it_is(_connection: object) -> None:
    """Stand in for the reset query of a released connection."""


class Pool:
    """What `connect` opened: tortoise's state and the asyncpg pool under it."""

    def __init__(
        self, context: TortoiseContext, client: AsyncpgDBClient, credentials: dict[str, Any], acquire_seconds: float
    ) -> None:
        self.context = context
        self.client = client
        self.credentials = credentials
        self.acquire_seconds = acquire_seconds


_opened: Pool | None = None
_open_unit: "ContextVar[Connection | None]" = ContextVar("open_unit", default=None)


async def connect(url: str, *, connections: int = 12, acquire_seconds: float = 1.0) -> None:
    """Open the pool of this process. Raises `Unreachable` when the server is not there."""
    global _opened
    if _opened is not None:
        msg = "the database is connected already"
        raise RuntimeError(msg)
    logging.getLogger("asyncio").addFilter(not_about_resets)
    context = TortoiseContext()
    config = tortoise(url, connections=connections)
    with context:
        await context.init(config, _enable_global_fallback=True)
    client = cast("AsyncpgDBClient", context.db())
    try:
        await client.create_connection(with_db=True)
    except Exception as error:
        await context.close_connections()
        told = translated(error, unknown=False)
        if told is None:
            raise  # with its own cause, which says what was wrong
        raise told from error
    _opened = Pool(context, client, config["connections"]["default"]["credentials"], acquire_seconds)


def not_about_resets(record: logging.LogRecord) -> bool:
    """Drop one line of asyncpg: a task cancelled during BEGIN gives its connection back, as it should."""
    return "Resetting connection with an active transaction" not in record.getMessage()


async def close() -> None:
    """Close the pool, waiting for what runs."""
    global _opened
    if _opened is not None:
        opened, _opened = _opened, None
        await opened.context.close_connections()


def connected() -> bool:
    """Whether this process has a pool."""
    return _opened is not None


def opened() -> Pool:
    """The pool, or a plain word that nobody opened it."""
    if _opened is None:
        msg = "the database is not connected: call models.database.connect first"
        raise RuntimeError(msg)
    return _opened


@asynccontextmanager
async def lease() -> AsyncIterator[Connection]:
    """Lend one connection, never waiting long for it and never losing it, however the borrower ends."""
    pool = opened().client._pool  # noqa: SLF001 - there is one pool, and tortoise keeps it there
    if pool is None:
        raise Unreachable(unknown=False)
    try:
        connection = await pool.acquire(timeout=opened().acquire_seconds)
    except DRIVER as error:
        # Whatever keeps a running process from a connection, nothing was sent yet: `connect` tells mistakes of ours.
        raise Unreachable(unknown=False) from error
    try:
        yield connection
    finally:
        # A release that fails has ended the connection, and the pool makes a new one. The pool shields it against a
        # cancellation by itself.
        with suppress(*DRIVER):
            await pool.release(connection, timeout=RELEASE_SECONDS)


async def connection_apart() -> "asyncpg.Connection[Record]":
    """A connection outside the pool, for what lasts as long as the process: LISTEN, and the NOTIFY that answers it."""
    known: dict[str, Any] = {name: opened().credentials.get(name) for name in APART}
    try:
        return await asyncpg.connect(**known, timeout=CONNECT_SECONDS)
    except (OSError, asyncpg.PostgresError) as error:
        raise translated(error, unknown=False) or error from error


@asynccontextmanager
async def speaking() -> AsyncIterator[Connection]:
    """The connection of the open unit of work, else one from the pool; errors come out translated."""
    try:
        inner = _open_unit.get()
        if inner is not None:
            yield inner
        else:
            async with lease() as connection:
                yield connection
    except DRIVER as error:
        raise translated(error, unknown=True) or error from error


async def fetch(sql: str, *args: object) -> list[Record]:
    """Every row of one statement, committed by itself unless a unit of work is open."""
    async with speaking() as connection:
        return await connection.fetch(sql, *args)


async def fetchrow(sql: str, *args: object) -> Record | None:
    """The first row of one statement."""
    async with speaking() as connection:
        return await connection.fetchrow(sql, *args)


async def fetchval(sql: str, *args: object) -> Any:
    """The first value of the first row of one statement."""
    async with speaking() as connection:
        return await connection.fetchval(sql, *args)


async def execute(sql: str, *args: object) -> str:
    """Carry out one statement and give its command tag, such as `UPDATE 1`."""
    async with speaking() as connection:
        return await connection.execute(sql, *args)


async def sweep(sql: str, *args: object) -> int:
    """Carry out a DELETE that takes its LIMIT as the last argument until it finds no more; say how many rows went.

    One statement for all of them would be cut off by the time it may take, and find more at every next try.
    """
    swept, count = 0, SWEPT_AT_ONCE
    while count == SWEPT_AT_ONCE:
        count = int((await execute(sql, *args, SWEPT_AT_ONCE)).rpartition(" ")[2])
        swept += count
    return swept


def in_work() -> bool:
    """Whether a unit of work is open in this task."""
    return _open_unit.get() is not None


@asynccontextmanager
async def standing_in(connection: Connection) -> AsyncIterator[None]:
    """Make `connection` the one that every statement of this task goes to, here and through tortoise's models."""
    token = _open_unit.set(connection)
    try:
        yield
    finally:
        _open_unit.reset(token)


@cache
def statement(name: str) -> str:
    """The text of `models/sql/<name>.sql`, read once."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
