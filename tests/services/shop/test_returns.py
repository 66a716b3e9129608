"""Vouchers that go back: shown first, then progress, points and money, to the kopeck and once (A-081)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.shops import OrderState, VoucherState
from models import database
from services.paid_for import SUBJECTS
from services.payments import following
from services.refunds import RefundCommand, refund_purchase
from services.shop import redeeming, returning, watching
from tests.makers.patience import rivals
from tests.makers.people import make_member
from tests.makers.shop import Store, store_of
from tests.makers.state import state

BACK = "SELECT coalesce(sum(amount), 0)::bigint FROM payment_refund WHERE state = 'SUCCEEDED'"
ODD = "ice-family"


@pytest.fixture
async def store(db: None, now: datetime) -> AsyncIterator[Store]:
    async with store_of(now) as one:
        yield one


async def test_what_comes_back_is_what_was_shown_to_the_kopeck(store: Store) -> None:
    """A-081: one of three at a price that does not divide; the rest afterwards; books, gateway and preview agree."""
    await store.raised(500_000_00)
    done = await store.bought(3, item=ODD)
    assert done.order.net == 3 * 197_991, "219 990 kopecks less 10 %, a line each"
    counted = await store.counted()
    first, second, third = done.vouchers
    shown = await returning.preview(store.member.id, [second.id])
    assert (shown.money, shown.progress, shown.points) == (197_991, 197_991, 0)
    await store.give_back(second)
    await store.work()
    assert await database.fetchval(BACK) == 197_991
    assert await store.counted() == counted - 197_991
    after = await store.fresh(done.order.id)
    states = [one.state for one in after.vouchers]
    assert states == [VoucherState.ISSUED, VoucherState.RETURNED, VoucherState.ISSUED]
    assert after.vouchers[1].money == "PAID"
    await store.give_back(first, third)
    await store.work()
    over = await store.fresh(done.order.id)
    assert over.state_at(store.clock.now) is OrderState.RETURNED
    assert await database.fetchval(BACK) == done.order.net
    assert await store.counted() == counted - done.order.net
    row = await database.fetchrow("SELECT refunded_net, refunded_discount, discount FROM purchase")
    assert row is not None
    assert (row["refunded_net"], row["refunded_discount"]) == (done.order.net, row["discount"])


async def test_a_return_is_one_however_often_it_is_asked(store: Store) -> None:
    """A double click, a lost answer, a job that runs twice: one refund in the books and one at the gateway."""
    done = await store.bought(2)
    first = done.vouchers[0]
    await rivals(*(partial(store.give_back, first, key="once") for _ in range(5)))
    await store.work()
    back = await database.fetchval("SELECT id FROM shop_return")
    for _ in range(3):
        await database.execute("UPDATE shop_return SET state = 'ASKED', payment_refund_id = NULL WHERE id = $1", back)
        await returning.carry_out(back, store.resources, store.clock.now)
        await store.work()
    assert await database.fetchval("SELECT count(*) FROM refund") == 1
    assert await database.fetchval("SELECT count(*) FROM payment_refund") == 1
    assert await database.fetchval(BACK) == first.net
    with pytest.raises(Refusal) as refusal:
        await store.give_back(done.vouchers[1], key="once")
    assert refusal.value.code is Code.KEY_REUSED


async def refused(store: Store, *vouchers: object, money: int | None = None) -> tuple[Code, str]:
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await store.give_back(*vouchers, money=money)  # type: ignore[arg-type]
    assert await state() == before
    return refusal.value.code, refusal.value.words


async def test_used_returned_and_others_vouchers_bring_nothing(store: Store, now: datetime) -> None:
    """What was given out stays given out; nobody returns another one's; two orders are two returns."""
    done, other = await store.bought(2), await store.bought(1)
    used, kept = done.vouchers
    await redeeming.redeem(store.resources, store.till, key="k", code=store.code(used), now=store.clock.now)
    assert await refused(store, used) == (Code.VOUCHER_NOT_ACCEPTED, "shop.not_returnable")
    assert await refused(store, used, kept) == (Code.VOUCHER_NOT_ACCEPTED, "shop.not_returnable")
    assert await refused(store, kept, other.vouchers[0]) == (Code.NOT_FOUND, "shop.no_order")
    assert await refused(store, kept, kept) == (Code.INVALID_INPUT, "shop.which")
    assert await refused(store) == (Code.INVALID_INPUT, "shop.which")
    assert await refused(store, kept, money=kept.net - 1) == (Code.INVALID_INPUT, "shop.another_sum")
    mine = store.member
    store.member = await make_member(now)
    assert await refused(store, kept) == (Code.NOT_FOUND, "shop.no_order")
    with pytest.raises(Refusal):
        await returning.preview(store.member.id, [kept.id])
    store.member = mine
    await store.give_back(kept)
    assert await refused(store, kept) == (Code.VOUCHER_NOT_ACCEPTED, "shop.not_returnable")


async def test_a_returned_voucher_is_refused_at_tills_at_once(store: Store) -> None:
    """A-081: before a kopeck has moved the till hears that the guest has returned it."""
    voucher = (await store.bought(1)).vouchers[0]
    await store.give_back(voucher)
    with pytest.raises(Refusal) as refusal:
        await redeeming.redeem(store.resources, store.till, key="k", code=store.code(voucher), now=store.clock.now)
    assert (refusal.value.code, refusal.value.words) == (Code.VOUCHER_NOT_ACCEPTED, "shop.voucher_returned")


async def test_return_and_till_at_once_one_wins(store: Store) -> None:
    """Ten times: the guest returns while the cashier redeems; either the money goes or the service, never both."""
    for place in range(10):
        voucher = (await store.bought(1)).vouchers[0]
        before = await database.fetchval(BACK)
        outcomes = await asyncio.gather(
            store.give_back(voucher),
            redeeming.redeem(
                store.resources, store.till, key=f"race-{place}", code=store.code(voucher), now=store.clock.now
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(one, Refusal) for one in outcomes) == 1, outcomes
        await store.work()
        state_now = (await store.fresh(voucher.order)).vouchers[0].state
        gone = await database.fetchval(BACK) - before
        assert (state_now, gone) in {(VoucherState.USED, 0), (VoucherState.RETURNED, voucher.net)}


async def test_what_has_ended_unused_can_still_be_returned(store: Store) -> None:
    """The service is lost with its day, the money is not."""
    voucher = (await store.bought(1)).vouchers[0]
    store.clock.now = voucher.ends_at
    await store.give_back(voucher)
    await store.work()
    assert (await store.fresh(voucher.order)).vouchers[0].money == "PAID"


async def test_no_other_till_refunds_an_order_of_the_shop(store: Store) -> None:
    """Its money would stay at the gateway and its vouchers would open: the guest returns it, nobody else."""
    done = await store.bought(1)
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await refund_purchase(
            store.resources,
            store.till,
            RefundCommand("k", done.order.id, None, None, "R-1", store.clock.now, None),
            now=store.clock.now,
        )
    assert (refusal.value.code, refusal.value.words) == (Code.CHANNEL_NOT_ALLOWED, "refund.of_shop")
    assert await state() == before


async def test_a_refund_that_the_gateway_refuses_is_shown_as_stuck(store: Store) -> None:
    """Books and vouchers are done with; that the money did not go is told to the guest and to us."""
    voucher = (await store.bought(1)).vouchers[0]
    store.standin.plan.refunds = "canceled"
    await store.give_back(voucher)
    await store.work()
    assert (await store.fresh(voucher.order)).vouchers[0].money == "STUCK"


async def test_what_was_given_up_is_taken_up(store: Store) -> None:
    """A job that costs three workers is buried: who has paid gets the voucher all the same, and who returned it the money."""
    made = await store.ordered()
    store.standin.pay(str((await store.payment(made)).provider_id))
    await following.look((await store.payment(made)).id, store.resources, SUBJECTS, store.clock.now)
    assert (await store.fresh(made.id)).order.state is OrderState.PAID
    bury = "UPDATE job SET status = 'DEAD', finished_at = $1 WHERE status = 'READY' AND name LIKE 'shop.%'"
    await database.execute(bury, store.clock.now)
    store.clock.turn(seconds=14 * 60)
    assert await watching.take_up(store.clock.now) == 0
    store.clock.turn(seconds=2 * 60)
    assert (await watching.take_up(store.clock.now), await watching.take_up(store.clock.now)) == (1, 0)
    await store.work()
    (voucher,) = (await store.fresh(made.id)).vouchers
    await store.give_back(voucher)
    await database.execute(bury, store.clock.now)
    store.clock.turn(seconds=16 * 60)
    assert (await watching.take_up(store.clock.now), await watching.take_up(store.clock.now)) == (1, 0)
    await store.work()
    assert await database.fetchval(BACK) == made.net
    assert await watching.take_up(store.clock.now) == 0
