"""Payments that nobody paid and the acquirer never spoke of again: asked for once a day until they have an end (A-057)."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from loyalty.payments import PaymentState
from models import database
from services.payments import following
from services.payments.rows import PaymentFacts
from tests.makers.payments import Shop, shop_of

UNFINISHED = "SELECT count(*) FROM payment WHERE state IN ('OPENING', 'PENDING', 'EXPIRED')"


@pytest.fixture
async def shop(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    async with shop_of(now, monkeypatch) as one:
        yield one


async def forgotten(shop: Shop) -> PaymentFacts:
    """A payment that has ended here and was not heard of for four days."""
    made = await shop.opened()
    await shop.pass_time(8, minutes=5)
    assert (await shop.fresh(made)).state is PaymentState.EXPIRED
    await database.execute("DELETE FROM job WHERE name NOT LIKE 'shelf.%'")
    shop.clock.turn(days=4)
    return made


async def watched(shop: Shop) -> None:
    await following.watch(shop.clock.now)
    await shop.work()


async def test_it_ends_with_the_acquirers_last_word(shop: Shop) -> None:
    made = await forgotten(shop)
    await watched(shop)
    ended = await shop.fresh(made)
    assert (ended.state, ended.reason) == (PaymentState.CANCELED, "expired_on_confirmation")
    assert await database.fetchval(UNFINISHED) == 0
    assert await shop.heard() == {"unpaid": 1}


async def test_one_that_the_acquirer_does_not_know_any_more_has_ended(shop: Shop) -> None:
    made = await forgotten(shop)
    shop.standin.books.payments.clear()
    await watched(shop)
    assert (await shop.fresh(made)).state is PaymentState.CANCELED
    assert await database.fetchval(UNFINISHED) == 0


async def test_one_that_was_paid_meanwhile_goes_back_in_full(shop: Shop) -> None:
    """Nothing told us, and days have passed: whoever paid gets it all back."""
    made = await shop.opened()
    await shop.pass_time(8, minutes=5)
    shop.standin.pay(str(made.provider_id))
    await database.execute("DELETE FROM job WHERE name NOT LIKE 'shelf.%'")
    shop.clock.turn(days=4)
    await watched(shop)
    late = await shop.fresh(made)
    assert (late.state, late.refunded) == (PaymentState.SUCCEEDED, late.amount)
    assert await shop.heard() == {"unpaid": 1, "refund.succeeded": 1}


async def test_an_acquirer_that_is_away_is_asked_once_a_day(shop: Shop) -> None:
    """No job is given up over it, and none fills the table: the next day asks again."""
    made = await forgotten(shop)
    shop.plan.faults["payment"].append("503")
    await watched(shop)
    asked = shop.standin.requests.count("payment")
    for _ in range(5):
        shop.clock.turn(hours=4)
        await watched(shop)
    assert (await shop.fresh(made)).state is PaymentState.EXPIRED
    assert shop.standin.requests.count("payment") == asked
    assert await database.fetchval("SELECT count(*) FROM job WHERE status = 'DEAD'") == 0
    shop.clock.turn(hours=5)
    await watched(shop)
    assert (await shop.fresh(made)).state is PaymentState.CANCELED
