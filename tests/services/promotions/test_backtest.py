"""Back-tests: past receipts through the rules of now, to the kopeck and without writing anything."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from loyalty.promotions.backtest import TOP, Backtest, PastReceipt, changed, undated, without
from loyalty.promotions.occasion import Occasion
from models import database
from services.promotions import backtesting, groups
from services.promotions.backtesting import backtest
from services.resources import Resources
from tests.makers.campaigns import GUEST, WEDNESDAY, bought, make_desk, make_shop, with_campaigns
from tests.makers.people import make_member
from tests.makers.purchases import make_purchase
from tests.makers.state import state

NTH = "id: second, name: Вторая, when: {nth_purchase: {number: 2}}, gives: {percent: 50}"
BOUND = "id: bound, name: Бюджет, priority: 1, gives: {amount: 100}, budget: {discount: 250}, per_member: 2"
CODE = "id: code, name: Код, code: true, gives: {percent: 1}"


async def test_the_past_costs_what_it_would_have_cost(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """C-18: cost, members moved a tier, top baskets; guests as they were then, bounds in the order of time."""
    plain = await make_shop(now, tmp_path, "id: other, name: Другая, when: {services: [spa]}, gives: {percent: 1}")
    till, first = await make_desk(now)
    second = await make_member(now)
    for hour, (member, kopecks) in enumerate([(first, 600_00), (second, 900_00), (first, 400_00), (first, 100_00)]):
        await make_purchase(resources, till, member, bought(("bar", kopecks)), now + timedelta(hours=hour))
    before = await state()
    told: list[tuple[int, int]] = []
    new = with_campaigns(NTH, BOUND, CODE)
    day = now.date()
    found, moved = await backtest(plain, new, day, day, codes=False, tell=lambda *one: told.append(one))
    # 100 off for the first two receipts; then the budget is short of a third hundred, and the third is a second purchase.
    assert (found.receipts, found.before, found.after, found.cost) == (4, 0, 400_00, 400_00)
    assert {name: (cost.receipts, cost.discount) for name, cost in found.costs.items()} == {
        "bound": (2, 200_00),
        "second": (1, 200_00),
    }
    assert [(basket.discount, basket.gross) for basket in found.top_baskets] == [
        (200_00, 400_00),
        (100_00, 900_00),
        (100_00, 600_00),
    ]
    assert moved == 1  # the first guest stood at 1100 roubles, above the second tier's 1000
    assert told[-1] == (4, 4)
    assert await state() == before
    shown, _ = await backtest(plain, new, day, day, codes=True, tell=lambda *_: None)
    assert shown.costs["code"].receipts == 4
    nothing, _ = await backtest(
        plain, new, day + timedelta(days=1), day + timedelta(days=9), codes=False, tell=lambda *_: None
    )
    assert nothing.receipts == 0


async def test_past_receipts_take_longer_than_a_command_may(
    db: None, resources: Resources, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-18: the first page waits for a sort of all of them; neither the server nor the driver cuts it off."""
    plain = await make_shop(now, tmp_path, CODE)
    till, member = await make_desk(now)
    await make_purchase(resources, till, member, bought(("bar", 600_00)), now)
    days, day = "BETWEEN $1 AND $2", now.date()
    slow = f"{days} AND pg_sleep({database.COMMAND_SECONDS + 0.5}) IS NOT NULL"
    monkeypatch.setattr(backtesting, "statement", lambda name: database.statement(name).replace(days, slow))
    monkeypatch.setattr(groups, "_GUESTS", groups._GUESTS.replace(days, slow))
    found, _ = await backtest(plain, with_campaigns(CODE), day, day, codes=True, tell=lambda *_: None)
    assert found.receipts == 1
    campaign = plain.promotions.by_id["code"] if plain.promotions else None
    assert campaign is not None
    both = await groups.groups_of(campaign, day, day)
    assert both.exposed.guests + both.held_out.guests == 1


async def test_others_have_their_turns_between_receipts(
    db: None, resources: Resources, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C-18: the job prices in the process that serves tills, where the worker is inside; it never holds the loop for a page."""
    plain = await make_shop(now, tmp_path, CODE)
    till, member = await make_desk(now)
    for hour in range(3):
        await make_purchase(resources, till, member, bought(("bar", 600_00)), now + timedelta(hours=hour))
    turns, priced_at, priced = 0, list[int](), Backtest.add

    def add(self: Backtest, receipt: PastReceipt) -> None:
        priced_at.append(turns)
        priced(self, receipt)

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(Backtest, "add", add)
    ticking = asyncio.create_task(tick())
    try:
        await backtest(plain, with_campaigns(CODE), now.date(), now.date(), codes=True, tell=lambda *_: None)
    finally:
        ticking.cancel()
    assert len(set(priced_at)) == len(priced_at) == 3


def test_a_campaign_that_is_to_come_is_tried_without_its_dates() -> None:
    """C-18: its cost is asked for before it begins; days of campaigns that are not tried hold as they are written."""
    later, other = (
        "id: later, name: Потом, from: 2027-01-01, to: 2027-02-01, gives: {percent: 10}",
        "id: o, name: Другая",
    )
    programme = with_campaigns(later, f"{other}, from: 2027-01-01, gives: {{percent: 10}}")
    seen = Occasion("inn", "inn", "TILL", "first", WEDNESDAY, GUEST)
    for tried, cost in ((frozenset[str](), 0), ({"later"}, 10_00), ({"later", "o"}, 19_00)):
        test = Backtest(without(programme, "later"), undated(programme, tried))
        test.add(PastReceipt("one", seen, bought(("bar", 100_00))))
        assert (test.cost, test.receipts) == (cost, 1), tried
    old = with_campaigns(f"{other}, from: 2027-01-01, gives: {{percent: 10}}")
    assert changed(old, programme) == {"later"}
    assert changed(old, with_campaigns(f"{other}, from: 2027-01-02, gives: {{percent: 10}}")) == {"o"}


def test_points_are_a_cost_too() -> None:
    """C-18: what gifts and multipliers bring is told, of each campaign and beyond what there was without it."""
    # A bar earns 5 %: of 1000 roubles 50 points, so three times as many are 100 more.
    programme = with_campaigns(
        "id: thrice, name: Втрое, gives: {points_times: 3}", "id: gift, name: Подарок, gives: {gift_points: 30}"
    )
    test = Backtest(without(programme, "thrice"), programme)
    seen = Occasion("inn", "inn", "TILL", "first", WEDNESDAY, GUEST)
    for number in range(10):
        test.add(PastReceipt(str(number), seen, bought(("bar", 1000_00))))
    thrice, gift = test.costs["thrice"], test.costs["gift"]
    assert (thrice.receipts, thrice.discount, thrice.points, thrice.more) == (10, 0, 0, 1000)
    assert (gift.receipts, gift.points, gift.more) == (10, 300, 0)
    assert (test.cost, test.points_cost) == (0, 1000)


def test_a_campaign_is_held_against_its_own_absence() -> None:
    programme = with_campaigns("id: one, name: Один, gives: {percent: 10}", "id: two, name: Два, gives: {percent: 10}")
    test = Backtest(without(programme, "one"), programme)
    seen = Occasion("inn", "inn", "TILL", "first", WEDNESDAY, GUEST)
    for number in range(1000):
        test.add(PastReceipt(f"{number:04d}", seen, bought(("bar", 100_00 + number))))
    test.add(PastReceipt("gone", seen, bought(("sauna", 100_00))))
    assert (test.receipts, test.unpriced) == (1000, 1)
    assert test.cost == test.after - test.before > 0
    assert len(test.top_baskets) == TOP
    assert test.top_baskets[0].number == "0999"
