"""The rules of points against a naive ledger, without a database: receipts, returns and days in any order, fifty steps long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from loyalty.points import LinePoints, PointsLine, apply_points, life, spendable
from loyalty.refunds import Measure, PointsParts, ReturnLine, SoldLine, refund
from tests.loyalty.test_points import TERMS
from tests.makers.points_model import Ledger, Sold
from tests.makers.stories import STORIES

START = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
ZONE = "Europe/Moscow"
HOLD_MINUTES = 10
RULES = replace(TERMS, life_days=30, activation_days=2)
lines = st.lists(
    st.tuples(
        st.integers(100, 300_000), st.integers(1, 5), st.sampled_from([0, 500, 1000]), st.sampled_from([0, 5000])
    ),
    min_size=1,
    max_size=3,
)


class Stories(RuleBasedStateMachine):
    """One member: what the rules say of each receipt and return is what plain arithmetic says, and value is conserved."""

    @initialize(points=st.integers(0, 2000), days=st.integers(1, 40))
    def begin(self, points: int, days: int) -> None:
        self.now = START
        self.model = Ledger(START)
        self.model.grant(points, days)
        self.sold: list[list[SoldLine]] = []
        self.moved = 0
        self.names = 0

    @rule(points=st.integers(1, 500), days=st.integers(1, 40))
    def grant(self, points: int, days: int) -> None:
        self.model.advance(self.now)
        self.model.grant(points, days)
        self.model.advance(self.now)

    @rule(basket=lines, wish=st.integers(0, 1500))
    def buy(self, basket: list[tuple[int, int, int, int]], wish: int) -> None:
        self.model.advance(self.now)
        priced = [PointsLine(net, earns, cap) for net, _, earns, cap in basket]
        self.names += 1
        spent = self.model.put_aside(self.names, min(wish, spendable(RULES, priced)), HOLD_MINUTES)
        made = apply_points(RULES, priced, spent=spent, tenders=None)
        lived = life(RULES, self.now, ZONE)
        self.model.post(
            [Sold(net, count * 1000, part) for (net, count, _, _), part in zip(basket, made, strict=True)],
            self.names if spent else None,
            lived.activates_at,
            lived.expires_at,
        )
        self.sold.append(
            [_sold(place, line, part) for place, (line, part) in enumerate(zip(basket, made, strict=True))]
        )
        self.moved += sum(part.earned - part.spent for part in made)
        self.model.advance(self.now)

    @precondition(lambda self: self.sold)
    @rule(number=st.integers(0, 99), place=st.integers(0, 2), part=st.integers(1, 5000))
    def give_back(self, number: int, place: int, part: int) -> None:
        receipt = self.sold[number % len(self.sold)]
        line = receipt[place % len(receipt)]
        part = min(part, line.quantity - line.refunded_part)
        if part:
            self._return(number % len(self.sold), place % len(receipt), part)

    def _return(self, number: int, place: int, part: int) -> None:
        self.model.advance(self.now)
        line = self.sold[number][place]
        told = refund([line], [ReturnLine(line.id, quantity=part)]).lines[0]
        assert told.points is not None
        back, total = line.refunded_points, line.refunded_part + part
        sums = PointsParts(
            back.paid + told.points.paid, back.spent + told.points.spent, back.earned + told.points.earned
        )
        assert line.points is not None
        # What is back after any parts in any order is what one return of as much would have given.
        assert sums.spent == line.points.spent * total // line.quantity
        assert sums.earned == line.points.earned * total // line.quantity
        assert 0 <= sums.paid <= line.points.paid
        self.sold[number][place] = replace(
            line,
            measure=Measure.QUANTITY,
            refunded_part=total,
            refunded_net=line.refunded_net + told.net,
            refunded_discount=line.refunded_discount + told.discount,
            refunded_points=sums,
        )
        self.moved += told.points.spent - told.points.earned
        self.model.give_back(number, place, part)
        self.model.advance(self.now)

    @rule(minutes=st.sampled_from([1, 9, 11, 60 * 24, 60 * 24 * 3, 60 * 24 * 17, 60 * 24 * 40]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.model.advance(self.now)

    @rule(points=st.integers(1, 600))
    def put_aside(self, points: int) -> None:
        self.model.advance(self.now)
        self.names += 1
        self.model.put_aside(self.names, points, HOLD_MINUTES)

    @invariant()
    def nothing_comes_from_nowhere(self) -> None:
        """I-04..I-07."""
        available, pending, held, debt = self.model.sums
        assert min(available, pending, held, debt) >= 0
        assert available + pending + held - debt == self.model.granted - self.model.expired + self.moved

    def teardown(self) -> None:
        """I-14, I-16: after everything is returned, what is left is what was given and has not ended."""
        for number, receipt in enumerate(getattr(self, "sold", [])):
            for place, line in enumerate(receipt):
                if line.quantity > line.refunded_part:
                    self._return(number, place, line.quantity - line.refunded_part)
            for line in self.sold[number]:
                assert line.refunded_points == line.points
        if hasattr(self, "model"):
            assert self.moved == 0
            self.nothing_comes_from_nowhere()


def _sold(place: int, line: tuple[int, int, int, int], part: LinePoints) -> SoldLine:
    net, count, _, _ = line
    return SoldLine(str(place), count * 1000, net, 0, True, points=PointsParts(part.paid, part.spent, part.earned))


Stories.TestCase.settings = settings(**STORIES, stateful_step_count=50)
TestStories = Stories.TestCase
