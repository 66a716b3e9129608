"""Campaigns on receipts that wait for a bank: points that nobody ever got are taken off their budgets (A-214)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from loyalty.instalments import Decision
from models import database
from services.instalments import reading
from services.ledger import check_books
from services.promotions import reports
from services.resources import Resources
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.points import give_back
from tests.services.instalments.conftest import Bank

GIFT = (
    "id: gift, name: Подарок, when: {basket_min: 500}, gives: {gift_points: 50}, budget: {points: 100}, per_member: 5"
)
TENTH = "id: tenth, name: Десятая, gives: {percent: 10}, budget: {discount: 1000}, per_member: 5"
NOTHING = (0, 0, 0)


async def shop(resources: Resources, now: datetime, folder: Path, *campaigns: str) -> Bank:
    await make_shop(now, folder, *campaigns)
    till, member = await make_desk(now)
    return Bank(resources, folder, till, member)


async def counted(campaign: str) -> tuple[int, int, int]:
    row = await database.fetchrow("SELECT discount, points, uses FROM campaign_budget WHERE campaign = $1", campaign)
    return NOTHING if row is None else tuple(row)


async def uses(campaign: str) -> int:
    return int(await database.fetchval("SELECT coalesce(sum(uses), 0) FROM campaign_use WHERE campaign = $1", campaign))


@pytest.mark.parametrize("ends", ["refused", "forgotten"])
async def test_a_budget_gets_points_back_that_no_bank_confirmed(
    db: None, resources: Resources, now: datetime, tmp_path: Path, ends: str
) -> None:
    """A-214, C-01: the discount stands with its receipt; points, and a use that gave nothing else, do not."""
    bank = await shop(resources, now, tmp_path, GIFT, TENTH)
    made = await bank.sell(now, *bought(("bar", 1000_00, 2000)))
    assert (await counted("gift"), await counted("tenth")) == ((0, 50, 1), (100_00, 0, 1))
    if ends == "refused":
        await bank.says(made, now, Decision.CANCELLED)
        await bank.says(made, now, Decision.CANCELLED)
    else:
        assert await reading.expire(now + timedelta(days=31)) == 1
    assert (await counted("gift"), await counted("tenth")) == (NOTHING, (100_00, 0, 1))
    assert (await uses("gift"), await uses("tenth")) == (0, 1)
    assert [row[3] for row in await reports.given(now)] == ["0", "0"]
    for left in (50_00, 0):
        await give_back(bank.resources, bank.till, made, now, (0, 1000))
        assert (await counted("gift"), (await counted("tenth"))[0]) == (NOTHING, left)
    assert await uses("tenth") == 0
    assert await check_books(now) == []


async def test_a_part_that_came_back_before_is_not_given_back_twice(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-214: half of the receipt, then the bank's no, then the rest: each point leaves the budget once."""
    bank = await shop(resources, now, tmp_path, GIFT)
    made = await bank.sell(now, *bought(("bar", 1000_00, 2000)))
    await bank.sell(now, *bought(("bar", 1000_00)), waits=False)
    assert await counted("gift") == (0, 100, 2)
    await give_back(bank.resources, bank.till, made, now, (0, 1000))
    assert await counted("gift") == (0, 75, 2)
    await bank.says(made, now, Decision.CANCELLED)
    assert await counted("gift") == (0, 50, 1)
    await give_back(bank.resources, bank.till, made, now, (0, 1000))
    assert (await counted("gift"), await uses("gift")) == ((0, 50, 1), 1)


async def test_what_returns_would_keep_is_given_back_where_it_was_never_given(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-214: `on_return: KEEP` is about what a guest had and brought back; points of a refusal were never had, the use was."""
    bank = await shop(resources, now, tmp_path, f"{GIFT}, on_return: KEEP")
    made = await bank.sell(now, *bought(("bar", 1000_00)))
    assert await counted("gift") == (0, 50, 1)
    await bank.says(made, now, Decision.CANCELLED)
    assert (await counted("gift"), await uses("gift")) == ((0, 0, 1), 1)
    await give_back(bank.resources, bank.till, made, now)
    assert (await counted("gift"), await uses("gift")) == ((0, 0, 1), 1)


async def test_what_a_bank_confirms_stays_counted(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-214: a yes moves no budget, and a return afterwards gives its share back as ever."""
    bank = await shop(resources, now, tmp_path, GIFT)
    made = await bank.sell(now, *bought(("bar", 1000_00, 2000)))
    await bank.says(made, now)
    assert await counted("gift") == (0, 50, 1)
    await give_back(bank.resources, bank.till, made, now, (0, 1000))
    assert await counted("gift") == (0, 25, 1)
    await give_back(bank.resources, bank.till, made, now)
    assert await counted("gift") == NOTHING
