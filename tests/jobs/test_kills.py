"""Workers that are killed in the middle of a job lose nothing, and a job that kills them is stopped."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models import database
from services import outbox
from services.work import work
from tests.makers.patience import PATIENCE_SECONDS

ROOT = Path(__file__).parents[2]
WORKER = """
import asyncio, os, signal, sys
from datetime import UTC, datetime, timedelta
from jobs.registry import JobKind, Tools, registry
from jobs.worker import Worker
from models import database
from tests.makers.mail import RememberingMailer
from tests.makers.resources import make_resources

async def slow(payload, tools, now):
    print("began", flush=True)
    await asyncio.sleep(float(payload["seconds"]))
    await database.execute("INSERT INTO limit_counter VALUES ($1, 1, now()) ON CONFLICT DO NOTHING", payload["mark"])

async def poison(payload, tools, now):
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    await database.connect(sys.argv[1], connections=4)
    lease = timedelta(seconds=1)
    kinds = [JobKind(name="test.slow", handle=slow, lease=lease), JobKind(name="test.poison", handle=poison, lease=lease)]
    tools = Tools(resources=make_resources(), mailer=RememberingMailer())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await Worker(registry(kinds), tools, lambda: datetime.now(UTC), poll_seconds=0.05).run(stop)
    await database.close()

asyncio.run(main())
"""


class Workers:
    def __init__(self, url: str) -> None:
        self.url = url
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> "subprocess.Popen[bytes]":
        worker = subprocess.Popen([sys.executable, "-c", WORKER, self.url], cwd=ROOT, stdout=subprocess.PIPE)
        self.started.append(worker)
        return worker

    def end(self) -> None:
        for worker in self.started:
            worker.kill()
            worker.wait()
            if worker.stdout:
                worker.stdout.close()


@pytest.fixture
def workers(fresh_database: str) -> Iterator[Workers]:
    several = Workers(fresh_database)
    yield several
    several.end()


async def enqueue(name: str, **payload: object) -> None:
    async with work() as tx:
        await tx.enqueue(name, payload, run_at=datetime.now(UTC))  # noqa: TID251 - other processes have real clocks


async def until(sql: str, expected: object, *, seconds: float = 2 * PATIENCE_SECONDS) -> None:
    async with asyncio.timeout(seconds):
        while await database.fetchval(sql) != expected:
            await asyncio.sleep(0.05)


@pytest.mark.torture
async def test_a_job_of_a_killed_worker_is_done_by_the_next(fresh_database: str, workers: Workers) -> None:
    """I-28: its lease runs out, and it is not lost."""
    await database.connect(fresh_database, connections=3)
    await enqueue("test.slow", seconds=0.7, mark="done")
    victim = workers.start()
    assert victim.stdout is not None
    assert await asyncio.to_thread(victim.stdout.readline) == b"began\n"
    victim.kill()
    victim.wait()
    assert await database.fetchval("SELECT count(*) FROM limit_counter") == 0
    workers.start()
    await until("SELECT count(*) FROM limit_counter WHERE key = 'done'", 1)
    await until("SELECT count(*) FROM job", 0)


@pytest.mark.torture
async def test_a_job_that_kills_its_worker_is_dead_after_three(fresh_database: str, workers: Workers) -> None:
    await database.connect(fresh_database, connections=3)
    await enqueue("test.poison")
    for attempt in (1, 2, 3):
        victim = workers.start()
        assert await asyncio.to_thread(victim.wait, 90) == -signal.SIGKILL
        assert await database.fetchval("SELECT attempts FROM job") == attempt
    await enqueue("test.slow", seconds=0, mark="after")
    workers.start()
    await until("SELECT count(*) FROM limit_counter WHERE key = 'after'", 1)
    await until("SELECT status FROM job", "DEAD")
    [dead] = await outbox.dead()
    assert dead.error == "its worker was gone 3 times, 3 attempts"


@pytest.mark.torture
async def test_a_worker_told_to_stop_finishes_first(fresh_database: str, workers: Workers) -> None:
    await database.connect(fresh_database, connections=3)
    await enqueue("test.slow", seconds=0.5, mark="finished")
    worker = workers.start()
    assert worker.stdout is not None
    assert await asyncio.to_thread(worker.stdout.readline) == b"began\n"
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 90) == 0
    assert await database.fetchval("SELECT key FROM limit_counter") == "finished"
    assert await database.fetchval("SELECT count(*) FROM job") == 0
