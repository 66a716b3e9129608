"""A PostgreSQL of one run alone with several real servers on it, the members and tills they serve, and looks inside."""

import asyncio
import base64
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx2

from api.clock import now
from api.opening import make_database
from api.postgres import USER, Postgres
from models import database
from models.migrating import migrate
from tests.makers.credentials import make_token
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.points import apply_points, grant
from tests.makers.processes import free_port
from tests.makers.purchases import make_ticket
from tests.makers.resources import make_resources
from tests.torture.warm import Born, Warm, warmed

ROOT: Final = Path(__file__).parents[2]
READY_SECONDS: Final = 240.0
STARTS_MAX: Final = 20
GRANTED: Final = 20_000
ASK_ABOVE: Final = 120
# Points are put aside for one minute, and the guest is asked about large spendings.
CHANGES: Final = (
    ("  hold_minutes: 10\n", f"  hold_minutes: 1\n  confirm: {{above: {ASK_ABOVE}}}\n"),
    ("earns: {guest: 10, friend: 20}", "earns: 10"),
)
Options = dict[str, str]


@dataclass(frozen=True, slots=True)
class Till:
    """A till with its key and where it stands."""

    id: str
    key: str
    partner: str


@dataclass(frozen=True, slots=True)
class Guest:
    """A member with a phone that draws codes and a token to answer questions with."""

    member: MadeMember
    phone: Phone
    token: str


@dataclass
class Cast:
    """Who takes part, and the tickets of the first ten minutes by (till, member)."""

    tills: list[Till] = field(default_factory=list)
    guests: list[Guest] = field(default_factory=list)
    tickets: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass
class Server:
    """A `kunak serve` of ours. Its role in the database tells its sessions from those of the others."""

    role: str
    port: int
    process: Born | None = None
    ready: bool = False
    starts: int = 0  # in a row that came to nothing

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@dataclass
class Ground:
    """The whole installation of a run."""

    home: Path
    postgres: Postgres
    servers: list[Server]
    cast: Cast
    warm: Warm

    def url(self, role: str = USER) -> str:
        """The address of the database for a role."""
        return self.postgres.url().replace(f"{USER}@", f"{role}@", 1)

    def environment(self, role: str = USER) -> dict[str, str]:
        """What a command of the installation is told; nothing of ours that is set for other reasons."""
        blank = {name: value for name, value in os.environ.items() if not name.startswith("KUNAK_")}
        return blank | {
            "DATABASE_URL": self.url(role),
            "KUNAK_HOME": str(self.home),
            "KUNAK_KEYS": str(self.home / "keys"),
            "KUNAK_LOG": "warning",
            "SMTP_URL": "smtp://127.0.0.1:9",
            "KUNAK_SMTP_PLAIN": "yes",
            "KUNAK_LOOPBACK_EXEMPT": "yes",
            "KUNAK_TICKETS_PER_MEMBER_HOUR": "100000",
        }

    def start(self, server: Server) -> None:
        """Start a server; `until_ready` waits for it."""
        environment = self.environment(server.role) | {"PORT": str(server.port)}
        server.process = self.warm.serve(environment, self.home / f"{server.role}.log")

    async def until_ready(self, server: Server) -> None:
        """Return when it answers /ready with yes."""
        async with httpx2.AsyncClient(timeout=5, verify=False) as client, asyncio.timeout(READY_SECONDS):
            while True:
                assert server.process is not None
                if server.process.poll():
                    # It found the database in recovery and gave up; whoever runs it starts it again.
                    server.starts += 1
                    assert server.starts < STARTS_MAX, self.last_words(server)
                    await asyncio.sleep(0.2)
                    self.start(server)
                try:
                    if (await client.get(f"{server.url}/ready")).status_code == httpx2.codes.OK:
                        break
                except httpx2.HTTPError:
                    pass
                await asyncio.sleep(0.05)
        server.ready, server.starts = True, 0

    def last_words(self, server: Server) -> str:
        """The end of its log."""
        return (self.home / f"{server.role}.log").read_text(errors="replace")[-2000:]

    def end(self) -> None:
        """End the servers as an operator does."""
        for server in self.servers:
            if server.process is not None:
                server.process.send_signal(signal.SIGTERM)
        for server in self.servers:
            if server.process is not None:
                server.process.wait(60)
                server.process = None

    async def connection(self) -> "asyncpg.Connection[Any]":
        """A session of our own, once the database takes one."""
        async with asyncio.timeout(READY_SECONDS):
            while True:
                try:
                    return await asyncpg.connect(
                        self.url().replace("asyncpg", "postgresql", 1),
                        timeout=2,
                        server_settings={"application_name": "nemesis", "statement_timeout": "1000"},
                    )
                except (OSError, TimeoutError, asyncpg.PostgresError):
                    await asyncio.sleep(0.02)

    async def books(self) -> tuple[int, str]:
        """(exit code, output) of `kunak books check`, as an operator runs it."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "api.cli", "books", "check"),
            cwd=ROOT,
            env=self.environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        told, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, told.decode()


@contextmanager
def private_postgres(options: Options) -> Iterator[tuple[Path, Postgres]]:
    """(a folder, a server in it), both gone after the block."""
    home = Path(tempfile.mkdtemp(prefix="kunak-torture-"))
    try:
        postgres = Postgres(home / "postgres", options=options)
        postgres.start()
        try:
            yield home, postgres
        finally:
            postgres.stop(signal.SIGQUIT)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def opened(home: Path, postgres: Postgres, *, servers: int, tills: int, guests: int) -> AsyncIterator[Ground]:
    """The installation, filled and served."""
    with warmed() as warm:
        made = [Server(f"kunak_{place}", free_port()) for place in range(servers)]
        ground = Ground(home, postgres, made, Cast(), warm)
        (home / "keys").write_text(f"1:{base64.b64encode(bytes([1]) * 32).decode()}\n")
        (home / "keys").chmod(0o600)
        await make_database(postgres)
        await migrate(postgres.url())
        connection = await ground.connection()
        for server in made:
            await connection.execute(f"CREATE ROLE {server.role} SUPERUSER LOGIN")
        await connection.close()
        await database.connect(postgres.url(), connections=3)
        await _fill(ground, tills, guests)
        await database.close()
        try:
            for server in made:
                ground.start(server)
            await asyncio.gather(*(ground.until_ready(server) for server in made))
            yield ground
        finally:
            ground.end()


async def _fill(ground: Ground, tills: int, guests: int) -> None:
    """Members with points, tills of two partners, and a ticket of each till for each member."""
    moment = now() - timedelta(seconds=60)
    await apply_points(ground.home, moment, *CHANGES)
    places = [("shop", "shop-one"), ("shop", "shop-two"), ("cafe", "cafe")]
    made = []
    for place in range(tills):
        partner, outlet = places[place % len(places)]
        till, key = await make_till(moment, partner=partner, outlet=outlet, channels=("TILL",))
        made.append(till)
        ground.cast.tills.append(Till(str(till.id), key, partner))
    for _ in range(guests):
        member = await make_member(moment)
        await grant(member.id, GRANTED, moment)
        phone = await make_phone(make_resources(), member.id, moment)
        ground.cast.guests.append(Guest(member, phone, await make_token(member, moment)))
        for till in made:
            ground.cast.tickets[str(till.id), str(member.id)] = await make_ticket(till, member, now())
