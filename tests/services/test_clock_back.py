"""A clock that goes back (I-35): what is written of an account never goes back with it, and nothing is lost by it."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.refusals import Refusal
from models import database
from services.ledger import check_books
from services.purchases import Posted, post_purchase
from services.refunds.refunding import AHEAD
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.families import found, give, invited, join
from tests.makers.ground import Ground
from tests.makers.merging import make_shop
from tests.makers.patience import rivals
from tests.makers.people import MadeMember, make_member
from tests.makers.points import buy, give_back, goods, grant, paid, quote, settle
from tests.makers.stories import lived

# Entries of an account are numbered in the order in which its row was locked; shared accounts have no row and no order.
BACKWARDS = """
SELECT a.owner_kind, a.purpose, t.kind, t.recorded_at, t.before FROM (
    SELECT e.account_id, t.kind, t.recorded_at, lag(t.recorded_at) OVER (PARTITION BY e.account_id ORDER BY e.id) AS before
    FROM entry AS e JOIN ledger_transaction AS t ON t.id = e.transaction_id
) AS t JOIN account AS a ON a.id = t.account_id
WHERE a.owner_kind IN ('MEMBER', 'FAMILY') AND t.recorded_at < t.before
"""
# What happened was told within a day, or time did it; never more than five minutes ahead of its writing.
OUT_OF_BOUNDS = (
    "SELECT kind, occurred_at, recorded_at FROM ledger_transaction WHERE occurred_at > recorded_at + $1::interval"
)


@pytest.fixture
def ground(db: None, now: datetime, tmp_path: Path) -> Ground[TillFacts]:
    return Ground(lambda: make_shop(now, tmp_path))


@pytest.fixture
async def till(ground: Ground[TillFacts]) -> TillFacts:
    return await ground()


async def assert_in_order(now: datetime) -> None:
    assert await database.fetch(BACKWARDS) == []
    assert await database.fetch(OUT_OF_BOUNDS, AHEAD) == []
    assert await check_books(now) == []


async def test_a_purchase_after_the_clock_went_back_is_written_no_earlier_than_the_one_before(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-35: in both units; when it happened is what the till said."""
    member = await make_member(now)
    await buy(resources, till, member, [goods(1_000)], now)
    back = now - timedelta(minutes=5)
    made = await buy(resources, till, member, [goods(500)], back, points=20)
    await give_back(resources, till, made, back, (0, 500))
    rows = await database.fetch("SELECT kind, occurred_at, recorded_at FROM ledger_transaction ORDER BY id")
    late = [row for row in rows if row["occurred_at"] == back]
    assert {row["kind"] for row in late} >= {"PURCHASE", "POINTS_EARNED", "POINTS_SPENT", "REFUND", "POINTS_TAKEN_BACK"}
    assert {row["recorded_at"] for row in rows} == {now}
    await assert_in_order(now)
    await buy(resources, till, member, [goods(100)], now + timedelta(minutes=1))
    assert await database.fetchval("SELECT max(recorded_at) FROM ledger_transaction") == now + timedelta(minutes=1)


async def test_two_servers_whose_clocks_differ_write_one_order(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-35: twenty tills by two clocks five minutes apart; each account is one line of moments."""
    member = await make_member(now)
    quotes = [await quote(till, member, [goods(100)], now) for _ in range(20)]
    moments = [now + timedelta(seconds=300 * (place % 2)) for place in range(20)]
    await rivals(
        *(
            partial(post_purchase, resources, till, paid(one, moment), now=moment)
            for one, moment in zip(quotes, moments, strict=True)
        )
    )
    assert await database.fetchval("SELECT count(*) FROM purchase") == 20
    await assert_in_order(now + timedelta(minutes=5))


jumps = st.sampled_from([-86_400, -3_600, -300, -30, -1, 0, 0, 1, 30, 300, 3_600, 86_400])
steps = st.lists(
    st.tuples(jumps, st.sampled_from(["buy", "spend", "return", "hold", "grant", "settle", "give"]), st.integers(0, 1)),
    min_size=3,
    max_size=10,
)


@lived
@given(story=steps)
async def test_no_account_is_written_back_whatever_the_clock_does(
    story: list[tuple[int, str, int]], ground: Ground[TillFacts], resources: Resources, now: datetime
) -> None:
    """I-35: any commands of a family of two, between which the clock jumps a day either way."""
    till = await ground()
    head, other = await make_member(now), await make_member(now)
    await found(resources, head, now)
    await join(resources, other, await invited(resources, head, now), now)
    pair, latest = Pair(resources, till, [head, other]), now
    for jump, what, who in story:
        now += timedelta(seconds=jump)
        latest = max(latest, now)
        with suppress(Refusal):  # of its own time: a quote that has run out, more than there is
            await pair.take(what, who, now)
    await assert_in_order(latest)


@dataclass
class Pair:
    """Two of a family, and what they bought."""

    resources: Resources
    till: TillFacts
    members: list[MadeMember]
    posted: list[Posted] = field(default_factory=list)

    async def take(self, what: str, who: int, now: datetime) -> None:
        member = self.members[who]
        if what in {"buy", "spend"}:
            points = 30 if what == "spend" else None
            self.posted.append(await buy(self.resources, self.till, member, [goods(400)], now, points=points))
        elif what == "hold":
            await quote(self.till, member, [goods(400)], now, points=30)
        elif what == "return" and self.posted:
            await give_back(self.resources, self.till, self.posted[-1], now, (0, 300))
        elif what == "grant":
            await grant(member.id, 60, now, days=2)
        elif what == "settle":
            await settle(member.id, now)
        elif what == "give":
            await give(self.resources, member, 10, now)
