"""A database that goes away, or stands still, costs a clear answer in time; when it is back, so are we."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from api import watching
from api.opening import make_database
from api.postgres import Postgres
from loyalty.refusals import Code
from models import database
from services.work import Unreachable, work
from tests.makers.patience import PATIENCE_SECONDS
from tests.makers.processes import descendants, free_port, is_running

pytestmark = pytest.mark.torture

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def server() -> AsyncIterator[Postgres]:
    """A server of this test alone, with the application's pool on it."""
    await database.close()
    home = Path(tempfile.mkdtemp(prefix="kunak-away-"))
    postgres = Postgres(home)
    postgres.start()
    await make_database(postgres)
    await database.connect(postgres.url(), connections=4)
    await database.execute("CREATE TABLE kept (a int)")
    yield postgres
    await database.close()
    postgres.stop()
    shutil.rmtree(home)


async def refused_within(seconds: float) -> Unreachable:
    started = time.monotonic()
    with pytest.raises(Unreachable) as refused:
        await database.fetchval("SELECT 1")
    assert time.monotonic() - started < seconds
    return refused.value


async def test_a_stopped_database_is_said_at_once_and_found_again(server: Postgres) -> None:
    server.stop()
    await refused_within(5.0)
    refusal = await refused_within(5.0)
    assert (refusal.code, refusal.retryable, refusal.retry_after_seconds) == (Code.BUSY, True, 1)
    with pytest.raises(Unreachable):
        async with work():
            raise AssertionError("there is nothing to work on")
    server.start()
    started = time.monotonic()
    async with work() as tx:
        await tx.execute("INSERT INTO kept VALUES (1)")
    assert time.monotonic() - started < 5
    assert await database.fetchval("SELECT count(*) FROM kept") == 1


async def test_a_killed_database_keeps_what_it_confirmed(server: Postgres) -> None:
    confirmed = 0

    async def insert(number: int) -> None:
        nonlocal confirmed
        async with work() as tx:
            await tx.execute("INSERT INTO kept VALUES ($1)", number)
        confirmed += 1

    tasks = [asyncio.create_task(insert(number)) for number in range(300)]
    while confirmed < 50:
        await asyncio.sleep(0.001)
    server.stop(signal.SIGQUIT)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    failed = [one for one in results if one is not None]
    assert failed
    assert all(isinstance(one, Unreachable) for one in failed)
    server.start()
    kept = await database.fetchval("SELECT count(DISTINCT a) FROM kept")
    unknown = sum(isinstance(one, Unreachable) and one.unknown for one in failed)
    assert confirmed <= kept <= confirmed + unknown


@dataclass
class House:
    """`kunak serve` on a private server."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes]"

    def database(self) -> int:
        """The process number of its PostgreSQL."""
        return int((self.home / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[0])

    def is_ready(self) -> str:
        """What /ready says."""
        assert self.process.poll() is None, (self.home / "log").read_text()
        try:
            return httpx2.get(f"http://127.0.0.1:{self.port}/ready").text.strip()
        except httpx2.TransportError:
            return "nobody answers"

    def until(self, said: str, *, seconds: float = 60.0) -> None:
        """Return when /ready says so."""
        end = time.monotonic() + seconds
        while (heard := self.is_ready()) != said:
            assert time.monotonic() < end, f"{heard}\n{(self.home / 'log').read_text()}"
            time.sleep(0.05)


@pytest.fixture
def house() -> Iterator[House]:
    home, port = Path(tempfile.mkdtemp(prefix="kunak-house-")), free_port()
    blank = {name: value for name, value in os.environ.items() if not name.startswith("KUNAK_")}
    environment = blank | {"KUNAK_HOME": str(home), "PORT": str(port), "SMTP_URL": "smtp://127.0.0.1:9"}
    environment |= {"KUNAK_SMTP_PLAIN": "yes", "KUNAK_BASE_URL": f"http://127.0.0.1:{port}"}
    environment.pop("DATABASE_URL", None)
    with (home / "log").open("wb") as log:
        command = [sys.executable, "-m", "api.cli", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    yield House(home, port, process)
    process.terminate()
    process.wait(60)
    shutil.rmtree(home)


def test_a_private_server_that_is_killed_is_started_anew_and_the_house_goes_on(house: House) -> None:
    """Security 5: recovery without a restart of ours; what a command writes through the new one, the old house reads."""
    nothing_yet = "no programme has been applied"
    house.until(nothing_yet, seconds=120)
    for _ in range(2):
        before = house.database()
        os.kill(before, signal.SIGKILL)
        house.until("the database does not answer")
        house.until(nothing_yet)
        assert house.database() != before
    apply = [sys.executable, "-m", "api.cli", "programme", "apply", "programmes/znak-kachestva.yaml"]
    environment = os.environ | {"KUNAK_HOME": str(house.home)}
    assert subprocess.run(apply, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0
    house.until("ready")
    told = (house.home / "log").read_text()
    assert told.count("the private PostgreSQL died and is started anew") == 2
    assert told.count("the private PostgreSQL answers again") >= 1
    last = house.database()
    house.process.terminate()
    house.process.wait(60)
    assert not is_running(last)


async def test_a_private_server_that_cannot_start_is_given_up(
    server: Postgres, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that was taken away does not keep the house busy for ever."""
    monkeypatch.setattr(watching, "FIRST_PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(watching, "LONGEST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)
    with watching.watched(server):
        await database.close()
        assert server._child is not None
        server.data.rename(server.home / "elsewhere")
        os.kill(server._child.pid, signal.SIGKILL)
        async with asyncio.timeout(4 * PATIENCE_SECONDS):
            while "stays down" not in caplog.text:
                await asyncio.sleep(0.05)
    assert caplog.text.count("is started anew") == watching.STARTS_MAX
    assert caplog.text.count("did not start") == watching.STARTS_MAX


async def test_a_frozen_database_holds_nobody_for_long(server: Postgres) -> None:
    assert server._child is not None
    # Every session has a process of its own, and none of them is in the group of the server.
    processes = descendants(server._child.pid)
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        refusal = await refused_within(12.0)
        assert refusal.unknown
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await database.fetchval("SELECT 1") == 1
