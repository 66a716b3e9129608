"""Hard limits: the till hears a clear no, nothing moves, and rivals do not slip through together."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.scopes import Scope
from models import database
from services.ledger import check_books
from services.pos.offline import OfflineLine, OfflineReceipt, post_offline
from services.purchases import Posted, TenderPaid, post_purchase
from tests.makers.patience import rivals_told
from tests.makers.people import make_member, make_phone
from tests.makers.points import give_back, goods, paid, quote
from tests.makers.staff import make_holder
from tests.makers.state import state
from tests.services.control.conftest import HARD, Shop


async def refused(what: Callable[[], Awaitable[object]]) -> str:
    """The words of a refusal by a limit, after which nothing has moved but the quote that was asked for."""
    with pytest.raises(Refusal) as told:
        await what()
    assert told.value.code is Code.LIMIT_REACHED
    return told.value.words


async def test_a_card_makes_so_many_receipts_a_day_and_no_more(shop: Shop, now: datetime) -> None:
    """A-242, I-30: three in a day; the fourth is refused and moves nothing; a day later it is welcome again."""
    await shop.watch(HARD, now)
    for minutes in range(3):
        await shop.sell(now + timedelta(minutes=minutes))
    late = now + timedelta(minutes=3)
    command = paid(await quote(shop.here, shop.member, [goods(100)], late), late)
    before = await state()
    assert (
        await refused(lambda: post_purchase(shop.resources, shop.here, command, now=late)) == "control.limit_receipts"
    )
    assert await state() == before
    await shop.sell(late, member=await make_member(now))
    await shop.sell(now + timedelta(hours=25))
    assert await check_books(now + timedelta(hours=25)) == []


async def test_a_refused_key_is_free_and_an_answered_one_is_told_above_the_limit(shop: Shop, now: datetime) -> None:
    await shop.watch(HARD, now)
    command = paid(await quote(shop.here, shop.member, [goods(100)], now), now)
    first = await post_purchase(shop.resources, shop.here, command, now=now)
    for minutes in range(2):
        await shop.sell(now + timedelta(minutes=minutes))
    assert await post_purchase(shop.resources, shop.here, command, now=now) == first


async def test_a_till_sells_for_so_much_an_hour(shop: Shop, now: datetime) -> None:
    await shop.watch(HARD, now)
    await shop.sell(now, 4900)
    other = await make_member(now)
    assert await refused(lambda: shop.sell(now, 101, member=other)) == "control.limit_amount"
    await shop.sell(now, 100, member=other)
    await shop.sell(now, 4000, member=other, till=shop.there)


async def test_a_receipt_of_three_days_ago_counts_when_it_is_written(shop: Shop, now: datetime) -> None:
    """A-242, I-30: a till that was three days without network sells no more in its hour for having been so."""
    await shop.watch(HARD, now - timedelta(days=4))
    phone = await make_phone(shop.resources, shop.member.id, now - timedelta(days=4))
    closed = now - timedelta(hours=71)
    late = OfflineReceipt(
        key="late",
        scan=uuid4(),
        code=phone.code(closed),
        scanned_at=closed,
        number="late",
        closed_at=closed,
        channel="TILL",
        lines=[OfflineLine("furniture", "Матрас", "1", 490_000)],
        tenders=[TenderPaid("CARD", 490_000)],
    )
    (answer,) = await post_offline(
        shop.resources, shop.here, [late], taken_by=shop.here.id, sent_at=now, now=now, broken=print
    )
    assert answer.refusal is None
    other = await make_member(now)
    assert await refused(lambda: shop.sell(now, 101, member=other)) == "control.limit_amount"
    await shop.sell(now, 100, member=other)


async def test_twenty_rivals_at_one_till_stay_within_its_limit(shop: Shop, now: datetime) -> None:
    """I-30: the limit of a till spans members, whose own locks do not hold it."""
    await shop.watch(HARD, now)
    members = [await make_member(now) for _ in range(20)]
    quotes = [await quote(shop.here, member, [goods(1000)], now) for member in members]
    told = await rivals_told(
        *(partial(post_purchase, shop.resources, shop.here, paid(one, now), now=now) for one in quotes)
    )
    assert sum(isinstance(one, Posted) for one in told) == 5
    assert {one.code for one in told if isinstance(one, Refusal)} == {Code.LIMIT_REACHED}
    assert await database.fetchval("SELECT sum(net) FROM purchase") == 500_000
    assert await check_books(now) == []


async def test_points_are_spent_up_to_so_many_a_day(shop: Shop, now: datetime) -> None:
    """A-242: the guest may still pay with money, and then the points are free again."""
    await shop.watch(HARD, now)
    await shop.sell(now, 1000, points=100)
    assert await refused(lambda: shop.sell(now, 1000, points=51)) == "control.limit_points"
    await shop.sell(now, 1000, points=50)


async def test_a_till_takes_so_many_returns(shop: Shop, now: datetime) -> None:
    """I-30: refunds a day hold under any interleaving."""
    await shop.watch(HARD, now)
    made = [await shop.sell(now) for _ in range(3)]
    told = await rivals_told(*(partial(give_back, shop.resources, shop.here, one, now) for one in made))
    assert [one.words for one in told if isinstance(one, Refusal)] == ["control.limit_refunds"] * 2
    assert await database.fetchval("SELECT count(*) FROM refund") == 1
    await give_back(shop.resources, shop.there, made[[isinstance(one, Refusal) for one in told].index(True)], now)
    assert await check_books(now) == []


@pytest.mark.parametrize(
    ("scope", "words"),
    [("shop/shop-one", "control.own_card"), ("shop/shop-two", None), ("shop", None), ("", None)],
)
async def test_a_card_of_the_places_own_staff_is_refused_there(
    shop: Shop, now: datetime, scope: str, words: str | None
) -> None:
    """A-242, T20: who has rights at this outlet sells nothing to himself; a manager of the partner is a guest like any."""
    await shop.watch(HARD, now)
    staff = await make_holder(shop.resources, now, ("operation.view", Scope.parse(scope)))
    await database.execute("UPDATE staff SET email = $2 WHERE id = $1", staff.id, shop.member.email)
    if words:
        assert await refused(lambda: shop.sell(now)) == words
        await shop.sell(now, till=shop.there)
        await database.execute("UPDATE staff SET status = 'BLOCKED' WHERE id = $1", staff.id)
    await shop.sell(now)
