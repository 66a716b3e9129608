"""What was paid and never comes about: a person gives the money back, whole and once, and nothing of it is left (A-057, A-081)."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME
from loyalty.shops import OrderState
from models import database
from services import audit
from services.paid_for import SUBJECTS
from services.payments import following
from services.purchases.direct import post_directly
from services.shop import issuing, returning
from services.shop.rows import Ordered, OrderFacts
from tests.graph.staff.test_money_over_http import BURY, Desk, desk
from tests.makers.patience import rivals_told
from tests.makers.staff import IGORA
from tests.makers.state import state

__all__ = ["desk"]


def given_back(desk: Desk) -> list[tuple[str, str]]:
    """(sum, how it ended) of what the acquirer was asked to give back."""
    return [(str(one.amount), one.status) for one in desk.store.standin.books.refunds.values()]


async def told(desk: Desk) -> dict[str, Any]:
    """The one matter that waits, as somebody sees it who may decide it."""
    await desk.enter(IGORA)
    (waits,) = await desk.waiting()
    return waits


@pytest.fixture
async def paid(desk: Desk) -> OrderFacts:
    """An order that was paid, and whose vouchers nobody issues."""
    made = await desk.store.ordered(2)
    desk.store.standin.pay(str((await desk.store.payment(made)).provider_id))
    await following.look((await desk.store.payment(made)).id, desk.store.resources, SUBJECTS, desk.store.clock.now)
    await database.execute(BURY, desk.store.clock.now)
    desk.later(minutes=61)
    return (await desk.store.fresh(made.id)).order


async def asked_back(desk: Desk) -> Ordered:
    """Vouchers that were returned, and whose money nobody sends."""
    done = await desk.store.bought(2)
    await desk.store.give_back(*done.vouchers)
    await database.execute(BURY, desk.store.clock.now)
    desk.later(minutes=61)
    return done


async def test_what_is_never_issued_is_paid_back_in_full(desk: Desk, paid: OrderFacts) -> None:
    """A-081: with a right, a reason and a line in the log; the acquirer refuses at first, and it is sent once more."""
    store = desk.store
    await desk.enter(IGORA, view_only=True)
    (seen,) = await desk.waiting()
    before = await state()
    assert (await desk.decide(seen["id"], "REFUND"))["code"] == Code.FORBIDDEN
    await desk.enter(PROGRAMME)
    before = await state()
    (waits,) = await desk.waiting()
    assert (waits["matter"], waits["decisions"]) == ("ORDER_NOT_ISSUED", ["TRY", "REFUND"])
    assert (await desk.decide(waits["id"], "REFUND", " "))["field"] == "reason"
    assert (await desk.decide(waits["id"], "AGAIN"))["code"] == Code.INVALID_INPUT
    assert await state() == before
    store.standin.plan.refunds = "canceled"
    assert (await desk.decide(waits["id"], "REFUND", "подъёмник закрыт"))["decision"] == "REFUND"
    assert (await desk.decide(waits["id"], "REFUND"))["code"] == Code.NOT_FOUND
    over = (await store.fresh(paid.id)).order
    assert (over.state, over.fault) == (OrderState.CANCELLED, "GIVEN_BACK")
    await store.work()
    (refused,) = await desk.waiting()
    assert (refused["matter"], refused["decisions"]) == ("REFUND_REFUSED", ["AGAIN", "BY_HAND"])
    store.standin.plan.refunds = "succeeded"
    await desk.decide(refused["id"], "AGAIN", "пополнили баланс")
    await store.work()
    assert await desk.waiting() == []
    assert [status for _, status in given_back(desk)] == ["canceled", "succeeded"]
    assert (await store.payment(paid)).refunded == paid.net
    assert (await store.fresh(paid.id)).vouchers == ()
    assert await database.fetchval("SELECT count(*) FROM purchase") == 0
    events = await audit.page(rows=9, after=None, filters=audit.Filters(object="payment"))
    decided = next(one for one in events if one.action == "payment.refund")
    assert (decided.reason, str(decided.scope)) == ("подъёмник закрыт", "igora")
    assert decided.before["matter"] == "ORDER_NOT_ISSUED"


async def test_what_was_posted_and_not_issued_leaves_the_books(
    desk: Desk, paid: OrderFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """INV-21: the receipt is there and the vouchers cannot be made; with the money goes what it counted."""
    with monkeypatch.context() as broken:
        broken.setattr("services.shop.codes.new_code", lambda: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            await issuing.issue(paid.id, desk.store.resources, desk.store.clock.now)
    assert await desk.store.counted() == paid.net
    await desk.decide((await told(desk))["id"], "REFUND")
    await desk.store.work()
    await issuing.issue(paid.id, desk.store.resources, desk.store.clock.now)
    assert await desk.store.counted() == 0
    assert [status for _, status in given_back(desk)] == ["succeeded"]
    assert (await desk.store.fresh(paid.id)).vouchers == ()


async def test_what_is_posted_while_somebody_gives_the_money_back_is_taken_back(
    desk: Desk, paid: OrderFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker has posted it when the person decides: no vouchers, and the books are as before."""
    id_ = (await told(desk))["id"]

    async def decided(post: Callable[..., Awaitable[None]], *sale: Any) -> None:
        await desk.decide(id_, "REFUND")
        await desk.store.work()
        await post(*sale)

    monkeypatch.setattr(issuing, "post_directly", partial(decided, post_directly))
    await issuing.issue(paid.id, desk.store.resources, desk.store.clock.now)
    over = await desk.store.fresh(paid.id)
    assert (over.order.state, over.vouchers) == (OrderState.CANCELLED, ())
    assert await desk.store.counted() == 0
    assert [status for _, status in given_back(desk)] == ["succeeded"]


async def test_of_two_who_decide_at_once_one_gives_it_back(desk: Desk, paid: OrderFacts) -> None:
    """Two pages open at two desks: one refund, whoever pressed."""
    id_ = (await told(desk))["id"]
    answers = await rivals_told(*(partial(desk.decide, id_, "REFUND") for _ in range(4)))
    heard = [one.get("code", one["__typename"]) for one in answers if isinstance(one, dict)]
    assert len(heard) == len(answers)
    assert heard.count("MoneyDecided") == 1
    assert set(heard) <= {"MoneyDecided", Code.NOT_FOUND, Code.INVALID_INPUT}
    await desk.store.work()
    assert [status for _, status in given_back(desk)] == ["succeeded"]
    assert (await desk.store.payment(paid)).refunded == paid.net


async def test_what_was_issued_meanwhile_is_not_given_back(desk: Desk, paid: OrderFacts) -> None:
    """The worker came back while the page was open: the guest has the vouchers, and nothing is paid back for them."""
    id_ = (await told(desk))["id"]
    await issuing.issue(paid.id, desk.store.resources, desk.store.clock.now)
    before = await state()
    assert (await desk.decide(id_, "REFUND"))["code"] == Code.NOT_FOUND
    assert await state() == before
    assert given_back(desk) == []


async def test_the_money_of_a_return_goes_before_its_books(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A-081: the books do not move, the guest is paid all the same; once they can, they follow, and nothing goes twice."""
    done = await asked_back(desk)

    async def stuck(*_: Any, **__: Any) -> None:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)

    with monkeypatch.context() as broken:
        broken.setattr(returning, "refund_purchase", stuck)
        waits = await told(desk)
        assert (waits["matter"], waits["decisions"]) == ("RETURN_NOT_DONE", ["TRY", "REFUND"])
        await desk.decide(waits["id"], "REFUND", "гость ждёт")
        await desk.store.work()
    assert await desk.money(done) == "PAID"
    assert await desk.store.counted() == done.order.net
    for _ in range(2):
        desk.later(hours=1)
        await desk.store.work()
    await desk.enter(IGORA)
    assert await desk.waiting() == []
    assert await desk.store.counted() == 0
    assert [status for _, status in given_back(desk)] == ["succeeded"]
    assert (await desk.store.payment(done.order)).refunded == done.order.net
