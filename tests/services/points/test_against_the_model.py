"""The service on PostgreSQL against a naive ledger: any commands in any order, and at the end nobody has gained by a return."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.points import apply_points, life
from loyalty.programme import Programme
from models import database, functions
from models.database import Violation
from services.ledger import check_books
from services.purchases import Posted, post_purchase
from services.quotes import Quoted
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.ground import Ground
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points as put_in_force
from tests.makers.points import give_back, goods, grant, paid, quote, settle, stored, sums, withdraw
from tests.makers.points_model import Ledger, Sold
from tests.makers.stories import lived

HOLD_MINUTES: Final = 10
Step = tuple[str, int, int]

grants = st.tuples(st.just("grant"), st.integers(50, 400), st.integers(1, 40))
buys = st.tuples(st.just("buy"), st.integers(200, 3000), st.integers(100, 900))
returns = st.tuples(st.just("return"), st.integers(0, 9), st.integers(1, 3000))
days = [60 * 24, 60 * 24 * 3, 60 * 24 * 17, 60 * 24 * 40]
steps = st.one_of(
    grants,
    buys,
    buys,
    st.tuples(st.just("buy"), st.integers(1, 3000), st.just(10_000)),
    st.tuples(st.just("put aside"), st.integers(1, 3000), st.integers(1, 600)),
    returns,
    returns,
    returns,
    st.tuples(st.just("withdraw"), st.integers(1, 300), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([1, 9, 11, *days]), st.just(0)),
    st.tuples(st.just("settle"), st.just(0), st.just(0)),
)
# Lots with several ends to begin with, so that the order in which they are spent and come back is seen.
stories = st.tuples(st.lists(grants, min_size=2, max_size=4), st.lists(steps, min_size=4, max_size=12)).map(
    lambda parts: parts[0] + parts[1]
)


class Story:
    """One member lived through twice: in the service, and in the model."""

    def __init__(
        self, resources: Resources, till: TillFacts, member: MadeMember, programme: Programme, now: datetime
    ) -> None:
        self.resources, self.till, self.member, self.programme, self.now = resources, till, member, programme, now
        self.model = Ledger(now)
        self.posted: list[Posted] = []
        self.names = 0

    async def take(self, what: str, one: int, other: int) -> None:
        self.model.advance(self.now)
        if what == "grant":
            await grant(self.member.id, one, self.now, days=other)
            self.model.grant(one, other)
        elif what == "withdraw":
            await withdraw(self.member.id, one, self.now)
            self.model.withdraw(one)
        elif what == "wait":
            self.now += timedelta(minutes=one)
            self.model.advance(self.now)
        elif what == "settle":
            await settle(self.member.id, self.now)
        elif what == "return":
            await self.give_back(one, other)
        else:
            await self.buy(one, other, post=what == "buy")
        if not self.model.debt:
            assert await sums(self.member.id, self.now) == self.model.sums

    async def buy(self, roubles: int, points: int, *, post: bool) -> None:
        quoted = await quote(self.till, self.member, [goods(roubles, quantity=3000)], self.now, points=points)
        assert quoted.points is not None
        self.names += 1
        wish = min(points, roubles * 100 * 5000 // 10_000 // 100)
        held = self.model.put_aside(self.names, wish, HOLD_MINUTES)
        assert (0 if quoted.points.hold is None else quoted.points.hold.points) == held
        if post:
            await self.post(quoted, held)

    async def post(self, quoted: Quoted, held: int) -> None:
        made = await post_purchase(self.resources, self.till, paid(quoted, self.now), now=self.now)
        assert isinstance(made, Posted)
        self.posted.append(made)
        terms = self.programme.points
        assert terms is not None
        lines = apply_points(terms, quoted.priced.points_lines, spent=held, tenders=None)
        lived = life(terms, self.now, self.programme.time_zone)
        sold = [Sold(line.net, line.quantity, part) for line, part in zip(quoted.priced.lines, lines, strict=True)]
        self.model.post(sold, self.names if held else None, lived.activates_at, lived.expires_at)

    async def give_back(self, number: int, quantity: int) -> None:
        if not self.posted:
            return
        number %= len(self.posted)
        left = 3000 - self.model.receipts[number].lines[0].back
        if left:
            part = min(quantity, left)
            await give_back(self.resources, self.till, self.posted[number], self.now, (0, part))
            self.model.give_back(number, 0, part)

    async def check(self) -> None:
        self.model.advance(self.now)
        await settle(self.member.id, self.now)
        assert await stored(self.member.id) == self.model.sums
        lots = await database.fetch(
            "SELECT remaining, expires_at FROM points_lot WHERE member_id = $1 AND remaining > 0 ORDER BY 2 NULLS LAST, 1",
            self.member.id,
        )
        known = sorted((lot.end, lot.points) for lot in self.model.lots if lot.points and lot.end)
        assert [(row["expires_at"], row["remaining"]) for row in lots] == known


async def make_place(now: datetime, tmp_path: Path) -> tuple[TillFacts, Programme]:
    programme = await put_in_force(
        tmp_path,
        now,
        ("  life_days: 30\n", "  life_days: 30\n  activation_days: 2\n"),
        ("earns: {guest: 10, friend: 20}", "earns: 10"),
    )
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    return till, programme


@pytest.fixture
def ground(db: None, now: datetime, tmp_path: Path) -> Ground[tuple[TillFacts, Programme]]:
    return Ground(lambda: make_place(now, tmp_path))


@lived
@given(story=stories)
async def test_any_commands_end_where_the_naive_ledger_ends(
    ground: Ground[tuple[TillFacts, Programme]], resources: Resources, now: datetime, story: list[Step]
) -> None:
    """E11, INV-03..06, I-04..I-07, I-14..I-16, I-19: and after all is returned, what is left is what was given and has not ended."""
    till, programme = await ground()
    life_of = Story(resources, till, await make_member(now), programme, now)
    await live(life_of, story)


async def live(life_of: Story, story: list[Step]) -> None:
    """Take every step in both, and at the end give everything back."""
    for what, one, other in story:
        await life_of.take(what, one, other)
    await life_of.check()
    for number in range(len(life_of.posted)):
        await life_of.give_back(number, 3000)
    life_of.now += timedelta(minutes=HOLD_MINUTES)
    await life_of.check()
    available, pending, held, debt = life_of.model.sums
    assert held == 0
    assert available + pending - debt == life_of.model.granted - life_of.model.expired
    assert await check_books(life_of.now) == []


# A fault in the SQL, and a story in which it shows.
PLANTED: Final[dict[str, tuple[str, str, str, list[Step]]]] = {
    "a return restores the lots that end first, first": (
        "spent_parts",
        "ORDER BY l.expires_at DESC NULLS FIRST, l.issued_at DESC, l.id DESC",
        "ORDER BY l.expires_at, l.issued_at, l.id",
        [("grant", 100, 5), ("grant", 100, 35), ("buy", 1000, 150), ("return", 0, 600)],
    ),
    "the lots that end last are spent first": (
        "take_from_lots",
        "expires_at NULLS LAST, issued_at, id",
        "expires_at DESC NULLS LAST, issued_at, id",
        [("grant", 100, 5), ("grant", 100, 35), ("buy", 1000, 50)],
    ),
    "a return takes what can be spent before what waits": (
        "refund_points",
        "from_pending := least(mine.pending, taken);",
        "from_pending := greatest(taken - mine.available, 0);",
        [("grant", 100, 35), ("buy", 1000, 0), ("return", 0, 3000)],
    ),
    "a return takes from other receipts before its own": (
        "take_from_lots",
        "(purchase_id = first) IS TRUE DESC, ",
        "",
        [("buy", 1000, 0), ("buy", 500, 0), ("return", 1, 3000)],
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
async def test_a_planted_fault_of_the_ledger_is_seen(
    ground: Ground[tuple[TillFacts, Programme]], resources: Resources, now: datetime, fault: str
) -> None:
    """The model is no echo: each of these changes of the SQL ends its story elsewhere, and without it the story ends well."""
    till, programme = await ground()
    name, written, instead, story = PLANTED[fault]
    await live(Story(resources, till, await make_member(now), programme, now), story)
    text = functions.texts()[name]
    assert text.count(written) == 1
    try:
        await database.execute(text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(written, instead))
        with pytest.raises((AssertionError, Violation)):
            await live(Story(resources, till, await make_member(now), programme, now), story)
    finally:
        await database.execute(text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
