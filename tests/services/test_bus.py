"""The bus delivers every activity of a card, in order and once, whatever happens to the messages."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from uuid import UUID

import pytest

from integrations.ports import Activity
from models import database
from models.ids import uuid7
from services.bus import QUEUE_MAX, Bus
from services.courier import PostgresCourier
from services.work import work
from tests.makers.patience import PATIENCE_SECONDS, until

INSERT = "INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES ($1, $2, $3, $4)"
LISTENERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND state = 'idle' AND query ILIKE 'LISTEN%'"
)


async def happened(member: UUID, kind: str, at: datetime, purchase: UUID | None = None) -> Activity:
    await database.execute(INSERT, member, kind, purchase, at)
    return Activity(kind, purchase, at)


async def hear(stream: AsyncIterator[Activity], count: int) -> list[Activity]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        return [await anext(stream) for _ in range(count)]


async def listening(bus: Bus, member: UUID) -> tuple[AsyncIterator[Activity], "asyncio.Task[list[Activity]]"]:
    """A stream that has begun to listen, and the task that waits for its first activity."""
    stream, already = bus.listen(member), len(bus._listeners.get(member, ()))
    first = asyncio.create_task(hear(stream, 1))
    await until(lambda: first.done() or len(bus._listeners.get(member, ())) > already)
    return stream, first


async def both_hear() -> None:
    """Return when two processes listen for hints of the database."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await database.fetchval(LISTENERS) < 2:
            await asyncio.sleep(0.01)


class Deaf:
    """A courier that loses every hint."""

    async def send(self, members: Collection[UUID]) -> None:
        del members

    async def arrivals(self) -> AsyncIterator[UUID]:
        await asyncio.Event().wait()
        yield uuid7()


class Stumbling:
    """A courier whose connection breaks in a way that nobody foresaw, and who hears one hint after that."""

    def __init__(self, member: UUID) -> None:
        self.member, self.begun, self.told = member, 0, asyncio.Event()

    async def send(self, members: Collection[UUID]) -> None:
        del members

    async def arrivals(self) -> AsyncIterator[UUID]:
        self.begun += 1
        if self.begun == 1:
            raise RuntimeError("the handler is closed")
        await self.told.wait()
        self.told.clear()
        yield self.member


async def test_a_listener_hears_what_comes_after_and_not_what_was_before(db: None, now: datetime) -> None:
    bus, member = Bus(), uuid7()
    async with bus.running():
        await happened(member, "SCANNED", now)
        _, first = await listening(bus, member)
        purchase = uuid7()
        posted = await happened(member, "PURCHASE_POSTED", now, purchase)
        bus.publish(member, "PURCHASE_POSTED", purchase, now)
        assert await first == [posted]


async def test_members_hear_their_own_card_only(db: None, now: datetime) -> None:
    bus, anna, boris = Bus(), uuid7(), uuid7()
    async with bus.running():
        _, annas = await listening(bus, anna)
        _, boriss = await listening(bus, boris)
        for member in (anna, boris):
            await happened(member, "SCANNED" if member == anna else "PURCHASE_REFUNDED", now)
            bus.publish(member, "", None, now)
        assert [one.kind for one in await annas] == ["SCANNED"]
        assert [one.kind for one in await boriss] == ["PURCHASE_REFUNDED"]


async def test_a_hint_travels_to_another_process_through_postgresql(db: None, now: datetime) -> None:
    here, there, member = Bus(PostgresCourier()), Bus(PostgresCourier(), poll_seconds=600), uuid7()
    async with here.running(), there.running():
        await both_hear()
        _, first = await listening(there, member)
        posted = await happened(member, "SCANNED", now)
        here.publish(member, "SCANNED", None, now)
        assert await first == [posted]


async def test_a_lost_message_costs_a_second_and_no_fact(db: None, now: datetime) -> None:
    bus, member = Bus(Deaf()), uuid7()
    async with bus.running():
        _, first = await listening(bus, member)
        posted = await happened(member, "SCANNED", now)
        assert await first == [posted]


async def test_hints_are_heard_again_after_a_fault_that_nobody_foresaw(db: None, now: datetime) -> None:
    """What stood in the log once must not leave a process deaf for good."""
    member = uuid7()
    courier = Stumbling(member)
    bus = Bus(courier, poll_seconds=600)
    async with bus.running():
        _, first = await listening(bus, member)
        await until(lambda: courier.begun == 2)
        posted = await happened(member, "SCANNED", now)
        courier.told.set()
        assert await first == [posted]


async def test_a_row_that_commits_late_is_delivered_though_its_number_is_lower(db: None, now: datetime) -> None:
    bus, member = Bus(), uuid7()
    async with bus.running():
        stream, first = await listening(bus, member)
        async with work() as tx:
            await tx.execute(INSERT, member, "SCANNED", None, now)
            await asyncio.create_task(apart(member, now))
            assert [one.kind for one in await first] == ["PURCHASE_POSTED"]
        assert [one.kind for one in await hear(stream, 1)] == ["SCANNED"]


async def apart(member: UUID, now: datetime) -> None:
    async with database.lease() as connection:
        await connection.execute(INSERT, member, "PURCHASE_POSTED", None, now)


async def test_two_phones_of_a_member_both_hear(db: None, now: datetime) -> None:
    bus, member = Bus(), uuid7()
    async with bus.running():
        _, one = await listening(bus, member)
        _, two = await listening(bus, member)
        posted = await happened(member, "SCANNED", now)
        bus.publish(member, "SCANNED", None, now)
        assert await one == await two == [posted]


async def test_a_phone_that_does_not_keep_up_gets_the_newest(db: None, now: datetime) -> None:
    bus, member = Bus(), uuid7()
    async with bus.running():
        stream, first = await listening(bus, member)
        await happened(member, "SCANNED", now)
        await first
        await database.execute(
            "INSERT INTO card_activity (member_id, kind, at) SELECT $1, n::text, $2 FROM generate_series(1, 150) AS n",
            *(member, now),
        )
        bus.publish(member, "", None, now)
        (listener,) = bus._listeners[member]
        await until(lambda: listener.queue.qsize() == QUEUE_MAX)
        assert [one.kind for one in await hear(stream, 100)] == [str(n) for n in range(51, 151)]


async def test_publishing_inside_a_unit_is_a_mistake(db: None, now: datetime) -> None:
    async with work():
        with pytest.raises(RuntimeError, match="after the commit"):
            Bus().publish(uuid7(), "SCANNED", None, now)


async def test_a_cut_connection_for_hints_comes_back(db: None, now: datetime) -> None:
    here, there, member = Bus(PostgresCourier()), Bus(PostgresCourier()), uuid7()
    async with here.running(), there.running():
        await both_hear()
        stream, first = await listening(there, member)
        await database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query ILIKE 'LISTEN%'"
        )
        posted = await happened(member, "SCANNED", now)
        here.publish(member, "SCANNED", None, now)
        assert await first == [posted]
        again = await happened(member, "PURCHASE_POSTED", now)
        assert await hear(stream, 1) == [again]
