"""The adapter on the stand-in: what it sends is taken, and every way it can go wrong has its verdict (A-087)."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from integrations.breaker import FAILURES_MAX, SHUT_SECONDS, Breaker, RetryBudget
from integrations.calling import VendorRefused
from integrations.iiko.cloud import IikoCloud
from integrations.iiko.reading import order_of
from integrations.ports import Drained, TooOften, Unavailable, Uncertain, Unreadable
from integrations.restaurants import Guest, Hook, NoGuests, OrderKind, OrderState, TooOld
from integrations.standins.iiko_cloud.plan import Plan
from integrations.standins.iiko_cloud.server import UNKNOWN, IikoCloudStandin
from integrations.standins.iiko_cloud.venue import Item
from tests.makers.iiko_cloud import WIDE, cloud_of, dish, id_of, standing_in

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
ANNA = Guest("0190a-own", "+79000000001", "Анна", "Орлова", None)


@pytest.fixture
async def standin() -> AsyncIterator[IikoCloudStandin]:
    async with standing_in(lambda: NOW) as one:
        yield one


@pytest.fixture
async def cloud(standin: IikoCloudStandin) -> AsyncIterator[IikoCloud]:
    async with cloud_of(standin) as one:
        yield one


def test_shapes_that_nobody_promised_are_no_stop() -> None:
    """security.md 6.4: one odd order costs no other its turn: what is no object is none, and a stamp fits its column."""
    contents = {"status": "Closed", "sum": 0, "payments": [{"paymentType": "Cash", "sum": 0}]}
    odd = contents | {"discounts": [{"discountType": "ours", "sum": 0}], "phone": "+7\ud8009\x0000", "number": 10**400}
    row = {
        "id": str(uuid4()),
        "organizationId": str(uuid4()),
        "creationStatus": "Success",
        "timestamp": 2**80,
        "order": odd,
    }
    told = order_of(row, OrderKind.TABLE)
    assert (told.state, told.stamp, told.tenders, told.discounts) == (OrderState.CLOSED, 0, (("OTHER", 0),), ())
    assert (told.phone, told.number, told.fault) == ("+7900", "", None)
    endless = order_of(row | {"order": odd | {"sum": Decimal("1e999999")}}, OrderKind.TABLE)
    assert (endless.state, endless.fault) == (OrderState.CLOSED, "a sum that is no sum")


async def test_directories_are_read(standin: IikoCloudStandin, cloud: IikoCloud) -> None:
    houses = await cloud.restaurants()
    assert [house.name for house in houses] == ["Ресторан 1", "Ресторан 2"]
    places = await cloud.places([house.id for house in houses])
    assert [(place.restaurant, place.name) for place in places] == [(house.id, house.name) for house in houses]
    kinds = await cloud.discounts(houses[0].id)
    assert [(kind.name, kind.is_free_sum) for kind in kinds] == [("Kunak", True), ("Завтрак −10 %", False)]
    menu = {one.name: one for one in await cloud.menu(houses[0].id)}
    assert (menu["Уха"].code, menu["Уха"].group) == ("00154", UUID(standin.organizations[0].menu[0].group))
    assert len(await cloud.tables([places[0].id])) == 3


async def test_an_order_is_read_to_the_kopeck(standin: IikoCloudStandin, cloud: IikoCloud) -> None:
    """A-087: discounts by dish, modifiers, deleted dishes, and the restaurant's own time."""
    house = standin.organizations[0]
    items = [
        dish(house, "Уха", 100_000, amount=2000, ours=5_000),
        dish(house, "Вино", 33_333, amount=150, ours=1_667, others=333),
        dish(house, "Салат с грушей", 40_000, others=-4_000),
        Item(str(uuid4()), house.product("Чай"), 1000, 20_000, modifiers=((house.product("Чай"), 5_000),)),
        replace(dish(house, "Стейк", 90_000), is_deleted=True),
    ]
    made = standin.closed(standin.ordered(house, "table", items, phone="+79000000001"))
    (told,) = await cloud.orders(id_of(house), OrderKind.TABLE, [UUID(made.id)])
    assert told.fault is None
    assert (told.state, told.net, told.number, told.closed_at) == (
        OrderState.CLOSED,
        195_333,
        "1",
        datetime(2026, 3, 14, 12, 0),  # noqa: DTZ001 - the restaurant's own time
    )
    assert [(line.name, line.quantity, line.cost, line.net) for line in told.lines] == [
        ("Уха", 2000, 100_000, 95_000),
        ("Вино", 150, 33_333, 31_333),
        ("Салат с грушей", 1000, 40_000, 44_000),
        ("Чай", 1000, 25_000, 25_000),
    ]
    ours = UUID(house.discounts[0].id)
    assert [dict(line.discounts).get(ours, 0) for line in told.lines] == [5_000, 1_667, 0, 0]
    assert dict(told.discounts)[ours] == 6_667
    assert told.tenders == (("CARD", 195_333),)
    assert [
        one.id for one in await cloud.orders(id_of(house), OrderKind.TABLE, [UUID(str(made.pos))], of_till=True)
    ] == [told.id]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"cost": -1}, "a sum that is no sum"),
        ({"cost": 10**15}, "a sum that is no sum"),
        ({"amount": -1000}, "a quantity that is none"),
        ({"skew": 3}, "its dishes do not add up to its sum"),
    ],
)
async def test_odd_sums_are_told_with_the_order(
    standin: IikoCloudStandin, cloud: IikoCloud, change: dict[str, int], fault: str
) -> None:
    """security.md 6.4: nothing is guessed from a sum that is none, and the orders beside it are read."""
    house = standin.organizations[0]
    good = standin.closed(standin.ordered(house, "delivery", [dish(house, "Уха", 50_000)]))
    odd = Item(str(uuid4()), house.product("Чай"), 1000, 25_000)
    bad = standin.closed(standin.ordered(house, "delivery", [odd]))
    bad.skew = change.get("skew", 0)
    for name in change.keys() - {"skew"}:
        setattr(odd, name, change[name])
    told = {one.id: one for one in (await cloud.changed([id_of(house)], 0)).orders}
    assert told[UUID(good.id)].fault is None
    assert told[UUID(bad.id)].fault == fault


async def test_changes_follow_a_mark_and_an_old_one_is_told(standin: IikoCloudStandin, cloud: IikoCloud) -> None:
    house = standin.organizations[0]
    first = standin.closed(standin.ordered(house, "delivery", [dish(house, "Уха", 50_000)]))
    changes = await cloud.changed([id_of(house)], 0)
    assert ([one.id for one in changes.orders], changes.mark) == ([UUID(first.id)], 2)
    assert (await cloud.changed([id_of(house)], changes.mark)).orders == ()
    later = NOW + timedelta(hours=4)
    standin.clock = standin.chain._clock = lambda: later
    async with cloud_of(standin) as fresh:
        with pytest.raises(TooOld):
            await fresh.changed([id_of(house)], 0)
        start = later.replace(tzinfo=None) - timedelta(days=1)
        days = await fresh.deliveries(id_of(house), start, start + timedelta(days=2))
        assert ([one.id for one in days.orders], days.mark) == ([UUID(first.id)], 2)


async def test_guests_have_our_id_with_them(standin: IikoCloudStandin, cloud: IikoCloud) -> None:
    """A-239: the id of ours is passed on with the guest; theirs comes back, and the second time changes the same."""
    house = standin.organizations[0]
    assert await cloud.guest(id_of(house), ANNA.phone) is None
    made = await cloud.put_guest(id_of(house), ANNA, None)
    assert await cloud.guest(id_of(house), ANNA.phone) == made
    assert await cloud.put_guest(id_of(house), replace(ANNA, last_name="Петрова"), made) == made
    (kept,) = standin.chain.guests.values()
    assert (kept.facts["userData"], kept.facts["surName"]) == ("kunak:0190a-own", "Петрова")
    with pytest.raises(VendorRefused):
        await cloud.put_guest(id_of(house), ANNA, uuid4())
    house.has_loyalty = False
    with pytest.raises(NoGuests):
        await cloud.put_guest(id_of(house), ANNA, None)


@pytest.mark.parametrize(
    ("fault", "reading", "writing"),
    [
        ("500", Unavailable, Uncertain),
        ("503", Unavailable, Uncertain),
        ("lose", Unavailable, Uncertain),
        ("late", Unavailable, Uncertain),
        ("429", TooOften, TooOften),
    ],
)
async def test_every_fault_has_its_verdict_and_no_write_is_repeated(
    fault: Any, reading: type[Exception], writing: type[Exception]
) -> None:
    """security.md 5: reads are tried a few times, a write once: without an answer nobody knows whether it was done."""
    plan = Plan(slow_seconds=1.0)
    async with standing_in(lambda: NOW, plan=plan) as standin, cloud_of(standin, seconds=0.3) as cloud:
        plan.faults["organizations"].extend([fault] * 3)
        with pytest.raises(reading) as read:
            await cloud.restaurants()
        assert read.type is reading
        assert standin.requests.count("organizations") == (1 if fault == "429" else 3)
    async with (
        standing_in(lambda: NOW, plan=Plan(slow_seconds=1.0)) as standin,
        cloud_of(standin, seconds=0.3) as cloud,
    ):
        standin.plan.faults["set_guest"].append(fault)
        with pytest.raises(writing) as wrote:
            await cloud.put_guest(id_of(standin.organizations[0]), ANNA, None)
        assert wrote.type is writing
        assert standin.requests.count("set_guest") == 1


async def test_a_read_survives_a_passing_trouble(standin: IikoCloudStandin, cloud: IikoCloud) -> None:
    standin.plan.faults["organizations"].extend(["500", "lose"])
    assert len(await cloud.restaurants()) == 2


async def test_both_versions_of_the_token_and_one_for_many(standin: IikoCloudStandin, cloud: IikoCloud) -> None:
    await asyncio.gather(*(cloud.restaurants() for _ in range(20)))
    assert standin.requests.count("token") == 1
    async with cloud_of(standin, is_old=True) as old:
        with pytest.raises(Drained):
            await old.restaurants()
        standin.plan.is_old_key = True
        assert await old.restaurants()


async def test_a_token_that_was_taken_away_is_renewed_once_and_a_missing_right_not_at_all(
    standin: IikoCloudStandin, cloud: IikoCloud
) -> None:
    await cloud.restaurants()
    standin.revoke_tokens()
    with pytest.raises(Drained):
        await cloud.restaurants()  # a young token that is not taken lacks a right
    standin.clock = lambda: NOW + timedelta(minutes=5)
    cloud._connection._caller._clock = standin.clock
    assert await cloud.restaurants()
    assert standin.requests.count("token") == 2
    standin.clock = lambda: NOW + timedelta(minutes=64, seconds=30)
    cloud._connection._caller._clock = standin.clock
    assert await cloud.restaurants()
    assert standin.requests.count("token") == 3


async def test_wrong_keys_need_a_person(standin: IikoCloudStandin) -> None:
    async with cloud_of(standin, secret="wrong") as cloud:
        with pytest.raises(Drained):
            await cloud.restaurants()


async def test_our_own_pace_keeps_the_vendor_from_refusing() -> None:
    rates = {**UNKNOWN, "Data: dictionaries": (3, 100, 100)}
    narrow = {**WIDE, "dictionaries": (3, 100, 100)}
    async with standing_in(lambda: NOW, rates=rates) as standin, cloud_of(standin, limits=narrow) as cloud:
        answers = await asyncio.gather(*(cloud.restaurants() for _ in range(20)), return_exceptions=True)
        assert {type(one) for one in answers if isinstance(one, BaseException)} <= {TooOften}
        assert 3 <= sum(not isinstance(one, BaseException) for one in answers) <= 12


@pytest.mark.parametrize("fault", ["503", "odd"])
async def test_a_side_that_fails_is_left_alone_and_taken_up_again(fault: Any) -> None:
    """security.md 5: after some failures nothing is asked for a while; one call tries, and everything runs again."""
    at = [0.0]
    async with standing_in(lambda: NOW) as standin, cloud_of(standin, clock=lambda: at[0]) as cloud:
        assert await cloud.restaurants()
        standin.plan.often = {fault: 100}
        for _ in range(FAILURES_MAX):
            with pytest.raises(Unavailable):
                await cloud.restaurants()
        asked = len(standin.requests)
        for _ in range(10):
            with pytest.raises(Unavailable):
                await cloud.restaurants()
        assert len(standin.requests) == asked
        at[0] += SHUT_SECONDS + 1
        with pytest.raises(Unavailable):
            await cloud.restaurants()
        assert len(standin.requests) == asked + 1
        standin.plan.often = {}
        at[0] += SHUT_SECONDS + 1
        with pytest.raises(Unavailable):
            await cloud.restaurants()  # the pause has doubled
        at[0] += SHUT_SECONDS
        for _ in range(3):
            assert await cloud.restaurants()


def test_repeats_have_a_budget_and_a_pause_has_an_end() -> None:
    budget = RetryBudget()
    assert sum(budget.spend() for _ in range(50)) == 10
    for _ in range(11):
        budget.earn()
    assert [budget.spend(), budget.spend()] == [True, False]
    at = [0.0]
    breaker = Breaker("test", lambda: at[0])
    entry = breaker.enter()
    for _ in range(40):
        breaker.note(entry, is_well=False)
    at[0] = SHUT_SECONDS + 1
    breaker.leave(breaker.enter())
    breaker.note(breaker.enter(), is_well=True)
    assert not breaker.is_shut


async def test_a_hook_is_set_and_points_at_orders(standin: IikoCloudStandin, cloud: IikoCloud) -> None:
    house = standin.organizations[0]
    assert await cloud.hook(id_of(house)) is None
    await cloud.set_hook(id_of(house), Hook("https://card.example/hooks", "k" * 32))
    assert await cloud.hook(id_of(house)) == Hook("https://card.example/hooks", "k" * 32)


def test_what_an_event_says_is_only_what_it_points_at(standin: IikoCloudStandin, cloud: IikoCloud) -> None:
    """security.md 6.4: an array, a single one, a broken one among good ones, an unknown type, an order that is null."""
    house, order = str(uuid4()), str(uuid4())
    facts = {"id": order, "timestamp": 7, "order": None}
    event = json.dumps({"eventType": "TableOrderUpdate", "organizationId": house, "eventInfo": facts})
    (one,) = cloud.read_hook(event.encode())
    assert (one.order, one.kind, one.fault) == (UUID(order), OrderKind.TABLE, None)
    many = cloud.read_hook(f'[{event}, 7, {{"eventType": "StopListUpdate"}}, {event.replace(order, "x")}]'.encode())
    assert [one.fault for one in many] == [None, "not an event", None, "an order without an id"]
    assert many[0].key == one.key
    assert many[2].order is None
    assert cloud.read_hook(b"[]") == []
    with pytest.raises(Unreadable):
        cloud.read_hook(b"\xff{")
