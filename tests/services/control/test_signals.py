"""Planted fraud is found once, honest traffic is not, and a look that dies goes on where it was."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from loyalty.scopes import Scope
from models import database
from services.control import looking
from tests.makers.families import FAMILY, buy_with_family, give, make_family
from tests.makers.people import make_member, make_phone
from tests.makers.points import give_back, goods
from tests.makers.staff import make_holder
from tests.services.control.conftest import SOFT, Shop

LATER = timedelta(hours=2)
HASTY = "control:\n  spent_at_once: {points: 120, minutes: 15}\n"


async def found(now: datetime) -> list[tuple[str, dict[str, Any]]]:
    """(kind, facts) of every signal after a look."""
    await looking.look(now + LATER)
    rows = await database.fetch("SELECT kind, facts FROM fraud_signal ORDER BY at, kind, key")
    return [(row["kind"], orjson.loads(row["facts"])) for row in rows]


async def test_honest_traffic_gives_no_signal(shop: Shop, now: datetime) -> None:
    """A-242: two receipts in a row, a dear one, points spent, a return, and a trip to another city by the evening."""
    await shop.watch(SOFT, now)
    made = await shop.sell(now, 1000, points=100)
    await shop.sell(now + timedelta(minutes=3), 2000)
    await give_back(shop.resources, shop.here, made, now + timedelta(minutes=40))
    await shop.sell(now + timedelta(minutes=90), till=shop.there)
    assert await found(now) == []


async def test_a_burst_of_one_card_is_one_signal(shop: Shop, now: datetime) -> None:
    """T20: six receipts of one card within minutes; what is looked at again is not found again."""
    await shop.watch(SOFT, now)
    for minute in range(6):
        await shop.sell(now + timedelta(minutes=minute))
    assert len(await found(now)) in {1, 2}  # spans are ten minutes of the clock
    kinds = await found(now)
    assert {kind for kind, _ in kinds} == {"LIMIT"}
    assert kinds[0][1] == {"of": "CARD", "metric": "RECEIPTS", "most": 2, "minutes": 10, "found": 3}
    before = len(kinds)
    await database.execute("DELETE FROM control_progress")
    assert len(await found(now)) == before


async def test_soft_limits_of_a_till_and_of_returns(shop: Shop, now: datetime) -> None:
    await shop.watch(SOFT, now)
    other = await make_member(now)
    made = [await shop.sell(now, 2600, member=other), await shop.sell(now + timedelta(minutes=30), 2600, member=other)]
    for place, one in enumerate(made):
        await give_back(shop.resources, shop.here, one, now + timedelta(minutes=31 + place))
    told = [(facts["of"], facts["metric"], facts["found"]) for _, facts in await found(now)]
    assert told == [("TILL", "AMOUNT", 520_000), ("CARD_AT_TILL", "REFUNDS", 2)]


async def test_points_spent_above_a_soft_limit(shop: Shop, now: datetime) -> None:
    await shop.watch(SOFT, now)
    await shop.sell(now, 1000, points=100)
    await shop.sell(now + timedelta(minutes=30), 1000, points=100)
    assert [(kind, facts["metric"], facts["found"]) for kind, facts in await found(now)] == [("LIMIT", "POINTS", 200)]


async def test_own_card_at_the_own_till(shop: Shop, now: datetime) -> None:
    """T20."""
    await shop.watch(SOFT, now)
    staff = await make_holder(shop.resources, now, ("operation.view", Scope(("shop", "shop-one"))))
    await database.execute("UPDATE staff SET phone = $2 WHERE id = $1", staff.id, shop.member.phone)
    await shop.sell(now, 700)
    await shop.sell(now + timedelta(minutes=20), 300)
    await shop.sell(now + timedelta(minutes=80), till=shop.there)
    assert await found(now) == [("OWN_CARD", {"receipts": 2, "net": 100_000})]


async def test_one_card_in_two_cities(shop: Shop, now: datetime) -> None:
    """T17: Tver and Kazan within twelve minutes; another outlet of the same city says nothing."""
    await shop.watch(SOFT, now)
    await shop.sell(now)
    await shop.sell(now + timedelta(minutes=12), till=shop.there)
    [(kind, facts)] = await found(now)
    assert kind == "DISTANT_OUTLETS"
    assert {facts["city"], facts["other_city"]} == {"Тверь", "Казань"}
    assert facts["minutes"] == 12


async def test_a_return_of_what_earned_the_points_that_are_spent(shop: Shop, now: datetime) -> None:
    """T22: buy dear, spend what it earned, bring the dear thing back."""
    await shop.watch(SOFT, now)
    dear = await shop.sell(now, 1500)
    await shop.sell(now + timedelta(minutes=30), 300, points=140)
    await give_back(shop.resources, shop.here, dear, now + timedelta(minutes=60))
    assert await found(now) == [("REFUND_AFTER_SPEND", {"points": 150, "spent": 140})]


async def test_many_cards_on_one_device(shop: Shop, now: datetime) -> None:
    """T31: the third member on a device is a signal, the fourth another."""
    await shop.watch(SOFT, now)
    for _ in range(4):
        await make_phone(shop.resources, (await make_member(now)).id, now, device="farm")
    await make_phone(shop.resources, shop.member.id, now, device="own")
    assert await found(now) == [("CARDS_ON_DEVICE", {"members": 4})]
    await make_phone(shop.resources, (await make_member(now)).id, now + LATER, device="farm")
    assert [facts["members"] for _, facts in await found(now + LATER)] == [4, 5]


async def test_points_that_are_spent_as_soon_as_they_are_earned(shop: Shop, now: datetime) -> None:
    """E7, A-242: minutes after a dear purchase its points are gone, at another till; who waits or spends little is left alone."""
    await shop.watch(f"{HASTY}partners:\n", now)
    hasty, patient, small = [await make_member(now) for _ in range(3)]
    for member in (hasty, patient, small, shop.member):
        await shop.sell(now, 1300, member=member)
    await shop.sell(now + timedelta(minutes=4), 1000, member=hasty, points=125, till=shop.there)
    await shop.sell(now + timedelta(minutes=16), 1000, member=patient, points=130)
    await shop.sell(now + timedelta(minutes=4), 1000, member=small, points=119)
    # What was granted ends first and pays first: of 400 points that this one spends 100 are of the purchase.
    await shop.sell(now + timedelta(minutes=4), 1000, points=400)
    assert await found(now) == [("SPENT_AT_ONCE", {"points": 125, "minutes": 4})]
    row = await database.fetchrow("SELECT member_id, till_id, outlet FROM fraud_signal")
    assert row is not None
    assert tuple(row) == (hasty.id, shop.there.id, "shop-two")


async def test_points_of_a_pool_are_as_old_as_what_was_given(shop: Shop, now: datetime) -> None:
    """E7: earned by one, given to the family and spent by another within minutes; what came back is not earned anew."""
    await shop.watch(f"{HASTY}{FAMILY}partners:\n", now)
    _, (head, other) = await make_family(shop.resources, now, "Борис")
    await shop.sell(now, 1300, member=head)
    await give(shop.resources, head, 130, now + timedelta(minutes=5))
    spent = await buy_with_family(
        shop.resources, shop.here, other, [goods(1000)], now + timedelta(minutes=9), points=130
    )
    await give_back(shop.resources, shop.here, spent, now + timedelta(minutes=20))
    await buy_with_family(shop.resources, shop.here, other, [goods(1000)], now + timedelta(minutes=30), points=130)
    assert await found(now) == [("SPENT_AT_ONCE", {"points": 130, "minutes": 9})]


async def test_a_look_that_dies_goes_on_where_it_was(
    shop: Shop, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chunks are kept one by one: what is found before a fault stays, and nothing is left out after it."""
    await shop.watch(SOFT, now)
    for days in range(3):
        for minute in range(3):
            await shop.sell(now + timedelta(days=days, minutes=4 * minute), lines=[goods(50)])
    end = now + timedelta(days=3)
    real, calls = looking._chunk, 0

    async def dies(*arguments: Any) -> int | None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise RuntimeError("the power went")
        return await real(*arguments)

    monkeypatch.setattr(looking, "_chunk", dies)
    with pytest.raises(RuntimeError):
        await looking.look(end, first_look=timedelta(days=4), chunk=timedelta(days=1))
    kept = await database.fetchval("SELECT count(*) FROM fraud_signal")
    monkeypatch.setattr(looking, "_chunk", real)
    await looking.look(end, first_look=timedelta(days=4), chunk=timedelta(days=1))
    days = await database.fetchval("SELECT count(DISTINCT at::date) FROM fraud_signal")
    assert (kept > 0, days) == (True, 3)
    assert await looking.look(end) == 0
