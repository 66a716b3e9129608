"""A database that goes away, or stands still, costs a clear answer in time; when it is back, so are we."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.opening import make_database
from api.postgres import Postgres
from loyalty.refusals import Code
from models import database
from services.work import Unreachable, work
from tests.makers.processes import descendants

pytestmark = pytest.mark.torture


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
    async with asyncio.timeout(10):
        assert await database.fetchval("SELECT 1") == 1
