"""Returns: earned points are taken back, spent ones come back with the end they had, and no order of them pays."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models import database
from services.ledger import check_books
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, buy, give_back, goods, grant, settle, stored, sums
from tests.makers.points import quote as make_quote


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    await apply_points(tmp_path, now)
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    return till, await make_member(now)


async def ends() -> list[tuple[int, datetime]]:
    """(points left, their end) of every lot that has some."""
    rows = await database.fetch(
        "SELECT remaining, expires_at FROM points_lot WHERE remaining > 0 ORDER BY expires_at, id"
    )
    return [(row["remaining"], row["expires_at"]) for row in rows]


async def test_a_return_takes_back_what_was_earned(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-216: from the lot of the receipt itself."""
    till, member = scene
    await buy(resources, till, member, [goods(500)], now)
    made = await buy(resources, till, member, [goods(1000)], now)
    refunded = await give_back(resources, till, made, now)
    assert refunded.refund.points == [0, 0, 100]
    assert await stored(member.id) == (50, 0, 0, 0)
    assert await check_books(now) == []


async def test_spent_points_come_back_with_the_end_they_had(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-01, C-02: half of the line gives half of the points back, the latest end first, as if fewer had been spent."""
    till, member = scene
    await grant(member.id, 100, now, days=5)
    await grant(member.id, 200, now, days=20)
    made = await buy(resources, till, member, [goods(600, quantity=2000)], now, points=300, kind="GIFT_CARD")
    assert await stored(member.id) == (0, 0, 0, 0)
    first = await give_back(resources, till, made, now, (0, 1000))
    assert first.refund.points == [15_000, 150, 0]
    assert await ends() == [(150, now + timedelta(days=20))]
    await give_back(resources, till, made, now)
    assert await ends() == [(100, now + timedelta(days=5)), (200, now + timedelta(days=20))]
    assert await check_books(now) == []


async def test_points_that_ended_meanwhile_end_at_once(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-02: spend, let expire, return: the balance is what it would have been without the purchase."""
    till, member = scene
    await grant(member.id, 100, now, days=5)
    made = await buy(resources, till, member, [goods(200)], now, points=100)
    late = now + timedelta(days=6)
    await give_back(resources, till, made, late)
    assert await stored(member.id) == await sums(member.id, late) == (0, 0, 0, 0)
    breakage = await database.fetchval(
        "SELECT sum(amount) FROM entry JOIN account ON account.id = account_id WHERE purpose = 'breakage'"
    )
    assert breakage == 100
    assert await check_books(late) == []


async def test_a_programme_may_give_them_grace(db: None, resources: Resources, now: datetime, tmp_path: Path) -> None:
    """C-02: a stated grace, in a lot that names the one it comes from; what has not ended keeps its own end."""
    await apply_points(tmp_path, now, ("  hold_minutes: 10\n", "  hold_minutes: 10\n  return_grace_days: 3\n"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    await grant(member.id, 100, now, days=5)
    await grant(member.id, 100, now, days=20)
    made = await buy(resources, till, member, [goods(400)], now, points=200, kind="GIFT_CARD")
    late = now + timedelta(days=6)
    await give_back(resources, till, made, late)
    (grace, grace_ends), (kept, kept_ends) = await ends()
    assert (grace, kept, kept_ends) == (100, 100, now + timedelta(days=20))
    assert late + timedelta(days=3) < grace_ends < late + timedelta(days=4)
    assert await database.fetchval("SELECT count(*) FROM points_lot WHERE restored_from IS NOT NULL") == 1
    assert await check_books(late) == []


async def test_what_was_spent_already_is_owed_and_paid_by_the_next_earning(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """E2, INV-04: earned 100, spent 100, the first purchase returned: 100 are owed, and earned before anything else."""
    till, member = scene
    first = await buy(resources, till, member, [goods(1000)], now)
    await buy(resources, till, member, [goods(200)], now, points=100, kind="GIFT_CARD")
    await give_back(resources, till, first, now)
    assert await sums(member.id, now) == await stored(member.id) == (0, 0, 0, 100)
    assert await check_books(now) == []
    await buy(resources, till, member, [goods(600)], now)
    assert await stored(member.id) == (0, 0, 0, 40)
    await buy(resources, till, member, [goods(1000)], now)
    assert await stored(member.id) == (60, 0, 0, 0)
    assert await ends() == [(60, (await ends())[0][1])]
    assert await check_books(now) == []


async def test_a_debt_is_paid_by_what_comes_back_of_a_reservation(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-06: nobody is shown both points and a debt, and what is owed cannot be put aside again."""
    till, member = scene
    first = await buy(resources, till, member, [goods(1000)], now)
    await make_quote(till, member, [goods(1000)], now, points=100)
    await give_back(resources, till, first, now)
    assert await stored(member.id) == (0, 0, 100, 100)
    later = now + timedelta(minutes=10)
    assert await sums(member.id, later) == (0, 0, 0, 0)
    assert await settle(member.id, later) == 2
    assert await stored(member.id) == (0, 0, 0, 0)
    assert await check_books(later) == []


async def test_pending_points_are_taken_first(db: None, resources: Resources, now: datetime, tmp_path: Path) -> None:
    """E2: from pending, then available, the rest is owed."""
    await apply_points(tmp_path, now, ("  life_days: 30\n", "  life_days: 30\n  activation_days: 14\n"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    await grant(member.id, 30, now)
    made = await buy(resources, till, member, [goods(1000)], now)
    await give_back(resources, till, made, now, (0, 500))
    assert await stored(member.id) == (30, 50, 0, 0)
    await give_back(resources, till, made, now)
    assert await stored(member.id) == (30, 0, 0, 0)
    assert await check_books(now) == []


async def test_a_return_after_the_tier_rose_takes_back_what_was_earned_then(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-18: at 10 % of the old tier, not at 20 % of the new; and the tier falls with the sum."""
    till, member = scene
    first = await buy(resources, till, member, [goods(1000)], now)
    await buy(resources, till, member, [goods(100_000)], now)
    refunded = await give_back(resources, till, first, now)
    assert refunded.refund.points == [0, 0, 100]
    assert await stored(member.id) == (10_000, 0, 0, 0)


async def test_a_replayed_refund_tells_the_points_of_then(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-07, and the parts add up: 333 of 1000 three times and the rest."""
    till, member = scene
    await grant(member.id, 101, now)
    made = await buy(resources, till, member, [goods(777)], now, points=101)
    told = [await give_back(resources, till, made, now, (0, 333)) for _ in range(3)]
    told.append(await give_back(resources, till, made, now))
    line = made.purchase.lines[0].points
    assert line is not None
    for place in range(3):
        assert sum(one.refund.points[place] for one in told if one.refund.points) == line[place]
    assert [one.purchase.lines[0].points[3:] for one in told if one.purchase.lines[0].points][-1] == list(line[:3])
    assert await stored(member.id) == (101, 0, 0, 0)
    assert await check_books(now) == []
