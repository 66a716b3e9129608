"""Those who want the service and the money too: two tabs, ten tills, a cancel in the middle of paying, a payment too late (A-081)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import httpx2
import pytest

from integrations.standins.yookassa.till import Payment
from loyalty.refusals import Code, Refusal
from loyalty.shops import OrderState, VoucherState
from models import database
from services.shop import ordering, redeeming
from services.shop.rows import OrderFacts
from tests.makers.people import make_member
from tests.makers.shop import Store, store_of

BACK = "SELECT coalesce(sum(amount), 0)::bigint FROM payment_refund WHERE state = 'SUCCEEDED'"


@pytest.fixture
async def store(db: None, now: datetime) -> AsyncIterator[Store]:
    async with store_of(now) as one:
        yield one


def taken(store: Store) -> list[Payment]:
    """The payments that somebody has paid."""
    return [one for one in store.standin.books.payments.values() if one.status == "succeeded"]


async def test_ten_returns_of_one_voucher_give_its_money_back_once(store: Store) -> None:
    """Ten tabs, a key each: one is a return, nine are refused, and the gateway gives one sum back."""
    voucher = (await store.bought(1)).vouchers[0]
    told = await asyncio.gather(*(store.give_back(voucher) for _ in range(10)), return_exceptions=True)
    refused = [one for one in told if isinstance(one, Refusal)]
    assert [one.code for one in refused] == [Code.VOUCHER_NOT_ACCEPTED] * 9
    await asyncio.gather(*(store.work() for _ in range(3)))
    await store.work()
    assert await database.fetchval(BACK) == voucher.net
    assert len(store.standin.books.refunds) == 1
    assert await database.fetchval("SELECT count(*) FROM refund") == 1


async def test_of_five_tills_and_five_returns_one_has_it(store: Store) -> None:
    """A-081: the service or the money, whoever is first, however many try."""
    for round_ in range(4):
        voucher = (await store.bought(1)).vouchers[0]
        before = await database.fetchval(BACK)
        code = store.code(voucher)
        tills = [
            redeeming.redeem(store.resources, store.till, key=f"r-{round_}-{place}", code=code, now=store.clock.now)
            for place in range(5)
        ]
        told = await asyncio.gather(*tills, *(store.give_back(voucher) for _ in range(5)), return_exceptions=True)
        refused = [one for one in told if isinstance(one, Refusal)]
        assert [one.code for one in refused] == [Code.VOUCHER_NOT_ACCEPTED] * 9
        await store.work()
        state = (await store.fresh(voucher.order)).vouchers[0].state
        back = await database.fetchval(BACK) - before
        assert (state, back) in {(VoucherState.USED, 0), (VoucherState.RETURNED, voucher.net)}


async def test_two_tabs_of_the_page_are_paid_once(store: Store) -> None:
    """The page is opened twice and both press «pay»; the order is started twice with its key: one payment, one purchase."""
    made = await store.ordered(1, key="tabs")
    again = await store.start(1, key="tabs")
    assert isinstance(again, OrderFacts)
    assert again.id == made.id
    page = str((await store.payment(made)).confirmation_url)
    async with httpx2.AsyncClient(trust_env=False) as tab:
        assert [(await tab.get(page)).status_code for _ in range(2)] == [200, 200]
        told = await asyncio.gather(*(tab.post(page, data={"how": "pay"}) for _ in range(2)))
    assert sorted(one.status_code for one in told) == [200, 303]
    number = str((await store.payment(made)).provider_id)
    for _ in range(2):
        await store.hear("payment.succeeded", number)
    assert len(taken(store)) == 1
    assert await database.fetchval("SELECT count(*) FROM purchase") == 1
    assert await store.counted() == made.net


async def test_a_cancel_in_the_middle_of_paying_is_one_or_the_other(store: Store) -> None:
    """The guest drops the order in one tab while the other one pays: sold and kept, or not sold and all of it back."""
    ends = set()
    for _ in range(8):
        made, before = await store.ordered(1), await database.fetchval(BACK)
        number = str((await store.payment(made)).provider_id)
        store.standin.pay(number)
        cancelled, _ = await asyncio.gather(
            ordering.cancel(store.member.id, made.id, store.clock.now),
            store.hear("payment.succeeded", number),
            return_exceptions=True,
        )
        await store.work()
        end, back = await store.fresh(made.id), await database.fetchval(BACK) - before
        if isinstance(cancelled, Refusal):
            assert cancelled.code is Code.QUOTE_USED
            assert (end.order.state, back) == (OrderState.ISSUED, 0)
        else:
            assert (end.order.state, back, end.vouchers) == (OrderState.CANCELLED, made.net, ())
        ends.add(end.order.state)
    assert ends <= {OrderState.ISSUED, OrderState.CANCELLED}


async def test_what_is_paid_after_its_time_goes_back_in_full(store: Store) -> None:
    """A payment that was taken when nobody waited for it any more sells nothing, whatever the page still allowed."""
    made = await store.ordered(2)
    number = str((await store.payment(made)).provider_id)
    for _ in range(4):
        store.clock.turn(minutes=10)
        await store.work()
    assert (await store.fresh(made.id)).order.state is OrderState.CANCELLED
    store.standin.pay(number)
    await store.hear("payment.succeeded", number)
    over = await store.fresh(made.id)
    assert (over.order.state, over.vouchers) == (OrderState.CANCELLED, ())
    assert await database.fetchval(BACK) == made.net
    assert await database.fetchval("SELECT count(*) FROM purchase") == 0


async def test_a_notification_pays_for_nobody_else(store: Store, now: datetime) -> None:
    """It tells of a stranger's paid order under my order's number, and of my unpaid one: each stays what it is."""
    mine, me = await store.ordered(1), store.member
    store.member = await make_member(now)
    theirs = await store.ordered(1)
    store.standin.pay(str((await store.payment(theirs)).provider_id))
    await store.hear("payment.succeeded", str((await store.payment(mine)).provider_id))
    assert (await store.fresh(mine.id)).order.state is OrderState.OFFERED
    await store.hear("payment.canceled", str((await store.payment(theirs)).provider_id))
    assert (await store.fresh(theirs.id)).order.state is OrderState.ISSUED
    assert await database.fetchval("SELECT member_id FROM purchase") == store.member.id != me.id
