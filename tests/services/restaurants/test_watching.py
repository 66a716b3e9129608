"""Polling by revision closes every gap within a quarter of an hour, and takes up by days what lies too far back."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest

from integrations.ports import Unavailable
from jobs import restaurants as jobs
from jobs.schedule import OFTEN_MINUTES, write_often
from models import database
from services.restaurants import orders, overview, watching
from tests.makers.iiko_cloud import dish
from tests.makers.restaurants import Chain, posted


async def round_of(chain: Chain) -> None:
    """Ten minutes pass, and what comes round is done."""
    chain.clock.move(minutes=OFTEN_MINUTES)
    await write_often(chain.clock())
    await chain.work()


async def test_a_gap_is_closed_within_fifteen_minutes(chain: Chain) -> None:
    """security.md 5, A-087: every hook of an hour is lost, and the first round after each sale finds all of them."""
    assert OFTEN_MINUTES <= 15
    await round_of(chain)
    chain.plan.hooks = {"drop": 100}
    sold = []
    for number in range(6):
        kind = "delivery" if number % 2 else "table"
        order = await chain.sell(kind, kopecks=10_000 + number)  # type: ignore[arg-type]
        sold.append((str(order.pos), 10_000 + number))
        await round_of(chain)
        assert await posted() == sold
    assert chain.standin.hooks.lost == 6
    assert chain.standin.hooks.posted == 0
    assert "history" not in chain.standin.requests[-10:]


async def test_an_outage_longer_than_a_revision_reaches_is_read_by_days(chain: Chain) -> None:
    """security.md 5: the cloud is away for two days, every hook is lost, and nothing is missing afterwards."""
    await round_of(chain)
    chain.plan.hooks, chain.plan.often = {"drop": 100}, {"503": 100}
    sold = []
    for number in range(8):
        chain.clock.move(hours=6)
        sold.append((str((await chain.sell(kopecks=10_000 + number)).pos), 10_000 + number))
        await write_often(chain.clock())
        await chain.work()
    assert await posted() == []
    (line,) = [one for one in await overview.lines() if one.outlet == "igora-restaurant"]
    assert line.trouble
    chain.plan.often = {}
    chain.standin.requests.clear()
    for _ in range(3):
        await round_of(chain)
    assert await posted() == sold
    assert chain.standin.requests.count("history") >= 3
    (line,) = [one for one in await overview.lines() if one.outlet == "igora-restaurant"]
    assert line.trouble is None


async def test_the_mark_moves_with_what_it_stands_for(chain: Chain) -> None:
    """A round that dies before its orders are kept begins again where it was."""
    await round_of(chain)
    before = await database.fetchval("SELECT mark FROM restaurant ORDER BY name LIMIT 1")
    chain.plan.hooks = {"drop": 100}
    order = await chain.sell()
    chain.plan.faults["tables"].extend(["503"] * 3)
    with pytest.raises(Unavailable):
        await watching.watch(chain.resources, chain.clock())
    assert await database.fetchval("SELECT mark FROM restaurant ORDER BY name LIMIT 1") == before
    await round_of(chain)
    assert await posted() == [(order.pos, 50_000)]


async def test_one_restaurant_that_fails_stops_no_other(chain: Chain) -> None:
    await round_of(chain)
    second = chain.standin.organizations[1]
    chain.plan.hooks = {"drop": 100}
    order = chain.standin.closed(
        chain.standin.ordered(second, "delivery", [dish(second, "Уха", 40_000)], customer=await chain.alias())
    )
    chain.plan.faults["revision"].extend(["500"] * 3)
    with pytest.raises(Unavailable):
        await watching.watch(chain.resources, chain.clock())
    assert await posted("dacha-vintera-restaurant") == [(order.pos, 40_000)]


async def test_how_fresh_it_is_can_be_seen(chain: Chain) -> None:
    """Freshness of each restaurant, the age of what waits and what was put aside are gauges and lines of a command."""
    await round_of(chain)
    await chain.sell(skew=5)
    await chain.work()
    chain.clock.move(minutes=30)
    await watching.measure(chain.clock())
    fresh = watching.FRESHNESS.labels(chain.house.id)._value.get()
    assert timedelta(minutes=29) <= timedelta(seconds=fresh) <= timedelta(minutes=31)
    assert watching.ASIDE.labels("orders")._value.get() == 1
    assert {(one["what"], one["state"], one["count"]) for one in await overview.states()} == {
        ("events", "DONE", 1),
        ("orders", "ASIDE", 1),
    }
    assert [one["fault"] for one in await overview.aside(10)] == ["its dishes do not add up to its sum"]


def test_the_round_is_one_of_those_that_come_often() -> None:
    assert jobs.WATCH.name == watching.WATCH


async def test_a_backlog_is_kept_in_parts(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days that nobody read are more orders than a unit of work has time for: they are kept some at a time."""
    monkeypatch.setattr(orders, "KEPT_AT_ONCE", 2)
    chain.plan.hooks = {"drop": 100}
    sold = [await chain.sell(kopecks=10_000 + place) for place in range(5)]
    chain.clock.move(minutes=10)
    await watching.watch(chain.resources, chain.clock())
    assert sorted(await posted()) == sorted((order.pos, 10_000 + place) for place, order in enumerate(sold))


async def test_a_menu_that_is_refused_holds_up_no_other(chain: Chain) -> None:
    """Contract 10.2: one of two menus cannot be read; the other is, and only the first is asked for again."""
    chain.clock.move(hours=25)
    await database.execute("DELETE FROM restaurant_dish")
    chain.plan.faults["menu"].extend(["500"] * 3)
    chain.standin.requests.clear()
    with pytest.raises(Unavailable):
        await watching.watch(chain.resources, chain.clock())
    first, second = (UUID(one.id) for one in chain.standin.organizations)
    assert await houses_with_a_menu() == [second]
    assert chain.standin.requests.count("menu") == 4
    chain.clock.move(minutes=OFTEN_MINUTES)
    chain.standin.requests.clear()
    await watching.watch(chain.resources, chain.clock())
    assert sorted(await houses_with_a_menu()) == sorted([first, second])
    assert chain.standin.requests.count("menu") == 1


async def test_a_restaurant_that_left_the_key_has_nothing_read_anew(chain: Chain) -> None:
    """What was told once and is told no more makes no round of directories due, now or ever."""
    chain.clock.move(hours=25)
    del chain.standin.chain.organizations[chain.standin.organizations[1].id]
    for menus in (1, 0):
        chain.standin.requests.clear()
        with suppress(Unavailable):
            await watching.watch(chain.resources, chain.clock())
        assert chain.standin.requests.count("menu") == menus
        chain.clock.move(minutes=OFTEN_MINUTES)


async def houses_with_a_menu() -> list[UUID]:
    found = await database.fetch("SELECT DISTINCT restaurant_id FROM restaurant_dish")
    return [row["restaurant_id"] for row in found]
