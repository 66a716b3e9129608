"""Points at a till: put aside with the quote, spent with the receipt, free again by themselves; one balance everywhere."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from loyalty.points import PointsReasonCode
from loyalty.purchases import BasketLine
from loyalty.refusals import Code, Refusal
from models import database
from services.ledger import check_books
from services.purchases import Posted, PurchaseCommand, Repriced, TenderPaid, post_purchase
from services.quotes import Quoted
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.patience import rivals_told
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, buy, goods, grant, paid, quote, settle, stored, sums
from tests.makers.purchases import make_ticket
from tests.makers.state import state


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    await apply_points(tmp_path, now)
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    await grant(member.id, 300, now)
    return till, member


async def refusal(resources: Resources, till: TillFacts, wanted: PurchaseCommand, now: datetime) -> Refusal:
    """The refusal of a posting, which moves nothing."""
    before = await state()
    with pytest.raises(Refusal) as refused:
        await post_purchase(resources, till, wanted, now=now)
    assert await state() == before
    return refused.value


def held(quoted: Quoted) -> int:
    assert quoted.points is not None
    return 0 if quoted.points.hold is None else quoted.points.hold.points


async def test_points_are_put_aside_and_spent(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-233, C-04: 200 of 300 points pay 200 of 1 000; the rest earns 10 % of 800."""
    till, member = scene
    quoted = await quote(till, member, [goods(1000)], now, points=200)
    assert quoted.points is not None
    assert (quoted.points.available, quoted.points.most, quoted.points.earns, held(quoted)) == (300, 300, 80, 200)
    assert await sums(member.id, now) == await stored(member.id) == (100, 0, 200, 0)
    assert await check_books(now) == []
    made = await post_purchase(resources, till, paid(quoted, now), now=now)
    assert isinstance(made, Posted)
    assert made.purchase.lines[0].points == [20_000, 200, 80, 0, 0, 0]
    assert (made.points, await stored(member.id)) == (180, (180, 0, 0, 0))
    shared = await database.fetch(
        "SELECT a.owner || '.' || a.purpose AS account, sum(e.amount) AS amount FROM entry AS e"
        " JOIN account AS a ON a.id = e.account_id WHERE a.unit = 'PTS' AND a.owner_kind <> 'MEMBER' GROUP BY 1 ORDER BY 1"
    )
    assert {row["account"]: row["amount"] for row in shared} == {
        "programme.goodwill": -300,
        "shop.issued": -80,
        "shop.redeemed": 200,
    }
    assert await check_books(now) == []


@pytest.mark.parametrize(
    ("wished", "lines", "expected"),
    [
        (10**9, [goods(400)], (200, [PointsReasonCode.CAP])),
        (10**9, [goods(400), goods(5000, service="delivery")], (200, [PointsReasonCode.CAP])),
        (10**9, [goods(4000)], (300, [PointsReasonCode.SHORT])),
        (10**9, [goods(4000, service="delivery")], (0, [PointsReasonCode.NOT_HERE])),
        (50, [goods(4000)], (50, [])),
        (0, [goods(4000)], (0, [])),
        (None, [goods(4000)], (0, [])),
    ],
)
async def test_a_wish_is_capped_by_rule_and_balance(
    scene: tuple[TillFacts, MadeMember],
    now: datetime,
    wished: int | None,
    lines: list[BasketLine],
    expected: tuple[int, list[PointsReasonCode]],
) -> None:
    """INV-09, C-06, C-19: what a rule excludes is paid with points by no path, and the till is told why."""
    till, member = scene
    quoted = await quote(till, member, lines, now, points=wished)
    assert quoted.points is not None
    assert (held(quoted), [reason.code for reason in quoted.points.reasons]) == expected
    assert await check_books(now) == []


async def test_the_oldest_end_is_spent_first(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-05, I-19."""
    till, member = scene
    await grant(member.id, 100, now, days=5)
    await grant(member.id, 100, now, days=None)
    await buy(resources, till, member, [goods(1000)], now, points=450)
    left = await database.fetch(
        "SELECT issued, remaining FROM points_lot WHERE purchase_id IS NULL ORDER BY expires_at NULLS LAST"
    )
    assert [(row["issued"], row["remaining"]) for row in left] == [(100, 0), (300, 0), (100, 50)]


async def test_two_hundred_spend_one_balance_once(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-03, INV-25: two hundred tickets at two tills want all of one balance; one gets it."""
    till, member = scene
    other, _ = await make_till(now, partner="cafe", outlet="cafe")
    wishes = []
    for place in range(200):
        here, line = (till, goods(2000)) if place % 2 else (other, goods(2000, service="food"))
        wishes.append((here, quote(here, member, [line], now, points=300)))
    quoted = await asyncio.gather(*(wish for _, wish in wishes), return_exceptions=True)
    won = [
        (here, made) for (here, _), made in zip(wishes, quoted, strict=True) if isinstance(made, Quoted) and held(made)
    ]
    assert len(won) == 1
    assert all(isinstance(made, Quoted) or (isinstance(made, Refusal) and made.code is Code.BUSY) for made in quoted)
    assert await stored(member.id) == (0, 0, 300, 0)
    here, first = won[0]
    rivals = await rivals_told(*(partial(post_purchase, resources, here, paid(first, now), now=now) for _ in range(10)))
    assert len([made for made in rivals if isinstance(made, Posted)]) == 1
    assert {made.code for made in rivals if isinstance(made, Refusal)} == {Code.QUOTE_USED}
    assert await check_books(now) == []


async def test_a_new_quote_of_the_ticket_replaces_the_reservation(
    scene: tuple[TillFacts, MadeMember], now: datetime
) -> None:
    """INV-06: a cashier who changes the sum five times holds it once; without a wish nothing is touched."""
    till, member = scene
    ticket = await make_ticket(till, member, now)
    for points in (100, 200, 300, 150, 250):
        await quote(till, member, [goods(2000)], now, points=points, ticket=ticket)
        assert await stored(member.id) == (300 - points, 0, points, 0)
    await quote(till, member, [goods(2000)], now, ticket=ticket)
    assert await stored(member.id) == (50, 0, 250, 0)
    await quote(till, member, [goods(2000)], now, points=0, ticket=ticket)
    assert await stored(member.id) == (300, 0, 0, 0)
    assert await check_books(now) == []


async def test_a_reservation_ends_by_itself(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-03: the till dies after it reserved; ten minutes later the points are there, with the end they had."""
    till, member = scene
    await quote(till, member, [goods(2000)], now, points=300)
    before = await database.fetch("SELECT id, remaining + 300 AS points, expires_at FROM points_lot")
    later = now + timedelta(minutes=10)
    assert await sums(member.id, later - timedelta(seconds=1)) == (0, 0, 300, 0)
    assert await sums(member.id, later) == (300, 0, 0, 0)
    assert await stored(member.id) == (0, 0, 300, 0)
    assert await settle(member.id, later) == 1
    assert await stored(member.id) == (300, 0, 0, 0)
    assert await database.fetch("SELECT id, remaining AS points, expires_at FROM points_lot") == before
    await buy(resources, till, member, [goods(600)], later, points=300)
    assert await check_books(later) == []


@pytest.mark.parametrize("settled", ["late", "in time"])
async def test_a_late_receipt_takes_the_points_again_if_they_are_there(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, settled: str
) -> None:
    """E4 of a hold: a quote lives as long as its reservation here, so the clock of the reservation is put back."""
    till, member = scene
    quoted = await quote(till, member, [goods(600)], now, points=300)
    await database.execute("UPDATE points_hold SET expires_at = $1", now + timedelta(minutes=5))
    late = now + timedelta(minutes=6)
    if settled == "in time":
        await settle(member.id, late)
    made = await post_purchase(resources, till, paid(quoted, now), now=late)
    assert isinstance(made, Posted)
    assert await stored(member.id) == (30, 0, 0, 0)
    assert await check_books(late) == []


async def test_a_late_receipt_hears_that_its_points_are_gone(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-03: a late commit gets a clear answer, and nothing moves but what time had done."""
    till, member = scene
    quoted = await quote(till, member, [goods(600)], now, points=300)
    await database.execute("UPDATE points_hold SET expires_at = $1", now + timedelta(minutes=5))
    late = now + timedelta(minutes=6)
    await buy(resources, till, member, [goods(600)], late, points=1, kind="GIFT_CARD")
    refused = await refusal(resources, till, paid(quoted, now), late)
    assert (refused.code, refused.field) == (Code.HOLD_EXPIRED, "input.tenders")
    assert await check_books(late) == []


async def test_money_after_all_frees_the_points(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    quoted = await quote(till, member, [goods(600)], now, points=300)
    wanted = replace(paid(quoted, now), tenders=[TenderPaid("CARD", 60_000)])
    made = await post_purchase(resources, till, wanted, now=now)
    assert isinstance(made, Posted)
    assert await stored(member.id) == (360, 0, 0, 0)
    assert await check_books(now) == []


@pytest.mark.parametrize(
    ("tenders", "code"),
    [
        ([("POINTS", 30_000)], Code.TENDERS_DO_NOT_ADD_UP),
        ([("POINTS", 30_001), ("CARD", 29_999)], Code.TENDERS_DO_NOT_ADD_UP),
        ([("POINTS", 60_000)], Code.TENDERS_DO_NOT_ADD_UP),
        ([("POINTS", 29_900), ("CARD", 30_100)], Code.TENDERS_DO_NOT_ADD_UP),
    ],
)
async def test_what_points_pay_is_what_was_put_aside(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, tenders: list[tuple[str, int]], code: Code
) -> None:
    """INV-09."""
    till, member = scene
    quoted = await quote(till, member, [goods(600)], now, points=300)
    wanted = replace(paid(quoted, now), tenders=[TenderPaid(kind, amount) for kind, amount in tenders])
    assert (await refusal(resources, till, wanted, now)).code is code
    bare = await quote(till, member, [goods(600)], now)
    wanted = replace(wanted, quote=str(bare.id), tenders=[TenderPaid("POINTS", 100), TenderPaid("CARD", 59_900)])
    refused = await refusal(resources, till, wanted, now)
    assert (refused.code, refused.words) == (code, "purchase.points_not_held")


async def test_a_changed_balance_is_no_new_price(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-17."""
    till, member = scene
    quoted = await quote(till, member, [goods(600)], now, points=300)
    await grant(member.id, 1000, now)
    await buy(resources, till, member, [goods(600)], now, points=10)
    made = await post_purchase(resources, till, paid(quoted, now), now=now)
    assert isinstance(made, Posted)


async def test_rules_that_let_points_pay_less_are_a_new_price(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """INV-17: the fresh quote has put aside what may be spent now, and is posted at once."""
    till, member = scene
    quoted = await quote(till, member, [goods(600)], now, points=300)
    await apply_points(tmp_path, now, ("redeem_cap: 50", "redeem_cap: 20"))
    again = await post_purchase(resources, till, paid(quoted, now), now=now)
    assert isinstance(again, Repriced)
    assert held(again.quote) == 120
    assert await stored(member.id) == (180, 0, 120, 0)
    assert isinstance(await post_purchase(resources, till, paid(again.quote, now), now=now), Posted)
    assert await check_books(now) == []


async def test_points_below_zero_are_no_wish(scene: tuple[TillFacts, MadeMember], now: datetime) -> None:
    till, member = scene
    ticket = await make_ticket(till, member, now)
    before = await state()
    with pytest.raises(Refusal) as refused:
        await quote(till, member, [goods(600)], now, points=-1, ticket=ticket)
    assert (refused.value.code, refused.value.field) == (Code.INVALID_INPUT, "input.points")
    assert await state() == before


async def test_points_that_ended_are_not_spent_before_the_job_comes(
    scene: tuple[TillFacts, MadeMember], now: datetime
) -> None:
    """I-19: no lot is spent after its end."""
    till, member = scene
    after = now + timedelta(days=30)
    assert await sums(member.id, after) == (0, 0, 0, 0)
    quoted = await quote(till, member, [goods(600)], after, points=300)
    assert held(quoted) == 0
    assert quoted.points is not None
    assert [reason.code for reason in quoted.points.reasons] == [PointsReasonCode.NONE]
    assert await stored(member.id) == (0, 0, 0, 0)
    assert await settle(member.id, after) == 0
    assert await check_books(after) == []
