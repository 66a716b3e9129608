"""C-14: who issued, who redeemed, and who owes whom for it, exact to the lot and the kopeck; a closed month never changes."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from jobs.settlement import CLOSED
from loyalty.refusals import Code, Refusal
from loyalty.settlement import net
from models import database
from models.database import Violation
from services import nightly
from services.ledger import check_books
from services.purchases import Posted, post_purchase
from services.resources import Resources
from services.settlement import closing, periods
from services.tills import TillFacts
from tests.makers.people import make_member, make_till
from tests.makers.points import apply_points, buy, give_back, goods, grant, paid, quote
from tests.makers.settlement import APRIL, MARCH, MAY, apply_settled, facts, matrix, stands

MARCH_ENDS = datetime.fromisoformat("2026-03-31T21:00:00Z")  # midnight in Moscow
APRIL_ENDS = datetime.fromisoformat("2026-04-30T21:00:00Z")
HOUR = timedelta(hours=1)


@pytest.fixture
async def tills(db: None, now: datetime, tmp_path: Path) -> dict[str, TillFacts]:
    await apply_settled(tmp_path, now)
    return {name: (await make_till(now, partner=name, outlet=place))[0] for name, place in PLACES.items()}


PLACES = {"shop": "shop-one", "cafe": "cafe"}


async def test_points_of_one_partner_that_another_took_are_owed(
    tills: dict[str, TillFacts], resources: Resources, now: datetime
) -> None:
    """C-14, domain.md E2: the shop's points pay at the café, half comes back, and own points at one's own till are free."""
    member = await make_member(now)
    await buy(resources, tills["shop"], member, [goods(1000)], now)  # 100 of the shop's
    taken = await buy(resources, tills["cafe"], member, [goods(60, service="food", quantity=2000)], now, points=60)
    await give_back(resources, tills["cafe"], taken, now, (0, 1000))
    await buy(resources, tills["shop"], member, [goods(100)], now, points=20)
    found = await matrix(MARCH, now)
    owed, own = found["shop", "cafe"], found["shop", "shop"]
    assert (owed.redeemed, owed.given_back, owed.points, owed.due) == (60, 30, 30, 30 * 80)
    assert (own.points, own.due) == (20, 0)
    assert net(found.values()) == {("shop", "cafe"): 2400}
    shop = (await stands([MARCH], now))["shop", MARCH]
    assert (shop.opening, shop.issued, shop.redeemed, shop.expired, shop.reversed) == (0, 108, 50, 0, 0)
    assert shop.closing == 58
    assert await check_books(now) == []


async def test_a_debt_after_a_return_is_paid_by_whoever_issued_what_paid_it(
    tills: dict[str, TillFacts], resources: Resources, now: datetime
) -> None:
    """C-14: the shop paid for points that it then took back from nobody; the café's points repay it, at the café's price."""
    member = await make_member(now)
    earned = await buy(resources, tills["shop"], member, [goods(1000)], now)
    await buy(resources, tills["cafe"], member, [goods(100, service="food")], now, points=100)
    await give_back(resources, tills["shop"], earned, now)
    before = await stands([MARCH], now)
    assert (before["shop", MARCH].closing, before["shop", MARCH].owed) == (0, 100)
    await buy(resources, tills["cafe"], member, [goods(400, service="food")], now)
    await buy(resources, tills["cafe"], member, [goods(2000, service="food")], now)
    found, after = await matrix(MARCH, now), await stands([MARCH], now)
    assert (found["cafe", "shop"].reversed, found["cafe", "shop"].due) == (100, 100 * 75)
    assert net(found.values()) == {("shop", "cafe"): 100 * 80 - 100 * 75}
    assert after["shop", MARCH].owed == 0
    cafe = after["cafe", MARCH]
    assert (cafe.issued, cafe.reversed, cafe.closing) == (240, 100, 140)
    kinds = [(line.kind.value, line.issuer, line.partner, line.points) for line in await facts(MARCH, now)]
    assert sorted(kinds) == sorted(
        [
            ("ISSUED", "shop", None, 100),
            ("REDEEMED", "shop", "cafe", 100),
            ("OWED", "shop", "shop", 100),
            ("ISSUED", "cafe", None, 40),
            ("REPAID", "cafe", "shop", 40),
            ("ISSUED", "cafe", None, 200),
            ("REPAID", "cafe", "shop", 60),
        ]
    )
    assert await check_books(now) == []


async def test_points_of_the_programme_and_those_that_end(
    tills: dict[str, TillFacts], resources: Resources, now: datetime
) -> None:
    """C-14, IFRS 15: gifts are the programme's liability; what ends is breakage of whoever issued it, in its month."""
    member = await make_member(now)
    await grant(member.id, 300, now)
    await buy(resources, tills["cafe"], member, [goods(50, service="food")], now, points=50)
    await buy(resources, tills["shop"], member, [goods(1000)], now)
    later = now + timedelta(days=40)
    await closing.close(MARCH, later)
    rows = await stands([MARCH, APRIL], later, ("shop", "cafe", ""))
    march, april = rows["", MARCH], rows["", APRIL]
    assert (march.issued, march.redeemed, march.expired, march.closing) == (300, 50, 0, 250)
    assert (april.opening, april.expired, april.closing) == (250, 250, 0)
    assert rows["shop", APRIL].expired == 100
    assert (await matrix(MARCH, later))["", "cafe"].due == 50 * 80
    assert await check_books(later) == []


async def test_a_closed_month_never_changes_and_late_facts_fall_into_the_next(
    tills: dict[str, TillFacts], resources: Resources, now: datetime
) -> None:
    """C-14: the same sums before and after, a receipt of yesterday in the month that is open, marked as late."""
    member = await make_member(now)
    await buy(resources, tills["shop"], member, [goods(1000)], now)
    with pytest.raises(Refusal) as early:
        await closing.close(MARCH, MARCH_ENDS + timedelta(minutes=59))
    assert (early.value.code, early.value.words) == (Code.INVALID_INPUT, "settlement.not_over")
    closed_at = MARCH_ENDS + 2 * HOUR
    assert [(done.month, done.facts) for done in await closing.close(MARCH, closed_at)] == [(MARCH, 1)]
    kept = await stands([MARCH], closed_at)

    quoted = await quote(tills["cafe"], member, [goods(40, service="food")], closed_at + HOUR, points=40)
    late = replace(paid(quoted, closed_at + HOUR), closed_at=MARCH_ENDS - HOUR)
    assert isinstance(await post_purchase(resources, tills["cafe"], late, now=closed_at + HOUR), Posted)
    after = closed_at + 2 * HOUR
    assert await closing.close(MARCH, after) == []
    assert await stands([MARCH], after) == kept
    assert (await matrix(APRIL, after))["shop", "cafe"].late == 1
    assert [(line.kind.value, line.is_late) for line in await facts(APRIL, after)] == [("REDEEMED", True)]
    assert [line.kind.value for line in await facts(MARCH, after)] == ["ISSUED"]

    await closing.close(APRIL, APRIL_ENDS + 2 * HOUR)
    assert (await matrix(APRIL, APRIL_ENDS + 2 * HOUR))["shop", "cafe"].due == 40 * 80
    assert await check_books(APRIL_ENDS + 2 * HOUR) == []


async def test_what_comes_back_is_priced_as_it_was_taken(
    tills: dict[str, TillFacts], resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """C-14: a new price holds from its version on, and a return undoes the old one to the kopeck."""
    member = await make_member(now)
    await buy(resources, tills["shop"], member, [goods(2000)], now)
    taken = await buy(resources, tills["cafe"], member, [goods(60, service="food")], now, points=60)
    changed = now + HOUR
    await apply_points(tmp_path, changed, ("partners:\n", "settlement: {mode: POSTPAID, price: 0.50}\npartners:\n"))
    await buy(resources, tills["cafe"], member, [goods(10, service="food")], changed, points=10)
    await give_back(resources, tills["cafe"], taken, changed)
    assert (await matrix(MARCH, changed))["shop", "cafe"].due == 60 * 80 + 10 * 50 - 60 * 80
    assert await check_books(changed) == []


async def test_partners_that_do_not_settle_owe_nothing(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """C-14: without the section points are counted, and nothing is due."""
    await apply_points(tmp_path, now)
    member = await make_member(now)
    for name, place in PLACES.items():
        till, _ = await make_till(now, partner=name, outlet=place)
        await buy(
            resources, till, member, [goods(1000, service="furniture" if name == "shop" else "food")], now, points=50
        )
    cell = (await matrix(MARCH, now))["shop", "cafe"]
    assert (cell.points, cell.due) == (50, 0)


async def test_rivals_close_a_month_once_while_tills_go_on(
    tills: dict[str, TillFacts], resources: Resources, now: datetime
) -> None:
    """C-14: five closers and ten tills at once; every fact counts in exactly one month."""
    members = [await make_member(now) for _ in range(10)]
    for member in members:
        await buy(resources, tills["shop"], member, [goods(1000)], now)
    moment = MARCH_ENDS + 2 * HOUR

    async def late(place: int) -> None:
        quoted = await quote(tills["cafe"], members[place], [goods(30, service="food")], moment, points=30)
        command = replace(paid(quoted, moment), closed_at=MARCH_ENDS - HOUR)
        assert isinstance(await post_purchase(resources, tills["cafe"], command, now=moment), Posted)

    closed = await asyncio.gather(
        *(closing.close(MARCH, moment) for _ in range(5)),
        *(late(place) for place in range(10)),
        return_exceptions=False,
    )
    assert sum(len(done) for done in closed[:5] if done is not None) == 1
    await closing.close(APRIL, APRIL_ENDS + 2 * HOUR)
    rows = await database.fetch("SELECT transaction_id FROM settlement_line WHERE kind = 'REDEEMED'")
    assert len(rows) == len({row["transaction_id"] for row in rows}) == 10
    both = [await matrix(month, APRIL_ENDS + 2 * HOUR) for month in (MARCH, APRIL)]
    assert sum(found["shop", "cafe"].due for found in both if ("shop", "cafe") in found) == 10 * 30 * 80
    assert await check_books(APRIL_ENDS + 2 * HOUR) == []


async def test_the_nightly_run_closes_months_when_their_days_have_passed(
    tills: dict[str, TillFacts], resources: Resources, now: datetime
) -> None:
    """C-14: three days after the end by default, months without facts too, and once."""
    await buy(resources, tills["shop"], await make_member(now), [goods(1000)], now)

    async def night(moment: datetime) -> list[date]:
        assert await nightly.go_on([CLOSED], resources, moment)
        return [period.month for period in await periods.closed()]

    due = MARCH_ENDS + timedelta(days=3)
    assert await night(due - HOUR) == []
    assert await night(due) == [MARCH]
    assert await night(MARCH_ENDS + timedelta(days=80)) == [MARCH, APRIL, MAY]
    assert await night(MARCH_ENDS + timedelta(days=81)) == [MARCH, APRIL, MAY]


FAULTS = {
    "UPDATE settlement_line SET points = points + 1, due = 0 WHERE kind = 'REDEEMED'": {
        "settled points are redeemed ones",
        "settled points are what is left",
        "a closed month is its lines",
    },
    "UPDATE settlement_line SET issuer = 'cafe' WHERE kind = 'ISSUED'": {
        "settled points are issued ones",
        "settled points are what is left",
        "a closed month is its lines",
    },
    "DELETE FROM settlement_sum WHERE kind = 'REDEEMED'": {"a closed month is its lines"},
    "UPDATE settlement_sum SET due = due - 1 WHERE kind = 'REDEEMED'": {"a closed month is its lines"},
    "UPDATE settlement_line SET occurred_at = occurred_at + interval '30 days' WHERE kind = 'ISSUED'": {
        "a month counts what happened by its end"
    },
    "UPDATE points_lot SET issuer = 'cafe'": {"settled points are what is left"},
    "UPDATE settlement_line SET points = points + 1 WHERE kind = 'OWED'": {
        "settled points are issued ones",
        "settled debts are what is owed",
        "a closed month is its lines",
    },
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found_by_its_name(
    fault: str, tills: dict[str, TillFacts], resources: Resources, now: datetime
) -> None:
    """C-14, I-33, INV-03: settlement sums are the ledger's."""
    owing, member = await make_member(now), await make_member(now)
    earned = await buy(resources, tills["shop"], owing, [goods(1000)], now)
    await buy(resources, tills["cafe"], owing, [goods(100, service="food")], now, points=100)
    await give_back(resources, tills["shop"], earned, now)
    await buy(resources, tills["shop"], member, [goods(1000)], now)
    moment = MARCH_ENDS + 2 * HOUR
    await closing.close(MARCH, moment)
    assert await check_books(moment) == []
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(fault)
    assert {finding.check for finding in await check_books(moment)} == FAULTS[fault]


async def test_a_closed_month_is_only_read(tills: dict[str, TillFacts], resources: Resources, now: datetime) -> None:
    """C-14, INV-02: nobody edits a line, a sum or a month."""
    await buy(resources, tills["shop"], await make_member(now), [goods(1000)], now)
    await closing.close(MARCH, MARCH_ENDS + 2 * HOUR)
    for table in ("settlement_line", "settlement_sum", "settlement_period"):
        for change in (f"UPDATE {table} SET month = month", f"DELETE FROM {table}"):
            with pytest.raises(Violation, match=f"{table}_append_only"):
                await database.execute(change)
