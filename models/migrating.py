"""Bringing a database to the newest schema, one migrator at a time."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final, cast

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.context import TortoiseContext

from models import functions
from models.database import Record, tortoise, translated
from models.projecting import Migrator

LOCK: Final = 0x6B756E616B  # "kunak": any number, as long as every migrator takes the same
# For `make migrations`, which compares the models with the migrations and asks no database.
TORTOISE: Final = tortoise("asyncpg://kunak@/kunak")
LOCK_SECONDS: Final = 600
PATIENT: Final = {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}


async def migrate(url: str, *, tell: Callable[[str], None] = lambda _name: None) -> list[str]:
    """Apply what is missing, then the functions whose text has changed, and give the names applied.

    Rivals wait for each other and then find nothing to do.
    tortoise records a migration outside the transaction that applied it and has no lock of its own, so the lock is
    held round all of it.
    """
    applied: list[str] = []

    def note(event: str, _app: str, name: str) -> None:
        if event == "apply_start":
            tell(name)
        elif event == "apply_done":
            applied.append(name)

    async with executing(url) as (executor, pool), pool.acquire() as connection:
        await connection.execute("SET lock_timeout = 0")
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK, timeout=LOCK_SECONDS)
        await executor.migrate(direction="forward", progress=note)
        for name in await functions.refresh(connection):
            tell(name)
            applied.append(name)
    return applied


async def pending(url: str) -> list[str]:
    """The names of migrations and functions that the database has not seen yet. Nothing is changed."""
    async with executing(url) as (executor, pool):
        if await pool.fetchval("SELECT to_regclass('tortoise_migrations') IS NULL"):
            await executor.loader.build_graph()
            return [*sorted(key.name for key in executor.loader.graph.nodes), *functions.texts()]
        return [step.migration.name for step in await executor.plan()] + await functions.stale(pool)


@asynccontextmanager
async def executing(url: str) -> "AsyncIterator[tuple[Migrator, asyncpg.Pool[Record]]]":
    """Tortoise's executor on connections of its own, which are patient."""
    config = tortoise(url, connections=3, session=PATIENT)
    context = TortoiseContext()
    with context:
        await context.init(config)
        client = cast("AsyncpgDBClient", context.db())
        try:
            await client.create_connection(with_db=True)
            pool = cast("asyncpg.Pool[Record]", client._pool)  # noqa: SLF001 - tortoise keeps it there
            yield Migrator(client, config["apps"]), pool
        except (OSError, asyncpg.PostgresError) as error:
            raise translated(error, unknown=False) or error from error
        finally:
            await context.close_connections()
