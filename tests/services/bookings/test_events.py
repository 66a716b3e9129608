"""What a hotel's system posts: all of it is worked off, by when it happened, in whatever order and number it comes."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from integrations.ports import Unavailable
from jobs import bookings as jobs
from jobs.registry import Tools
from loyalty.bookings import BookingState
from models import database
from services.bookings import counting, events, refusing
from services.bookings.rows import BookingFacts
from services.work import Work
from tests.makers.bookings import House, booking_house
from tests.makers.mail import RememberingMailer

STRANGER = "20260101-41007-1"
STAY = ("check_in", "cancel_check_in", "check_in", "check_out", "cancel_check_out", "check_out")
STANDS = {
    "check_in": BookingState.CHECKED_IN,
    "cancel_check_in": BookingState.CONFIRMED,
    "check_out": BookingState.CHECKED_OUT,
    "cancel_check_out": BookingState.CHECKED_IN,
}


@pytest.fixture
async def house(db: None, now: datetime) -> AsyncIterator[House]:
    async with booking_house(now) as one:
        yield one


def event(kind: str, number: str, at: datetime | str) -> dict[str, Any]:
    """An event as the engine writes it."""
    moment = at if isinstance(at, str) else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    payload = {"BookingNumber": number, "PropertyId": "41007"}
    return {"eventId": str(uuid4()), "eventType": f"webpms:{kind}", "creationTime": moment, "payload": payload}


async def keep(house: House, told: Sequence[dict[str, Any]]) -> None:
    await events.keep(refusing.engine_of(house.resources), json.dumps(list(told)).encode(), house.clock.now)


async def tell(house: House, *deliveries: Sequence[dict[str, Any]]) -> None:
    """Deliveries of events, each worked off before the next one comes."""
    for told in deliveries:
        await keep(house, told)
        await events.work_off(house.resources, house.clock.now)


async def waiting() -> int:
    return int(await database.fetchval("SELECT count(*) FROM booking_event WHERE state = 'NEW'"))


async def arrived(house: House) -> BookingFacts:
    """A booking, and a moment behind all that is told of it."""
    made = await house.book(days=1, nights=2)
    house.clock.turn(days=4)
    return made


async def anew(booking: BookingFacts) -> None:
    """As if nothing had been told of a booking."""
    await database.execute("DELETE FROM booking_event")
    await database.execute(
        "UPDATE booking SET state = 'CONFIRMED', left_at = NULL, counts_at = NULL WHERE id = $1", booking.id
    )


def story(booking: BookingFacts, length: int = len(STAY)) -> list[dict[str, Any]]:
    """What happened at the desk in its order, an hour between each."""
    begins = datetime.combine(booking.arrival, datetime.min.time(), UTC) + timedelta(hours=15)
    return [
        event(kind, str(booking.number), begins + timedelta(hours=hours)) for hours, kind in enumerate(STAY[:length])
    ]


async def stands(house: House, booking: BookingFacts) -> tuple[BookingState, datetime | None]:
    fresh = await house.fresh(booking)
    return fresh.state, fresh.left_at


def ends(told: Sequence[dict[str, Any]]) -> tuple[BookingState, datetime | None]:
    """How a stay stands after all of it."""
    last = max(told, key=lambda one: one["creationTime"])
    state = STANDS[last["eventType"].removeprefix("webpms:")]
    return state, datetime.fromisoformat(last["creationTime"]) if state is BookingState.CHECKED_OUT else None


@pytest.mark.parametrize("length", [2, 3, 4])
async def test_events_of_a_stay_come_in_any_order(house: House, length: int) -> None:
    """security.md 6.4: every order, in one delivery and each in its own, ends as it happened at the desk."""
    made = await arrived(house)
    told = story(made, length)
    for order in permutations(told):
        for deliveries in ([order], [[one] for one in order]):
            await anew(made)
            await tell(house, *deliveries)
            assert await stands(house, made) == ends(told), [one["eventType"] for one in order]
            assert await waiting() == 0


async def test_a_long_stay_is_cut_into_deliveries_anywhere(house: House) -> None:
    """security.md 6.4: six events in orders of chance, cut anywhere, some of them twice."""
    made = await arrived(house)
    told, chance = story(made), Random(7)
    for _ in range(40):
        order = [*chance.sample(told, len(told)), *chance.sample(told, 2)]
        cuts = sorted(chance.sample(range(1, len(order)), 2))
        await anew(made)
        await tell(house, order[: cuts[0]], order[cuts[0] : cuts[1]], order[cuts[1] :])
        assert await stands(house, made) == ends(told), [one["eventType"] for one in order]


async def test_what_was_lost_is_made_up_for_by_what_follows(house: House) -> None:
    """A check-in and a check-out that never came: that one was taken back says that the guest is in the house."""
    made = await arrived(house)
    told = story(made)
    await tell(house, [told[4]])
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN
    await tell(house, [told[3]])
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN, "it is the older one"


async def test_within_one_moment_the_order_of_the_array_counts(house: House) -> None:
    """The vendor's clock has seconds, and its arrays are oldest first."""
    made = await arrived(house)
    at = datetime.combine(made.arrival, datetime.min.time(), UTC) + timedelta(hours=15)
    for kinds in (("check_out", "cancel_check_out"), ("cancel_check_out", "check_out")) * 5:
        await anew(made)
        await tell(house, [event(kind, str(made.number), at) for kind in kinds])
        assert (await house.fresh(made)).state is STANDS[kinds[-1]]


async def test_rivals_who_work_off_at_once_end_alike(house: House) -> None:
    made = await arrived(house)
    told = story(made)
    await keep(house, told[::-1])
    # One of them reads what waits, and applies it when all of it is done and older by now.
    behind = await database.fetch(events._NEW, events.FIRST, events.AT_ONCE)
    await events.work_off(house.resources, house.clock.now)
    for row in behind:
        await events._settled(row, {"41007"}, house.resources, house.clock.now)
    assert await stands(house, made) == ends(told)


async def test_all_of_a_long_delivery_is_worked_off_by_one_job(house: House) -> None:
    """security.md P36: a thousand events a body; who comes last in it waits for no other delivery."""
    made = await arrived(house)
    others = [event("check_in", STRANGER, house.clock.now) for _ in range(2 * events.AT_ONCE + 50)]
    await keep(house, [*others, *story(made, 1)])
    await house.work()
    assert await waiting() == 0
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN


async def test_what_the_engine_does_not_list_stands_before_nobody(house: House) -> None:
    """A page of events whose booking cannot be read, and one behind it that can."""
    made, lost = await house.book(days=1, nights=2), await house.book(days=1, nights=2)
    house.clock.turn(days=4)
    del house.standin.reservations.by_number[str(lost.number)]
    await keep(house, [event("check_in", str(lost.number), house.clock.now) for _ in range(events.AT_ONCE)])
    await keep(house, story(made, 1))
    with pytest.raises(Unavailable):
        await events.work_off(house.resources, house.clock.now)
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN
    assert await waiting() == events.AT_ONCE


async def test_events_of_a_booking_are_read_once(house: House) -> None:
    """The vendor counts our questions: six events of one stay are one."""
    made = await arrived(house)
    await keep(house, story(made))
    house.standin.requests.clear()
    await events.work_off(house.resources, house.clock.now)
    assert house.standin.requests.count("details") == 1


async def test_what_its_job_gave_up_is_taken_up_by_the_round(house: House) -> None:
    """Recovery needs no hand: nobody posts anything more, and the job is no more."""
    made = await arrived(house)
    await keep(house, story(made, 1))
    await database.execute("DELETE FROM job")
    tools = Tools(resources=house.resources, mailer=RememberingMailer())
    await jobs.watch({}, tools, house.clock.now)
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN


async def test_an_event_waits_for_a_cancellation_under_way(house: House) -> None:
    """How it ends is the hotel's to say: what came meanwhile is not lost where the booking stands after all."""
    made = await arrived(house)
    await database.execute("UPDATE booking SET state = 'CANCELLING' WHERE id = $1", made.id)
    await keep(house, story(made, 1))
    with pytest.raises(Unavailable):
        await events.work_off(house.resources, house.clock.now)
    await database.execute("UPDATE booking SET state = 'CONFIRMED' WHERE id = $1", made.id)
    await events.work_off(house.resources, house.clock.now)
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN


@pytest.mark.parametrize("wrong", ["2009-01-01T00:00:00.000Z", "2199-01-01T00:00:00.000Z", "yesterday", "0001-01-01"])
async def test_a_clock_that_cannot_be_right_is_not_believed(house: House, wrong: str) -> None:
    """security.md 6.4: the guest has left when we heard of it, and the stay counts after the whole delay."""
    made = await house.book(days=1, nights=2)
    house.clock.turn(days=3)
    left = house.clock.now
    await tell(house, [event("check_out", str(made.number), wrong)])
    out = await house.fresh(made)
    assert (out.state, out.left_at, out.counts_at) == (BookingState.CHECKED_OUT, left, left + timedelta(days=5))
    house.clock.turn(days=4)
    assert await counting.count(made.id, house.resources, house.clock.now) is False
    house.clock.turn(days=1, minutes=1)
    assert await counting.count(made.id, house.resources, house.clock.now) is True
    closed = await database.fetchval("SELECT closed_at FROM purchase WHERE id = $1", made.id)
    assert closed == left


async def test_nobody_has_left_before_the_day_of_arrival(house: House) -> None:
    """A slip at the desk months ahead: nothing counts before the stay could begin by the hotel's own clock."""
    made = await house.book(days=60, nights=2)
    house.clock.turn(days=1)
    await tell(house, [event("check_out", str(made.number), house.clock.now)])
    out = await house.fresh(made)
    midnight = datetime.combine(made.arrival, datetime.min.time(), UTC) - timedelta(hours=3)
    assert (out.left_at, out.counts_at) == (midnight, midnight + timedelta(days=5))
    await tell(house, [event("cancel_check_out", str(made.number), house.clock.turn(minutes=1))])
    back = await house.fresh(made)
    assert (back.state, back.left_at, back.counts_at) == (BookingState.CHECKED_IN, None, None)


async def test_an_event_of_another_hotel_says_nothing_of_a_booking(house: House) -> None:
    """Numbers are the engine's, and a house speaks of its own guests alone."""
    made = await arrived(house)
    other = story(made, 1)[0] | {"payload": {"BookingNumber": made.number, "PropertyId": "41019"}}
    await tell(house, [other])
    assert (await house.fresh(made)).state is BookingState.CONFIRMED
    assert await waiting() == 0


async def test_a_body_is_kept_by_one_statement(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is, it does not outlast a unit of work: the engine waits for this very body."""
    asked: list[str] = []

    def counting(name: str) -> Callable[..., Any]:
        method = getattr(Work, name)

        async def call(tx: Work, sql: str, *args: object) -> Any:
            asked.append(sql)
            return await method(tx, sql, *args)

        return call

    for name in ("fetch", "fetchrow", "fetchval", "execute"):
        monkeypatch.setattr(Work, name, counting(name))
    told = [event("check_in", STRANGER, house.clock.now) for _ in range(1000)]
    await keep(house, told)
    assert await waiting() == 1000
    assert len(asked) <= 2, "the events and their job"
