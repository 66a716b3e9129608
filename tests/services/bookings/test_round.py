"""The round of the hotels: one thing that cannot be read stops nothing else, and what is lost is found again."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from integrations.ports import Refused, Unavailable
from jobs import bookings as jobs
from jobs.registry import Tools
from loyalty.bookings import BookingState
from models import database
from services.bookings import following, hotels
from services.bookings.rows import BookingFacts
from tests.makers.bookings import House, booking_house
from tests.makers.mail import RememberingMailer


@pytest.fixture
async def house(db: None, now: datetime) -> AsyncIterator[House]:
    async with booking_house(now) as one:
        yield one


async def round_of(house: House) -> None:
    await jobs.watch({}, Tools(resources=house.resources, mailer=RememberingMailer()), house.clock.now)


def cancel_at_desk(house: House, made: BookingFacts) -> None:
    booking = house.standin.reservations.by_number[str(made.number)]
    house.standin.reservations.change(
        booking, house.clock.now, status="Cancelled", penalty=0, cancelled=house.clock.now
    )


async def pictures(house: House) -> set[str]:
    rows = await database.fetch("SELECT source FROM hotel_picture")
    return {row["source"].removeprefix(f"{house.standin.url}/pictures/").removesuffix(".png") for row in rows}


async def test_a_mark_that_is_refused_is_read_anew(house: House) -> None:
    """Recovery needs no hand: the account moved, or the mark has ended, and what changed meanwhile is seen all the same."""
    made = await house.book()
    await round_of(house)
    house.clock.turn(minutes=10)
    await database.execute("UPDATE hotel SET mark = 'of another account'")
    cancel_at_desk(house, made)
    house.clock.turn(minutes=10)
    await round_of(house)
    await house.work()
    assert (await house.fresh(made)).state is BookingState.CANCELLED
    marks = [row["mark"] for row in await database.fetch("SELECT mark FROM hotel")]
    assert "of another account" not in marks


async def test_a_list_that_is_refused_without_a_mark_is_not_asked_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await round_of(house)
    asked: list[str | None] = []

    async def refuse(property_id: str, *, mark: str | None, since: datetime) -> None:
        asked.append(mark)
        raise Refused("a list that is closed to us")

    monkeypatch.setattr(house.resources.hotels, "changes", refuse)
    await database.execute("DELETE FROM hotel WHERE property_id <> '41007'")
    await following.watch(house.resources, house.clock.now)
    assert [mark is None for mark in asked] == [False, True]


async def test_a_content_that_is_away_holds_up_no_list(house: House) -> None:
    """One content call that fails is nothing to the bookings: what was cancelled at the desk is seen in the same round."""
    made = await house.book()
    await round_of(house)
    house.clock.turn(days=1)
    cancel_at_desk(house, made)
    house.plan.faults["content"].extend(["503"] * 9)
    with pytest.raises(Unavailable):
        await round_of(house)
    await house.work()
    assert (await house.fresh(made)).state is BookingState.CANCELLED


async def test_a_list_that_is_away_holds_up_no_content(house: House) -> None:
    house.clock.turn(days=1)
    house.plan.faults["list"].extend(["503"] * 9)
    with pytest.raises(Unavailable):
        await round_of(house)
    assert await database.fetchval("SELECT min(synced_at) FROM hotel") == house.clock.now


async def test_a_picture_that_is_gone_hides_none_behind_it(house: House) -> None:
    whole = await pictures(house)
    assert {"41007-1", "41007-2", "70234-1"} <= whole
    await database.execute("DELETE FROM hotel_picture")
    house.plan.gone.add("41007-1")
    await hotels.sync(house.resources, house.clock.now)
    assert await pictures(house) == whole - {"41007-1"}


async def test_a_picture_without_an_answer_is_fetched_the_next_time(house: House) -> None:
    whole = await pictures(house)
    await database.execute("DELETE FROM hotel_picture")
    house.plan.faults["other"].append("503")
    with pytest.raises(Unavailable):
        await hotels.sync(house.resources, house.clock.now)
    assert len(await pictures(house)) == len(whole) - 1
    await hotels.sync(house.resources, house.clock.now)
    assert await pictures(house) == whole


async def test_pictures_of_a_server_that_is_away_are_left_for_later(house: House) -> None:
    """To wait for each of them would hold up the round by minutes."""
    await database.execute("DELETE FROM hotel_picture")
    house.plan.faults["other"].extend(["503"] * 100)
    house.standin.requests.clear()
    with pytest.raises(Unavailable):
        await hotels.sync(house.resources, house.clock.now)
    assert house.standin.requests.count("other") <= 2 * hotels.PICTURES_MISSED_MAX
