"""Workers that are killed while they deliver: nothing is lost, and what is told again has the id and the body it had (A-087)."""

import asyncio
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models import database
from services.outbox import DEATHS_MAX
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.purchases import dinner, make_purchase
from tests.makers.receiver import NETWORKS, Receiver, receiving
from tests.makers.webhooks import make_endpoint, make_near

ROOT = Path(__file__).parents[2]
ROUNDS = 4
EVENTS = 5
# One real worker with the real way out. It dies by SIGKILL at its first request: before it, behind it, or not at all.
WORKER = """
import asyncio, os, signal, sys
from datetime import UTC, datetime, timedelta
from integrations.webhooks.sending import HttpAnnouncer
from jobs.registry import Tools
from jobs.running import KINDS
from jobs.schedule import write_often
from jobs.worker import Worker
from models import database
from tests.makers.mail import RememberingMailer
from tests.makers.webhooks import make_near

database_url, ahead, dies, *networks = sys.argv[1:]

class Mortal(HttpAnnouncer):
    async def knock(self, knock):
        if dies == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        knocked = await super().knock(knock)
        if dies == "behind":
            os.kill(os.getpid(), signal.SIGKILL)
        return knocked

async def main():
    await database.connect(database_url, connections=4)
    clock = lambda: datetime.now(UTC) + timedelta(seconds=float(ahead))
    announcer = Mortal(clock, private=networks)
    tools = Tools(resources=make_near(), mailer=RememberingMailer(), announcer=announcer)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await write_often(clock())
    print("began", flush=True)
    await Worker(KINDS, tools, clock, poll_seconds=0.02).run(stop)
    await announcer.close()
    await database.close()

asyncio.run(main())
"""


@dataclass
class Scene:
    """A partner's server, a till that sells, and workers that live as long as they are let."""

    url: str
    receiver: Receiver
    member: MadeMember
    started: list["subprocess.Popen[bytes]"]

    async def sell(self, count: int, now: datetime) -> list[str]:
        till, _ = await make_till(now)
        made = [await make_purchase(make_near(), till, self.member, [dinner(100)], now) for _ in range(count)]
        return [str(one.purchase.id) for one in made]

    async def start(self, *, ahead: timedelta, dies: str = "") -> "subprocess.Popen[bytes]":
        facts = (self.url, str(ahead.total_seconds()), dies, *NETWORKS)
        worker = subprocess.Popen([sys.executable, "-c", WORKER, *facts], cwd=ROOT, stdout=subprocess.PIPE)
        self.started.append(worker)
        assert worker.stdout is not None
        assert await asyncio.to_thread(worker.stdout.readline) == b"began\n"
        return worker

    async def delivered(self, count: int) -> None:
        """Return once so many deliveries are over."""
        await until("SELECT count(*) FROM webhook_delivery WHERE status = 'DELIVERED'", count)

    def check(self, purchases: list[str]) -> None:
        """Everything was told, under one id and with one body each."""
        told = {heard.event["data"]["purchase"]: (heard.id, heard.body) for heard in self.receiver.heard}
        assert set(told) == set(purchases)
        assert {(heard.id, heard.body) for heard in self.receiver.heard} == set(told.values())


async def until(sql: str, expected: int) -> None:
    """Return once the database says so."""
    async with asyncio.timeout(60):
        while await database.fetchval(sql) != expected:
            await asyncio.sleep(0.05)


@asynccontextmanager
async def torn(url: str) -> AsyncIterator[Scene]:
    await database.connect(url, connections=3)
    now = datetime.now(UTC)  # noqa: TID251 - other processes have real clocks
    await make_programme(now)
    started: list[subprocess.Popen[bytes]] = []
    async with receiving() as receiver:
        await make_endpoint(make_near(), receiver.url, now, events=["purchase.posted"])
        try:
            yield Scene(url, receiver, await make_member(now), started)
        finally:
            for worker in started:
                worker.kill()
                worker.wait()
                if worker.stdout:
                    worker.stdout.close()


@pytest.mark.torture
@pytest.mark.parametrize("dies", ["before", "behind"])
async def test_a_worker_killed_at_a_request_loses_nothing(fresh_database: str, dies: str) -> None:
    """A-087: dead before the request or between the answer and its note, more often than a job is tried: all is told, and what
    was told before is told again under the id it had."""
    async with torn(fresh_database) as scene:
        purchases = await scene.sell(EVENTS, datetime.now(UTC))  # noqa: TID251
        for number in range(DEATHS_MAX):
            victim = await scene.start(ahead=timedelta(minutes=20 * number), dies=dies)
            assert await asyncio.to_thread(victim.wait, 30) == -9
        assert await database.fetchval("SELECT count(*) FROM webhook_delivery WHERE status = 'DELIVERED'") == 0
        told = len(scene.receiver.heard)
        assert told == 0 if dies == "before" else told >= DEATHS_MAX
        # The next worker finds a job that has cost three of them, and gives it up; a round later its work is taken up.
        undertaker = await scene.start(ahead=timedelta(minutes=20 * DEATHS_MAX))
        await until("SELECT count(*) FROM job WHERE status = 'READY' AND name = 'webhooks.drain'", 0)
        undertaker.terminate()
        await asyncio.to_thread(undertaker.wait, 30)
        await scene.start(ahead=timedelta(minutes=20 * (DEATHS_MAX + 1)))
        await scene.delivered(EVENTS)
        scene.check(purchases)
        assert len(scene.receiver.heard) - told == EVENTS


@pytest.mark.torture
async def test_workers_killed_anywhere_lose_nothing(fresh_database: str) -> None:
    """A-087: killed at moments of chance, while deliveries are made, sent and noted."""
    chance = random.Random(20261122)
    async with torn(fresh_database) as scene:
        purchases: list[str] = []
        scene.receiver.delay = 0.02
        for number in range(ROUNDS):
            purchases += await scene.sell(EVENTS, datetime.now(UTC))  # noqa: TID251
            victim = await scene.start(ahead=timedelta(minutes=20 * number))
            await asyncio.sleep(chance.uniform(0, 0.3))
            victim.kill()
            victim.wait()
        await scene.start(ahead=timedelta(minutes=20 * (ROUNDS + 1)))
        await scene.delivered(len(purchases))
        scene.check(purchases)
