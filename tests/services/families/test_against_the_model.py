"""The service on PostgreSQL against a naive family: any commands in any order leave every point where the loops leave it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.refusals import Refusal
from models import database
from services.families import leaving
from services.ledger import check_books
from services.points import clockwork
from services.purchases import Posted
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.families import apply_family, buy_with_family, give, invited, join, make_family, order, pot
from tests.makers.families_model import Household
from tests.makers.ground import Ground
from tests.makers.people import make_till
from tests.makers.points import give_back, goods, grant, stored
from tests.makers.stories import lived

PEOPLE: Final = 3
WHOLE: Final = 3000

who = st.integers(0, PEOPLE - 1)
grants = st.tuples(st.just("grant"), who, st.integers(50, 400), st.integers(1, 40))
givings = st.tuples(st.just("give"), who, st.integers(1, 300), st.just(0))
steps = st.one_of(
    grants,
    givings,
    givings,
    st.tuples(st.just("buy"), who, st.integers(1, 600), st.just(0)),
    st.tuples(st.just("buy"), who, st.integers(1, 600), st.just(0)),
    st.tuples(st.just("return"), st.integers(0, 9), st.integers(1, WHOLE), st.just(0)),
    st.tuples(st.just("return"), st.integers(0, 9), st.just(WHOLE), st.just(0)),
    st.tuples(st.just("leave"), who, st.just(0), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([1, 4, 12, 40]), st.just(0), st.just(0)),
)
stories = st.tuples(
    st.lists(st.one_of(grants, givings), min_size=3, max_size=6), st.lists(steps, min_size=4, max_size=12)
)


class Story:
    """One family lived through twice: in the service, and in the model."""

    def __init__(self, resources: Resources, till: TillFacts, now: datetime) -> None:
        self.resources, self.till, self.now = resources, till, now
        self.model = Household(set(range(PEOPLE)), {number: [] for number in range(PEOPLE)})
        self.posted: list[Posted] = []

    async def begin(self) -> None:
        self.family, self.people = await make_family(self.resources, self.now, "Борис", "Вера")

    async def take(self, what: str, one: int, other: int, days: int) -> None:
        self.now += timedelta(minutes=1)  # no two lots of one moment: what is spent first of equals is told by it
        self.model.advance(self.now)
        if what == "grant":
            await grant(self.people[one].id, other, self.now, days=days)
            self.model.grant(one, other, self.now + timedelta(days=days))
        elif what == "give":
            done = self.model.give(one, other)
            try:
                await give(self.resources, self.people[one], other, self.now)
            except Refusal:
                assert not done
            else:
                assert done
        elif what == "wait":
            self.now += timedelta(days=one)
            self.model.advance(self.now)
        elif what == "leave":
            await self.leave(one)
        elif what == "buy":
            await self.buy(one, other)
        else:
            await self.give_back(one, other)
        await self.compare()

    async def leave(self, number: int) -> None:
        """Who sits there leaves, who has left comes back; the head stays."""
        member = self.people[number]
        if number == 0:
            return
        if number in self.model.seated:
            expected = self.model.leave(number)
            assert await leaving.leave(self.resources, order(member, "leave", self.now)) == expected
            return
        await join(self.resources, member, await invited(self.resources, self.people[0], self.now), self.now)
        self.model.seated.add(number)

    async def buy(self, number: int, points: int) -> None:
        expected = sum(self.model.buy(number, points))
        basket = [goods(700, service="food", quantity=WHOLE)]
        made = await buy_with_family(self.resources, self.till, self.people[number], basket, self.now, points=points)
        spent = made.purchase.lines[0].points
        assert (0 if spent is None else spent[1]) == expected
        self.posted.append(made)

    async def give_back(self, number: int, quantity: int) -> None:
        if not self.posted:
            return
        number %= len(self.posted)
        part = min(quantity, WHOLE - self.model.receipts[number].back)
        if part:
            await give_back(self.resources, self.till, self.posted[number], self.now, (0, part))
            self.model.give_back(number, part, WHOLE, self.now)

    async def compare(self) -> None:
        await clockwork.settle_due(self.now)
        assert [(await stored(member.id))[0] for member in self.people] == [
            self.model.available(number) for number in range(PEOPLE)
        ]
        assert await pot(self.family) == (self.model.together, 0)
        rows = await database.fetch(
            "SELECT contributor_id, sum(remaining)::bigint AS points FROM points_lot WHERE family_id = $1 GROUP BY 1",
            self.family,
        )
        left = {row["contributor_id"]: row["points"] for row in rows}
        assert [left.get(member.id, 0) for member in self.people] == [
            self.model.given_by(number) for number in range(PEOPLE)
        ]

    async def compare_ends(self) -> None:
        """Every point has the end it had when it was given, wherever it lies."""
        rows = await database.fetch(
            "SELECT coalesce(member_id, contributor_id) AS owner, family_id IS NULL AS own, expires_at,"
            " sum(remaining)::bigint AS points FROM points_lot"
            " WHERE coalesce(member_id, contributor_id) = ANY ($1) AND remaining > 0 GROUP BY 1, 2, 3",
            [member.id for member in self.people],
        )
        stored_lots = {(row["owner"], row["own"], row["expires_at"]): row["points"] for row in rows}
        known: dict[tuple[object, bool, datetime], int] = {}
        for number, lots in self.model.own.items():
            for lot in lots:
                key = (self.people[number].id, True, lot.end)
                known[key] = known.get(key, 0) + lot.points
        for lot in self.model.pool:
            assert lot.giver is not None
            key = (self.people[lot.giver].id, False, lot.end)
            known[key] = known.get(key, 0) + lot.points
        assert stored_lots == {key: points for key, points in known.items() if points}


async def make_cafe(now: datetime, tmp_path: Path) -> TillFacts:
    await apply_family(
        tmp_path, now, ("accumulates: true, earns: 10, redeem_cap: 100", "accumulates: true, redeem_cap: 100")
    )
    made, _ = await make_till(now, partner="cafe", outlet="cafe")
    return made


@pytest.fixture
def ground(db: None, now: datetime, tmp_path: Path) -> Ground[TillFacts]:
    return Ground(lambda: make_cafe(now, tmp_path))


@lived
@given(story=stories)
async def test_any_commands_end_where_the_naive_family_ends(
    ground: Ground[TillFacts], resources: Resources, now: datetime, story: tuple[list[tuple[str, int, int, int]], ...]
) -> None:
    """E11, INV-18, I-15, I-19, I-24, I-25: and at the end of the family everybody has what was granted and has not ended."""
    life = Story(resources, await ground(), now)
    await life.begin()
    for what, one, other, days in [*story[0], *story[1]]:
        await life.take(what, one, other, days)
    await life.compare_ends()
    for number in range(len(life.posted)):
        await life.give_back(number, WHOLE)
    await life.compare()
    for number in list(life.model.seated):
        life.model.leave(number)
    await leaving.dissolve(resources, order(life.people[0], "end", life.now))
    await life.compare()
    await life.compare_ends()
    assert sum(life.model.available(number) for number in range(PEOPLE)) == life.model.granted - life.model.ended
    assert await check_books(life.now) == []
