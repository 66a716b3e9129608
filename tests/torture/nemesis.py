"""Who kills: servers and single sessions of PostgreSQL, each frozen first, so that what it was doing is seen and not guessed."""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import asyncpg

from tests.torture.clients import Board
from tests.torture.ground import Ground, Server

LOOK_SECONDS: Final = 1.0
SEARCH_SECONDS: Final = 0.5
RECOVERY_SECONDS_MAX: Final = 120.0
SESSIONS: Final = """
SELECT pid, usename AS role, xact_start IS NOT NULL AS is_open, backend_xid IS NOT NULL AS has_written
FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename LIKE 'kunak\\_%' ORDER BY pid
"""
HELD: Final = "SELECT count(*) FROM points_hold WHERE status = 'ACTIVE'"
FAULTS: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass
class Kills:
    """What was killed, and what it was doing at that moment as the database told it."""

    servers: int = 0
    sessions: int = 0
    inside: int = 0  # a transaction was open
    written: int = 0  # … and had written already
    held: int = 0  # points were put aside and not yet paid with
    unseen: int = 0  # the database could not be asked while the victim stood still
    recoveries: list[float] = field(default_factory=list)

    @property
    def made(self) -> int:
        """All of them."""
        return self.servers + self.sessions

    @property
    def recovery_seconds(self) -> tuple[float, float]:
        """(median, longest) from a kill to the next answered command."""
        return (statistics.median(self.recoveries), max(self.recoveries)) if self.recoveries else (0.0, 0.0)


@dataclass
class Nemesis:
    """Kills until there were enough or the time is up."""

    ground: Ground
    board: Board
    chance: Random
    kills: Kills = field(default_factory=Kills)
    starting: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, wanted: int, *, until: float, tell: Callable[[Kills], None]) -> None:
        """Make `wanted` kills, each after the house has answered a command since the last one."""
        looking = await self.ground.connection()
        try:
            while self.kills.made < wanted and time.monotonic() < until:
                await asyncio.sleep(self.chance.uniform(0, 0.4))
                await self._worked(self.chance.randint(1, 8))
                looking = await self._alive(looking)
                server = await self._ready()
                if self.chance.random() < 1 / 2:
                    await self._kill_server(looking, server)
                elif not await self._kill_session(looking):
                    continue
                await self._recovered(time.monotonic())
                tell(self.kills)
            await asyncio.gather(*self.starting)
        finally:
            looking.terminate()

    async def _kill_server(self, looking: "asyncpg.Connection[Any]", server: Server) -> None:
        process = server.process
        assert process is not None
        await self._search(looking, server.role)
        process.send_signal(signal.SIGSTOP)
        seen = await self._look(looking, lambda row: row["role"] == server.role)
        process.send_signal(signal.SIGKILL)
        server.ready = False
        process.wait(60)
        self.kills.servers += 1
        self._count(seen)
        self.ground.start(server)
        task = asyncio.create_task(self.ground.until_ready(server))
        self.starting.add(task)
        task.add_done_callback(self.starting.discard)

    async def _kill_session(self, looking: "asyncpg.Connection[Any]") -> bool:
        found = await self._search(looking, None)
        if found is None:
            return False
        pid: int = found["pid"]
        if not self._is_ours(pid):
            return False
        os.kill(pid, signal.SIGSTOP)
        seen = await self._look(looking, lambda row: row["pid"] == pid)
        os.kill(pid, signal.SIGKILL)
        self.kills.sessions += 1
        self._count(seen)
        return True

    async def _search(self, looking: "asyncpg.Connection[Any]", role: str | None) -> Any:
        """A session that has a transaction open; any other when none is seen for a while."""
        end, found = time.monotonic() + SEARCH_SECONDS, None
        while time.monotonic() < end:
            try:
                rows = await looking.fetch(SESSIONS)
            except FAULTS:
                return found
            mine = [row for row in rows if role in {None, row["role"]}]
            found = self.chance.choice(mine) if mine else None
            # One in the middle of writing first: a session that only reads is a poor victim.
            best = [row for row in mine if row["has_written"]] or [row for row in mine if row["is_open"]]
            if best:
                return self.chance.choice(best)
            await asyncio.sleep(0.001)
        return found

    async def _look(self, looking: "asyncpg.Connection[Any]", is_victim: Callable[[Any], bool]) -> list[Any] | None:
        """The victim's sessions while it stands still, and how many reservations stand; None if nobody answers."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                rows = [row for row in await looking.fetch(SESSIONS) if is_victim(row)]
                self.kills.held += bool(await looking.fetchval(HELD))
        except FAULTS:
            return None
        return rows

    def _count(self, seen: list[Any] | None) -> None:
        self.kills.unseen += seen is None
        self.kills.inside += any(row["is_open"] for row in seen or ())
        self.kills.written += any(row["has_written"] for row in seen or ())

    async def _recovered(self, since: float) -> None:
        """Return when a command was answered again."""
        while self.board.last_answer <= since:
            if time.monotonic() > since + RECOVERY_SECONDS_MAX:
                states = {server.role: server.ready for server in self.ground.servers}
                words = [self.ground.last_words(server)[-600:] for server in self.ground.servers]
                raise AssertionError(
                    f"nothing was answered for {RECOVERY_SECONDS_MAX:.0f} s after a kill: {states} {words}"
                )
            for task in [task for task in self.starting if task.done()]:
                task.result()
            await asyncio.sleep(0.01)
        self.kills.recoveries.append(self.board.last_answer - since)

    async def _worked(self, answers: int) -> None:
        """Return when so many more answers have come."""
        wanted = self.board.answers + answers
        while self.board.answers < wanted:
            await asyncio.sleep(0.005)

    async def _ready(self) -> Server:
        while not (ready := [server for server in self.ground.servers if server.ready]):
            await asyncio.sleep(0.02)
        return self.chance.choice(ready)

    async def _alive(self, looking: "asyncpg.Connection[Any]") -> "asyncpg.Connection[Any]":
        """Our own session, or a new one: PostgreSQL ends all of them when one is killed."""
        try:
            await looking.fetchval("SELECT 1")
        except FAULTS:
            looking.terminate()
            return await self.ground.connection()
        return looking

    def _is_ours(self, pid: int) -> bool:
        """Whether a process is a child of the PostgreSQL that this run has started."""
        postmaster = (self.ground.postgres.data / "postmaster.pid").read_text().split()[0]
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1] == postmaster
        except OSError:
            return False
