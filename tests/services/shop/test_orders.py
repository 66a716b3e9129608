"""An order of the shop: its price, its money, its purchase and its vouchers, each once whatever happens (A-081)."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.shops import OrderState, VoucherState
from models import database
from services.shop import issuing, ordering
from services.shop.ordering import Dearer
from services.shop.rows import OrderFacts
from tests.makers.patience import rivals
from tests.makers.people import make_member
from tests.makers.shop import PASS, Store, store_of
from tests.makers.state import state

PURCHASES = "SELECT channel, outlet, receipt_number, net, accumulated FROM purchase WHERE member_id = $1"


@pytest.fixture
async def store(db: None, now: datetime) -> AsyncIterator[Store]:
    async with store_of(now) as one:
        yield one


async def refused(store: Store, quantity: int = 1, **more: Any) -> tuple[Code, str | None]:
    """What an order is refused with; nothing moves by it."""
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await store.start(quantity, **more)
    assert await state() == before
    return refusal.value.code, refusal.value.field


async def test_a_paid_order_is_a_purchase_of_the_shop_and_its_vouchers(store: Store) -> None:
    """A-081: the member's price, counted by its row of the table, a voucher a piece, and a letter with their digits."""
    await store.raised(100_000_00)
    made = await store.ordered(2)
    assert (made.price, made.discount, made.state) == (500_000, 25_000, OrderState.OFFERED)
    assert await database.fetchval("SELECT count(*) FROM purchase") == 0
    await store.pay(made)
    done = await store.fresh(made.id)
    assert done.state_at(store.clock.now) is OrderState.ISSUED
    row = await database.fetchrow(PURCHASES, store.member.id)
    assert row is not None
    assert tuple(row) == ("SHOP", "igora-web-shop", made.number, 475_000, 475_000)
    assert await store.counted() == 100_000_00 + 475_000
    assert [one.net for one in done.vouchers] == [237_500, 237_500]
    assert len({store.code(one) for one in done.vouchers}) == 2
    letter = next(one for one in store.mailer.sent if "Ски-пасс" in one.subject)
    for one in done.vouchers:
        digits = store.code(one)
        assert " ".join(digits[place : place + 4] for place in range(0, 24, 4)) in letter.text
        kept = json.dumps([str(value) for row in await database.fetch("SELECT * FROM shop_voucher") for value in row])
        assert digits not in kept, "a backup opens no voucher"


async def test_what_was_not_sold_is_refused_and_moves_nothing(store: Store) -> None:
    assert await refused(store, item="sleigh", net=100) == (Code.NOT_FOUND, "input.item")
    assert await refused(store, partner="dacha-vintera", net=100) == (Code.NOT_FOUND, "input.item")
    assert await refused(store, 0, net=100) == (Code.INVALID_INPUT, "input.quantity")
    assert await refused(store, 11, net=100) == (Code.INVALID_INPUT, "input.quantity")
    away = replace(store, resources=replace(store.resources, payments=None))
    assert await refused(away) == (Code.ENGINE_AWAY, None)


async def test_another_price_than_the_shown_one_orders_nothing(store: Store) -> None:
    """A-081: the price is that of the version and tier in force, and the guest says yes to exactly it."""
    shown = await store.price(3)
    await store.raised(100_000_00)
    before = await state()
    dearer = await store.start(3, net=shown)
    assert isinstance(dearer, Dearer)
    assert dearer.net == shown * 95 // 100
    assert await state() == before
    assert isinstance(await store.start(3, net=dearer.net), OrderFacts)


async def test_the_same_key_is_the_same_order_and_one_payment(store: Store) -> None:
    """One order from a double click, a lost answer and twenty rivals; another body under the key is refused."""
    made = await rivals(*(partial(store.start, 2, key="once") for _ in range(20)))
    assert len({one.id for one in made if isinstance(one, OrderFacts)}) == 1
    await store.work()
    assert await database.fetchval("SELECT count(*) FROM shop_order") == 1
    assert await database.fetchval("SELECT count(*) FROM payment") == 1
    with pytest.raises(Refusal) as refusal:
        await store.start(1, key="once")
    assert refusal.value.code is Code.KEY_REUSED


async def test_a_payment_that_is_told_ten_times_counts_once(store: Store) -> None:
    made = await store.ordered(1)
    await store.pay(made)
    for _ in range(10):
        await store.hear("payment.succeeded", str((await store.payment(made)).provider_id))
    assert await database.fetchval("SELECT count(*) FROM purchase") == 1
    assert await database.fetchval("SELECT count(*) FROM shop_voucher") == 1
    assert await store.counted() == made.net


async def test_a_worker_that_dies_between_purchase_and_vouchers_goes_on(store: Store) -> None:
    """The purchase stands, the vouchers do not: the job comes again and makes what is missing, nothing twice."""
    done = await store.bought(2)
    await database.execute("DELETE FROM shop_voucher WHERE order_id = $1", done.order.id)
    await database.execute("UPDATE shop_order SET state = 'PAID', purchase_id = NULL WHERE id = $1", done.order.id)
    for _ in range(3):
        await issuing.issue(done.order.id, store.resources, store.clock.now)
    again = await store.fresh(done.order.id)
    assert (again.order.state, len(again.vouchers)) == (OrderState.ISSUED, 2)
    assert await database.fetchval("SELECT count(*) FROM purchase") == 1


async def test_who_does_not_pay_has_ordered_nothing(store: Store) -> None:
    made = await store.ordered(1)
    store.clock.turn(minutes=61)
    for _ in range(4):
        await store.work()
        store.clock.turn(minutes=10)
    over = await store.fresh(made.id)
    assert (over.order.state, over.order.fault) == (OrderState.CANCELLED, "NOT_PAID")
    assert await store.counted() == 0


async def test_a_declined_payment_says_so_and_another_order_may_follow(store: Store) -> None:
    made = await store.ordered(1)
    number = str((await store.payment(made)).provider_id)
    store.standin.decline(number)
    await store.hear("payment.canceled", number)
    over = await store.fresh(made.id)
    assert (over.order.state, over.order.fault) == (OrderState.CANCELLED, "DECLINED")
    assert (await store.bought(1)).order.state is OrderState.ISSUED


async def test_what_is_paid_for_a_dropped_order_goes_back_in_full(store: Store) -> None:
    """Dropped while the page of the bank was open: the money comes, nothing is sold, the money goes."""
    made = await store.ordered(2)
    await ordering.cancel(store.member.id, made.id, store.clock.now)
    await store.pay(made)
    assert (await store.fresh(made.id)).order.state is OrderState.CANCELLED
    assert await database.fetchval("SELECT sum(amount) FROM payment_refund WHERE state = 'SUCCEEDED'") == made.net
    assert await database.fetchval("SELECT count(*) FROM purchase") == 0


async def test_a_paid_order_cannot_be_dropped_and_nobody_drops_another_ones(store: Store, now: datetime) -> None:
    done = await store.bought(1)
    waiting, stranger = await store.ordered(1), await make_member(now)
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await ordering.cancel(store.member.id, done.order.id, store.clock.now)
    assert refusal.value.code is Code.QUOTE_USED
    with pytest.raises(Refusal) as refusal:
        await ordering.cancel(stranger.id, waiting.id, store.clock.now)
    assert refusal.value.code is Code.NOT_FOUND
    assert await state() == before


async def test_a_card_that_was_blocked_after_paying_gets_the_money_back(store: Store) -> None:
    """Nothing can be posted for it, so nothing was sold."""
    made = await store.ordered(1)
    await database.execute("UPDATE card SET status = 'BLOCKED' WHERE member_id = $1", store.member.id)
    await store.pay(made)
    over = await store.fresh(made.id)
    assert (over.order.state, over.order.fault, over.vouchers) == (OrderState.CANCELLED, "CARD", ())
    assert await database.fetchval("SELECT sum(amount) FROM payment_refund WHERE state = 'SUCCEEDED'") == made.net


async def test_an_old_order_keeps_the_version_that_priced_it(store: Store) -> None:
    """A price that changes while the guest pays is not this guest's: what was agreed to is posted."""
    made = await store.ordered(1)
    await store.raised(100_000_00)
    await store.pay(made)
    row = await database.fetchrow("SELECT net, tier FROM purchase WHERE id = $1", made.id)
    assert row is not None
    assert tuple(row) == (made.net, "dreamer")


async def test_a_voucher_ends_with_its_last_day_at_the_outlet(store: Store) -> None:
    done = await store.bought(1, item=PASS)
    end = done.vouchers[0].ends_at
    assert done.state_at(end - timedelta(seconds=1)) is OrderState.ISSUED
    assert done.vouchers[0].state_at(end) is VoucherState.EXPIRED
    assert done.state_at(end) is OrderState.EXPIRED
