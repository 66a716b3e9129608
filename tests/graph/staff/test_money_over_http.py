"""Money that waits for a person: seen and decided where the right holds, with a reason and a line in the log (A-057, A-081)."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from integrations.payments import PaymentGateway
from loyalty.payments import PaymentState
from loyalty.refusals import Code
from loyalty.scopes import PROGRAMME, Scope
from loyalty.shops import OrderState
from models import database
from services import audit
from services.paid_for import SUBJECTS
from services.payments import following
from services.shop.rows import Ordered
from services.status import reading
from services.status.judging import Trouble
from tests.graph.staff.conftest import Panel
from tests.makers.bookings import Clock
from tests.makers.payments import acquirer_of, standing_in
from tests.makers.people import make_member, make_till
from tests.makers.shop import Store
from tests.makers.staff import IGORA, make_holder
from tests.makers.state import state

WAITING = """{ moneyWaiting { id matter amount what text advice fault number decisions place { partner } } }"""
DECIDE = """mutation ($id: UUID!, $decision: MoneyDecision!, $reason: String!) {
    decideMoney(id: $id, decision: $decision, reason: $reason) { __typename
    ... on MoneyDecided { decision } ... on Problem { code field message } } }"""
DACHA = Scope(("dacha-vintera",))
BURY = "UPDATE job SET status = 'DEAD', finished_at = $1 WHERE status = 'READY'"


@dataclass
class Desk:
    """The panel, and a shop whose money it looks at."""

    panel: Panel
    store: Store

    async def enter(self, *scopes: Scope, view_only: bool = False) -> None:
        rights = ("operation.view",) if view_only else ("operation.view", "operation.manage")
        held = [(right, scope) for scope in scopes for right in rights]
        await self.panel.enter(await make_holder(self.panel.resources, self.panel.now, *held))

    def later(self, **by: int) -> None:
        self.panel.later(**by)
        self.store.clock.now = self.panel.now

    async def waiting(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.panel.ask(WAITING)
        return found

    async def decide(self, id_: str, decision: str, reason: str = "посмотрели") -> dict[str, Any]:
        told: dict[str, Any] = await self.panel.ask(DECIDE, {"id": id_, "decision": decision, "reason": reason})
        return told

    async def refused_return(self) -> Ordered:
        """An order whose voucher came back, and whose money did not go."""
        done = await self.store.bought(1)
        self.store.standin.plan.refunds = "canceled"
        await self.store.give_back(*done.vouchers)
        await self.store.work()
        self.store.standin.plan.refunds = "succeeded"
        self.later(hours=2)
        return done

    async def money(self, order: Ordered) -> str | None:
        return (await self.store.fresh(order.order.id)).vouchers[0].money


@pytest.fixture
async def desk(panel: Panel, now: datetime) -> AsyncIterator[Desk]:
    clock = Clock(now)
    async with standing_in(clock) as standin, acquirer_of(standin) as acquirer:
        gateway: PaymentGateway = acquirer
        till, key = await make_till(now, outlet="igora-ski-rental")
        resources = replace(panel.resources, payments=gateway)
        yield Desk(panel, Store(resources, standin, clock, await make_member(now), till, key))


async def test_a_refused_refund_is_sent_once_more(desk: Desk) -> None:
    """A-081, INV-21, INV-22: seen by whoever sees the partner's operations; decided by whoever manages them, once."""
    done = await desk.refused_return()
    assert await desk.money(done) == "STUCK"
    await desk.enter(DACHA)
    assert await desk.waiting() == []
    await desk.enter(IGORA, view_only=True)
    (seen,) = await desk.waiting()
    assert seen["decisions"] == []
    before = await state()
    assert (await desk.decide(seen["id"], "AGAIN"))["code"] == Code.FORBIDDEN
    await desk.enter(DACHA)
    before = await state()
    assert (await desk.decide(seen["id"], "AGAIN"))["code"] == Code.NOT_FOUND
    await desk.enter(PROGRAMME)
    before = await state()
    (waits,) = await desk.waiting()
    payment = await desk.store.payment(done.order)
    assert (waits["matter"], waits["fault"], waits["number"]) == (
        "REFUND_REFUSED",
        "insufficient_funds",
        payment.provider_id,
    )
    assert (waits["decisions"], waits["place"]) == (["AGAIN", "BY_HAND"], {"partner": "igora"})
    assert waits["text"]
    assert waits["advice"]
    assert desk.store.member.number not in str(waits)
    wrong = await desk.decide(waits["id"], "CLOSE")
    assert (wrong["code"], wrong["field"]) == (Code.INVALID_INPUT, "decision")
    empty = await desk.decide(waits["id"], "AGAIN", " ")
    assert (empty["code"], empty["field"]) == (Code.INVALID_INPUT, "reason")
    assert await state() == before
    assert (await desk.decide(waits["id"], "AGAIN", "пополнили баланс"))["decision"] == "AGAIN"
    assert await desk.waiting() == []
    assert await desk.money(done) == "SENT"
    assert (await desk.decide(waits["id"], "AGAIN"))["code"] == Code.NOT_FOUND
    await desk.store.work()
    assert await desk.money(done) == "PAID"
    assert [one.status for one in desk.store.standin.books.refunds.values()] == ["canceled", "succeeded"]
    (event,) = await audit.page(rows=9, after=None, filters=audit.Filters(object="payment"))
    assert (event.action, event.reason, str(event.scope)) == ("payment.again", "пополнили баланс", "igora")
    assert event.after["decision"] == "AGAIN"


async def test_money_given_back_by_hand_is_noted(desk: Desk) -> None:
    """In cash at the desk: the guest reads that it is paid, and the acquirer is not asked for it any more."""
    done = await desk.refused_return()
    await desk.enter(IGORA)
    (waits,) = await desk.waiting()
    asked = len(desk.store.standin.keys)
    await desk.decide(waits["id"], "BY_HAND", "выдали наличными")
    await desk.store.work()
    assert await desk.money(done) == "PAID"
    assert (await desk.store.payment(done.order)).refunded == done.order.net
    assert len(desk.store.standin.keys) == asked
    assert await database.fetchval("SELECT fault FROM payment_refund") == "by_hand"
    assert await desk.waiting() == []


async def test_what_was_paid_and_not_issued_is_tried_at_once(desk: Desk) -> None:
    """A job that cost three workers is given up: an hour later people see the order, and have it tried again."""
    store = desk.store
    made = await store.ordered(1)
    store.standin.pay(str((await store.payment(made)).provider_id))
    await following.look((await store.payment(made)).id, store.resources, SUBJECTS, store.clock.now)
    await database.execute(BURY, store.clock.now)
    await desk.enter(IGORA)
    assert await desk.waiting() == []
    desk.later(minutes=61)
    await desk.enter(IGORA)
    (waits,) = await desk.waiting()
    assert (waits["matter"], waits["decisions"]) == ("ORDER_NOT_ISSUED", ["TRY", "REFUND"])
    await desk.decide(waits["id"], "TRY")
    await store.work()
    done = await store.fresh(made.id)
    assert done.order.state is OrderState.ISSUED
    assert await desk.waiting() == []
    await store.give_back(*done.vouchers)
    await database.execute(BURY, store.clock.now)
    desk.later(minutes=61)
    await desk.enter(IGORA)
    (waits,) = await desk.waiting()
    assert (waits["matter"], waits["decisions"]) == ("RETURN_NOT_DONE", ["TRY", "REFUND"])
    await desk.decide(waits["id"], "TRY")
    await store.work()
    assert await desk.money(done) == "PAID"
    assert await desk.waiting() == []


async def test_a_refund_without_an_answer_may_be_noted_and_is_never_sent_anew(desk: Desk) -> None:
    """Perhaps it was carried out: nobody can have it made a second time while the acquirer has not said."""
    store = desk.store
    done = await store.bought(1)
    store.standin.plan.faults["refunds"].extend(["lose", "503"])
    await store.give_back(*done.vouchers)
    await store.work()
    desk.later(hours=25)
    await store.work()
    await desk.enter(IGORA)
    (waits,) = await desk.waiting()
    assert (waits["matter"], waits["decisions"]) == ("REFUND_UNANSWERED", ["TRY", "BY_HAND"])
    assert (await desk.decide(waits["id"], "AGAIN"))["code"] == Code.INVALID_INPUT
    await desk.decide(waits["id"], "TRY")
    await store.work()
    assert await desk.money(done) == "PAID"
    assert len(store.standin.books.refunds) == 1


async def test_a_slow_refund_is_shown_after_a_day(desk: Desk) -> None:
    store = desk.store
    store.standin.plan.refunds = "pending"
    done = await store.bought(1)
    await store.give_back(*done.vouchers)
    await store.work()
    desk.later(hours=23)
    await desk.enter(IGORA)
    assert await desk.waiting() == []
    desk.later(hours=2)
    await desk.enter(IGORA)
    (waits,) = await desk.waiting()
    assert (waits["matter"], waits["decisions"]) == ("REFUND_SLOW", ["TRY"])
    store.standin.finish(next(iter(store.standin.books.refunds)))
    await database.execute("DELETE FROM job")
    await desk.decide(waits["id"], "TRY")
    await store.work()
    assert await desk.money(done) == "PAID"


async def test_a_payment_of_long_ago_is_closed_and_still_goes_back(desk: Desk) -> None:
    """Closed by a person who saw in the account that nobody paid; paid all the same, it goes back in full."""
    store = desk.store
    made = await store.ordered(1)
    store.standin.plan.often = {"503": 100}
    for _ in range(8):
        desk.later(minutes=10)
        await store.work()
    await database.execute("DELETE FROM job")
    desk.later(days=4)
    await desk.enter(IGORA)
    (waits,) = await desk.waiting()
    assert (waits["matter"], waits["decisions"]) == ("PAYMENT_UNANSWERED", ["TRY", "CLOSE"])
    await desk.decide(waits["id"], "CLOSE", "в кабинете не оплачен")
    assert (await store.payment(made)).state is PaymentState.CANCELED
    assert await desk.waiting() == []


async def test_the_status_page_counts_what_waits(desk: Desk) -> None:
    async def aside() -> tuple[int, bool]:
        systems = await reading.systems(desk.store.resources, desk.panel.now)
        (one,) = [one for one in systems if one.id == reading.ACQUIRER]
        return one.facts.aside, Trouble.ASIDE in one.troubles

    assert await aside() == (0, False)
    await desk.refused_return()
    assert await aside() == (1, True)
