"""What campaigns gave is kept added up: exact in every snapshot, and read at the same cost however many receipts there are."""

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models import database
from services.ledger import check_books
from services.promotions import totals
from services.promotions.totals import Given
from services.purchases import Posted, post_purchase
from services.resources import Resources
from services.tills import TillFacts
from services.work import work
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.patience import planted
from tests.makers.people import MadeMember, make_member
from tests.makers.purchases import command, make_purchase, make_quote
from tests.services.promotions.test_posting import give_back

TENTH = "id: tenth, name: Десятая, gives: {percent: 10}"
GIFT = "id: gift, name: Подарок, when: {basket_min: 500}, gives: {gift_points: 50}"
# From the lines of receipts, as it was added up before: exact, and dearer with every receipt.
SLOW = """
SELECT campaign, count(DISTINCT purchase_id) AS receipts, sum(amount - refunded_amount)::bigint AS discount,
    sum(points - refunded_points)::bigint AS points FROM discount_application WHERE campaign IS NOT NULL GROUP BY campaign
"""


@pytest.fixture
async def desk(db: None, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    await make_shop(now, tmp_path, TENTH, GIFT)
    return await make_desk(now)


async def slowly() -> dict[str, Given]:
    """What campaigns gave, by the lines of every receipt."""
    rows = await database.fetch(SLOW)
    return {row["campaign"]: Given(row["receipts"], row["discount"], row["points"]) for row in rows}


async def test_sums_are_those_of_the_receipts(
    desk: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-226, I-37: after sales, parts that come back and nights; what a return takes off was given before the night or not."""
    till, member = desk
    first = await make_purchase(resources, till, member, bought(("bar", 1000_00), ("spa", 500_00)), now)
    assert await totals.given_by_campaign() == {"tenth": Given(1, 145_00, 0), "gift": Given(1, 0, 50)}
    await make_purchase(resources, till, member, bought(("bar", 100_00)), now)
    assert await totals.add_up(now) == 3
    assert await totals.add_up(now) == 0
    assert await totals.given_by_campaign("tenth") == {"tenth": Given(2, 155_00, 0)}
    await give_back(resources, till, first, now + timedelta(minutes=1), (0, 500))
    assert await totals.given_by_campaign() == {"tenth": Given(2, 105_00, 0), "gift": Given(1, 0, 33)} == await slowly()
    await give_back(resources, till, first, now + timedelta(minutes=2))
    assert await totals.add_up(now) == 4
    assert await totals.given_by_campaign() == {"tenth": Given(2, 10_00, 0), "gift": Given(1, 0, 0)} == await slowly()
    assert await check_books(now) == []


async def test_every_snapshot_is_exact_while_a_dozen_write_and_two_add_up(
    desk: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-37: nobody who looks sees a receipt twice or not at all, whoever adds up meanwhile."""
    till, _ = desk
    done, seen = asyncio.Event(), set()

    async def sell(place: int) -> None:
        member = await make_member(now)
        quote = await make_quote(till, member, bought(("bar", (place + 1) * 100_00)), now)
        made = await post_purchase(resources, till, command(quote.id, quote.priced.net, now), now=now)
        assert isinstance(made, Posted)
        if place % 2:
            await give_back(resources, till, made, now + timedelta(minutes=1), (0, 300))

    async def look() -> None:
        while not done.is_set():
            async with work(isolation="repeatable_read", readonly=True):
                found = await totals.given_by_campaign()
                assert found == await slowly()
            seen.add(tuple(found.items()))
            await asyncio.sleep(0)

    async def add_up() -> None:
        while not done.is_set():
            await totals.add_up(now)
            await asyncio.sleep(0.01)

    others = [asyncio.create_task(one) for one in (look(), add_up(), add_up())]
    try:
        await asyncio.gather(*(sell(place) for place in range(12)))
    finally:
        done.set()
        await asyncio.gather(*others)
    await totals.add_up(now)
    assert (await totals.given_by_campaign())["tenth"].receipts == 12
    assert await check_books(now) == []


async def test_the_list_costs_the_same_with_every_receipt(
    desk: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-226: with twenty thousand lines of receipts behind them a page of campaigns reads a row a campaign."""
    till, member = desk
    made = await make_purchase(resources, till, member, bought(("bar", 1000_00)), now)
    await planted(
        "INSERT INTO discount_application (id, purchase_id, line_id, source, campaign, programme_version, amount, points,"
        " is_counted, gives_back, refunded_amount, refunded_points)"
        " SELECT gen_random_uuid(), $1, $2, 'CAMPAIGN', 'tenth', 1, 1, 0, false, false, 0, 0 FROM generate_series(1, 20000)",
        *(made.purchase.id, made.purchase.lines[0].id),
    )
    await totals.add_up(now)
    plan = [line for (line,) in await database.fetch(f"EXPLAIN (ANALYZE, TIMING OFF) {totals._GIVEN}", None)]
    assert not [line for line in plan if "discount_application" in line]
    read = [int(found[1]) for line in plan if (found := re.search(r"Scan .*actual rows=(\d+)", line))]
    assert sum(read) == 2, plan
    assert (await totals.given_by_campaign())["tenth"].discount == 100_00 + 20_000


async def test_a_planted_fault_is_found(
    desk: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-37: sums that somebody changed past the receipts ring at night."""
    till, member = desk
    await make_purchase(resources, till, member, bought(("bar", 1000_00)), now)
    await totals.add_up(now)
    await database.execute("UPDATE campaign_total SET discount = discount + 1 WHERE campaign = 'tenth'")
    assert [(one.check, one.subject) for one in await check_books(now)] == [
        ("what a campaign gave is on its receipts", "campaign tenth")
    ]
