"""Limits of a cashier: at all tills of an outlet, and whoever a till does not name is one there."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
import pytest

from graph.words import sentence
from loyalty.refusals import Code, Refusal
from models import database
from services.control import looking
from services.ledger import check_books
from services.purchases import Posted, post_purchase
from services.refunds import Refunded
from services.tills import TillFacts
from tests.makers.patience import rivals_told
from tests.makers.people import make_member, make_till
from tests.makers.points import give_back, goods, paid, quote
from tests.makers.state import state
from tests.services.control.conftest import Shop

HARD = """\
control:
  limits:
    - {of: CASHIER, receipts: 3, hours: 24, then: REFUSE}
    - {of: CASHIER, refunds: 1, hours: 24, then: REFUSE}
partners:
"""
SOFT = """\
control:
  limits:
    - {of: CASHIER, receipts: 2, hours: 24, then: SIGNAL}
    - {of: CASHIER, refunds: 1, hours: 24, then: SIGNAL}
partners:
"""


@pytest.fixture
async def beside(shop: Shop, now: datetime) -> TillFacts:
    """Another till of the first outlet."""
    till, _ = await make_till(now, partner="shop", outlet="shop-one", channels=("TILL",))
    return till


async def test_a_cashier_has_one_limit_at_all_tills_of_the_outlet(shop: Shop, beside: TillFacts, now: datetime) -> None:
    """A-242, I-30: who spreads receipts over two tills is stopped, nothing moves; others and other outlets go on."""
    await shop.watch(HARD, now)
    for till in (shop.here, beside, shop.here):
        await shop.sell(now, till=till, cashier="17")
    command = replace(paid(await quote(beside, shop.member, [goods(100)], now), now), cashier="17")
    before = await state()
    with pytest.raises(Refusal) as told:
        await post_purchase(shop.resources, beside, command, now=now)
    assert (told.value.code, told.value.words) == (Code.LIMIT_REACHED, "control.limit_receipts")
    assert await state() == before
    assert sentence(told.value.words, "ru", told.value.facts).startswith(
        "Предел программы для этого кассира: чеков за 24 ч — не больше 3."
    )
    assert sentence(told.value.words, "en", told.value.facts).startswith(
        "A limit of the programme for this cashier: 3 receipts in 24 h at most."
    )
    await shop.sell(now, till=beside, cashier="18")
    await shop.sell(now, till=shop.there, cashier="17")
    await shop.sell(now + timedelta(hours=25), till=beside, cashier="17")
    stored = await database.fetch("SELECT cashier, count(*) FROM purchase GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in stored] == [("17", 5), ("18", 1)]


async def test_whoever_a_till_does_not_name_is_one_there(shop: Shop, beside: TillFacts, now: datetime) -> None:
    """A-242: leaving the sign out is no way around: the till stands for its cashier then, as it did before."""
    await shop.watch(HARD, now)
    await shop.sell(now, cashier="17")
    for _ in range(3):
        await shop.sell(now)
    with pytest.raises(Refusal) as told:
        await shop.sell(now)
    assert told.value.words == "control.limit_receipts"
    await shop.sell(now, till=beside)
    await shop.sell(now, cashier="17")


async def test_ten_rivals_of_one_cashier_stay_within_the_limit(shop: Shop, beside: TillFacts, now: datetime) -> None:
    """I-30: at two tills and for ten members, whose own locks do not hold it; then ten returns, of which one is taken."""
    await shop.watch(HARD, now)
    members = [await make_member(now) for _ in range(10)]
    tills = [shop.here if place % 2 else beside for place in range(10)]
    quotes = [await quote(till, member, [goods(100)], now) for till, member in zip(tills, members, strict=True)]
    told = await rivals_told(
        *(
            partial(post_purchase, shop.resources, till, replace(paid(one, now), cashier="17"), now=now)
            for till, one in zip(tills, quotes, strict=True)
        )
    )
    sold = [one for one in told if isinstance(one, Posted)]
    assert len(sold) == 3
    assert {(one.code, one.words) for one in told if isinstance(one, Refusal)} == {
        (Code.LIMIT_REACHED, "control.limit_receipts")
    }
    assert await database.fetchval("SELECT count(*) FROM purchase") == 3
    back = await rivals_told(
        *(partial(give_back, shop.resources, shop.here, one, now, cashier="17") for one in sold),
        *(partial(give_back, shop.resources, beside, one, now, cashier="17") for one in sold),
    )
    assert sum(isinstance(one, Refunded) for one in back) == 1
    assert await database.fetchval("SELECT count(*) FROM refund WHERE cashier = '17'") == 1
    left = next(
        one
        for one in sold
        if not any(isinstance(done, Refunded) and done.purchase.id == one.purchase.id for done in back)
    )
    before = await state()
    with pytest.raises(Refusal) as refused:
        await give_back(shop.resources, beside, left, now, cashier="17")
    assert refused.value.words == "control.limit_refunds"
    assert await state() == before
    await give_back(shop.resources, beside, left, now, cashier="18")
    assert await check_books(now) == []


async def test_a_cashier_above_a_soft_limit_is_a_signal(shop: Shop, beside: TillFacts, now: datetime) -> None:
    """A-242, T20: receipts and returns that one cashier spread over two tills; each is found once, and it is nobody's card."""
    await shop.watch(SOFT, now)
    made = [await shop.sell(now, till=till, cashier="17") for till in (shop.here, beside, shop.here)]
    await shop.sell(now, cashier="18")
    for place, one in enumerate(made[:2]):
        at = now + timedelta(minutes=10 + place)
        await give_back(shop.resources, beside if place else shop.here, one, at, cashier="17")
    await give_back(shop.resources, beside, made[2], now + timedelta(minutes=20), cashier="18")
    for _ in range(2):
        await looking.look(now + timedelta(hours=2))
        rows = await database.fetch("SELECT facts, member_id, card_id, outlet FROM fraud_signal ORDER BY at, key")
        told: list[dict[str, Any]] = [orjson.loads(row["facts"]) for row in rows]
        assert told == [
            {"of": "CASHIER", "metric": metric, "most": most, "minutes": 1440, "found": found, "cashier": "17"}
            for metric, most, found in (("RECEIPTS", 2, 3), ("REFUNDS", 1, 2))
        ]
        assert {tuple(row)[1:] for row in rows} == {(None, None, "shop-one")}
        await database.execute("DELETE FROM control_progress")
