"""What is measured: a PostgreSQL of this run alone, filled, with the server, its rival by hand, and a second database."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

from api.clock import now
from api.opening import make_database
from api.postgres import USER, Postgres
from api.settings import Settings
from api.wiring import make_key_file, read_keyring
from bench.children import ROOT, Child, family_cpu_seconds, running
from bench.people import Counter, Guest, make_counters, make_guests, write_year
from loyalty.programme import Programme
from models import database
from models.migrating import migrate
from services import programmes

RIVAL: Final = "rival"
PROGRAMME: Final = ROOT / "programmes" / "znak-kachestva.yaml"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured."""

    guests: int = 240
    receipts: int = 25
    rounds: int = 5
    seconds: float = 2.0
    posts: int = 1920
    scans: int = 600
    sign_ins: int = 96
    long_quotes: int = 120
    connections: int = 16


QUICK: Final = Scale(
    guests=16, receipts=3, rounds=1, seconds=0.3, posts=64, scans=48, sign_ins=8, long_quotes=10, connections=16
)


@dataclass(frozen=True, slots=True)
class House:
    """Everything a figure needs to know."""

    scale: Scale
    postgres: Postgres
    programme: Programme
    guests: list[Guest]
    counters: list[Counter]
    server: Child
    by_hand: Child

    def database_cpu_seconds(self) -> float:
        """Seconds of processor time that PostgreSQL has used with all its processes."""
        return family_cpu_seconds(int((self.postgres.data / "postmaster.pid").read_text().split()[0]))

    def rival(self) -> "RivalDatabase":
        """The second database, with the same people in it."""
        return RivalDatabase(str(self.postgres.socket_folder), self.postgres.binaries.folder)


@dataclass(frozen=True, slots=True)
class RivalDatabase:
    """A clone of the filled database, for measuring what PostgreSQL does alone."""

    socket: str
    programs: Path

    @asynccontextmanager
    async def connection(self) -> "AsyncIterator[asyncpg.Connection[Any]]":
        """A connection to it."""
        connection: asyncpg.Connection[Any] = await asyncpg.connect(host=self.socket, user=USER, database=RIVAL)
        try:
            yield connection
        finally:
            await connection.close()


@contextmanager
def private_postgres() -> Iterator[Postgres]:
    """A server in a temporary folder, as careful with its disk as a real one; folder and server go with the block."""
    home = Path(tempfile.mkdtemp(prefix="kunak-bench-"))
    try:
        postgres = Postgres(home / "postgres")
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def opened(postgres: Postgres, scale: Scale, tell: Tell) -> AsyncIterator[House]:
    """The house on this server: filled, cloned and served."""
    home = postgres.home.parent
    settings = Settings(home=home, database_url=postgres.url())
    make_key_file(settings)
    await make_database(postgres)
    await migrate(postgres.url())
    await database.connect(postgres.url())
    try:
        applied = await programmes.apply(PROGRAMME, now())
        assert applied.version is not None, applied.checked  # noqa: S101 - it is ours, and checked by the tests
        programme = await programmes.current(now())
        counters, guests = await _fill(programme, settings, scale, tell)
        await database.close()
        await _clone(postgres)
        await database.connect(postgres.url(), connections=4)
        variables = {"DATABASE_URL": postgres.url(), "KUNAK_HOME": str(home), "KUNAK_LOG": "warning"}
        exempt = {"KUNAK_LOOPBACK_EXEMPT": "yes"}
        async with (
            running("bench.serving", home / "server.log", variables | exempt) as server,
            running("bench.by_hand", home / "by_hand.log", variables) as by_hand,
        ):
            yield House(scale, postgres, programme, guests, counters, server, by_hand)
    finally:
        await database.close()


async def _fill(
    programme: Programme, settings: Settings, scale: Scale, tell: Tell
) -> tuple[list[Counter], list[Guest]]:
    moment = now()
    counters = await make_counters(programme, moment)
    keyring = read_keyring(settings)
    guests = await make_guests(
        scale.guests, counters, keyring, moment, tell=lambda done: tell(f"guests {done} of {scale.guests}")
    )
    await write_year(
        programme,
        guests,
        counters,
        receipts=scale.receipts,
        now=moment,
        tell=lambda done: tell(f"receipts {done * scale.guests} of {scale.receipts * scale.guests}"),
    )
    return counters, guests


async def _clone(postgres: Postgres) -> None:
    for database_name in (USER, "postgres"):
        connection: asyncpg.Connection[Any] = await asyncpg.connect(
            host=str(postgres.socket_folder), user=USER, database=database_name
        )
        try:
            if database_name == USER:
                await connection.execute("VACUUM ANALYZE")
            else:
                await connection.execute(f"CREATE DATABASE {RIVAL} TEMPLATE {USER}")
        finally:
            await connection.close()
        await asyncio.sleep(0.1)  # the server notices a moment later that a session has ended
