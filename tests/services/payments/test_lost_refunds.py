"""Refunds whose answer never came, and those that came to nothing: gone on with, and never carried out twice (A-057)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from integrations.standins.yookassa.till import Refund
from integrations.yookassa.gateway import Receipts
from loyalty.payments import RefundState
from loyalty.refusals import Code, Refusal
from models import database
from services.paid_for import SUBJECTS
from services.payments import following, mending
from services.payments.rows import PaymentFacts, RefundFacts
from services.work import Violation, work
from tests.makers.payments import Shop, acquirer_of, shop_of

FORGOTTEN = {"minutes": 16}


@pytest.fixture
async def shop(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    async with shop_of(now, monkeypatch) as one:
        yield one


async def asked(shop: Shop, paid: PaymentFacts, fault: str, *, amount: int = 5_000, key: str = "one") -> RefundFacts:
    """A refund whose first call ends so."""
    shop.plan.faults["refunds"].append(fault)  # type: ignore[arg-type]
    made = await shop.refund(paid, amount, key=key)
    await shop.work()
    return await shop.fresh_refund(made)


async def taken_up(shop: Shop, **by: float) -> None:
    """Time passes, and what nobody does any more is taken up."""
    shop.clock.turn(**by)
    await following.watch(shop.clock.now)
    await shop.work()


def given_back(shop: Shop) -> list[Refund]:
    """What the acquirer has given back."""
    return [one for one in shop.standin.books.refunds.values() if one.status == "succeeded"]


async def anew(shop: Shop, refund: RefundFacts) -> None:
    async with work() as tx:
        paid, held = await mending.locked(tx, refund.id, SUBJECTS)
        await mending.ask_anew(tx, paid, held, SUBJECTS, shop.clock.now)


async def test_an_answer_that_never_came_is_found_in_the_acquirers_list(shop: Shop) -> None:
    """After a day the key has ended: the write is not repeated, the list says that it was carried out."""
    paid = await shop.paid()
    made = await asked(shop, paid, "lose")
    written = len(shop.standin.keys)
    await taken_up(shop, hours=25)
    stands = await shop.fresh_refund(made)
    assert (stands.state, stands.fault) == (RefundState.SUCCEEDED, None)
    assert stands.provider_id in shop.standin.books.refunds
    assert len(shop.standin.keys) == written, "nothing was written with a key that has ended"
    assert (await shop.fresh(paid)).refunded == 5_000
    assert await shop.heard() == {"paid": 1, "refund.succeeded": 1}


async def test_what_the_list_has_not_was_never_made_and_is_asked_for_anew(shop: Shop) -> None:
    """It comes to nothing by itself; somebody has it asked for once more, under another key, and that is one refund."""
    paid = await shop.paid()
    made = await asked(shop, paid, "500")
    written = len(shop.standin.keys)
    await taken_up(shop, hours=25)
    stands = await shop.fresh_refund(made)
    assert (stands.state, stands.fault) == (RefundState.CANCELED, "not_made")
    assert (await shop.fresh(paid)).refunded == 0
    assert len(shop.standin.keys) == written
    await anew(shop, made)
    assert (await shop.fresh(paid)).refunded == 5_000
    await shop.work()
    assert (await shop.fresh_refund(made)).state is RefundState.SUCCEEDED
    assert [int(one.amount) for one in given_back(shop)] == [50]
    assert str(made.id) not in shop.standin.keys[written:]
    assert await shop.heard() == {"paid": 1, "refund.canceled": 1, "refund.asking": 1, "refund.succeeded": 1}


async def test_a_key_that_was_never_heard_does_not_age(shop: Shop) -> None:
    """An acquirer that is away for two days has surely done nothing: the refund goes out by itself when it is back."""
    paid = await shop.paid()
    made = await asked(shop, paid, "429")
    assert made.first_sent_at is None
    await taken_up(shop, hours=49)
    assert (await shop.fresh_refund(made)).state is RefundState.SUCCEEDED
    assert shop.standin.keys[-1] == str(made.id)


async def test_a_list_that_cannot_be_read_is_asked_for_until_it_can(shop: Shop) -> None:
    paid = await shop.paid()
    made = await asked(shop, paid, "lose")
    shop.plan.faults["refunds"].append("503")
    await taken_up(shop, hours=25)
    waits = await shop.fresh_refund(made)
    assert (waits.state, waits.fault) == (RefundState.ASKING, "key_old")
    await database.execute("DELETE FROM job")
    await taken_up(shop, **FORGOTTEN)
    ended = await shop.fresh_refund(made)
    assert (ended.state, ended.fault) == (RefundState.SUCCEEDED, None)
    assert len(given_back(shop)) == 1


async def test_of_two_of_a_sum_the_one_that_was_made_is_counted_once(shop: Shop) -> None:
    """A list tells two refunds of one sum apart by nothing: as many of ours are done as the acquirer has made."""
    paid = await shop.paid()
    first = await asked(shop, paid, "lose", key="first")
    second = await asked(shop, paid, "500", key="second")
    for _ in range(3):
        await taken_up(shop, hours=25)
    states = sorted([(await shop.fresh_refund(one)).state for one in (first, second)])
    assert states == [RefundState.CANCELED, RefundState.SUCCEEDED]
    assert (await shop.fresh(paid)).refunded == 5_000
    assert len(given_back(shop)) == 1


async def test_a_younger_one_of_the_same_sum_is_waited_for(shop: Shop) -> None:
    """Its key still tells whose the refund in the list is: taken for the older one, it would be given back twice."""
    paid = await shop.paid()
    old = await asked(shop, paid, "500", key="old")
    await database.execute("DELETE FROM job")
    shop.clock.turn(hours=24)
    young = await asked(shop, paid, "lose", key="young")
    await database.execute("UPDATE job SET run_at = run_at + interval '1 hour'")
    await taken_up(shop, minutes=20)
    assert (await shop.fresh_refund(old)).state is RefundState.ASKING
    await taken_up(shop, hours=2)
    await taken_up(shop, hours=2)
    assert (await shop.fresh_refund(young)).state is RefundState.SUCCEEDED
    assert (await shop.fresh_refund(old)).fault == "not_made"
    assert len(given_back(shop)) == 1


async def test_what_was_given_back_before_is_not_taken_for_it(shop: Shop) -> None:
    """Somebody has given the same sum back by hand the day before: that was another refund."""
    paid = await shop.paid()
    await shop.give_by_hand(paid, 5_000)
    shop.clock.turn(hours=24)
    made = await asked(shop, paid, "500")
    await taken_up(shop, hours=25)
    assert (await shop.fresh_refund(made)).fault == "not_made"


async def test_other_settings_of_receipts_do_not_hide_what_was_done(shop: Shop) -> None:
    """The key stands for the first words: the second ones are refused, and the refund was carried out all the same."""
    paid = await shop.paid()
    made = await asked(shop, paid, "lose")
    async with acquirer_of(shop.standin, receipts=Receipts(4, "advance"), seconds=1.0) as other:
        shop.resources = replace(shop.resources, payments=other)
        await shop.pass_time(2, seconds=60)
    stands = await shop.fresh_refund(made)
    assert (stands.state, stands.fault) == (RefundState.SUCCEEDED, None)
    assert len(given_back(shop)) == 1


async def refused(shop: Shop) -> tuple[PaymentFacts, RefundFacts]:
    """A refund that the acquirer has refused."""
    paid = await shop.paid()
    shop.plan.refunds = "canceled"
    made = await shop.refund(paid, 5_000)
    await shop.work()
    shop.plan.refunds = "succeeded"
    shop.clock.turn(hours=1)
    assert (await shop.fresh_refund(made)).state is RefundState.CANCELED
    return paid, made


async def test_money_given_back_in_the_account_is_found_by_itself(shop: Shop) -> None:
    """The acquirer tells of a refund that we never asked for: it ends the one that came to nothing."""
    paid, made = await refused(shop)
    number = await shop.give_by_hand(paid, 5_000)
    for _ in range(2):
        await shop.hear("refund.succeeded", number)
        await shop.work()
    stands = await shop.fresh_refund(made)
    assert (stands.state, stands.fault, stands.provider_id) == (RefundState.SUCCEEDED, "by_hand", number)
    assert (await shop.fresh(paid)).refunded == 5_000
    assert await shop.heard() == {"paid": 1, "refund.canceled": 1, "refund.succeeded": 1}


async def test_another_sum_given_back_in_the_account_ends_nothing(shop: Shop) -> None:
    paid, made = await refused(shop)
    await shop.hear("refund.succeeded", await shop.give_by_hand(paid, 4_999))
    await shop.work()
    assert (await shop.fresh_refund(made)).state is RefundState.CANCELED
    assert await database.fetchval("SELECT fault FROM payment_event WHERE event LIKE 'refund%'") == "nothing of ours"


async def test_who_asks_anew_for_what_was_given_by_hand_gives_nothing_twice(shop: Shop) -> None:
    """Two people, one in the account and one in the panel: the list is looked at before anything is written."""
    paid, made = await refused(shop)
    number = await shop.give_by_hand(paid, 5_000)
    await anew(shop, made)
    await shop.work()
    stands = await shop.fresh_refund(made)
    assert (stands.state, stands.provider_id) == (RefundState.SUCCEEDED, number)
    assert len(given_back(shop)) == 1


async def test_ten_who_ask_anew_are_one_refund(shop: Shop) -> None:
    paid, made = await refused(shop)

    async def once() -> bool:
        async with work() as tx:
            payment, held = await mending.locked(tx, made.id, SUBJECTS)
            if held.state is not RefundState.CANCELED:
                return False
            await mending.ask_anew(tx, payment, held, SUBJECTS, shop.clock.now)
            return True

    assert sorted(await asyncio.gather(*(once() for _ in range(10)))) == [False] * 9 + [True]
    await asyncio.gather(*(shop.work() for _ in range(5)))
    await shop.work()
    assert (await shop.fresh_refund(made)).state is RefundState.SUCCEEDED
    assert len(given_back(shop)) == 1
    assert (await shop.fresh(paid)).refunded == 5_000


async def test_what_was_given_back_otherwise_has_no_room_for_it_any_more(shop: Shop) -> None:
    """Never more than was paid, whoever asks: neither anew nor as given by hand, and the database says so too."""
    paid, made = await refused(shop)
    await shop.refund(paid, 8_000, key="other")
    for move in (mending.ask_anew, mending.note_given):
        with pytest.raises(Refusal) as refusal:
            async with work() as tx:
                payment, held = await mending.locked(tx, made.id, SUBJECTS)
                await move(tx, payment, held, SUBJECTS, shop.clock.now)
        assert refusal.value.code is Code.REFUND_EXCEEDS_SALE
    assert (await shop.fresh(paid)).refunded == 8_000
    with pytest.raises(Violation):
        await database.execute("UPDATE payment SET refunded = amount + 1 WHERE id = $1", paid.id)
