"""The pool at a till: own points first, the family's behind them with a yes on the phone; rivals get what is there."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from jobs.points import SETTLED
from loyalty.families import NotYet, Role
from loyalty.points import PointsReasonCode
from loyalty.refusals import Code, Refusal
from models import database
from services import nightly
from services.families import leaving
from services.ledger import check_books
from services.points import clockwork, confirming
from services.purchases import Posted, post_purchase
from services.quotes import Quoted
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.families import (
    FAMILY,
    apply_family,
    buy_with_family,
    give,
    invited,
    join,
    make_family,
    order,
    pot,
    quote_with_family,
)
from tests.makers.patience import rivals
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, give_back, goods, grant, paid, quote, stored
from tests.makers.state import state


@pytest.fixture
async def till(db: None, now: datetime, tmp_path: Path) -> TillFacts:
    await apply_family(tmp_path, now)
    made, _ = await make_till(now, partner="shop", outlet="shop-one")
    return made


def shares(quoted: Quoted) -> tuple[int, int | None]:
    """(points put aside, how many of them from the family)."""
    assert quoted.points is not None
    hold = quoted.points.hold
    return (0, None) if hold is None else (hold.points, hold.from_family)


async def test_own_points_first_then_the_familys(till: TillFacts, resources: Resources, now: datetime) -> None:
    """C-10, A-233, security 3.6: 100 of one's own and 150 of the family pay 250; the phone is asked; a return undoes both."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(head.id, 200, now)
    await give(resources, head, 200, now)
    await grant(guest.id, 100, now)
    quoted = await quote_with_family(till, guest, [goods(1000)], now, points=250)
    points = quoted.points
    assert points is not None
    assert points.family is not None
    assert points.hold is not None
    assert shares(quoted) == (250, 150)
    assert (points.available, points.most, points.together) == (100, 100, 300)
    assert (points.family.available, points.family.usable, points.reasons) == (200, 200, ())
    assert points.hold.confirmation == "ASKED"
    assert (await pot(family), await stored(guest.id)) == ((50, 150), (0, 0, 100, 0))
    assert await check_books(now) == []
    before = await state()
    with pytest.raises(Refusal) as refused:
        await post_purchase(resources, till, paid(quoted, now), now=now)
    assert refused.value.code is Code.SPENDING_NOT_CONFIRMED
    assert await state() == before
    await confirming.confirm(guest.id, points.hold.id, now)
    made = await post_purchase(resources, till, paid(quoted, now), now=now)
    assert isinstance(made, Posted)
    assert made.purchase.lines[0].points == [25_000, 250, 75, 0, 0, 0]
    assert (await pot(family), await stored(guest.id)) == ((50, 0), (75, 0, 0, 0))
    assert await check_books(now) == []
    await give_back(resources, till, made, now)
    assert (await pot(family), await stored(guest.id)) == ((200, 0), (100, 0, 0, 0))
    assert await check_books(now) == []


async def test_nothing_of_the_family_is_touched_unasked(till: TillFacts, resources: Resources, now: datetime) -> None:
    """C-10: a till that does not know of families spends one's own, and reads what the family has."""
    family, (head,) = await make_family(resources, now)
    await grant(head.id, 150, now)
    await give(resources, head, 100, now)
    quoted = await quote(till, head, [goods(1000)], now, points=120)
    assert shares(quoted) == (50, None)
    assert quoted.points is not None
    assert (quoted.points.most, quoted.points.together) == (50, 150)
    assert [reason.code for reason in quoted.points.reasons] == [PointsReasonCode.SHORT]
    assert await pot(family) == (100, 0)


async def test_a_till_hears_why_not_more(till: TillFacts, resources: Resources, now: datetime, tmp_path: Path) -> None:
    """C-07, T32: short together, a child's seat, a seat that is new."""
    _, (head, child) = await make_family(resources, now, "Вера", role=Role.CHILD)
    await grant(head.id, 100, now)
    await give(resources, head, 100, now)
    short = await quote_with_family(till, head, [goods(1000)], now, points=120)
    assert short.points is not None
    assert [(reason.code, reason.points) for reason in short.points.reasons] == [(PointsReasonCode.TOGETHER, 100)]
    young = await quote_with_family(till, child, [goods(1000)], now, points=50)
    assert young.points is not None
    assert young.points.family is not None
    assert (shares(young), young.points.family.obstacle) == ((0, None), NotYet.CHILD)
    assert PointsReasonCode.FAMILY_CHILD in {reason.code for reason in young.points.reasons}
    later = now + timedelta(hours=1)
    await apply_family(tmp_path, later, family=FAMILY.replace("spend_after_days: 0", "spend_after_days: 7"))
    guest = await make_member(later)
    await join(resources, guest, await invited(resources, head, later), later)
    new = await quote_with_family(till, guest, [goods(1000)], later, points=50)
    assert new.points is not None
    assert new.points.family is not None
    assert (shares(new), new.points.family.obstacle) == ((0, None), NotYet.NEW)
    days = {reason.code: reason.day for reason in new.points.reasons}
    assert str(days[PointsReasonCode.FAMILY_LATER]) == "2026-03-21"
    old = await quote_with_family(till, guest, [goods(1000)], later + timedelta(days=7), points=50)
    assert shares(old) == (50, 50)


async def test_a_guest_without_points_or_family_hears_nothing_of_it(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """C-10: the wish changes nothing for who sits alone; who has none of his own pays with the family's."""
    alone = await make_member(now)
    quoted = await quote_with_family(till, alone, [goods(1000)], now, points=50)
    assert quoted.points is not None
    assert (shares(quoted), quoted.points.family) == ((0, None), None)
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(head.id, 80, now)
    await give(resources, head, 80, now)
    made = await buy_with_family(resources, till, guest, [goods(1000)], now, points=80)
    assert made.purchase.lines[0].points == [8_000, 80, 92, 0, 0, 0]
    assert await pot(family) == (0, 0)
    assert await check_books(now) == []


async def test_a_declined_spending_is_back_in_the_pool(till: TillFacts, resources: Resources, now: datetime) -> None:
    """C-03: no and no answer are the same for the pool."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(head.id, 80, now)
    await give(resources, head, 80, now)
    for said in (True, False):
        quoted = await quote_with_family(till, guest, [goods(1000)], now, points=80)
        assert quoted.points is not None
        assert quoted.points.hold is not None
        assert await pot(family) == (0, 80)
        if said:
            await confirming.decline(resources, guest.id, quoted.points.hold.id, now)
        else:
            await clockwork.settle_due(now + timedelta(seconds=60))
        assert await pot(family) == (80, 0)
    assert await check_books(now) == []


async def test_the_pool_ends_with_its_points(till: TillFacts, resources: Resources, now: datetime) -> None:
    """I-19, E6 (4): the earliest end is spent first, and what ended is gone, whoever looks first."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(head.id, 60, now, days=20)
    await give(resources, head, 60, now)
    await grant(guest.id, 40, now, days=10)
    await give(resources, guest, 40, now)
    await buy_with_family(resources, till, head, [goods(1000)], now, points=30)
    left = await database.fetch("SELECT contributor_id, remaining FROM points_lot WHERE family_id = $1", family)
    assert {row["contributor_id"]: row["remaining"] for row in left} == {head.id: 60, guest.id: 10}
    late = now + timedelta(days=10)
    assert await clockwork.is_due(late)
    await clockwork.settle_due(late)
    assert not await clockwork.is_due(late)
    assert await pot(family) == (60, 0)
    assert await check_books(late) == []


async def test_a_return_after_the_end_brings_a_grace_to_its_giver(
    resources: Resources, now: datetime, tmp_path: Path, db: None
) -> None:
    """I-15: what ended meanwhile lives on for the programme's grace, in the pool while its giver sits there, else with him."""
    await apply_family(tmp_path, now, ("  hold_minutes: 10\n", "  hold_minutes: 10\n  return_grace_days: 5\n"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    family, (head, guest) = await make_family(resources, now, "Борис")
    for member in (head, guest):
        await grant(member.id, 50, now, days=3)
        await give(resources, member, 50, now)
    made = await buy_with_family(resources, till, head, [goods(1000, quantity=2000)], now, points=100)
    late = now + timedelta(days=4)
    await give_back(resources, till, made, late, (0, 1000))
    assert await pot(family) == (50, 0)
    await leaving.leave(resources, order(guest, "leave", late))
    await give_back(resources, till, made, late, (0, 1000))
    total = sum(await pot(family)) + (await stored(head.id))[0] + (await stored(guest.id))[0]
    assert ((await stored(guest.id))[0], total) == (50, 100)
    assert await check_books(late) == []


async def test_a_reservation_that_ran_out_is_renewed_as_it_was_agreed(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """C-03: the same points are taken again if they are there; the family never pays more than was agreed to."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(head.id, 100, now)
    await give(resources, head, 100, now)
    await grant(guest.id, 50, now)

    async def agreed() -> Quoted:
        quoted = await quote_with_family(till, guest, [goods(1000)], now, points=120)
        assert quoted.points is not None
        assert quoted.points.hold is not None
        await confirming.confirm(guest.id, quoted.points.hold.id, now)
        return quoted

    first, late = await agreed(), now + timedelta(minutes=9, seconds=59)
    await database.execute("UPDATE points_hold SET expires_at = $1 WHERE status = 'ACTIVE'", late)
    made = await post_purchase(resources, till, paid(first, late), now=late)
    assert isinstance(made, Posted)
    assert await pot(family) == (30, 0)
    await give_back(resources, till, made, late)
    second = await agreed()
    await database.execute("UPDATE points_hold SET expires_at = $1 WHERE status = 'ACTIVE'", late)
    await clockwork.settle_due(late)
    await give(resources, guest, 10, late)
    before = await state()
    with pytest.raises(Refusal) as refused:
        await post_purchase(resources, till, paid(second, late), now=late)
    assert refused.value.code is Code.HOLD_EXPIRED
    assert await state() == before
    assert await check_books(late) == []


async def test_contributions_that_are_not_there_are_refused(
    till: TillFacts, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """INV-04: neither nothing, nor more than there is, nor where the programme has no pool; and nothing moves."""
    _, (head,) = await make_family(resources, now)
    await grant(head.id, 10, now)

    async def refused(points: int) -> tuple[Code, str]:
        before = await state()
        with pytest.raises(Refusal) as caught:
            await give(resources, head, points, now)
        assert await state() == before
        return caught.value.code, caught.value.words

    for points in (0, -1):
        assert await refused(points) == (Code.INVALID_INPUT, "family.points")
    for points in (11, 10**12, 2**53 - 1):
        assert await refused(points) == (Code.NOT_ENOUGH_POINTS, "family.points_short")
    await apply_points(tmp_path, now, ("partners:\n  - id: shop", "family: {seats: 4}\npartners:\n  - id: shop"))
    assert await refused(1) == (Code.NOT_FOUND, "family.no_pool")


async def test_ten_who_spend_the_pool_at_once_get_exactly_what_is_there(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-18, INV-25, I-25: three people at ten tills want 30 each of 100."""
    family, members = await make_family(resources, now, "Борис", "Вера")
    await grant(members[0].id, 100, now)
    await give(resources, members[0], 100, now)

    async def spend(member: MadeMember) -> int:
        made = await buy_with_family(
            resources, till, member, [goods(1000, service="delivery"), goods(200)], now, points=30
        )
        points = made.purchase.lines[1].points
        assert points is not None
        return points[1]

    spent = await rivals(*(partial(spend, members[place % 3]) for place in range(10)))
    own = sum([(await stored(member.id))[0] for member in members])
    earned = await database.fetchval("SELECT sum(points_earned) FROM purchase_line")
    assert sum(spent) - 100 + own == earned
    assert await pot(family) == (0, 0)
    assert await database.fetchval("SELECT sum(from_family) FROM points_hold WHERE status = 'COMMITTED'") == 100
    assert await check_books(now) == []


async def test_leaving_against_spending_ends_in_one_of_both(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-18: the giver leaves while another posts with his points: spent and not returned, or returned and not spent."""
    outcomes = set()
    for _ in range(6):
        family, (head, guest) = await make_family(resources, now, "Борис")
        await grant(guest.id, 100, now)
        await give(resources, guest, 100, now)
        quoted = await quote_with_family(till, head, [goods(1000)], now, points=100)
        assert quoted.points is not None
        assert quoted.points.hold is not None
        await confirming.confirm(head.id, quoted.points.hold.id, now)
        posted, left = await asyncio.gather(
            post_purchase(resources, till, paid(quoted, now), now=now),
            leaving.leave(resources, order(guest, "leave", now)),
            return_exceptions=True,
        )
        assert isinstance(left, int)
        spent = isinstance(posted, Posted)
        assert left == (0 if spent else 100)
        if not spent:
            assert isinstance(posted, Refusal)
            assert posted.code in {Code.HOLD_EXPIRED, Code.TENDERS_DO_NOT_ADD_UP}
        assert (await stored(guest.id))[0] == left
        assert await pot(family) == (0, 0)
        outcomes.add(spent)
    assert await check_books(now) == []
    assert outcomes <= {True, False}


async def test_crossing_members_of_two_families_lock_in_one_order(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """E7: givings, tills and returns of two families cross each other, and none waits in a ring."""
    made = [await make_family(resources, now, "Борис", "Вера") for _ in range(2)]
    people = [member for _, members in made for member in members]
    for member in people:
        await grant(member.id, 300, now)
    bought = [
        await buy_with_family(resources, till, member, [goods(500, quantity=3000)], now, points=20) for member in people
    ]
    work = [give(resources, member, 10, now) for member in people for _ in range(3)]
    sales = [quote_with_family(till, member, [goods(500)], now, points=250) for member in people]
    returns = [give_back(resources, till, each, now, (0, 1000)) for each in bought]
    results = await asyncio.gather(*work, *sales, *returns, return_exceptions=True)
    refused = [result for result in results if isinstance(result, BaseException)]
    # A crowd that is too large for two seconds hears BUSY; a ring would end in a fault.
    assert all(isinstance(each, Refusal) and each.code in {Code.NOT_ENOUGH_POINTS, Code.BUSY} for each in refused)
    assert await check_books(now) == []


async def test_a_night_after_an_outage_ends_a_pools_points_before_it_goes_on(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """E6 (4): what the minute's job had no chance to write is written before ends are told and a month is closed."""
    family, (head,) = await make_family(resources, now)
    await grant(head.id, 100, now, days=3)
    await give(resources, head, 100, now)
    late = now + timedelta(days=9)
    assert await nightly.go_on([SETTLED], resources, late)
    assert await pot(family) == (0, 0)
    assert await check_books(late) == []
