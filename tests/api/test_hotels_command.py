"""`kunak hotels`: how bookings of signed-in members stand is counted, and what waits for a person is named."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import clock
from api.cli import app
from api.opening import run
from models import database
from services.bookings import counting, events, following, refusing
from tests.makers.bookings import House, booking_house


def kunak(*words: str) -> str:
    """What the command says."""
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


async def tell(house: House, number: str | None, *kinds: str) -> None:
    told = [house.standin.happens(str(number), kind) for kind in kinds]
    await events.keep(refusing.engine_of(house.resources), json.dumps(told).encode(), house.clock.now)
    await events.work_off(house.resources, house.clock.now)


async def play(begins: datetime) -> tuple[str, str]:
    """Five bookings of five fates; gives the number of the stay without an end, and when it counts."""
    async with booking_house(begins) as house:
        left, stays, lost = [await house.book(days=1, nights=1) for _ in range(3)]
        await house.book(days=20)
        gone = await house.book(days=20)
        house.clock.turn(days=1)
        await tell(house, left.number, "check_in")
        await tell(house, stays.number, "check_in")
        reservations = house.standin.reservations
        booking = reservations.by_number[str(gone.number)]
        reservations.change(booking, house.clock.now, status="Cancelled", penalty=0, cancelled=house.clock.now)
        await following.watch(house.resources, house.clock.now)
        await house.work()
        house.clock.turn(days=1)
        await tell(house, left.number, "check_out")
        house.clock.turn(days=1)
        for one in (stays, lost):
            await following.end_stay(one.id, house.resources, house.clock.now)
        waits = await house.fresh(stays)
        house.clock.turn(days=5)
        assert await counting.count(left.id, house.resources, house.clock.now) is True
        await following.end_stay(lost.id, house.resources, house.clock.now)
        assert waits.counts_at is not None
        return str(waits.number), f"{waits.counts_at.astimezone(UTC):%Y-%m-%d %H:%M}"


def test_bookings_of_members_are_counted_by_hotel(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-058: confirmed, cancelled, counted and never come; a stay without a check-out stands below its hotel."""
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setenv("KUNAK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KUNAK_BASE_URL", "https://card.example")
    kunak("keys", "new")
    begins, told = clock.now(), list[str]()

    async def act() -> None:
        await database.connect(fresh_database, connections=2)
        try:
            told.extend(await play(begins))
        finally:
            await database.close()

    run(act)
    igora, below, dacha = kunak("hotels", "list").splitlines()
    partner, house, read, changes, states = igora.split("\t")
    assert (partner, house, read) == ("igora", "41007", f"read {begins:%Y-%m-%d %H:%M} UTC")
    assert changes.startswith("changes read ")
    assert states == "ACCRUED 1, CANCELLED 1, CHECKED_IN 1, CONFIRMED 1, NO_SHOW 1"
    number, counts = told
    assert below == f"\t{number}\tno check-out was told, counts {counts} UTC"
    assert dacha.split("\t")[::4] == ["dacha-vintera", "no bookings"]
    address, key = (line.split()[-1] for line in kunak("hotels", "hook").splitlines())
    assert (address, len(key)) == ("https://card.example/hooks/travelline", 32)
