"""The daily comparison: what is missing is mended, what differs stands in a report until it does not."""

from datetime import date, timedelta

import pytest

from integrations.ports import Unavailable
from jobs.nightly import STEPS
from models import database
from services import nightly
from services.restaurants import events, reconciling
from services.restaurants.reconciling import compare_day
from tests.makers.restaurants import Chain, dine, posted

DAY = date(2026, 3, 14)


async def differing() -> list[tuple[str, str, int | None, int | None]]:
    return [(str(one["order_id"]), one["what"], one["theirs"], one["ours"]) for one in await reconciling.report()]


async def test_a_day_that_agrees_has_an_empty_report(chain: Chain) -> None:
    """A-087: both ways of telling and a stranger's order; both sides count the same orders to the kopeck."""
    await dine(chain)
    await chain.sell(kopecks=50_000)
    await chain.sell("table", kopecks=30_000)
    await chain.work()
    assert await compare_day(chain.resources, DAY, chain.clock()) == 0
    assert await reconciling.report() == []
    row = await database.fetchrow("SELECT * FROM restaurant_check WHERE theirs > 0")
    assert row is not None
    assert (row["theirs"], row["theirs_net"], row["ours"], row["ours_net"], row["mended"]) == (
        3,
        175_000,
        3,
        175_000,
        0,
    )


async def test_what_nobody_told_is_mended_by_the_comparison(chain: Chain) -> None:
    chain.plan.hooks = {"drop": 100}
    order = await chain.sell(kopecks=50_000)
    assert await posted() == []
    assert await compare_day(chain.resources, DAY, chain.clock()) == 0
    assert await posted() == [(order.pos, 50_000)]
    assert await database.fetchval("SELECT sum(mended) FROM restaurant_check") == 1


async def test_every_way_to_differ_is_told_and_ends(chain: Chain) -> None:
    """Planted differences: another sum, deleted there, missing there, missing here; each until it is put right."""
    changed, _ = await dine(chain)
    gone = await chain.sell(kopecks=20_000)
    lost, _ = await dine(chain)
    odd = await chain.sell(kopecks=40_000, skew=1)
    await chain.work()
    chain.clock.move(minutes=5)
    changed.items[0].cost += 100
    chain.standin.changed(changed)
    chain.standin.changed(gone, status="Cancelled")
    del chain.standin.chain.orders[lost.id]
    await chain.work()
    assert await compare_day(chain.resources, DAY, chain.clock()) == 4
    assert sorted(await differing()) == sorted(
        [
            (str(changed.pos), "SUM_DIFFERS", 95_100, 95_000),
            (str(gone.pos), "GONE_THERE", 0, 20_000),
            (str(lost.pos), "MISSING_THERE", None, 95_000),
            (str(odd.pos), "MISSING_HERE", 0, None),
        ]
    )
    since = await database.fetchval("SELECT min(found_at) FROM restaurant_difference")
    chain.clock.move(minutes=5)
    changed.items[0].cost -= 100
    chain.standin.changed(changed)
    chain.standin.changed(gone, status="Closed")
    chain.standin.changed(lost)
    chain.standin.changed(odd, skew=0)
    await chain.work()
    assert await compare_day(chain.resources, DAY, chain.clock()) == 0
    assert await differing() == []
    assert (str(odd.pos), 40_000) in await posted()
    assert await database.fetchval("SELECT count(*) FROM restaurant_difference WHERE found_at = $1", since) == 4


async def test_a_cloud_that_does_not_tell_of_tills_accuses_nobody(chain: Chain) -> None:
    """Where only deliveries are told, what plugins recorded is compared as far as the cloud knows it."""
    chain.cloud.sees_tills = False
    order, _ = await dine(chain)
    await chain.work()
    del chain.standin.chain.orders[order.id]
    assert await compare_day(chain.resources, DAY, chain.clock()) == 0


async def test_the_nightly_run_compares_and_rings(chain: Chain) -> None:
    """security.md 7: differences are a trouble of the night; a cloud that is away is one, and the night goes on."""
    await chain.sell(kopecks=40_000, skew=1)
    await chain.work()
    chain.clock.move(days=1)
    await nightly.go_on(STEPS, chain.resources, chain.clock())
    (run,) = await nightly.runs(nights=1)
    steps = {step.name: step for step in run.steps}
    assert steps["restaurants.compare"].trouble == "1 orders differ: kunak iiko report"
    assert steps["audit.check"].finished_at is not None
    chain.clock.move(days=1)
    chain.plan.often = {"503": 100}
    await nightly.go_on(STEPS, chain.resources, chain.clock())
    run, *_ = await nightly.runs(nights=1)
    assert {step.name: step.trouble for step in run.steps}["restaurants.compare"] == (
        "the restaurants' cloud could not be asked"
    )
    with pytest.raises(Unavailable):
        await compare_day(chain.resources, DAY, chain.clock() + timedelta(seconds=1))


async def test_a_difference_of_one_day_leaves_the_other_to_be_compared(chain: Chain) -> None:
    """The night before last differs; what nobody told of last night is mended all the same."""
    first, _ = await dine(chain)
    chain.standin.changed(first, status="Cancelled")
    chain.plan.hooks = {"drop": 100}
    chain.clock.move(days=1)
    order = await chain.sell(kopecks=50_000)
    chain.clock.move(days=1)
    await nightly.go_on(STEPS, chain.resources, chain.clock())
    (run,) = await nightly.runs(nights=1)
    steps = {step.name: step.trouble for step in run.steps}
    assert steps["restaurants.compare"] == "1 orders differ: kunak iiko report"
    assert (order.pos, 50_000) in await posted()


async def test_an_order_that_the_cloud_closed_after_midnight_is_not_missing_there(chain: Chain) -> None:
    """Our books have it before midnight by the till's clock; the cloud's own is some seconds ahead."""
    order, _ = await dine(chain)
    assert order.closed is not None
    order.closed += timedelta(days=1)
    chain.clock.move(days=1)
    chain.standin.changed(order)
    await chain.work()
    assert await compare_day(chain.resources, DAY, chain.clock()) == 0
    assert await differing() == []


async def test_what_another_worker_has_in_its_hands_does_not_differ(chain: Chain) -> None:
    """A guest's order that is being posted at the moment of the comparison rings nobody; left alone, it is mended by the next."""
    order, _ = await dine(chain, is_plugin_alive=False)
    await chain.standin.hooks.settled()
    await events.work_off(chain.resources, chain.clock())
    later = chain.clock() + timedelta(minutes=2)
    tag = await database.execute("UPDATE restaurant_order SET leased_until = $1 WHERE state = 'NEW'", later)
    assert tag == "UPDATE 1"
    assert await compare_day(chain.resources, DAY, chain.clock()) == 0
    assert await posted() == []
    chain.clock.move(minutes=3)
    assert await compare_day(chain.resources, DAY, chain.clock()) == 0
    assert await posted() == [(str(order.pos), 95_000)]
