"""Any life of two profiles, made one and two again: each side is what it was, to the lot."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.refusals import Refusal
from models import database
from services.ledger import check_books
from services.purchases import Posted
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.ground import Ground
from tests.makers.merging import make_one, make_shop, make_two, side, totals
from tests.makers.people import MadeMember, make_member
from tests.makers.points import buy, give_back, goods, grant, quote, settle, stored
from tests.makers.stories import lived

grants = st.tuples(st.just("grant"), st.integers(1, 300), st.integers(1, 40))
buys = st.tuples(st.just("buy"), st.integers(50, 3000), st.integers(0, 300))
holds = st.tuples(st.just("hold"), st.integers(50, 3000), st.integers(1, 300))
backs = st.tuples(st.just("back"), st.integers(0, 5), st.integers(1, 1000))
waits = st.tuples(st.just("wait"), st.sampled_from([1, 11, 60 * 24, 60 * 24 * 17]), st.just(0))
steps = st.lists(
    st.tuples(st.integers(0, 1), st.one_of(grants, buys, buys, holds, backs, waits)), min_size=2, max_size=8
)


@pytest.fixture
def ground(db: None, now: datetime, tmp_path: Path) -> Ground[TillFacts]:
    return Ground(lambda: make_shop(now, tmp_path))


class Life:
    """What happened to two profiles, step by step."""

    def __init__(self, resources: Resources, till: TillFacts, pair: list[MadeMember], now: datetime) -> None:
        self.resources, self.till, self.pair, self.now = resources, till, pair, now
        self.posted: list[Posted] = []

    async def take(self, who: MadeMember, what: str, one: int, other: int) -> None:
        if what == "grant":
            await grant(who.id, one, self.now, days=other)
        elif what == "buy":
            self.posted.append(await buy(self.resources, self.till, who, [goods(one)], self.now, points=other or None))
        elif what == "hold":
            await quote(self.till, who, [goods(one)], self.now, points=other)
        elif what == "wait":
            self.now += timedelta(minutes=one)
        elif self.posted:
            made = self.posted[one % len(self.posted)]
            with suppress(Refusal):  # more than is left of it
                await give_back(self.resources, self.till, made, self.now, (0, other))

    async def sides(self) -> tuple[str, str, dict[str, int]]:
        return await side(self.pair[0].id), await side(self.pair[1].id), await totals()


@lived
@given(story=steps)
async def test_merging_and_undoing_is_an_identity_after_any_life(
    story: list[tuple[int, tuple[str, int, int]]], ground: Ground[TillFacts], resources: Resources, now: datetime
) -> None:
    """INV-19, C-09: after any purchases, returns, reservations and ends of both, each side is what it was, to the lot."""
    till = await ground()
    first, second = await make_member(now), await make_member(now)
    life = Life(resources, till, [first, second], now)
    for who, step in story:
        await life.take(life.pair[who], *step)
    for member in life.pair:
        await settle(member.id, life.now)
    before = await life.sides()
    if any([(await stored(member.id))[3] for member in life.pair]):
        with pytest.raises(Refusal, match="UNFINISHED"):
            await make_one(resources, first, second, life.now)
        assert await life.sides() == before
        return
    case = await make_one(resources, first, second, life.now)
    assert await totals() == before[2]
    assert await check_books(life.now) == []
    if await database.fetchval("SELECT count(*) FROM points_hold WHERE status = 'ACTIVE' AND member_id = $1", first.id):
        with pytest.raises(Refusal, match="UNFINISHED"):
            await make_two(resources, case, life.now)
        life.now += timedelta(minutes=11)
        await make_two(resources, case, life.now)
        assert await check_books(life.now) == []
        return
    await make_two(resources, case, life.now)
    assert await life.sides() == before
    assert await check_books(life.now) == []
