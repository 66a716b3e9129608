"""The adapter on the stand-in: what it sends is taken, and every way it can go wrong has its verdict (A-087)."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integrations.bookings import Party, PaymentWay, PenaltyDiffers, TokenSpent
from integrations.breaker import FAILURES_MAX, SHUT_SECONDS
from integrations.pace import Pace
from integrations.ports import Drained, Refused, TooOften, Unavailable, Uncertain
from integrations.standins.travelline.plan import Plan
from integrations.standins.travelline.server import TravelLineStandin
from integrations.travelline import reading
from integrations.travelline.engine import AT_HOTEL, TravelLine
from tests.makers.travelline import (
    CLOSED_RATE,
    FAMILY,
    HARD_RATE,
    IGORA,
    TWO,
    WIDE,
    engine_of,
    make_order,
    offer_of,
    standing_in,
)

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
FROM, TO = date(2026, 3, 16), date(2026, 3, 18)
BACK = "https://card.example/booking"


@pytest.fixture
async def standin() -> AsyncIterator[TravelLineStandin]:
    async with standing_in(lambda: NOW, plan=Plan(dearer={FAMILY: 700})) as one:
        yield one


@pytest.fixture
async def engine(standin: TravelLineStandin) -> AsyncIterator[TravelLine]:
    async with engine_of(standin) as one:
        yield one


async def test_a_card_has_text_without_mark_up(engine: TravelLine) -> None:
    card = await engine.card(IGORA)
    assert (card.name, card.time_zone, card.check_in) == ("Отель «Игора»", "Europe/Moscow", "14:00")
    assert "<" not in card.about
    assert card.about.startswith("Дом у склона")
    assert [room.name for room in card.rooms][:2] == ["Стандарт", "Комфорт у склона"]
    assert (await engine.picture(card.pictures[0])).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ({"id": "Europe/Samara"}, "Europe/Samara"),
        ({"name": "Vladivostok Standard Time"}, "Asia/Vladivostok"),
        ({"id": "Russian Standard Time"}, "Europe/Moscow"),
        ({"id": None, "name": "Russia Time Zone 3"}, "Europe/Samara"),
        ({"id": "../../etc/passwd"}, ""),
        ({"name": "Atlantis Standard Time"}, ""),
        (None, ""),
        ("Europe/Samara", ""),
    ],
)
def test_a_hotels_clock_is_read_by_either_name(told: Any, zone: str) -> None:
    """travelline.md 1.4: the tz database's name now, that of Windows in older answers; what nobody knows is none."""
    card = reading.card_of({"id": "1", "name": "x", "timeZone": told})
    assert card.time_zone == zone
    assert zone == "" or ZoneInfo(zone).key == zone


async def test_a_search_is_read_to_the_kopeck(engine: TravelLine) -> None:
    offer = offer_of(await engine.search(IGORA, FROM, TO, TWO, None))
    assert (offer.price, offer.tax, offer.meal) == (1_480_000, 20_000, "BreakFast")
    assert offer.conditions.free_until == datetime(2026, 3, 15, 11, 0, tzinfo=UTC)
    hard = offer_of(await engine.search(IGORA, FROM, TO, TWO, None), rate=HARD_RATE)
    assert (hard.conditions.free_until, hard.conditions.penalty) == (None, hard.price)


async def test_the_lowest_price_of_many_hotels_is_that_of_their_searches(
    standin: TravelLineStandin, engine: TravelLine
) -> None:
    for party in (TWO, Party(2, (4,))):
        found = {one.property_id: one.price for one in await engine.lowest([IGORA, "41019", "1"], FROM, TO, party)}
        assert set(found) == {IGORA, "41019"}
        for house, price in found.items():
            assert price == min(one.price for one in await engine.search(house, FROM, TO, party, None))
    assert standin.requests.count("lowest") == 2


async def test_a_corporate_opens_its_closed_rate(engine: TravelLine) -> None:
    rates = {one.rate_id for one in await engine.search(IGORA, FROM, TO, TWO, None)}
    opened = {one.rate_id for one in await engine.search(IGORA, FROM, TO, TWO, "9001")}
    assert opened - rates == {CLOSED_RATE}


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_a_booking_from_search_to_cancellation(standin: TravelLineStandin, version: str) -> None:
    async with engine_of(standin, version=version) as engine:  # type: ignore[arg-type]
        order = await make_order(engine, FROM, TO)
        terms = await engine.verify(order)
        assert terms is not None
        assert not terms.is_changed
        assert terms.price == 1_480_000
        way = AT_HOTEL if version == "v1" else terms.ways[0]
        made = await engine.create(order, terms, way, back=BACK)
        assert made.is_confirmed
        assert made.payment_url is None
        with pytest.raises(TokenSpent):
            await engine.create(order, terms, way, back=BACK)
        booked = await engine.booked(IGORA, made.number)
        assert booked is not None
        assert booked.price == 1_480_000
        assert booked.phones == ("+79000000001",)
        assert await engine.booked(IGORA, "20260316-41007-1") is None
        with pytest.raises(PenaltyDiffers):
            await engine.cancel(made.number, 100)
        assert await engine.penalty(made.number, NOW) == 0
        await engine.cancel(made.number, 0)
        changes = await engine.changes(IGORA, mark=None, since=NOW)
        assert [(one.number, one.is_cancelled) for one in changes.items] == [(made.number, True)]


async def test_paying_at_once_leads_to_a_page(engine: TravelLine) -> None:
    order = await make_order(engine, FROM, TO)
    terms = await engine.verify(order)
    assert terms is not None
    card = next(way for way in terms.ways if way.method == "BankCard")
    made = await engine.create(order, terms, card, back=BACK)
    assert not made.is_confirmed
    assert made.payment_url is not None


async def test_a_price_that_grew_is_an_alternative_with_its_own_token(engine: TravelLine) -> None:
    order = await make_order(engine, FROM, TO, room=FAMILY)
    terms = await engine.verify(order)
    assert terms is not None
    assert terms.is_changed
    assert terms.price - order.stays[0].price == 70_000
    assert (await engine.create(order, terms, terms.ways[0], back=BACK)).is_confirmed


async def test_rooms_that_are_gone_are_nothing(standin: TravelLineStandin, engine: TravelLine) -> None:
    order = await make_order(engine, FROM, TO)
    standin.reservations.sold_out.add((order.stays[0].room_id, FROM))
    assert await engine.verify(order) is None


@pytest.mark.parametrize(
    ("fault", "reading", "booking"),
    [
        ("500", Unavailable, Uncertain),
        ("503", Unavailable, Uncertain),
        ("lose", Unavailable, Uncertain),
        ("429", TooOften, TooOften),
        ("slow", Unavailable, Uncertain),
    ],
)
async def test_every_fault_has_its_verdict(fault: str, reading: type[Exception], booking: type[Exception]) -> None:
    plan = Plan(slow_seconds=1.0)
    async with standing_in(lambda: NOW, plan=plan) as standin, engine_of(standin, seconds=0.4) as engine:
        order = await make_order(engine, FROM, TO)
        terms = await engine.verify(order)
        assert terms is not None
        asked = standin.requests.count("search")
        plan.faults["search"] = deque([fault] * 3)  # type: ignore[index]
        with pytest.raises(reading) as read:
            await engine.search(IGORA, FROM, TO, TWO, None)
        assert read.type is reading
        # A guest waits: what hangs or fails inside is not asked again, a broken connection is.
        assert standin.requests.count("search") - asked == (3 if fault == "lose" else 1)
        plan.faults["create"] = deque([fault])  # type: ignore[index]
        with pytest.raises(booking) as made:
            await engine.create(order, terms, PaymentWay("g-1", "AtArrival", 0), back=BACK)
        assert made.type is booking
        assert standin.requests.count("create") == 1


async def test_a_token_that_was_taken_away_is_renewed_once(standin: TravelLineStandin, engine: TravelLine) -> None:
    await engine.search(IGORA, FROM, TO, TWO, None)
    standin.revoke_tokens()
    assert await engine.search(IGORA, FROM, TO, TWO, None)
    assert standin.requests.count("token") == 2


async def test_many_at_once_ask_for_one_token(standin: TravelLineStandin, engine: TravelLine) -> None:
    await asyncio.gather(*(engine.search(IGORA, FROM, TO, TWO, None) for _ in range(20)))
    assert standin.requests.count("token") == 1


async def test_wrong_keys_need_a_person(standin: TravelLineStandin) -> None:
    async with engine_of(standin, secret="wrong") as engine:
        with pytest.raises(Drained):
            await engine.search(IGORA, FROM, TO, TWO, None)


async def test_a_strange_hotel_is_refused(engine: TravelLine) -> None:
    with pytest.raises(Refused):
        await engine.card("1")


async def test_our_own_pace_keeps_the_vendor_from_refusing() -> None:
    """A-087: fifty guests at once stay within the published limits, and nobody hears 429 of the vendor."""
    narrow = {**WIDE, "search": (10, 200, 1000)}
    async with standing_in(lambda: NOW, rates=narrow) as standin, engine_of(standin, limits=narrow) as engine:
        answers = await asyncio.gather(
            *(engine.search(IGORA, FROM, TO, TWO, None) for _ in range(50)), return_exceptions=True
        )
        kinds = {type(one) for one in answers if isinstance(one, BaseException)}
        assert kinds <= {TooOften}
        assert 10 <= sum(not isinstance(one, BaseException) for one in answers) <= 40


async def test_the_pace_is_shared_and_a_shut_door_says_how_long() -> None:
    pace = Pace({"search": (4, 100, 100)}, share=2, clock=monotonic)
    begun = monotonic()
    for _ in range(3):
        await pace.turn("search")
    assert monotonic() - begun >= 0.9
    pace.shut("search", 60)
    with pytest.raises(TooOften) as shut:
        await pace.turn("search")
    assert 58 <= shut.value.seconds <= 60


async def test_a_read_survives_a_connection_that_breaks(standin: TravelLineStandin, engine: TravelLine) -> None:
    standin.plan.faults["search"].extend(["lose", "lose"])
    assert await engine.search(IGORA, FROM, TO, TWO, None)


async def test_a_failing_engine_is_left_alone_and_tried_again(standin: TravelLineStandin) -> None:
    """security.md 5: five failures, then silence for a while, then one that tries; a no is no failure."""
    at = [0.0]
    async with engine_of(standin, clock=lambda: at[0]) as engine:
        for _ in range(FAILURES_MAX + 1):
            with pytest.raises(Refused):
                await engine.card("1")
        standin.plan.often = {"503": 100}
        for _ in range(FAILURES_MAX):
            with pytest.raises(Unavailable):
                await engine.search(IGORA, FROM, TO, TWO, None)
        asked = len(standin.requests)
        for _ in range(10):
            with pytest.raises(Unavailable):
                await engine.search(IGORA, FROM, TO, TWO, None)
        assert len(standin.requests) == asked
        at[0] += SHUT_SECONDS + 1
        standin.plan.often = {}
        for _ in range(2):
            assert await engine.search(IGORA, FROM, TO, TWO, None)


async def test_pictures_are_fetched_without_our_keys(standin: TravelLineStandin) -> None:
    """security.md 6.4: the address is the vendor's word, and whoever is behind it learns nothing of our account."""
    heads: list[bytes] = []

    async def show(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\npng")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(show, "127.0.0.1", 0)
    async with server, engine_of(standin, api_key="k" * 32) as engine:
        await engine.search(IGORA, FROM, TO, TWO, None)
        assert await engine.picture(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a.png") == b"png"
    assert len(heads) == 1
    assert b"k" * 32 not in heads[0]
    assert b"authorization" not in heads[0].lower()
