"""Calls of outside systems: counted in memory, added up in one table by every process."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.breaker import FAILURES_MAX, Breaker
from integrations.ports import Drained, Letter, Refused, TooOften, Unavailable, Uncertain
from models import database
from services.status import contacts
from services.status.contacts import Contacts, Fault, NotedMailer
from tests.makers.mail import RememberingMailer
from tests.makers.patience import PATIENCE_SECONDS


class Clock:
    """A moment that a test moves."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in await database.fetch("SELECT * FROM system_calls ORDER BY system, hour")]


async def test_calls_add_up_over_processes_and_hours(db: None, now: datetime) -> None:
    """Answers and failures of two processes are one row an hour; the newest failure is the one that is told."""
    clock = Clock(now.replace(minute=10, second=0, microsecond=0))
    first, second = Contacts(clock), Contacts(clock)
    first.note("restaurants")
    first.note("restaurants", Unavailable("answered 503"))
    assert await first.write() == 1
    clock.now += timedelta(minutes=1)
    second.note("restaurants", Refused("no such order"))
    second.note("restaurants", Drained("answered 401"), 30.0)
    assert await second.write() == 1
    clock.now += timedelta(hours=1)
    second.note("restaurants")
    assert await second.write() == 1
    assert await second.write() == 0
    one, later = await rows()
    assert (one["answered"], one["failed"], one["fault"], one["detail"]) == (2, 2, "NOT_LET_IN", "answered 401")
    assert one["answered_at"] == one["failed_at"] == clock.now - timedelta(hours=1)
    assert one["held_until"] == one["failed_at"] + timedelta(seconds=30)
    assert (later["answered"], later["failed"], later["fault"], later["failed_at"]) == (1, 0, None, None)
    # An older failure that is written late does not cover the newer one.
    clock.now -= timedelta(hours=1, minutes=1)
    first.note("restaurants", Unavailable("late news"))
    await first.write()
    assert (await rows())[0]["detail"] == "answered 401"


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (Unavailable("503"), Fault.UNAVAILABLE),
        (Uncertain("no answer"), Fault.UNAVAILABLE),
        (TooOften(5), Fault.TOO_OFTEN),
        (Drained("no money"), Fault.NOT_LET_IN),
    ],
)
def test_failures_have_kinds(error: Exception, fault: Fault) -> None:
    assert contacts.fault_of(error) is fault


async def test_what_is_told_holds_no_number_of_anybody(db: None, now: datetime) -> None:
    told = Contacts(lambda: now)
    told.note("smsaero", Drained("no money for 79211234567 at 14:00"))
    await told.write()
    assert (await rows())[0]["detail"] == "no money for … at 14:00"


async def test_a_breaker_tells_of_every_call(db: None, now: datetime) -> None:
    """Whoever has a breaker stands on the status page: its answers, its failures, and for how long it is left alone."""
    told, at = Contacts(lambda: now), [0.0]
    breaker = Breaker("hotels", lambda: at[0], told.note)
    breaker.note(breaker.enter(), is_well=True)
    for _ in range(FAILURES_MAX):
        breaker.note(breaker.enter(), is_well=False, error=Unavailable("answered 502"))
    await told.write()
    (one,) = await rows()
    assert (one["system"], one["answered"], one["failed"], one["detail"]) == ("hotels", 1, 5, "answered 502")
    assert one["held_until"] == now + timedelta(seconds=15)


async def test_letters_count_as_calls_of_the_relay(db: None, now: datetime) -> None:
    told, mailer = Contacts(lambda: now), RememberingMailer()
    noted = NotedMailer(mailer, told)
    await noted.send(Letter("anna@example.ru", "Карта", "Готова\n"))
    mailer.failing = Unavailable("the relay answered 451")
    with pytest.raises(Unavailable):
        await noted.send(Letter("anna@example.ru", "Карта", "Готова\n"))
    await told.write()
    (one,) = await rows()
    assert (one["system"], one["answered"], one["failed"], one["fault"]) == ("smtp", 1, 1, "UNAVAILABLE")


async def test_a_process_writes_by_itself_and_at_its_end(
    db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contacts, "WRITTEN_EVERY_SECONDS", 0.02)
    told = Contacts(lambda: now)
    async with told.kept():
        told.note("restaurants")
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await rows():
                await asyncio.sleep(0.02)
        assert [one["answered"] for one in await rows()] == [1]
        monkeypatch.setattr(contacts, "WRITTEN_EVERY_SECONDS", 60)
        await asyncio.sleep(0.05)
        told.note("restaurants")
    assert [one["answered"] for one in await rows()] == [2]


async def test_old_hours_are_swept(db: None, now: datetime) -> None:
    clock = Clock(now - timedelta(days=31))
    told = Contacts(clock)
    told.note("restaurants")
    clock.now = now
    told.note("restaurants")
    await told.write()
    assert await contacts.sweep(now) == 1
    assert len(await rows()) == 1
