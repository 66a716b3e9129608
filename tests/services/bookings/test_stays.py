"""What becomes of a booking: a stay that is over counts after the delay; who did not come, or cancelled, never counts."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from integrations.ports import Unavailable
from loyalty.bookings import BookingState
from models import database
from services.bookings import counting, events, following, refusing
from services.bookings.rows import BookingFacts
from services.status.judging import Trouble
from services.status.reading import HOTELS, System, systems
from tests.makers.bookings import House, booking_house

SUM = """
SELECT b.amount FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account WHERE s.member_id = $1
"""


@pytest.fixture
async def house(db: None, now: datetime) -> AsyncIterator[House]:
    async with booking_house(now) as one:
        yield one


async def post(house: House, *sent: dict[str, Any] | None) -> None:
    await events.keep(refusing.engine_of(house.resources), json.dumps(list(sent)).encode(), house.clock.now)
    await house.work()


async def counted(house: House) -> int:
    return int(await database.fetchval(SUM, house.member.id))


async def hotels_of(house: House) -> System:
    """The hotels on the status page; their lists are read, so that nothing but the stays is to be seen."""
    await following.watch(house.resources, house.clock.now)
    return next(one for one in await systems(house.resources, house.clock.now) if one.id == HOTELS)


async def stayed(house: House, **more: Any) -> BookingFacts:
    """A booking whose guest came on the day and left on the day."""
    made = await house.book(days=1, nights=2, **more)
    house.clock.turn(days=1, hours=6)
    await post(house, house.standin.happens(str(made.number), "check_in"))
    house.clock.turn(days=2)
    await post(house, house.standin.happens(str(made.number), "check_out"))
    return await house.fresh(made)


async def test_a_stay_counts_once_after_the_delay(house: House) -> None:
    """A-056: five days after the guest has left, at the price of the booking, and however often it is tried."""
    made = await stayed(house)
    assert made.state is BookingState.CHECKED_OUT
    house.clock.turn(days=4)
    assert await counting.count(made.id, house.resources, house.clock.now) is False
    assert await counted(house) == 0
    house.clock.turn(days=1, hours=1)
    assert await following.due(house.clock.now) == [made.id]
    assert await counting.count(made.id, house.resources, house.clock.now) is True
    assert await counting.count(made.id, house.resources, house.clock.now) is False
    assert await counted(house) == made.price
    over = await house.fresh(made)
    assert (over.state, over.purchase_id) == (BookingState.ACCRUED, made.id)
    row = await database.fetchrow("SELECT channel, outlet, receipt_number, net FROM purchase WHERE id = $1", made.id)
    assert row is not None
    assert tuple(row) == ("CABINET", "igora-booking", made.number, made.price)


async def test_a_crash_between_posting_and_noting_counts_once(house: House) -> None:
    made = await stayed(house)
    house.clock.turn(days=6)
    await counting.count(made.id, house.resources, house.clock.now)
    await database.execute("UPDATE booking SET state = 'CHECKED_OUT', purchase_id = NULL WHERE id = $1", made.id)
    assert await counting.count(made.id, house.resources, house.clock.now) is True
    assert await counted(house) == made.price


async def test_who_never_came_never_counts(house: House) -> None:
    made = await house.book(days=1, nights=2)
    house.clock.turn(days=20)
    assert await following.due(house.clock.now) == [made.id]
    assert await counting.count(made.id, house.resources, house.clock.now) is False
    assert (await house.fresh(made)).state is BookingState.NO_SHOW
    assert await counted(house) == 0


async def test_a_stay_without_a_check_out_is_shown_and_counts_after_the_delay(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """A lost check-out is told to the operator, once in the log and for as long as it waits, and waits for nobody."""
    made = await house.book(days=1, nights=2)
    house.clock.turn(days=1, hours=6)
    await post(house, house.standin.happens(str(made.number), "check_in"))
    house.clock.turn(days=1)
    assert await following.due(house.clock.now) == []
    assert (await hotels_of(house)).troubles == ()
    house.clock.turn(days=2)
    with caplog.at_level("WARNING"):
        for attempt in range(3):
            assert await following.due(house.clock.now) == ([] if attempt else [made.id])
            assert await counting.count(made.id, house.resources, house.clock.now) is False
    (line,) = [record for record in caplog.records if "no check-out was told" in record.message]
    assert (line.levelname, vars(line)["booking"]) == ("ERROR", str(made.id))
    waits = await house.fresh(made)
    midday = datetime.combine(made.departure, time(9), UTC)
    assert (waits.state, waits.left_at) == (BookingState.CHECKED_IN, midday), "noon by the hotel's own clock"
    shown = await hotels_of(house)
    assert (shown.facts.aside, shown.troubles) == (1, (Trouble.ASIDE,))
    house.clock.turn(days=5)
    assert await counting.count(made.id, house.resources, house.clock.now) is True
    assert await counting.count(made.id, house.resources, house.clock.now) is False
    assert await counted(house) == made.price
    assert (await hotels_of(house)).troubles == ()


async def test_a_check_out_that_comes_late_says_when_the_stay_counts(house: House) -> None:
    made = await house.book(days=1, nights=2)
    house.clock.turn(days=1, hours=6)
    await post(house, house.standin.happens(str(made.number), "check_in"))
    house.clock.turn(days=4)
    assert await counting.count(made.id, house.resources, house.clock.now) is False
    await post(house, house.standin.happens(str(made.number), "check_out"))
    out = await house.fresh(made)
    assert (out.state, out.left_at) == (BookingState.CHECKED_OUT, house.clock.now)
    assert out.counts_at == house.clock.now + timedelta(days=5)
    assert (await hotels_of(house)).troubles == ()


async def test_a_guest_who_stays_on_has_not_left(house: House) -> None:
    """Another day of departure in the hotel's record begins the wait anew."""
    made = await house.book(days=1, nights=2)
    house.clock.turn(days=1, hours=6)
    await post(house, house.standin.happens(str(made.number), "check_in"))
    house.clock.turn(days=3)
    await counting.count(made.id, house.resources, house.clock.now)
    booking = house.standin.reservations.by_number[str(made.number)]
    longer = [replace(stay, departure=stay.departure + timedelta(days=9)) for stay in booking.stays]
    house.standin.reservations.change(booking, house.clock.now, stays=longer)
    await following.refresh(made.id, house.resources, house.clock.now)
    house.clock.turn(days=6)
    assert await counting.count(made.id, house.resources, house.clock.now) is False
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN


async def test_a_stay_that_is_cancelled_before_it_counts_never_counts(house: House) -> None:
    made = await stayed(house)
    booking = house.standin.reservations.by_number[str(made.number)]
    house.standin.reservations.change(
        booking, house.clock.now, status="Cancelled", penalty=0, cancelled=house.clock.now
    )
    house.clock.turn(days=6)
    assert await counting.count(made.id, house.resources, house.clock.now) is False
    assert (await house.fresh(made)).state is BookingState.CANCELLED
    assert await counted(house) == 0


async def test_a_stay_that_is_corrected_after_its_end_still_counts(house: House) -> None:
    """A-056: a hotel that writes another day of departure behind the guest's back takes away no moment that stands."""
    made = await stayed(house)
    assert made.counts_at is not None
    booking = house.standin.reservations.by_number[str(made.number)]
    longer = [replace(stay, departure=stay.departure + timedelta(days=1)) for stay in booking.stays]
    house.standin.reservations.change(booking, house.clock.turn(hours=1), stays=longer)
    corrected = await following.refresh(made.id, house.resources, house.clock.now)
    assert corrected is not None
    assert corrected.departure == made.departure + timedelta(days=1), "the hotel's record has changed"
    assert (corrected.state, corrected.counts_at) == (BookingState.CHECKED_OUT, made.counts_at)
    house.clock.turn(days=6)
    assert await following.due(house.clock.now) == [made.id]
    assert await counting.count(made.id, house.resources, house.clock.now) is True
    assert await counted(house) > 0


async def test_an_outage_of_a_minute_loses_no_departure(house: House) -> None:
    """security.md P36: every delivery tries all that waits, so how often says nothing of how long the engine was away."""
    made = await house.book(days=1, nights=1)
    house.clock.turn(days=1)
    await post(house, house.standin.happens(str(made.number), "check_in"))
    house.clock.turn(days=1)
    told = json.dumps([house.standin.happens(str(made.number), "check_out")]).encode()
    await events.keep(refusing.engine_of(house.resources), told, house.clock.now)
    await database.execute("UPDATE booking_event SET tries = 30 WHERE state = 'NEW'")
    house.plan.faults["details"].extend(["503"] * 9)
    with pytest.raises(Unavailable):
        await events.work_off(house.resources, house.clock.now)
    house.plan.faults["details"].clear()
    await events.work_off(house.resources, house.clock.now)
    assert (await house.fresh(made)).state is BookingState.CHECKED_OUT


async def test_the_hotels_list_tells_what_no_event_told(house: House) -> None:
    made = await house.book()
    await following.watch(house.resources, house.clock.now)
    await house.work()
    booking = house.standin.reservations.by_number[str(made.number)]
    house.clock.turn(minutes=10)
    house.standin.reservations.change(
        booking, house.clock.now, status="Cancelled", penalty=0, cancelled=house.clock.now
    )
    house.clock.turn(minutes=10)
    await following.watch(house.resources, house.clock.now)
    await house.work()
    assert (await house.fresh(made)).state is BookingState.CANCELLED


async def test_an_event_ten_times_is_one(house: House) -> None:
    """security.md 6.4: the same event again, together and later, changes nothing more."""
    made = await house.book(days=1)
    house.clock.turn(days=1)
    event = house.standin.happens(str(made.number), "check_in")
    await post(house, *[event] * 10)
    await post(house, event)
    assert await database.fetchval("SELECT count(*) FROM booking_event WHERE kind = 'webpms:check_in'") == 1
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN
    await post(house, house.standin.happens(str(made.number), "cancel_check_in"))
    assert (await house.fresh(made)).state is BookingState.CONFIRMED


async def test_one_poisoned_event_stops_no_other(house: House) -> None:
    """security.md 5, P36: each by itself; what cannot be read and strangers' hotels are put aside in the open."""
    made = await house.book(days=1)
    house.clock.turn(days=1)
    good = house.standin.happens(str(made.number), "check_in")
    strange = good | {"eventId": "s-1", "payload": {"BookingNumber": made.number, "PropertyId": "1"}}
    other = good | {"eventId": "o-1", "payload": {"BookingNumber": "20260101-41007-1", "PropertyId": "41007"}}
    unknown = good | {"eventId": "u-1", "eventType": "webpms:new_thing"}
    await post(house, None, {"eventId": 7}, strange, other, unknown, good)
    assert (await house.fresh(made)).state is BookingState.CHECKED_IN
    states = await database.fetch("SELECT state, count(*) FROM booking_event GROUP BY state ORDER BY state")
    assert {row["state"]: row["count"] for row in states} == {"ASIDE": 3, "DONE": 3}


async def test_a_departure_in_a_hotel_without_events_is_enough(db: None, now: datetime) -> None:
    async with booking_house(now) as house:
        found = await house.search(partner="dacha-vintera", days=1)
        offer = found.rooms[0][1][0].stay
        made = await house.book(partner="dacha-vintera", days=1, room=offer.room_id, rate=offer.rate_id)
        house.clock.turn(days=10)
        assert await counting.count(made.id, house.resources, house.clock.now) is True
        assert (await house.fresh(made)).state is BookingState.ACCRUED
