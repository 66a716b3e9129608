"""The round of the hotels: one thing that cannot be read stops nothing else, and what is lost is found again."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.bookings import Changes
from integrations.ports import Refused, Unavailable
from jobs import bookings as jobs
from jobs.registry import Tools
from loyalty.bookings import BookingState
from models import database
from services.bookings import following, hotels
from services.bookings.rows import BookingFacts
from services.status.judging import Trouble
from services.status.reading import HOTELS, System, systems
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


async def seen(house: House) -> System:
    """The hotels on the status page."""
    return next(one for one in await systems(house.resources, house.clock.now) if one.id == HOTELS)


async def test_a_list_that_is_not_read_is_seen_by_its_hotel(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Guests' searches are answered and the list is refused: the page and a figure say which hotel is behind."""
    await round_of(house)
    engine = house.resources.hotels
    assert engine is not None
    read = engine.changes

    async def refuse(property_id: str, *, mark: str | None, since: datetime) -> Changes:
        if property_id == "41019":
            raise Refused("a list that is closed to us")
        return await read(property_id, mark=mark, since=since)

    monkeypatch.setattr(engine, "changes", refuse)
    house.clock.turn(minutes=20)
    await round_of(house)
    assert (await seen(house)).troubles == ()
    house.clock.turn(minutes=11)
    await round_of(house)
    found = await seen(house)
    assert found.troubles == (Trouble.LATE,)
    assert (found.facts.waiting, found.facts.waiting_since) == (1, house.clock.now - timedelta(minutes=31))
    fresh = {name: following.FRESHNESS.labels(name)._value.get() for name in ("igora", "dacha-vintera")}
    assert fresh == {"igora": 0, "dacha-vintera": 31 * 60}
    # A hotel that has left the programme is nothing to anybody.
    await database.execute("UPDATE hotel SET property_id = '999' WHERE property_id = '41019'")
    assert (await seen(house)).troubles == ()


async def given_up(house: House, **more: Any) -> BookingFacts:
    """A booking that its hotel made, and listed too late for us."""
    house.plan.faults["create"].extend(["lose", "500"])
    made = await house.confirm(await house.start(**more))
    hidden = house.standin.reservations.since
    house.standin.reservations.since = lambda sequence: []  # type: ignore[method-assign] # noqa: ARG005
    for _ in range(6):
        await house.work()
        house.clock.turn(seconds=120)
    house.standin.reservations.since = hidden  # type: ignore[method-assign]
    lost = await house.fresh(made)
    assert (lost.state, lost.fault, lost.number) == (BookingState.FAILED, "NOT_FOUND", None)
    return lost


async def test_a_booking_that_is_listed_late_is_known_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody answered, the list lagged behind: the room is held, so the guest sees it and can give it back."""
    with caplog.at_level("ERROR"):
        lost = await given_up(house)
    (line,) = [record for record in caplog.records if "was given up" in record.message]
    assert vars(line)["booking"] == str(lost.id)
    again = await house.book()
    await round_of(house)
    await house.work()
    known, other = await house.fresh(lost), await house.fresh(again)
    assert (known.state, known.fault, other.state) == (BookingState.CONFIRMED, None, BookingState.CONFIRMED)
    assert {known.number, other.number} == set(house.standin.reservations.by_number)
    await round_of(house)
    assert await house.fresh(lost) == known


async def test_a_stranger_is_never_taken_for_a_booking_that_was_given_up(house: House) -> None:
    """The same room on the same days for somebody else, made in the same minutes."""
    lost = await given_up(house)
    reservations = house.standin.reservations
    (booking,) = reservations.by_number.values()
    contacts = {"phones": [{"phoneNumber": "+79000000999"}], "emails": [{"emailAddress": "other@example.ru"}]}
    asked = booking.asked | {"customer": booking.asked["customer"] | {"contacts": contacts}}
    reservations.change(booking, house.clock.now, asked=asked)
    await round_of(house)
    assert (await house.fresh(lost)).state is BookingState.FAILED
