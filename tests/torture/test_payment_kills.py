"""Workers killed while they take and give back money: nothing is paid, sold, booked or given back twice, and nothing is lost.

No hand helps (A-057, A-081): the next worker goes on where the killed one died.
"""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jobs.schedule import write_often
from models import database
from services.bookings import confirming
from services.payments import events
from services.payments import rows as payments
from services.shop.rows import OrderFacts
from tests.makers.bookings import House, booking_house
from tests.makers.payments import acquirer_of, standing_in
from tests.makers.shop import Store, store_of

ROOT = Path(__file__).parents[2]
LEASE = timedelta(seconds=70)
FORGOTTEN = timedelta(minutes=16)
KILLED = -signal.SIGKILL
ORDERS, ROUNDS = 4, 5
# One process that has loaded everything; each worker is a fork of it, with connections of its own. A worker that is told where
# to die does so by SIGKILL, before the call or when it has been answered.
WORKERS = """
import asyncio, json, os, signal, sys
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from jobs.registry import Tools
from jobs.running import KINDS
from jobs.worker import Worker
from models import database
from services.shop import issuing
from tests.makers.mail import RememberingMailer
from tests.makers.payments import acquirer_of
from tests.makers.resources import make_resources
from tests.makers.travelline import engine_of

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def make_mortal(thing, name, moment):
    real = getattr(thing, name)
    async def call(*args, **named):
        if moment == "before":
            die()
        done = await real(*args, **named)
        die()
        return done
    setattr(thing, name, call)

async def work(told):
    clock = lambda: datetime.now(UTC) + timedelta(seconds=told["ahead"])
    await database.connect(told["database"], connections=4)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with AsyncExitStack() as stack:
        payments = await stack.enter_async_context(acquirer_of(SimpleNamespace(**told["acquirer"])))
        hotels = None
        if told["hotel"]:
            hotel = SimpleNamespace(**told["hotel"], clock=lambda: datetime.fromisoformat(told["hotel_clock"]))
            hotels = await stack.enter_async_context(engine_of(hotel))
        places = {"open": (payments, "open"), "give back": (payments, "refund"), "book": (hotels, "create"),
            "issue": (issuing, "post_directly")}
        if told["place"]:
            make_mortal(*places[told["place"]], told["moment"])
        resources = replace(make_resources(), payments=payments, hotels=hotels)
        tools = Tools(resources=resources, mailer=RememberingMailer())
        await Worker(KINDS, tools, clock, poll_seconds=0.02).run(stop)
    await database.close()

print("loaded", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        asyncio.run(work(json.loads(line)))
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@dataclass
class Workers:
    """Workers one after another. Each one's clock is past the lease of what the one before left half-way."""

    process: "subprocess.Popen[bytes]"
    told: dict[str, Any] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)
    child: int = 0

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead  # noqa: TID251 - other processes have real clocks

    async def start(self, place: str = "", moment: str = "") -> None:
        assert self.process.stdin
        self.ahead += LEASE
        told = self.told | {"ahead": self.ahead.total_seconds(), "place": place, "moment": moment}
        self.process.stdin.write(f"{json.dumps(told)}\n".encode())
        self.process.stdin.flush()
        self.child = int(await self._line())

    async def ended(self) -> int:
        """How the worker ended."""
        code = int(await self._line())
        self.child = 0
        return code

    async def stop(self, number: int = signal.SIGTERM) -> int:
        os.kill(self.child, number)
        return await self.ended()

    async def _line(self) -> bytes:
        assert self.process.stdout
        async with asyncio.timeout(60):
            return await asyncio.to_thread(self.process.stdout.readline)


@pytest.fixture(scope="module")
def forge() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKERS], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline() == b"loaded\n"
    yield process
    # Its own group: a worker that a failed test left behind ends with it.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdin.close()
    process.stdout.close()


@asynccontextmanager
async def closing(workers: Workers) -> AsyncIterator[Workers]:
    try:
        yield workers
    finally:
        if workers.child:
            await workers.stop(signal.SIGKILL)


def told_of(standin: Any, *names: str) -> dict[str, str]:
    return {name: getattr(standin, name) for name in names}


async def until(sql: str, expected: object) -> None:
    """Return once the database says so."""
    async with asyncio.timeout(60):
        while (found := await database.fetchval(sql)) != expected:
            await asyncio.sleep(0.02)
    assert found == expected


async def pay(standin: Any, gateway: Any, order: Any, now: datetime) -> None:
    """The guest pays, and the acquirer tells of it."""
    found = await payments.of_subject(*order)
    assert found is not None
    standin.pay(str(found.provider_id))
    told = {"type": "notification", "event": "payment.succeeded", "object": {"id": found.provider_id}}
    await events.keep(gateway, json.dumps(told).encode(), now)


@asynccontextmanager
async def torn_shop(url: str, forge: "subprocess.Popen[bytes]") -> AsyncIterator[tuple[Store, Workers]]:
    await database.connect(url, connections=3)
    async with store_of(datetime.now(UTC)) as store, closing(Workers(forge)) as workers:  # noqa: TID251
        acquirer = told_of(store.standin, "url", "shop_id", "secret_key")
        workers.told = {"database": url, "acquirer": acquirer, "hotel": None}
        yield store, workers


async def ordered(store: Store, quantity: int, now: datetime) -> OrderFacts:
    store.clock.now = now
    made = await store.start(quantity)
    assert isinstance(made, OrderFacts)
    return made


async def check(store: Store, orders: list[OrderFacts], returned: int) -> None:
    """One payment, one purchase and the vouchers of each order; what was returned went back once."""
    books = store.standin.books
    assert sorted(int(one.amount * 100) for one in books.payments.values()) == sorted(one.net for one in orders)
    assert sum(int(one.amount * 100) for one in books.refunds.values()) == returned
    assert await database.fetchval("SELECT count(*) FROM purchase") == len(orders)
    assert await database.fetchval("SELECT count(*) FROM shop_voucher") == sum(one.quantity for one in orders)
    assert await store.counted() == sum(one.net for one in orders) - returned
    assert await database.fetchval("SELECT coalesce(sum(refunded), 0)::bigint FROM payment") == returned


@pytest.mark.torture
@pytest.mark.parametrize("moment", ["before", "behind"])
async def test_an_order_whose_every_worker_is_killed(
    fresh_database: str, forge: "subprocess.Popen[bytes]", moment: str
) -> None:
    """A-081: killed as its payment is opened, as its vouchers are issued and as its money goes back: each is done once."""
    async with torn_shop(fresh_database, forge) as (store, workers):
        await workers.start("open", moment)
        order = await ordered(store, 2, workers.now)
        assert await workers.ended() == KILLED
        assert len(store.standin.books.payments) == (0 if moment == "before" else 1)
        await workers.start("issue", moment)
        await until("SELECT state FROM payment", "PENDING")
        await pay(store.standin, store.resources.payments, ("shop_order", order.id), workers.now)
        assert await workers.ended() == KILLED
        assert await database.fetchval("SELECT count(*) FROM purchase") == (0 if moment == "before" else 1)
        assert await database.fetchval("SELECT count(*) FROM shop_voucher") == 0
        await workers.start("give back", moment)
        await until("SELECT state FROM shop_order", "ISSUED")
        voucher = (await store.fresh(order.id)).vouchers[0]
        store.clock.now = workers.now
        await store.give_back(voucher)
        assert await workers.ended() == KILLED
        assert len(store.standin.books.refunds) == (0 if moment == "before" else 1)
        await workers.start()
        await until("SELECT state FROM shop_return", "PAID")
        assert await workers.stop() == 0
        await check(store, [order], voucher.net)


@pytest.mark.torture
async def test_orders_whose_workers_are_killed_anywhere(fresh_database: str, forge: "subprocess.Popen[bytes]") -> None:
    """A-081: killed at moments of chance, while payments are opened, heard of, posted, issued and given back."""
    chance = random.Random(20261122)
    async with torn_shop(fresh_database, forge) as (store, workers):
        orders: list[OrderFacts] = []
        for number in range(ROUNDS):
            await workers.start()
            if number < ORDERS:
                orders.append(await ordered(store, 1, workers.now))
            if number:
                before = orders[number - 1]
                await until(f"SELECT state <> 'OPENING' FROM payment WHERE subject_id = '{before.id}'", expected=True)
                await pay(store.standin, store.resources.payments, ("shop_order", before.id), workers.now)
            await asyncio.sleep(chance.uniform(0, 0.25))
            assert await workers.stop(signal.SIGKILL) == KILLED
        # A job that has cost three of them is given up: what it left half-way is taken up by the watches of each ten minutes.
        workers.ahead += FORGOTTEN
        await write_often(workers.now)
        await workers.start()
        await until("SELECT count(*) FROM shop_order WHERE state = 'ISSUED'", ORDERS)
        vouchers = [(await store.fresh(order.id)).vouchers[0] for order in orders]
        store.clock.now = workers.now
        for voucher in vouchers[:2]:
            await store.give_back(voucher)
        await asyncio.sleep(chance.uniform(0, 0.1))
        assert await workers.stop(signal.SIGKILL) == KILLED
        await workers.start()
        await until("SELECT count(*) FROM shop_return WHERE state = 'PAID'", 2)
        assert await workers.stop() == 0
        await check(store, orders, sum(one.net for one in vouchers[:2]))


@asynccontextmanager
async def torn_hotel(url: str, forge: "subprocess.Popen[bytes]") -> AsyncIterator[tuple[House, Any, Workers]]:
    await database.connect(url, connections=3)
    now = datetime.now(UTC)  # noqa: TID251
    async with (
        booking_house(now) as house,
        standing_in(house.clock) as standin,
        acquirer_of(standin) as acquirer,
        closing(Workers(forge)) as workers,
    ):
        house.resources = replace(house.resources, payments=acquirer)
        hotel = told_of(house.standin, "url", "client_id", "client_secret")
        shop = told_of(standin, "url", "shop_id", "secret_key")
        workers.told = {"database": url, "acquirer": shop, "hotel": hotel, "hotel_clock": now.isoformat()}
        yield house, standin, workers


@pytest.mark.torture
@pytest.mark.parametrize("moment", ["before", "behind"])
async def test_a_paid_room_whose_workers_are_killed(
    fresh_database: str, forge: "subprocess.Popen[bytes]", moment: str
) -> None:
    """A-057: killed between the payment and the hotel's answer: one room, one payment, and no money goes back."""
    async with torn_hotel(fresh_database, forge) as (house, standin, workers):
        stay = (await house.search(partner="dacha-vintera")).rooms[0][1][0].stay
        started = await house.start(partner="dacha-vintera", room=stay.room_id, rate=stay.rate_id)
        await workers.start("book", moment)
        booking = await confirming.confirm(house.member.id, key="yes", booking=started.id, way=None, now=workers.now)
        await until("SELECT state FROM payment", "PENDING")
        await pay(standin, house.resources.payments, ("booking", booking.id), workers.now)
        assert await workers.ended() == KILLED
        assert len(house.standin.reservations.by_number) == (0 if moment == "before" else 1)
        await workers.start()
        await until("SELECT state FROM booking", "CONFIRMED")
        assert await workers.stop() == 0
        booked = await house.fresh(booking)
        assert list(house.standin.reservations.by_number) == [booked.number]
        assert [int(one.amount * 100) for one in standin.books.payments.values()] == [booked.net]
        assert not standin.books.refunds
        assert await database.fetchval("SELECT count(*) FROM payment_refund") == 0
