"""Points of a purchase, given to the family, are not there any more when the purchase is returned."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.refusals import Code, Refusal
from models import database
from services.families import leaving
from services.ledger import check_books
from services.points import clockwork, confirming, history
from services.purchases import Posted, post_purchase
from services.refunds import Refunded
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.families import (
    apply_family,
    buy_with_family,
    give,
    invited,
    join,
    make_family,
    order,
    pot,
    quote_with_family,
)
from tests.makers.people import make_till
from tests.makers.points import buy, give_back, goods, grant, paid, stored
from tests.makers.state import state
from tests.makers.stories import lived

WHOLE: Final = 3000
OWES: Final = """
SELECT 1 FROM points_lot AS l JOIN member_points AS p ON p.member_id = l.contributor_id WHERE l.remaining > 0 AND p.debt > 0
"""

who = st.integers(0, 2)
Step = tuple[str, int, int]
steps = st.one_of(
    st.tuples(st.just("buy"), who, st.integers(0, 300)),
    st.tuples(st.just("buy"), who, st.integers(0, 300)),
    st.tuples(st.just("give"), who, st.integers(1, 150)),
    st.tuples(st.just("give"), who, st.integers(1, 150)),
    st.tuples(st.just("hold"), who, st.integers(1, 200)),
    st.tuples(st.just("return"), st.integers(0, 9), st.integers(1, WHOLE)),
    st.tuples(st.just("return"), st.integers(0, 9), st.just(WHOLE)),
    st.tuples(st.just("leave"), who, st.just(0)),
)


@pytest.fixture
async def till(db: None, now: datetime, tmp_path: Path) -> TillFacts:
    await apply_family(tmp_path, now)
    made, _ = await make_till(now, partner="cafe", outlet="cafe")
    return made


async def test_points_that_were_given_on_come_home_for_the_return(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-18, A-233: bought, given to the pool, returned: nobody has them, nobody owes, and the giver reads what happened."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(head.id, 70, now)
    await give(resources, head, 70, now)
    made = await buy(resources, till, guest, [goods(1000, service="food")], now)
    await give(resources, guest, 100, now)
    assert (await pot(family), await stored(guest.id)) == ((170, 0), (0, 0, 0, 0))
    await give_back(resources, till, made, now)
    assert (await pot(family), await stored(guest.id)) == ((70, 0), (0, 0, 0, 0))
    moves = [(move.kind, move.points) for move in await history.page(guest.id, rows=2, after=None)]
    assert sorted(moves) == [("FAMILY_RETURNED", 100), ("TAKEN_BACK", -100)]
    assert await check_books(now) == []


async def test_no_more_comes_home_than_is_missing_and_of_this_receipt_first(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-18: a half is returned; what ends earlier but came otherwise stays in the pool with its end."""
    family, (_, guest) = await make_family(resources, now, "Борис")
    await grant(guest.id, 40, now, days=5)
    made = await buy(resources, till, guest, [goods(1000, service="food", quantity=2000)], now)
    await give(resources, guest, 120, now)
    assert await stored(guest.id) == (20, 0, 0, 0)
    await give_back(resources, till, made, now, (0, 1000))
    assert (await pot(family), await stored(guest.id)) == ((90, 0), (0, 0, 0, 0))
    left = await database.fetch(
        "SELECT remaining, expires_at < $2 AS soon FROM points_lot WHERE family_id = $1 ORDER BY 2 DESC",
        family,
        now + timedelta(days=6),
    )
    assert [tuple(row) for row in left] == [(40, True), (50, False)]
    assert await check_books(now) == []


async def test_what_a_till_has_put_aside_of_them_is_free_for_it(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-18, C-03: the head's till holds what the guest gave; the return takes it, and that till hears that it is gone."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    made = await buy(resources, till, guest, [goods(1000, service="food")], now)
    await give(resources, guest, 100, now)
    quoted = await quote_with_family(till, head, [goods(1000, service="food")], now, points=80)
    assert quoted.points is not None
    assert quoted.points.hold is not None
    await confirming.confirm(head.id, quoted.points.hold.id, now)
    assert await pot(family) == (20, 80)
    await give_back(resources, till, made, now)
    assert (await pot(family), await stored(guest.id)) == ((0, 0), (0, 0, 0, 0))
    before = await state()
    with pytest.raises(Refusal) as refused:
        await post_purchase(resources, till, paid(quoted, now), now=now)
    assert refused.value.code is Code.HOLD_EXPIRED
    assert await state() == before
    assert await check_books(now) == []


async def test_what_is_spent_is_owed_until_it_comes_back(till: TillFacts, resources: Resources, now: datetime) -> None:
    """INV-18, I-15: the head has spent them, so their giver owes; the head's return pays that debt, and fills no pool."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    made = await buy(resources, till, guest, [goods(1000, service="food")], now)
    await give(resources, guest, 100, now)
    spent = await buy_with_family(resources, till, head, [goods(100, service="food", quantity=WHOLE)], now, points=100)
    await give_back(resources, till, made, now)
    assert (await pot(family), await stored(guest.id)) == ((0, 0), (0, 0, 0, 100))
    await give_back(resources, till, spent, now, (0, 1500))
    assert (await pot(family), await stored(guest.id)) == ((0, 0), (0, 0, 0, 50))
    await give_back(resources, till, spent, now)
    assert (await pot(family), await stored(guest.id)) == ((0, 0), (0, 0, 0, 0))
    assert await check_books(now) == []


async def test_rivals_for_given_points_end_in_books_that_add_up(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-18, INV-25, I-25: five returns against five who spend the same pool: every point is spent and owed, or gone."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    bought = [await buy(resources, till, guest, [goods(200, service="food")], now) for _ in range(5)]
    await give(resources, guest, 100, now)

    async def spend() -> Posted:
        return await buy_with_family(resources, till, head, [goods(30, service="food")], now, points=20)

    returns = [give_back(resources, till, made, now) for made in bought]
    results = await asyncio.gather(*returns, *(spend() for _ in range(5)), return_exceptions=True)
    faults = [each for each in results if isinstance(each, BaseException)]
    away = {Code.BUSY, Code.HOLD_EXPIRED, Code.TENDERS_DO_NOT_ADD_UP}
    assert all(isinstance(each, Refusal) and each.code in away for each in faults), faults
    for made, result in zip(bought, results, strict=False):
        if not isinstance(result, Refunded):
            await give_back(resources, till, made, now)
    await clockwork.settle_due(now + timedelta(minutes=2))
    spent = await database.fetchval("SELECT coalesce(sum(from_family), 0) FROM points_hold WHERE status = 'COMMITTED'")
    assert await stored(guest.id) == (0, 0, 0, spent)
    assert await pot(family) == (0, 0)
    assert await check_books(now) == []


class Life:
    """A family whose purchases earn, give, pay and come back."""

    def __init__(self, till: TillFacts, resources: Resources, now: datetime) -> None:
        self.till, self.resources, self.now = till, resources, now
        self.bought: list[Posted] = []
        self.back: dict[int, int] = {}
        self.seated = {0, 1, 2}

    async def begin(self) -> None:
        self.family, self.people = await make_family(self.resources, self.now, "Борис", "Вера")
        for member in self.people:
            await grant(member.id, 50, self.now)

    async def take(self, what: str, one: int, other: int) -> None:
        self.now += timedelta(minutes=1)
        if what == "buy":
            basket = [goods(400, service="food", quantity=WHOLE)]
            made = await buy_with_family(self.resources, self.till, self.people[one], basket, self.now, points=other)
            self.bought.append(made)
        elif what == "hold":
            await quote_with_family(self.till, self.people[one], [goods(400, service="food")], self.now, points=other)
        elif what == "return":
            await self.give_back(one, other)
        elif what == "give":
            if one in self.seated and (await stored(self.people[one].id))[0] >= other:
                await give(self.resources, self.people[one], other, self.now)
        elif one:
            await self.move(one)
        rows = await database.fetch(OWES)
        assert not rows

    async def give_back(self, number: int, quantity: int) -> None:
        if not self.bought:
            return
        number %= len(self.bought)
        part = min(quantity, WHOLE - self.back.get(number, 0))
        if part:
            await give_back(self.resources, self.till, self.bought[number], self.now, (0, part))
            self.back[number] = self.back.get(number, 0) + part

    async def move(self, number: int) -> None:
        """Who sits there leaves, who has left comes back."""
        member = self.people[number]
        if number in self.seated:
            await leaving.leave(self.resources, order(member, "leave", self.now))
        else:
            await join(self.resources, member, await invited(self.resources, self.people[0], self.now), self.now)
        self.seated ^= {number}


@lived
@given(story=st.lists(steps, min_size=4, max_size=10))
async def test_buying_giving_and_returning_never_leaves_more(
    till: TillFacts, resources: Resources, now: datetime, story: list[Step]
) -> None:
    """INV-18, INV-25: whatever a family does, nobody owes with points in the pool; all returned, all have what was granted."""
    life = Life(till, resources, now)
    await life.begin()
    for what, one, other in story:
        await life.take(what, one, other)
    life.now += timedelta(minutes=20)
    for number in range(len(life.bought)):
        await life.take("return", number, WHOLE)
    await leaving.dissolve(resources, order(life.people[0], "end", life.now))
    await clockwork.settle_due(life.now)
    assert [await stored(member.id) for member in life.people] == [(50, 0, 0, 0)] * 3
    assert await pot(life.family) == (0, 0)
    assert await check_books(life.now) == []
