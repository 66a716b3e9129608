"""Hotels side by side under many guests: one question for all who ask the same, and never more than the vendor allows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from integrations.bookings import Party
from integrations.ports import TooOften
from integrations.standins.travelline.windows import PUBLISHED
from integrations.travelline.limits import LIMITS
from loyalty.refusals import Code, Refusal
from models import database
from services.bookings import asking, comparing
from services.bookings.comparing import Compared, Days
from tests.makers.bookings import House, booking_house
from tests.makers.people import MadeMember, make_member

GUESTS = 50
STAYS = 25
RAISE = "UPDATE balance SET amount = $2 FROM member_standing AS s WHERE s.qualifying_account = account_id AND s.member_id = $1"


@pytest.fixture
async def house(db: None, now: datetime) -> AsyncIterator[House]:
    async with booking_house(now) as one:
        yield one


@pytest.fixture
async def limited(db: None, now: datetime) -> AsyncIterator[House]:
    async with booking_house(now, is_limited=True) as one:
        yield one


async def compare(house: House, *, days: int = 10, member: MadeMember | None = None, **more: object) -> Compared:
    arrival = house.clock.now.date() + timedelta(days=days)
    wanted = Days(arrival, arrival + timedelta(days=2), more.get("parties", (Party(2),)))  # type: ignore[arg-type]
    return await comparing.compare(house.resources, (member or house.member).id, wanted, now=house.clock.now)


async def test_the_least_price_of_each_hotel_with_the_members_own(house: House) -> None:
    """A-059: the sums are those that a search of the hotel begins with, less the member's discount, cheapest first."""
    await database.execute(RAISE, house.member.id, 1_000_000_00)
    told = await compare(house)
    found = {hotel.partner.id: priced for hotel, priced in told.hotels}
    for partner, priced in found.items():
        cheapest = (await house.search(partner=partner)).rooms[0][1][0]
        assert priced is not None
        assert (priced.gross, priced.net) == (cheapest.stay.price, cheapest.priced.net)
        assert priced.discount > 0
    nets = [priced.net for _, priced in told.hotels if priced is not None]
    assert nets == sorted(nets)
    assert len(nets) == 2
    both = await compare(house, parties=(Party(2), Party(1, (4,))))
    assert all(one[1] is not None and one[1].gross > nets[0] for one in both.hotels)


async def test_a_hotel_that_is_full_stands_last_without_a_price(house: House) -> None:
    """A-059: full is told, and what was sold out is told anew once it was booked or forgotten."""
    first = (await compare(house)).hotels[0][0]
    full = house.standin.reservations.houses[first.terms.property_id]
    night = house.clock.now.date() + timedelta(days=10)
    house.standin.reservations.sold_out |= {(room.id, night) for room in full.rooms}
    assert (await compare(house)).hotels[0][0].partner == first.partner, "an answer serves for five minutes"
    house.clock.turn(minutes=5)
    told = await compare(house)
    assert (told.hotels[-1][0].partner, told.hotels[-1][1]) == (first.partner, None)
    assert told.hotels[0][1] is not None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"days": -1}, "input.arrival"), ({"parties": ()}, "input.rooms"), ({"parties": (Party(0),)}, "input.rooms.0")],
)
async def test_what_cannot_be_meant_is_refused_before_the_engine_hears_of_it(
    house: House, wrong: dict[str, object], field: str
) -> None:
    """A-060..A-063."""
    with pytest.raises(Refusal) as refused:
        await compare(house, **wrong)  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.field) == (Code.INVALID_INPUT, field)
    assert "lowest" not in house.standin.requests


async def test_fifty_guests_who_ask_the_same_ask_once(limited: House) -> None:
    """A-087: one request to the vendor for fifty guests at once, and none for those of the next five minutes."""
    guests = [await make_member(limited.clock.now) for _ in range(10)]
    told = await asyncio.gather(*(compare(limited, member=guests[place % 10]) for place in range(GUESTS)))
    assert limited.standin.requests.count("lowest") == 1
    assert len({tuple((hotel.partner.id, priced) for hotel, priced in one.hotels) for one in told}) == 1
    limited.clock.turn(minutes=4)
    await compare(limited)
    assert limited.standin.requests.count("lowest") == 1
    assert limited.standin.limited == []


async def test_fifty_guests_who_ask_for_different_days_are_answered_within_the_limits(limited: House) -> None:
    """A-087: twenty-five stays, eight times what may be asked for all hotels in a second: the others are asked hotel by hotel,
    everybody gets prices, and the vendor, who counts as it publishes, refuses nobody."""
    guests = [await make_member(limited.clock.now) for _ in range(10)]
    told = await asyncio.gather(
        *(compare(limited, days=10 + place % STAYS, member=guests[place % 10]) for place in range(GUESTS))
    )
    assert all(len(one.hotels) == 2 and all(priced for _, priced in one.hotels) for one in told)
    assert limited.standin.limited == []
    for group in ("lowest", "search"):
        assert all(
            asked <= most for asked, most in zip(limited.standin.windows.busiest(group), PUBLISHED[group], strict=True)
        )
    assert limited.standin.requests.count("lowest") > 3


async def test_who_comes_too_late_hears_when_to_come_again(limited: House) -> None:
    """A-087: with the limits of a minute spent on both ways, a guest hears so in words, and the vendor nothing."""
    engine = limited.resources.hotels
    assert engine is not None
    pace = engine._connection._caller._pace  # type: ignore[attr-defined]
    for group in ("lowest", "search"):
        pace._seen[group].extend([pace._clock()] * LIMITS[group][1])
    asked = len(limited.standin.requests)
    with pytest.raises(Refusal) as refused:
        await compare(limited)
    assert refused.value.code is Code.LIMIT_REACHED
    assert refused.value.retryable
    assert len(limited.standin.requests) == asked


async def test_comparing_takes_no_search_away(house: House) -> None:
    """A-059: as many comparisons an hour as searches, each counted for itself."""
    most = house.resources.policy.booking_searches_per_member_hour
    for _ in range(most):
        await compare(house)
    with pytest.raises(Refusal) as refused:
        await compare(house)
    assert refused.value.code is Code.LIMIT_REACHED
    assert house.standin.requests.count("lowest") == 1
    assert (await house.search()).rooms


async def test_an_answer_that_was_asked_for_before_a_booking_does_not_outlive_it(house: House) -> None:
    """Whoever asks behind a booking asks anew, also while the answer of before is still on its way."""
    engine, begun, go = house.resources.hotels, asyncio.Event(), asyncio.Event()
    assert engine is not None
    told = iter(("before", "behind"))

    async def call() -> str:
        answer = next(told)
        begun.set()
        await go.wait()
        return answer

    fresh, now = timedelta(minutes=1), house.clock.now
    early = asyncio.create_task(asking.ask(engine, "q", call, fresh=fresh, now=now))
    await begun.wait()
    asking.forget(engine)
    late = asyncio.create_task(asking.ask(engine, "q", call, fresh=fresh, now=now))
    await asyncio.sleep(0)
    go.set()
    assert (await early, await late) == ("before", "behind")
    assert await asking.ask(engine, "q", call, fresh=fresh, now=now) == "behind"


async def test_a_failed_answer_is_nobodys(house: House) -> None:
    """What went wrong for those who waited is asked anew by the next."""
    engine = house.resources.hotels
    assert engine is not None
    told = iter((TooOften(1), None))

    async def call() -> str:
        if trouble := next(told):
            raise trouble
        return "well"

    fresh, now = timedelta(minutes=1), house.clock.now
    with pytest.raises(TooOften):
        await asking.ask(engine, "q", call, fresh=fresh, now=now)
    assert await asking.ask(engine, "q", call, fresh=fresh, now=now) == "well"
