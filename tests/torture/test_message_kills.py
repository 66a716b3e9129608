"""Workers that are killed while they send: every message reaches its phone once, whatever statement they died at (A-229)."""

import asyncio
import random
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from integrations.standins.messaging.exchange import Plan
from integrations.standins.messaging.smsaero import SmsAeroStandin
from models import database
from services.messages import watching
from tests.makers.messages import make_reachable, plan_one
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources

ROOT = Path(__file__).parents[2]
ROUNDS = 3
MESSAGES = 4
# One real worker over a real connection to the gateway's stand-in; its clock runs so many seconds ahead of ours.
WORKER = """
import asyncio, signal, sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from integrations.messaging.calling import Line
from integrations.messaging.smsaero import SmsAero
from jobs.registry import Tools
from jobs.running import KINDS
from jobs.worker import Worker
from loyalty.messages import Channel
from models import database
from services.gateways import Gateways
from tests.makers.mail import RememberingMailer
from tests.makers.resources import make_resources

async def main():
    database_url, gateway_url, login, key, ahead = sys.argv[1:]
    await database.connect(database_url, connections=4)
    line = Line(gateway_url, auth=(login, key))
    gateways = Gateways([SmsAero(line, sign="KUNAK")], {Channel.SMS: ("smsaero",)})
    tools = Tools(resources=make_resources(), mailer=RememberingMailer(), gateways=gateways)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print("began", flush=True)
    clock = lambda: datetime.now(UTC) + timedelta(seconds=float(ahead))
    await Worker(KINDS, tools, clock, poll_seconds=0.02).run(stop)
    await line.close()
    await database.close()

asyncio.run(main())
"""


class Workers:
    def __init__(self, *facts: str) -> None:
        self.facts = facts
        self.started: list[subprocess.Popen[bytes]] = []

    async def start(self, *, ahead: timedelta) -> "subprocess.Popen[bytes]":
        facts = (*self.facts, str(ahead.total_seconds()))
        worker = subprocess.Popen([sys.executable, "-c", WORKER, *facts], cwd=ROOT, stdout=subprocess.PIPE)
        self.started.append(worker)
        assert worker.stdout is not None
        assert await asyncio.to_thread(worker.stdout.readline) == b"began\n"
        return worker

    def end(self) -> None:
        for worker in self.started:
            worker.kill()
            worker.wait()
            if worker.stdout:
                worker.stdout.close()


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20261122)


@pytest.mark.torture
async def test_killed_workers_send_every_message_once(fresh_database: str, chance: random.Random) -> None:
    await database.connect(fresh_database, connections=3)
    now = datetime.now(UTC)  # noqa: TID251 - other processes have real clocks
    await make_programme(now)
    member = await make_reachable(make_resources(), now)
    await database.execute("DELETE FROM job")
    plan = Plan(usual=(), slow_seconds=0.15)
    ahead = [timedelta()]  # the vendor's clock goes with the worker's
    async with SmsAeroStandin(lambda: datetime.now(UTC) + ahead[0], plan=plan).open() as standin:  # noqa: TID251
        workers = Workers(fresh_database, standin.url, standin.login, standin.key)
        try:
            for number in range(ROUNDS):
                for part in range(MESSAGES):
                    await plan_one(member, now, text=f"Сообщение {number}-{part}")
                    plan.faults.append(chance.choice(["late", "slow"]))
                ahead[0] = timedelta(minutes=2 * number)
                victim = await workers.start(ahead=ahead[0])
                await asyncio.sleep(chance.uniform(0, 0.4))
                victim.kill()
                victim.wait()
            plan.faults.clear()
            ahead[0] = timedelta(minutes=2 * ROUNDS + 25)
            await workers.start(ahead=ahead[0])
            await sent_all(now + ahead[0])
        finally:
            workers.end()
        reached = Counter(one.text for one in standin.exchange.caught)
    assert reached == {f"Сообщение {number}-{part}": 1 for number in range(ROUNDS) for part in range(MESSAGES)}


async def sent_all(at: datetime) -> None:
    """Every message is handed over and its answer noted. Jobs that lost three workers are given up, and the watch takes
    their messages up again."""
    waiting = []
    for _ in range(600):
        await watching.take_up(at)
        waiting = await database.fetch("SELECT state, reason FROM message WHERE state <> 'SENT'")
        if not waiting:
            break
        await asyncio.sleep(0.2)
    assert [dict(row) for row in waiting] == []
