"""Booking a hotel in the cabinet: two prices, a yes, one booking whatever happens on the way (A-056..A-065)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from integrations.bookings import Party
from loyalty.bookings import BookingState
from loyalty.refusals import Code, Refusal
from models import database
from services.bookings import cancelling, following, hotels, rows, searching, starting
from services.bookings.starting import StartCommand
from tests.makers.bookings import House, booking_house
from tests.makers.patience import rivals
from tests.makers.people import make_member
from tests.makers.travelline import CLOSED_RATE, FAMILY

RAISE = "UPDATE balance SET amount = $2 FROM member_standing AS s WHERE s.qualifying_account = account_id AND s.member_id = $1"


@pytest.fixture
async def house(db: None, now: datetime) -> AsyncIterator[House]:
    async with booking_house(now) as one:
        yield one


async def no_booking() -> bool:
    return not await database.fetchval("SELECT count(*) FROM booking")


async def test_a_hotel_is_ours_to_show_with_our_copies_of_its_pictures(house: House) -> None:
    """A-059: the hotels of the programme, and nothing of them is loaded from the engine by a guest."""
    from services import programmes  # noqa: PLC0415

    found = await hotels.connected(house.resources, await programmes.current(house.clock.now))
    assert [hotel.card.name for hotel in found] == ["Отель «Игора»", "Дача Винтера"]
    sources = {url for hotel in found for url in hotel.card.pictures}
    assert sources <= found[0].pictures.keys()
    body, kind = await hotels.picture(found[0].pictures[found[0].card.pictures[0]]) or (b"", "")
    assert (body[:4], kind) == (b"\x89PNG", "image/png")
    assert hotels.kind_of(b"<svg onload=1>") is None
    assert (
        await hotels.connected(replace(house.resources, hotels=None), await programmes.current(house.clock.now)) == []
    )


async def test_the_members_price_stands_beside_the_public_one(house: House) -> None:
    """A-056: the rule of the cabinet prices a room: nothing off at the first tier, 15 % at the last."""
    first = (await house.search()).rooms[0][1][0]
    assert first.priced.discount == 0
    assert first.priced.net == first.stay.price
    await database.execute(RAISE, house.member.id, 1_000_000_00)
    again = (await house.search()).rooms[0][1][0]
    assert again.priced.discount == first.stay.price * 15 // 100
    assert again.priced.lines[0].accumulates


async def test_guests_who_ask_the_same_ask_once(house: House) -> None:
    """A-058, A-065: fifty guests at once are one question to the engine, and its answer serves for a minute."""
    guests = [await make_member(house.clock.now) for _ in range(10)]
    before = house.standin.requests.count("search")
    wanted = searching.Wanted("igora", _days(house)[0], _days(house)[1], (Party(2),))
    await asyncio.gather(
        *(searching.search(house.resources, guests[place % 10].id, wanted, now=house.clock.now) for place in range(50))
    )
    assert house.standin.requests.count("search") == before + 1
    house.clock.turn(seconds=61)
    await house.search()
    assert house.standin.requests.count("search") == before + 2


def _days(house: House) -> tuple[date, date]:
    first = house.clock.now.date() + timedelta(days=10)
    return first, first + timedelta(days=2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": -1}, "input.arrival"),
        ({"nights": 0}, "input.departure"),
        ({"nights": 31}, "input.departure"),
        ({"days": 364, "nights": 2}, "input.departure"),
        ({"parties": ()}, "input.rooms"),
        ({"parties": (Party(0),)}, "input.rooms.0"),
        ({"parties": (Party(2), Party(2, (18,)))}, "input.rooms.1"),
        ({"code": "ЛЕТО"}, "input.promoCode"),
    ],
)
async def test_a_search_that_cannot_be_meant_is_refused_before_the_engine_hears_of_it(
    house: House, wrong: dict[str, object], field: str
) -> None:
    """A-060..A-064."""
    with pytest.raises(Refusal) as refused:
        await house.search(**wrong)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.field) == (Code.INVALID_INPUT, field)
    assert "search" not in house.standin.requests


async def test_a_promo_code_opens_a_closed_rate(house: House) -> None:
    """A-064: what the hotel keeps for a corporate client is opened by a code of the programme, in any case."""
    rates = {found.stay.rate_id for found in (await house.search(code="зима")).rooms[0][1]}
    assert CLOSED_RATE in rates
    booking = await house.book(code="ЗИМА", rate=CLOSED_RATE)
    assert booking.state is BookingState.CONFIRMED


async def test_two_rooms_are_one_booking(house: House) -> None:
    """A-062, A-063: another room, and children by age."""
    booking = await house.book(parties=(Party(2), Party(2, (4,))))
    assert booking.state is BookingState.CONFIRMED
    assert len(house.standin.reservations.by_number[str(booking.number)].stays) == 2


async def test_a_new_price_is_shown_and_only_then_booked(house: House) -> None:
    """A-057: verify found it dearer: both prices stand there, and nothing is booked without a yes."""
    house.plan.dearer[FAMILY] = 900
    started = await house.start(room=FAMILY)
    assert started.is_dearer
    assert started.price - started.asked_price == 900_00
    assert not house.standin.reservations.by_number
    booked = await house.confirm(started)
    await house.work()
    made = await house.fresh(booked)
    assert made.state is BookingState.CONFIRMED
    assert house.standin.reservations.by_number[str(made.number)].price * 100 == started.price


async def test_nobody_is_asked_for_a_name_again(house: House) -> None:
    """A-058: the hotel gets the member's own name and contacts, and what discount it gives."""
    await database.execute(RAISE, house.member.id, 100_000_00)
    made = await house.book()
    asked = house.standin.reservations.by_number[str(made.number)].asked
    assert asked["customer"]["lastName"] == "Петрова"
    assert asked["customer"]["contacts"]["phones"] == [{"phoneNumber": house.member.phone}]
    assert "скидка 5 %" in asked["bookingComments"][0]


async def test_the_same_key_is_the_same_booking_and_another_body_is_refused(house: House) -> None:
    found = (await house.search()).rooms[0][1]
    command = StartCommand("same", [found[0].word])
    one = await starting.start(house.resources, house.member.id, command, now=house.clock.now)
    two = await starting.start(house.resources, house.member.id, command, now=house.clock.now)
    assert one.id == two.id
    with pytest.raises(Refusal) as reused:
        await starting.start(
            house.resources, house.member.id, StartCommand("same", [found[1].word]), now=house.clock.now
        )
    assert reused.value.code is Code.KEY_REUSED
    await rivals(*(partial(house.confirm, one, key="yes") for _ in range(10)))
    with pytest.raises(Refusal) as twice:
        await house.confirm(one, key="another")
    assert twice.value.code is Code.QUOTE_USED
    await house.work()
    assert len(house.standin.reservations.by_number) == 1


async def test_an_offer_serves_only_the_member_it_was_shown_to_and_for_half_an_hour(house: House) -> None:
    word = (await house.search()).rooms[0][1][0].word
    other = await make_member(house.clock.now)
    with pytest.raises(Refusal) as stolen:
        await starting.start(house.resources, other.id, StartCommand("k", [word]), now=house.clock.now)
    assert stolen.value.code is Code.INVALID_INPUT
    house.clock.turn(minutes=31)
    with pytest.raises(Refusal) as old:
        await starting.start(house.resources, house.member.id, StartCommand("k", [word]), now=house.clock.now)
    assert old.value.code is Code.QUOTE_EXPIRED
    assert await no_booking()


async def test_a_room_that_is_gone_is_refused_and_nothing_is_kept(house: House) -> None:
    word = (await house.search()).rooms[0][1][0].word
    for night in range(3):
        for room in ("70231", "70232", "70233", "70234"):
            house.standin.reservations.sold_out.add((room, house.clock.now.date() + timedelta(days=10 + night)))
    with pytest.raises(Refusal) as gone:
        await starting.start(house.resources, house.member.id, StartCommand("k", [word]), now=house.clock.now)
    assert gone.value.code is Code.ROOM_GONE
    assert await no_booking()


@pytest.mark.parametrize("fault", ["503", "429"])
async def test_an_engine_that_is_away_is_told_in_words(house: House, fault: str) -> None:
    house.plan.faults["search"].append(fault)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as away:
        await house.search()
    assert away.value.code is (Code.LIMIT_REACHED if fault == "429" else Code.ENGINE_AWAY)
    assert away.value.retryable


@pytest.mark.parametrize("repeated", ["same", "refused"])
async def test_a_lost_answer_makes_one_booking(house: House, repeated: str) -> None:
    """A-057: accepted and not answered: repeated once with the same token, then looked up; never verified anew."""
    house.plan.repeated = repeated  # type: ignore[assignment]
    house.plan.faults["create"].append("lose")
    made = await house.confirm(await house.start())
    verified = house.standin.requests.count("verify")
    await house.work()
    assert (await house.fresh(made)).state is BookingState.CREATING
    house.clock.turn(seconds=30)
    await house.work()
    booked = await house.fresh(made)
    assert booked.state is BookingState.CONFIRMED
    assert list(house.standin.reservations.by_number) == [booked.number]
    assert house.standin.requests.count("verify") == verified


async def test_an_answer_lost_twice_is_looked_up(house: House) -> None:
    house.plan.faults["create"].extend(["lose", "500"])
    made = await house.confirm(await house.start())
    for _ in range(4):
        await house.work()
        house.clock.turn(seconds=60)
    booked = await house.fresh(made)
    assert booked.state is BookingState.CONFIRMED
    assert list(house.standin.reservations.by_number) == [booked.number]
    assert house.standin.requests.count("create") == 2


async def test_a_call_that_never_arrived_ends_in_words_and_no_booking(house: House) -> None:
    house.plan.faults["create"].extend(["500", "500"])
    made = await house.confirm(await house.start())
    for _ in range(6):
        await house.work()
        house.clock.turn(seconds=120)
    ended = await house.fresh(made)
    assert (ended.state, ended.fault) == (BookingState.FAILED, "NOT_FOUND")
    assert not house.standin.reservations.by_number


async def test_paying_at_once_waits_for_the_money(house: House) -> None:
    """A-057: the engine's own page takes the money; without it nothing is booked."""
    started = await house.start()
    assert [way.method for way in started.ways] == ["AtArrival", "BankCard", "SBP"]
    made = await house.confirm(started, way="g-2")
    await house.work()
    waiting = await house.fresh(made)
    assert waiting.state is BookingState.AWAITING_PAYMENT
    assert waiting.payment_url is not None
    booking = house.standin.reservations.by_number[str(waiting.number)]
    house.standin.reservations.change(booking, house.clock.now, status="Confirmed")
    house.clock.turn(seconds=10)
    await house.work()
    assert (await house.fresh(made)).state is BookingState.CONFIRMED


async def test_who_pays_late_on_the_hotels_page_has_the_room(house: House) -> None:
    """A-057: given up here after 40 minutes, paid there after 41: the hotel has the booking, so it stands, and its stay counts."""
    made = await house.confirm(await house.start(), way="g-2")
    await house.work()
    for _ in range(12):
        house.clock.turn(minutes=4)
        await house.work()
    over = await house.fresh(made)
    assert (over.state, over.fault) == (BookingState.FAILED, "NOT_PAID")
    booking = house.standin.reservations.by_number[str(over.number)]
    house.standin.reservations.change(booking, house.clock.now, status="Confirmed")
    await following.watch(house.resources, house.clock.now)
    await house.work()
    late = await house.fresh(made)
    assert (late.state, late.fault) == (BookingState.CONFIRMED, None)


async def test_who_has_a_discount_pays_where_it_is_known(house: House) -> None:
    """A-057: the engine would take the public price, so only the desk is offered."""
    await database.execute(RAISE, house.member.id, 100_000_00)
    started = await house.start()
    assert [way.method for way in started.ways] == ["AtArrival"]
    with pytest.raises(Refusal):
        await house.confirm(started, way="g-2")


async def test_cancelling_costs_what_was_shown_or_nothing_happens(house: House) -> None:
    made = await house.book(days=1)
    shown = await cancelling.penalty_of(house.resources, house.member.id, made.id, house.clock.now)
    assert shown.amount == 0
    house.clock.turn(hours=10)
    await cancelling.cancel(house.member.id, key="c1", booking=made.id, expected=0, now=house.clock.now)
    await house.work()
    stands = await house.fresh(made)
    assert (stands.state, stands.fault) == (BookingState.CONFIRMED, "PENALTY_CHANGED")
    shown = await cancelling.penalty_of(house.resources, house.member.id, made.id, house.clock.now)
    assert shown.amount > 0
    house.plan.faults["cancel"].append("lose")
    await cancelling.cancel(house.member.id, key="c2", booking=made.id, expected=shown.amount, now=house.clock.now)
    await house.work()
    over = await house.fresh(made)
    assert (over.state, over.penalty) == (BookingState.CANCELLED, shown.amount)


async def test_nobody_touches_anothers_booking(house: House) -> None:
    made = await house.book()
    stranger = await make_member(house.clock.now)
    assert await rows.find(made.id, stranger.id) is None
    for touch in (
        cancelling.cancel(stranger.id, key="x", booking=made.id, expected=0, now=house.clock.now),
        cancelling.penalty_of(house.resources, stranger.id, made.id, house.clock.now),
    ):
        with pytest.raises(Refusal) as refused:
            await touch
        assert refused.value.code is Code.NOT_FOUND
    assert (await house.fresh(made)).state is BookingState.CONFIRMED
