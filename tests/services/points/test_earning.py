"""Points are earned in the statement that posts the receipt: entries, lot and balance together, once."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services.ledger import check_books
from services.purchases import Posted, TenderPaid, post_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.patience import rivals
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, buy, goods, paid, quote, settle, stored, sums
from tests.makers.programme import make_programme
from tests.makers.purchases import command, dinner, make_quote
from tests.makers.state import state


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    await apply_points(tmp_path, now)
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    return till, await make_member(now)


async def test_a_receipt_earns_into_a_lot(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-233, INV-01, INV-03, INV-05: 10 % of 1 999.90 are 199 points that end with the thirtieth local day."""
    till, member = scene
    made = await buy(resources, till, member, [goods(1999), goods(100, service="delivery")], now)
    assert [line.points for line in made.purchase.lines] == [[0, 0, 199, 0, 0, 0], [0, 0, 0, 0, 0, 0]]
    assert made.points == 199
    assert await sums(member.id, now) == await stored(member.id) == (199, 0, 0, 0)
    lot = await database.fetchrow("SELECT * FROM points_lot")
    assert lot is not None
    assert (lot["issuer"], lot["issued"], lot["remaining"], lot["status"]) == ("shop", 199, 199, "ACTIVE")
    assert lot["purchase_id"] == made.purchase.id
    issued = await database.fetchval(
        "SELECT sum(e.amount) FROM entry AS e JOIN account AS a ON a.id = e.account_id"
        " WHERE (a.owner_kind, a.owner, a.purpose, a.unit) = ('PARTNER', 'shop', 'issued', 'PTS')"
    )
    assert issued == -199
    assert await check_books(now) == []


@pytest.mark.parametrize(("kind", "earned"), [("CARD", 100), ("INSTALMENT", 50), ("GIFT_CARD", 0)])
async def test_what_it_earns_depends_on_how_it_is_paid(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, kind: str, earned: int
) -> None:
    """A-214, A-215."""
    till, member = scene
    await buy(resources, till, member, [goods(1000)], now, kind=kind)
    assert await sums(member.id, now) == (earned, 0, 0, 0)
    assert await check_books(now) == []


async def test_earned_points_wait_until_their_day(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """E4 of a lot: pending until the local day begins, then usable, whether a job has come by or not."""
    await apply_points(tmp_path, now, ("  life_days: 30\n", "  life_days: 30\n  activation_days: 14\n"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    await buy(resources, till, member, [goods(1000)], now)
    assert await sums(member.id, now) == (0, 100, 0, 0)
    later = now + timedelta(days=14)
    assert await sums(member.id, later) == (100, 0, 0, 0)
    assert await stored(member.id) == (0, 100, 0, 0)
    assert await settle(member.id, later) == 1
    assert await settle(member.id, later) == 0
    assert await stored(member.id) == (100, 0, 0, 0)
    assert await check_books(later) == []


async def test_the_same_key_earns_once(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-07."""
    till, member = scene
    quoted = await quote(till, member, [goods(1000)], now)
    wanted = paid(quoted, now)
    answers = await rivals(*(partial(post_purchase, resources, till, wanted, now=now) for _ in range(10)))
    assert {answer.points for answer in answers if isinstance(answer, Posted)} == {100}
    assert await stored(member.id) == (100, 0, 0, 0)
    assert await check_books(now) == []


async def test_rivals_do_not_pass_the_limit_of_a_day(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """I-30: twelve receipts of 100 points at once, 250 points a day."""
    await apply_points(tmp_path, now, ("  rounding: DOWN\n", "  rounding: DOWN\n  earn_max: {day: 250}\n"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    made = await rivals(*(partial(buy, resources, till, member, [goods(1000)], now) for _ in range(12)))
    assert sorted(sum(line.points[2] for line in one.purchase.lines if line.points) for one in made) == [0] * 9 + [
        50,
        100,
        100,
    ]
    assert await stored(member.id) == (250, 0, 0, 0)
    tomorrow = now + timedelta(days=1)
    await buy(resources, till, member, [goods(1000)], tomorrow)
    assert await sums(member.id, tomorrow) == (350, 0, 0, 0)
    assert await check_books(tomorrow) == []


async def test_each_day_has_its_own_limit_in_whatever_order_its_receipts_come(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """I-30, INV-24: two days by turns, and each day by itself, give the same: what a till tells late frees no room."""
    await apply_points(tmp_path, now, ("  rounding: DOWN\n", "  rounding: DOWN\n  earn_max: {day: 250}\n"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    yesterday = now - timedelta(hours=20)
    for order in ((now, yesterday) * 4, (now,) * 4 + (yesterday,) * 4):
        member = await make_member(now)
        earned: dict[datetime, list[int]] = {now: [], yesterday: []}
        for closed in order:
            wanted = replace(paid(await quote(till, member, [goods(1000)], now), now), closed_at=closed)
            made = await post_purchase(resources, till, wanted, now=now)
            assert isinstance(made, Posted)
            earned[closed].append(sum(line.points[2] for line in made.purchase.lines if line.points))
        assert earned == {now: [100, 100, 50, 0], yesterday: [100, 100, 50, 0]}
        assert await stored(member.id) == (500, 0, 0, 0)
    assert await check_books(now) == []


async def test_gifts_take_no_room_of_the_day(db: None, resources: Resources, now: datetime, tmp_path: Path) -> None:
    """I-30, docs/programme.md: a campaign's gift has bounds of its own."""
    gift = "    - {id: gift, name: Подарок, per_member: 1, gives: {gift_points: 300}}\n"
    await apply_points(
        tmp_path,
        now,
        ("  rounding: DOWN\n", "  rounding: DOWN\n  earn_max: {day: 250}\n"),
        ("documents:\n", f"promotions:\n  campaigns:\n{gift}documents:\n"),
    )
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    found = [(await buy(resources, till, member, [goods(1000)], now)).points for _ in range(4)]
    assert found[:3] == [400, 500, 550]
    assert await stored(member.id) == (550, 0, 0, 0)


async def test_earning_stops_at_the_most_a_member_has(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """I-30."""
    await apply_points(tmp_path, now, ("  rounding: DOWN\n", "  rounding: DOWN\n  balance_max: 150\n"))
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member = await make_member(now)
    for expected in (100, 150, 150):
        await buy(resources, till, member, [goods(1000)], now)
        assert await sums(member.id, now) == (expected, 0, 0, 0)


async def test_tiers_rise_with_spend_and_earn_more_from_the_next_receipt(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-08, I-18: the receipt that reaches the tier still earns at the rate before it."""
    till, member = scene
    first = await buy(resources, till, member, [goods(100_000)], now)
    assert first.raised
    assert first.points == 10_000
    assert (await buy(resources, till, member, [goods(1000)], now)).points == 10_200


async def test_a_programme_without_points_has_none_of_it(db: None, resources: Resources, now: datetime) -> None:
    """Знак Качества: nothing is opened or written, and points are refused in words."""
    await make_programme(now)
    till, _ = await make_till(now)
    member = await make_member(now)
    quoted = await make_quote(till, member, [dinner(500)], now)
    assert quoted.points is None
    before = await state()
    wanted = command(quoted.id, 50000, now)
    with pytest.raises(Refusal) as refused:
        await post_purchase(
            resources, till, type(wanted)(wanted.key, wanted.quote, "1", now, [TenderPaid("POINTS", 50000)]), now=now
        )
    assert (refused.value.code, refused.value.field) == (Code.INVALID_INPUT, "input.tenders.0.kind")
    with pytest.raises(Refusal) as refused:
        await quote(till, member, [dinner(500)], now, points=10, ticket=str(quoted.id))
    assert refused.value.code is Code.TICKET_EXPIRED
    assert await state() == before
    made = await post_purchase(resources, till, wanted, now=now)
    assert isinstance(made, Posted)
    assert made.points is None
    assert [line.points for line in made.purchase.lines] == [None]
    for table in ("member_points", "points_lot", "points_lot_move", "points_hold"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0
