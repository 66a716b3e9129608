"""Tiers whose window ends, from the purchase to the letter: counted by the purchase's own day, ended by the clock."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from jobs import tiers as jobs
from loyalty.points import day_begins
from loyalty.refusals import Refusal
from models import database
from services import programmes
from services.ledger import check_books
from services.purchases import Posted
from services.refunds import Refunded
from services.resources import Resources
from services.tiers import clockwork
from services.tiers.granting import Granted
from services.tiers.reading import stands
from services.tills import TillFacts
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.tiers import (
    KEPT,
    LIFETIME,
    MONTH,
    SLOW_MONTH,
    YEAR,
    apply_tiers,
    buy,
    give_back,
    give_tier,
    letters_about_tiers,
    periods,
    price_of,
    take_tier,
)

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def now() -> datetime:
    """Noon in Moscow, in the last month of a calendar year."""
    return datetime(2025, 12, 10, 9, tzinfo=UTC)


async def people(now: datetime) -> tuple[TillFacts, MadeMember]:
    member = await make_member(now)
    till, _ = await make_till(now, partner="inn", outlet="inn")
    return till, member


async def test_a_rolling_tier_rises_with_a_purchase_and_falls_by_the_clock(
    resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-066, C-08: the price follows the clock at once; the clock's job only writes it down, and tells the member."""
    await apply_tiers(tmp_path, now, MONTH)
    till, member = await people(now)
    posted = await buy(resources, till, member, 1_500, now)
    assert (posted.raised, posted.accumulated, posted.tier) == (True, 1_500_00, "white")
    more = await buy(resources, till, member, 100, now + 5 * DAY)
    assert (more.raised, more.accumulated, more.purchase.discount) == (False, 1_595_00, 5_00)
    gone = day_begins(now.date() + 30 * DAY, "Europe/Moscow")
    assert await price_of(till, member, gone - timedelta(seconds=1)) == 5_00
    assert not await clockwork.is_due(gone - timedelta(seconds=1))
    assert await price_of(till, member, gone) == 0
    assert await clockwork.is_due(gone)
    assert await check_books(gone) == []
    assert await jobs.write_due(gone) is True
    assert await clockwork.settle_due(gone + timedelta(minutes=3)) == 1
    assert await periods(member.id) == [
        ("guest", "JOINED", now, now),
        ("white", "PURCHASE", now, gone),
        ("guest", "WINDOW", gone, None),
    ]
    assert await letters_about_tiers() == ["TIER_FELL"]
    assert await clockwork.settle_due(gone + timedelta(minutes=3)) == 0
    assert await check_books(gone + timedelta(minutes=3)) == []


async def test_a_purchase_after_the_end_writes_the_end_first(
    resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """INV-11: whether the clock's job or a till comes first, the history and the price are the same."""
    await apply_tiers(tmp_path, now, MONTH)
    till, member = await people(now)
    await buy(resources, till, member, 1_500, now)
    later = now + 40 * DAY
    posted = await buy(resources, till, member, 3_000, later)
    assert (posted.purchase.discount, posted.raised, posted.accumulated, posted.tier) == (0, True, 3_000_00, "silver")
    gone = day_begins(now.date() + 30 * DAY, "Europe/Moscow")
    assert [row[:3] for row in await periods(member.id)][1:] == [
        ("white", "PURCHASE", now),
        ("guest", "WINDOW", gone),
        ("silver", "PURCHASE", later),
    ]
    assert await check_books(later) == []


async def test_a_return_is_taken_off_the_day_of_its_purchase(
    resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-216: of two purchases the older one is returned, late; what is left holds as long as its own day says."""
    await apply_tiers(tmp_path, now, MONTH)
    till, member = await people(now)
    older = await buy(resources, till, member, 1_000, now)
    await buy(resources, till, member, 1_100, now + 20 * DAY)
    back = await give_back(resources, till, older, now + 25 * DAY)
    assert (back.accumulated, back.tier) == (1_045_00, "white")
    ends = await database.fetchval("SELECT tier_until FROM member_standing WHERE member_id = $1", member.id)
    assert ends == day_begins((now + 50 * DAY).date(), "Europe/Moscow")
    assert await clockwork.settle_due(now + 35 * DAY) == 0
    assert await price_of(till, member, now + 35 * DAY) == 5_00
    assert await check_books(now + 35 * DAY) == []


async def test_a_return_of_last_year_takes_the_tier_it_brought(
    resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """C-08: the tier of a year follows from its purchases, also when one of them comes back in the next year."""
    await apply_tiers(tmp_path, now, YEAR)
    till, member = await people(now)
    posted = await buy(resources, till, member, 3_000, now)
    later = now + 60 * DAY
    assert await price_of(till, member, later) == 10_00
    back = await give_back(resources, till, posted, later, net=2_500_00)
    assert (back.accumulated, back.tier) == (0, "guest")
    assert [row[:2] for row in await periods(member.id)][-1] == ("guest", "REFUND")
    assert await letters_about_tiers() == []
    assert await check_books(later) == []


async def test_a_tier_outlives_a_return_to_the_end_it_had(resources: Resources, now: datetime, tmp_path: Path) -> None:
    """A-216, I-20: with PERIOD_END the clock takes what the return took from the facts, and says when beforehand."""
    await apply_tiers(tmp_path, now, MONTH, KEPT)
    till, member = await people(now)
    posted = await buy(resources, till, member, 1_500, now)
    back = await give_back(resources, till, posted, now + 10 * DAY)
    gone = day_begins((now + 30 * DAY).date(), "Europe/Moscow")
    assert (back.accumulated, back.tier) == (0, "white")
    assert await price_of(till, member, gone - timedelta(seconds=1)) == 5_00
    assert await price_of(till, member, gone) == 0
    assert await check_books(now + 20 * DAY) == []
    small = await buy(resources, till, member, 900, now + 20 * DAY, service="stay")
    assert (small.raised, small.accumulated, small.tier) == (False, 900_00, "white")
    assert await clockwork.settle_due(gone) == 1
    assert [row[:3] for row in await periods(member.id)][-2:] == [("white", "PURCHASE", now), ("guest", "WINDOW", gone)]
    assert await letters_about_tiers() == ["TIER_FELL"]
    assert await check_books(gone) == []


async def test_what_is_returned_on_its_own_day_holds_nothing(
    resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """T34: nobody buys a tier for an hour."""
    await apply_tiers(tmp_path, now, YEAR, KEPT)
    till, member = await people(now)
    posted = await buy(resources, till, member, 10_000, now)
    back = await give_back(resources, till, posted, now + timedelta(hours=2))
    assert (posted.tier, back.tier) == ("gold", "guest")
    assert await check_books(now + timedelta(hours=3)) == []


async def test_two_falls_that_nobody_looked_at_are_written_with_their_own_days(
    resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """The clock was stopped for two months: it makes up for it, and a second time finds nothing."""
    await apply_tiers(tmp_path, now, SLOW_MONTH)
    till, member = await people(now)
    await buy(resources, till, member, 10_000, now)
    later = now + 100 * DAY
    assert await clockwork.settle_due(later) == 1
    begins = [day_begins((now + days * DAY).date(), "Europe/Moscow") for days in (40, 50, 60)]
    assert [(tier, since) for tier, _, since, _ in await periods(member.id)][2:] == list(
        zip(("silver", "white", "guest"), begins, strict=True)
    )
    assert await clockwork.settle_due(later) == 0
    assert await letters_about_tiers() == ["TIER_FELL"]
    assert await check_books(later) == []


async def test_any_order_of_arrival_gives_one_tier(resources: Resources, now: datetime, tmp_path: Path) -> None:
    """INV-11: receipts of both sides of New Year and a return, told in every order: one tier, one end, one sum."""
    await apply_tiers(tmp_path, now, YEAR)
    till, _ = await people(now)
    moment = datetime(2026, 1, 1, 6, tzinfo=UTC)
    old_year, new_year = moment - timedelta(hours=10), moment - timedelta(hours=2)
    told = set()
    receipts = {"old": (1_500, old_year), "older": (1_600, old_year - timedelta(hours=3)), "new": (1_200, new_year)}
    for order in permutations(("return", *receipts)):
        if order.index("return") < order.index("old"):
            continue  # nothing to return yet
        member, made = await make_member(now), dict[str, Posted]()
        for what in order:
            if what == "return":
                await give_back(resources, till, made["old"], moment)
                continue
            roubles, closed = receipts[what]
            made[what] = await buy(resources, till, member, roubles, moment, closed_at=closed, service="stay")
        row = await database.fetchrow(
            "SELECT p.tier, s.tier_until, b.amount FROM member_standing AS s"
            " JOIN balance AS b ON b.account_id = s.qualifying_account"
            " JOIN tier_period AS p ON p.member_id = s.member_id AND p.until IS NULL WHERE s.member_id = $1",
            member.id,
        )
        assert row is not None
        standing = await stands(await programmes.current(moment), member.id, row["amount"], None, moment)
        told.add((row["tier"], row["tier_until"], row["amount"], standing.accumulated, standing.keep))
    assert len(told) == 1
    assert next(iter(told))[:1] == ("white",)
    assert await check_books(moment) == []


async def test_a_window_is_put_in_force_and_taken_out(resources: Resources, now: datetime, tmp_path: Path) -> None:
    """New terms place every member by the clock's job, and what is paid follows from them at once."""
    await apply_tiers(tmp_path, now, LIFETIME)
    till, member = await people(now)
    for days in (0, 40):
        await buy(resources, till, member, 600, now + days * DAY)
    later = now + 41 * DAY
    assert await price_of(till, member, later) == 5_00
    await apply_tiers(tmp_path, later, MONTH)
    assert await price_of(till, member, later) == 0
    assert await check_books(later) == []
    assert await clockwork.settle_due(later) == 1
    assert [row[:3] for row in await periods(member.id)][-1] == ("guest", "PROGRAMME", later)
    assert await check_books(later) == []
    await apply_tiers(tmp_path, later + DAY, LIFETIME)
    assert [row[:3] for row in await periods(member.id)][-1] == ("white", "PROGRAMME", later + DAY)
    assert await database.fetchval("SELECT count(tier_until) FROM member_standing") == 0
    assert await letters_about_tiers() == []
    assert await check_books(later + DAY) == []


@pytest.mark.parametrize("window", [LIFETIME, MONTH, YEAR])
async def test_ten_rivals_leave_one_truth(resources: Resources, now: datetime, tmp_path: Path, window: str) -> None:
    """A grant, receipts, returns and the clock at once: whoever comes first, the tier is what the facts say (INV-11)."""
    await apply_tiers(tmp_path, now, window)
    till, member = await people(now)
    first = [await buy(resources, till, member, 700, now) for _ in range(3)]
    later = day_begins((now + 30 * DAY).date(), "Europe/Moscow") + timedelta(hours=9)
    answers = await asyncio.gather(
        *(buy(resources, till, member, 400, later) for _ in range(4)),
        *(give_back(resources, till, one, later) for one in first[:2]),
        give_tier(resources, member, "silver", later + 20 * DAY, later),
        give_tier(resources, member, "gold", later + 20 * DAY, later),
        clockwork.settle_due(later),
        clockwork.settle_due(later),
        return_exceptions=True,
    )
    faults = [
        one for one in answers if isinstance(one, BaseException) and not isinstance(one, Refusal | AssertionError)
    ]
    assert faults == []
    (granted,) = [one for one in answers if isinstance(one, Granted)]
    assert len([one for one in answers if isinstance(one, Refunded)]) == 2
    assert await check_books(later) == []
    await take_tier(resources, granted, later)
    assert await check_books(later) == []
    rows = await periods(member.id)
    assert all(before[3] == after[2] for before, after in pairwise(rows))


FAULTS = {
    "UPDATE tier_period SET tier = 'gold' WHERE until IS NULL": {"tier follows from facts"},
    "UPDATE member_standing SET tier_until = NULL": {"the clock comes when a tier ends"},
    "UPDATE member_standing SET tier_until = tier_until + interval '1 day'": {"the clock comes when a tier ends"},
    "UPDATE tier_period SET until = until + interval '1 day' WHERE until IS NOT NULL": {"tier periods do not overlap"},
    "UPDATE ledger_transaction SET occurred_at = occurred_at - interval '2 days'": {"the clock comes when a tier ends"},
    "UPDATE ledger_transaction SET occurred_at = occurred_at - interval '40 days'": {"tier follows from facts"},
    "INSERT INTO tier_grant (id, member_id, tier, until, reason, granted_at)"
    " SELECT gen_random_uuid(), member_id, 'gold', now() + interval '100 years', 'x', now() FROM member_standing": {
        "a grant in force is on its member"
    },
    "UPDATE member_standing SET granted_tier = 'white', granted_until = '2099-01-01'": {
        "a grant in force is on its member"
    },
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found_by_its_name(
    fault: str, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """The check recomputes tiers from the ledger, by the day of each purchase."""
    await apply_tiers(tmp_path, now, MONTH)
    till, member = await people(now)
    await buy(resources, till, member, 1_500, now + DAY)
    assert await check_books(now + 5 * DAY) == []
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(fault)
    assert FAULTS[fault] <= {finding.check for finding in await check_books(now + 5 * DAY)}
