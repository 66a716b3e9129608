"""A payment is taken once and means once what it means, whatever gets lost, comes twice, late, or is a lie (A-057)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from loyalty.payments import PaymentState, RefundState
from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services.gateways import Gateways
from services.paid_for import SUBJECTS
from services.payments import events, following
from services.payments.rows import PaymentFacts
from services.work import Violation, Work
from tests.makers.payments import Shop, shop_of
from tests.makers.working import work_off


@pytest.fixture
async def shop(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    async with shop_of(now, monkeypatch) as one:
        yield one


async def test_a_payment_is_opened_paid_and_means_something_once(shop: Shop) -> None:
    made = await shop.open()
    assert (made.state, made.confirmation_url) == (PaymentState.OPENING, None)
    await shop.work()
    open_ = await shop.fresh(made)
    assert open_.state is PaymentState.PENDING
    assert open_.confirmation_url == f"{shop.standin.origin}/checkout/{open_.provider_id}"
    asked = shop.standin.books.payments[str(open_.provider_id)].asked
    assert asked["confirmation"]["return_url"] == "http://kunak.test/shop"
    assert asked["receipt"]["customer"] == {"email": shop.member.email}
    shop.standin.pay(str(open_.provider_id))
    await shop.hear("payment.succeeded", str(open_.provider_id))
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED
    assert await shop.heard() == {"paid": 1}


async def test_what_nobody_told_is_asked_for(shop: Shop) -> None:
    """A notification that got lost costs seconds."""
    made = await shop.opened()
    shop.standin.pay(str(made.provider_id))
    await shop.pass_time(2, seconds=10)
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED
    assert await shop.heard() == {"paid": 1}


async def test_a_lie_changes_nothing_and_does_not_hide_the_truth(shop: Shop) -> None:
    """A notification carries no signature: it says succeeded, the acquirer says pending, and the acquirer is believed."""
    made = await shop.opened()
    await shop.hear("payment.succeeded", str(made.provider_id))
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.PENDING
    assert await shop.heard() == {}
    shop.standin.pay(str(made.provider_id))
    await shop.hear("payment.succeeded", str(made.provider_id))
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED


async def test_what_is_about_others_is_put_aside(shop: Shop) -> None:
    await shop.hear("payment.succeeded", "somebody-elses")
    await shop.hear("refund.succeeded", "somebody-elses")
    await shop.work()
    rows = await database.fetch("SELECT state, fault FROM payment_event")
    assert {(row["state"], row["fault"]) for row in rows} == {("ASIDE", "nothing of ours")}


async def test_one_that_fails_stands_in_nobodys_way(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of our own about one payment: those behind it are heard of, and it is put aside in the end."""
    first, second = await shop.opened(), await shop.opened()
    paid = shop.shelf.paid

    async def fails(tx: Work, payment: PaymentFacts, now: datetime) -> bool:
        if payment.id == first.id:
            raise ZeroDivisionError
        return await paid(tx, payment, now)

    monkeypatch.setattr(shop.shelf, "paid", fails)
    for made in (first, second):
        shop.standin.pay(str(made.provider_id))
        await shop.hear("payment.succeeded", str(made.provider_id))
    with pytest.raises(ZeroDivisionError):
        await events.work_off(shop.resources, SUBJECTS, shop.clock.now)
    assert (await shop.fresh(second)).state is PaymentState.SUCCEEDED
    assert (await shop.fresh(first)).state is PaymentState.PENDING
    await events.work_off(shop.resources, SUBJECTS, shop.clock.now + events.ASKED_FOR)
    assert await database.fetchval("SELECT fault FROM payment_event WHERE state = 'ASIDE'") == "ZeroDivisionError"


async def test_duplicates_and_any_order_are_one_payment(shop: Shop) -> None:
    made = await shop.opened()
    number = str(made.provider_id)
    shop.standin.pay(number)
    for event in ("payment.canceled", "payment.succeeded", "payment.waiting_for_capture") * 10:
        await shop.hear(event, number)
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED
    assert await shop.heard() == {"paid": 1}


async def test_ten_workers_hear_at_once(shop: Shop) -> None:
    made = await shop.opened()
    shop.standin.pay(str(made.provider_id))
    await asyncio.gather(*(shop.hear("payment.succeeded", str(made.provider_id)) for _ in range(10)))
    shop.clock.turn(seconds=30)
    await asyncio.gather(*(work_off(shop.resources, Gateways(), shop.clock.now) for _ in range(10)))
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED
    assert await shop.heard() == {"paid": 1}


@pytest.mark.parametrize("fault", ["lose", "500", "slow", "odd"])
async def test_a_lost_answer_opens_one_payment(shop: Shop, fault: str) -> None:
    shop.plan.slow_seconds = 1.5
    shop.plan.faults["payments"].append(fault)  # type: ignore[arg-type]
    made = await shop.open()
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.OPENING
    await shop.pass_time(2, seconds=40)
    assert (await shop.fresh(made)).state is PaymentState.PENDING
    assert len(shop.standin.books.payments) == 1
    assert set(shop.standin.keys) == {str(made.id)}


async def test_a_repeat_says_the_same_words_whatever_changed_meanwhile(shop: Shop) -> None:
    """The key of idempotence stands for one body: an address that was changed in between must not spoil it."""
    shop.plan.faults["payments"].append("lose")
    made = await shop.open()
    await shop.work()
    await database.execute("UPDATE contact SET value = 'new@example.ru' WHERE value = $1", shop.member.email)
    await shop.pass_time(2, seconds=40)
    assert (await shop.fresh(made)).state is PaymentState.PENDING


async def test_the_answer_that_got_lost_is_heard_of_by_our_own_id(shop: Shop) -> None:
    """Paid before we learnt its number: the acquirer knows ours."""
    shop.plan.faults["payments"].append("lose")
    made = await shop.open()
    await shop.work()
    (number,) = shop.standin.books.payments
    shop.standin.pay(number)
    await shop.hear("payment.succeeded", number)
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED
    assert await shop.heard() == {"paid": 1}


async def test_an_acquirer_that_is_away_too_long_is_told_as_no_page(shop: Shop) -> None:
    shop.plan.often = {"503": 100}
    made = await shop.open()
    await shop.pass_time(12, seconds=60)
    ended = await shop.fresh(made)
    assert (ended.state, ended.reason) == (PaymentState.FAILED, "not_opened")
    assert await shop.heard() == {"unpaid": 1}


async def test_a_refused_order_ends_at_once(shop: Shop) -> None:
    shop.plan.receipts = True
    shop.resources = replace(shop.resources, base_url="ftp://nowhere")
    made = await shop.open()
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.FAILED
    assert await shop.heard() == {"unpaid": 1}


async def test_a_decline_is_told_with_its_reason(shop: Shop) -> None:
    made = await shop.opened()
    shop.standin.decline(str(made.provider_id))
    await shop.hear("payment.canceled", str(made.provider_id))
    await shop.work()
    ended = await shop.fresh(made)
    assert (ended.state, ended.reason) == (PaymentState.CANCELED, "insufficient_funds")
    assert await shop.heard() == {"unpaid": 1}


async def test_who_does_not_pay_in_time_is_waited_for_no_longer(shop: Shop) -> None:
    made = await shop.opened()
    await shop.pass_time(8, minutes=5)
    assert (await shop.fresh(made)).state is PaymentState.EXPIRED
    assert await shop.heard() == {"unpaid": 1}
    await shop.pass_time(8, minutes=10)
    ended = await shop.fresh(made)
    assert (ended.state, ended.reason) == (PaymentState.CANCELED, "expired_on_confirmation")
    assert await shop.heard() == {"unpaid": 1}


async def test_who_pays_late_gets_it_all_back(shop: Shop) -> None:
    made = await shop.opened()
    await shop.pass_time(8, minutes=5)
    shop.standin.pay(str(made.provider_id))
    await shop.pass_time(3, minutes=10)
    late = await shop.fresh(made)
    assert (late.state, late.refunded) == (PaymentState.SUCCEEDED, late.amount)
    assert [one.amount for one in shop.standin.books.refunds.values()] == [123]
    assert await shop.heard() == {"unpaid": 1, "refund.succeeded": 1}


async def test_what_nobody_wants_any_more_goes_back(shop: Shop) -> None:
    shop.shelf.is_wanted = False
    paid = await shop.paid()
    assert paid.refunded == paid.amount
    assert await shop.heard() == {"paid": 1, "refund.succeeded": 1}


async def test_an_acquirer_that_is_away_at_the_end_is_waited_for_a_while(shop: Shop) -> None:
    made = await shop.opened()
    await shop.pass_time(5, minutes=5)
    shop.standin.pay(str(made.provider_id))
    shop.plan.often = {"503": 100}
    await shop.pass_time(4, minutes=5)
    assert (await shop.fresh(made)).state is PaymentState.PENDING
    shop.plan.often = {}
    await following.watch(shop.clock.now)
    await shop.pass_time(3, minutes=5)
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED
    assert await shop.heard() == {"paid": 1}


async def test_one_thing_has_one_open_payment(shop: Shop) -> None:
    subject = uuid7()
    made = await shop.open(subject=subject)
    with pytest.raises(Violation):
        await shop.open(subject=subject)
    await shop.work()
    shop.standin.decline(str((await shop.fresh(made)).provider_id))
    await shop.pass_time(1, seconds=10)
    assert (await shop.open(subject=subject)).state is PaymentState.OPENING


async def test_a_job_that_was_given_up_is_taken_up_again(shop: Shop) -> None:
    made = await shop.opened()
    await database.execute("DELETE FROM job")
    shop.standin.pay(str(made.provider_id))
    await shop.pass_time(1, minutes=20)
    assert (await shop.fresh(made)).state is PaymentState.PENDING
    await following.watch(shop.clock.now)
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED


async def test_parts_go_back_and_never_more_than_was_paid(shop: Shop) -> None:
    paid = await shop.paid()
    first = await shop.refund(paid, 10_000)
    assert (await shop.refund(paid, 10_000)).id == first.id
    with pytest.raises(Refusal) as refused:
        await shop.refund(paid, 2_301, key="two")
    assert refused.value.code is Code.REFUND_EXCEEDS_SALE
    await shop.refund(paid, 2_300, key="three")
    await shop.work()
    assert (await shop.fresh_refund(first)).state is RefundState.SUCCEEDED
    assert (await shop.fresh(paid)).refunded == paid.amount
    assert sorted(int(one.amount) for one in shop.standin.books.refunds.values()) == [23, 100]
    assert await database.fetchval("SELECT count(*) FROM payment_refund") == 2


async def test_ten_rivals_give_back_once(shop: Shop) -> None:
    paid = await shop.paid()
    told = await asyncio.gather(
        *(shop.refund(paid, 8_000, key=f"key-{place}") for place in range(10)), return_exceptions=True
    )
    refused = [one for one in told if isinstance(one, Refusal)]
    assert (len(refused), {one.code for one in refused}) == (9, {Code.REFUND_EXCEEDS_SALE})
    await shop.work()
    assert len(shop.standin.books.refunds) == 1


@pytest.mark.parametrize("fault", ["lose", "500", "429", "odd"])
async def test_a_refund_without_an_answer_is_one_refund(shop: Shop, fault: str) -> None:
    paid = await shop.paid()
    shop.plan.faults["refunds"].append(fault)  # type: ignore[arg-type]
    made = await shop.refund(paid, 5_000)
    await shop.work()
    assert (await shop.fresh_refund(made)).state is RefundState.ASKING
    await shop.pass_time(2, seconds=60)
    assert (await shop.fresh_refund(made)).state is RefundState.SUCCEEDED
    assert [int(one.amount) for one in shop.standin.books.refunds.values()] == [50]
    assert await shop.heard() == {"paid": 1, "refund.succeeded": 1}


@pytest.mark.parametrize("succeeded", [True, False])
async def test_a_refund_that_takes_its_time_is_followed(shop: Shop, *, succeeded: bool) -> None:
    shop.plan.refunds = "pending"
    paid = await shop.paid()
    made = await shop.refund(paid, 5_000)
    await shop.work()
    waiting = await shop.fresh_refund(made)
    assert waiting.state is RefundState.PENDING
    shop.standin.finish(str(waiting.provider_id), succeeded=succeeded)
    await shop.pass_time(2, minutes=10)
    ended = await shop.fresh_refund(made)
    assert ended.state is (RefundState.SUCCEEDED if succeeded else RefundState.CANCELED)
    assert (await shop.fresh(paid)).refunded == (5_000 if succeeded else 0)


async def test_a_refund_that_the_acquirer_refuses_is_told(shop: Shop) -> None:
    paid = await shop.paid()
    shop.plan.refunds = "canceled"
    made = await shop.refund(paid, 5_000)
    await shop.work()
    assert (await shop.fresh_refund(made)).fault == "insufficient_funds"
    assert (await shop.fresh(paid)).refunded == 0
    assert await shop.heard() == {"paid": 1, "refund.canceled": 1}


async def test_what_was_not_paid_is_not_given_back(shop: Shop) -> None:
    made = await shop.opened()
    with pytest.raises(Refusal) as refused:
        await shop.refund(made, 100)
    assert refused.value.code is Code.NOT_FOUND
    assert await database.fetchval("SELECT count(*) FROM payment_refund") == 0


class Killed(Exception):
    """The process died here."""


@pytest.mark.parametrize("wanted", [True, False])
async def test_killed_between_any_two_statements_it_ends_alike(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, *, wanted: bool
) -> None:
    """Opening, success and refund are gone on with from wherever a process died."""
    shop.shelf.is_wanted = wanted
    left = [0]
    real = {name: getattr(Work, name) for name in ("execute", "fetchrow", "fetch", "fetchval")}

    def dying(name: str) -> object:
        async def call(self: Work, sql: str, *args: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return await real[name](self, sql, *args)

        return call

    for name in real:
        monkeypatch.setattr(Work, name, dying(name))
    for statement in range(1, 30):
        left[0] = 0
        made = await shop.open()
        left[0] = statement
        await shop.work()
        for _ in range(3):
            shop.clock.turn(seconds=90)
            await shop.work()
        shop.standin.pay(str((await shop.fresh(made)).provider_id))
        for _ in range(6):
            shop.clock.turn(seconds=90)
            await shop.work()
        ended = await shop.fresh(made)
        assert ended.state is PaymentState.SUCCEEDED, statement
        assert ended.refunded == (0 if wanted else ended.amount), statement
        heard = {"paid": 1} if wanted else {"paid": 1, "refund.succeeded": 1}
        assert await shop.heard() == heard, statement
        await database.execute("DELETE FROM job WHERE name LIKE 'shelf.%'")
    assert len(shop.standin.books.payments) == 29
