"""Opening the house for a command: the private server where there is no other, the newest schema, the key file."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, TypeVar

import asyncpg
import uvloop

from api.postgres import USER, Postgres, Taken
from api.sandbox.opening import enter, look
from api.settings import Settings
from api.watching import watched
from api.wiring import Unready, make_key_file
from models.migrating import migrate, pending

T = TypeVar("T")
Tell = Callable[[str], None]
MAKE: Final = f"CREATE DATABASE {USER}"


def silent(_line: str) -> None:
    """Say nothing."""


def run(main: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine on the event loop of the house."""

    async def inside() -> T:
        return await main()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(inside())


@contextmanager
def opened_house(settings: Settings, *, may_join: bool = True, tell: Tell = silent) -> Iterator[Settings]:
    """Settings with a `database_url` that answers and has the newest schema: the house's, or its sandbox's if they say so."""
    real = replace(settings, sandbox=False)
    with real_house(real, may_join=may_join or settings.sandbox, tell=tell) as ready:
        if settings.sandbox:
            yield run(lambda: enter(ready, tell))
            return
        if run(lambda: look(ready)) is not None:
            raise Unready("the database is a sandbox: name the one it belongs to, and set KUNAK_SANDBOX=yes")
        yield ready


@contextmanager
def real_house(settings: Settings, *, may_join: bool = True, tell: Tell = silent) -> Iterator[Settings]:
    """The settings of the house itself, its database up.

    With DATABASE_URL its schema must be there already (`kunak migrate`). Without it the private server is started for
    as long as the block runs; a command that `may_join` uses the one that another process has running.
    """
    if settings.database_url is not None:
        missing = run(lambda: pending(str(settings.database_url)))
        if missing:
            raise Unready(f"the database lacks {', '.join(missing)}: run `kunak migrate` first")
        yield settings
        return
    with private_server(settings, may_join=may_join, tell=tell) as url:
        if make_key_file(settings):
            tell(f"made the key file {settings.key_file}: keep a copy apart from the database's")
        run(lambda: migrate(url, tell=lambda name: tell(f"migration {name}")))
        yield replace(settings, database_url=url)


@contextmanager
def private_server(settings: Settings, *, may_join: bool, tell: Tell = silent) -> Iterator[str]:
    """The address of the private server's database."""
    server = Postgres(settings.home / "postgres")
    try:
        server.start()
    except Taken:
        if not (may_join and server.is_served()):
            raise
        yield server.url()
        return
    try:
        tell(f"PostgreSQL {server.binaries.major} answers in {server.socket_folder}")
        run(lambda: make_database(server))
        with watched(server):
            yield server.url()
    finally:
        server.stop()


async def make_database(server: Postgres) -> None:
    """Make the database of a new server."""
    connection: asyncpg.Connection[Any] = await asyncpg.connect(
        host=str(server.socket_folder), user=USER, database="postgres"
    )
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", USER):
            await connection.execute(MAKE)
    finally:
        await connection.close()
