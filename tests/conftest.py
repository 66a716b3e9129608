"""A real PostgreSQL for every run: one server, one migrated template, one cloned database a worker."""

import asyncio
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from api.postgres import Postgres
from models import database
from models.migrating import migrate
from services import programmes
from services.resources import Resources
from tests.makers.resources import make_resources

TEMPLATE: Final = "template_kunak"
# Nothing of a test run has to survive a power cut.
CARELESS: Final = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "300",
    "log_min_messages": "fatal",
}
NUMBERS: Final = count(1)


@dataclass
class Server:
    """The server of this run, by the folder of its socket."""

    folder: str
    started: list[Postgres] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"asyncpg://kunak@/{name}?host={self.folder}"

    async def run(self, *statements: str) -> None:
        connection = await asyncpg.connect(host=self.folder, user="kunak", database="postgres")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def clone(self, name: str) -> str:
        await self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)


def start_server(config: pytest.Config) -> Server:
    home = Path(tempfile.mkdtemp(prefix="kunak-tests-"))
    postgres = Postgres(home, binaries=config.getoption("--postgres"), options=CARELESS)
    postgres.start()
    server = Server(str(postgres.socket_folder), [postgres])

    async def prepare() -> None:
        await server.run(f"CREATE DATABASE {TEMPLATE}")
        await migrate(server.url(TEMPLATE))

    try:
        asyncio.run(prepare())
    except BaseException:
        stop_server(server)
        raise
    return server


def stop_server(server: Server) -> None:
    for postgres in server.started:
        postgres.stop(signal.SIGQUIT)
        shutil.rmtree(postgres.home, ignore_errors=True)


SERVER: Final = pytest.StashKey[Server]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", type=Path, help="folder of the PostgreSQL programs to test with")
    parser.addoption("--write", action="store_true", help="write what is found as what is expected")


def pytest_configure(config: pytest.Config) -> None:
    """With several workers the server belongs to the process above them, which outlives them all."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        config.stash[SERVER] = start_server(config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["kunak_server"] = node.config.stash[SERVER].folder


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVER in config.stash:
        stop_server(config.stash[SERVER])


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    above = getattr(request.config, "workerinput", {}).get("kunak_server")
    if above:
        yield Server(above)
        return
    started = start_server(request.config)
    yield started
    stop_server(started)


@pytest.fixture(scope="session")
async def worker_database(server: Server, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    yield await server.clone(f"kunak_{worker}")
    await database.close()


@pytest.fixture
async def db(worker_database: str) -> AsyncIterator[None]:
    """The application's pool on this worker's database, which is empty again after the test."""
    if not database.connected():
        await database.connect(worker_database, acquire_seconds=5.0)
    yield
    await empty_all_tables()


async def empty_all_tables() -> None:
    """Delete is quicker than truncate on small tables. As a replica no trigger stands in the way."""
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        names = await connection.fetchval(
            "SELECT string_agg(format('DELETE FROM %I', tablename), ';') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'tortoise_migrations'"
        )
        await connection.execute(names)
    programmes.forget()


@pytest.fixture
async def fresh_database(server: Server) -> AsyncIterator[str]:
    """The address of a migrated database for one test alone; the application's pool is closed meanwhile."""
    await database.close()
    name = f"kunak_fresh_{next(NUMBERS)}_{id(server)}"
    yield await server.clone(name)
    await database.close()
    await server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def now() -> datetime:
    """One moment for tests whose answers do not depend on which."""
    return datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


@pytest.fixture
def resources() -> Resources:
    """The resources of a process; the bus does not run by itself."""
    return make_resources()
