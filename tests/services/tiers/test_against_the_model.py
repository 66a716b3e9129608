"""The service on PostgreSQL against a life walked through day by day: any purchases, returns, grants and days without a clock."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.business_days import business_date
from loyalty.programme import Programme
from loyalty.windows import AfterRefund
from models import database
from services.ledger import check_books
from services.purchases import Posted
from services.resources import Resources
from services.tiers import clockwork
from services.tiers.granting import Granted
from services.tills import TillFacts
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.stories import lived_in
from tests.makers.tiers import (
    KEPT,
    MONTH,
    SLOW_MONTH,
    SLOW_YEAR,
    YEAR,
    apply_tiers,
    buy,
    give_back,
    give_tier,
    price_of,
    take_tier,
)
from tests.makers.tiers_model import outlived, walked

DAY: Final = timedelta(days=1)
PERCENTS: Final = (0, 5, 10, 15)
Step = tuple[str, int, int]

buys = st.tuples(st.just("buy"), st.sampled_from([1, 600, 1_000, 2_999, 3_000, 10_000]), st.integers(0, 20))
steps = st.one_of(
    buys,
    buys,
    st.tuples(st.just("return"), st.integers(0, 9), st.sampled_from([1_00, 999_00, 0])),
    st.tuples(st.just("wait"), st.sampled_from([1, 9, 10, 11, 29, 30, 31, 100, 365, 400]), st.just(0)),
    st.tuples(st.just("grant"), st.integers(0, 3), st.integers(0, 60)),
    st.tuples(st.just("withdraw"), st.just(0), st.just(0)),
    st.tuples(st.just("clock"), st.just(0), st.just(0)),
)


class Life:
    """One member lived through twice."""

    def __init__(
        self, resources: Resources, till: TillFacts, member: MadeMember, programme: Programme, now: datetime
    ) -> None:
        self.resources, self.till, self.member, self.programme, self.now = resources, till, member, programme, now
        self.first = business_date(now, programme.time_zone) - DAY
        self.bought: list[tuple[Posted, date, int]] = []
        self.returned: list[tuple[date, date, int]] = []
        self.granted: tuple[Granted, int, date] | None = None

    @property
    def today(self) -> date:
        return business_date(self.now, self.programme.time_zone)

    @property
    def level(self) -> int:
        """The place of the tier of today, by the naive walk and the grant."""
        days: dict[date, int] = {}
        for _, day, left in self.bought:
            days[day] = days.get(day, 0) + left
        lived = (self.today - self.first).days + 1
        window, thresholds = self.programme.tier_window, self.programme.thresholds
        if window.after_refund is AfterRefund.PERIOD_END:
            for day, _, back in self.returned:
                days[day] += back
            levels = outlived(window, thresholds, days, self.returned, first=self.first, number_of_days=lived)
        else:
            levels = walked(window, thresholds, days, self.first, lived)
        given = self.granted[1] if self.granted is not None and self.today <= self.granted[2] else 0
        return max(levels[-1], given)

    async def take(self, what: str, one: int, other: int) -> None:
        """One step in both, and the price that follows."""
        if what == "buy":
            closed = self.now - timedelta(hours=other)
            made = await buy(self.resources, self.till, self.member, one, self.now, closed_at=closed, service="stay")
            self.bought.append((made, business_date(closed, self.programme.time_zone), one * 100))
        elif what == "return" and self.bought:
            place = one % len(self.bought)
            made, day, left = self.bought[place]
            if part := min(other, left) or left:
                await give_back(self.resources, self.till, made, self.now, net=part)
                self.bought[place] = (made, day, left - part)
                self.returned.append((day, self.today, part))
        elif what == "wait":
            self.now += one * DAY
        elif what == "grant" and (self.granted is None or self.today > self.granted[2]):
            last = self.now + other * DAY
            tier = self.programme.tiers[one].id
            granted = await give_tier(self.resources, self.member, tier, last, self.now)
            self.granted = (granted, one, last.date())
        elif what == "withdraw" and self.granted is not None and self.today <= self.granted[2]:
            await take_tier(self.resources, self.granted[0], self.now)
            self.granted = None
        elif what == "clock":
            await clockwork.settle_due(self.now)
        assert await price_of(self.till, self.member, self.now) == PERCENTS[self.level] * 100, (what, one, other)

    async def check(self) -> None:
        """What is written down once the clock has come, and the books."""
        await clockwork.settle_due(self.now)
        written = await database.fetchval(
            "SELECT tier FROM tier_period WHERE member_id = $1 AND until IS NULL", self.member.id
        )
        assert written == self.programme.tiers[self.level].id
        # Members of other stories live at other times: of them only what has no time in it is asked.
        mine = f"member {self.member.id}"
        found = await check_books(self.now)
        assert [one for one in found if one.subject == mine or not one.subject.startswith("member ")] == []


@pytest.fixture
def now() -> datetime:
    """Noon in Moscow."""
    return datetime.fromisoformat("2024-02-27T09:00:00+00:00")


AFTER = ["AT_ONCE", "PERIOD_END"]
WINDOWS = [MONTH, SLOW_MONTH, YEAR, SLOW_YEAR]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("after", AFTER)
@pytest.mark.parametrize("window", WINDOWS)
@lived_in(len(AFTER) * len(WINDOWS))
@given(story=st.lists(steps, min_size=3, max_size=12))
async def test_any_life_has_the_tier_of_the_naive_walk(  # noqa: PLR0917 - fixtures and parameters
    resources: Resources,
    now: datetime,
    tmp_path: Path,
    window: str,
    after: str,
    story: list[Step],
) -> None:
    """INV-11, C-08, I-21: whatever comes in whatever order, the price and the written tier are those of the walk."""
    programme = await apply_tiers(tmp_path, now, window, (KEPT[0], f"tier_after_refund: {after}"))
    till, _ = await make_till(now, partner="inn", outlet="inn")
    life = Life(resources, till, await make_member(now), programme, now)
    for what, one, other in story:
        await life.take(what, one, other)
    await life.check()
