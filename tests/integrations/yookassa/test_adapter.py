"""The adapter on the stand-in: what it sends is taken, sums to the kopeck, and every failure has its verdict (A-087)."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from integrations.breaker import FAILURES_MAX, Breaker
from integrations.payments import PaymentFate, PaymentOrder, ReceiptLine, RefundOrder
from integrations.ports import Drained, Refused, TooOften, Unavailable, Uncertain, Unreadable
from integrations.standins.yookassa.server import YooKassaStandin
from integrations.yookassa.gateway import Receipts, YooKassa
from tests.makers.payments import acquirer_of, connection_of, standing_in

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
LINES = (ReceiptLine("Проживание", 1_119_930), ReceiptLine("Завтрак", 71, "commodity"))


def order(number: UUID | None = None) -> PaymentOrder:
    return PaymentOrder(
        id=number or uuid4(),
        amount=1_120_001,
        description="Проживание 16.03.2026–18.03.2026",
        back="https://card.example/booking?booking=1",
        lines=LINES,
        contact="anna@example.ru",
    )


def refund_of(payment: str, amount: int) -> RefundOrder:
    lines = (ReceiptLine("Проживание", amount),)
    return RefundOrder(
        id=uuid4(), payment=payment, amount=amount, description="Отмена", lines=lines, contact="+79000000001"
    )


@pytest.fixture
async def standin() -> AsyncIterator[YooKassaStandin]:
    async with standing_in(lambda: NOW) as one:
        one.plan.receipts = True
        yield one


@pytest.fixture
async def acquirer(standin: YooKassaStandin) -> AsyncIterator[YooKassa]:
    async with acquirer_of(standin, seconds=0.5) as one:
        yield one


async def test_a_payment_from_its_page_to_its_refund(standin: YooKassaStandin, acquirer: YooKassa) -> None:
    asked = order()
    told = await acquirer.open(asked)
    assert (told.fate, told.amount, told.order) == (PaymentFate.PENDING, 1_120_001, asked.id)
    assert told.page == f"{standin.origin}/checkout/{told.id}"
    sent = standin.books.payments[told.id].asked
    assert sent["amount"] == {"value": "11200.01", "currency": "RUB"}
    assert sent["receipt"]["customer"] == {"email": "anna@example.ru"}
    assert [item["amount"]["value"] for item in sent["receipt"]["items"]] == ["11199.30", "0.71"]
    standin.pay(told.id)
    after = await acquirer.ask(told.id)
    assert after is not None
    assert (after.fate, after.page) == (PaymentFate.SUCCEEDED, None)
    back = await acquirer.refund(refund_of(told.id, 1_120_000))
    assert (back.fate, back.amount, back.payment) == (PaymentFate.SUCCEEDED, 1_120_000, told.id)
    assert standin.books.refunds[back.id].asked["receipt"]["customer"] == {"phone": "79000000001"}
    assert await acquirer.ask_refund(back.id) == back
    with pytest.raises(Refused):
        await acquirer.refund(refund_of(told.id, 200))
    assert await acquirer.ask("none") is None
    assert await acquirer.ask_refund("none") is None


async def test_without_receipts_nothing_of_the_payer_leaves(standin: YooKassaStandin) -> None:
    standin.plan.receipts = False
    async with acquirer_of(standin, receipts=None) as acquirer:
        assert not acquirer.needs_contact
        told = await acquirer.open(order())
    assert "receipt" not in standin.books.payments[told.id].asked
    assert "anna" not in json.dumps(standin.books.payments[told.id].asked)


async def test_a_system_of_taxation_is_named_where_it_is_set(standin: YooKassaStandin) -> None:
    async with acquirer_of(standin, receipts=Receipts(4, "advance", 2)) as acquirer:
        told = await acquirer.open(order())
    receipt = standin.books.payments[told.id].asked["receipt"]
    assert (receipt["tax_system_code"], receipt["items"][0]["vat_code"]) == (2, 4)


async def test_a_lost_answer_is_found_again_by_the_same_key(standin: YooKassaStandin, acquirer: YooKassa) -> None:
    asked = order()
    standin.plan.faults["payments"].append("lose")
    with pytest.raises(Uncertain):
        await acquirer.open(asked)
    told = await acquirer.open(asked)
    assert list(standin.books.payments) == [told.id]
    assert standin.keys == [str(asked.id)] * 2
    with pytest.raises(Refused, match="Idempotence-Key"):
        await acquirer.open(replace(asked, description="другое"))


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [("500", Uncertain), ("503", Uncertain), ("429", TooOften), ("odd", Uncertain), ("slow", Uncertain)],
)
async def test_every_failure_of_a_change_has_its_verdict(
    standin: YooKassaStandin, acquirer: YooKassa, fault: str, verdict: type[Exception]
) -> None:
    standin.plan.faults["payments"].append(fault)  # type: ignore[arg-type]
    with pytest.raises(verdict):
        await acquirer.open(order())


@pytest.mark.parametrize("fault", ["500", "odd", "slow"])
async def test_a_question_without_an_answer_changed_nothing(
    standin: YooKassaStandin, acquirer: YooKassa, fault: str
) -> None:
    told = await acquirer.open(order())
    standin.plan.faults["payment"].append(fault)  # type: ignore[arg-type]
    with pytest.raises(Unavailable) as away:
        await acquirer.ask(told.id)
    assert not isinstance(away.value, Uncertain)


async def test_a_wrong_key_waits_for_somebody_to_act_and_is_in_no_log(
    standin: YooKassaStandin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with acquirer_of(standin, secret="live_wrong") as acquirer:
        with pytest.raises(Drained) as drained:
            await acquirer.open(order())
    assert "live_wrong" not in str(drained.value) + caplog.text


async def test_who_is_not_there_was_surely_not_asked(standin: YooKassaStandin) -> None:
    connection = connection_of("http://127.0.0.1:9", ("1", "k"), Breaker("yookassa-away", lambda: 0.0))
    with pytest.raises(Unavailable) as away:
        await YooKassa(connection, receipts=None).open(order())
    assert not isinstance(away.value, Uncertain)
    await connection.close()


async def test_one_that_fails_is_left_alone(standin: YooKassaStandin) -> None:
    clock = [0.0]
    breaker = Breaker("yookassa-failing", lambda: clock[0])
    connection = connection_of(standin.url, (standin.shop_id, standin.secret_key), breaker)
    acquirer = YooKassa(connection, receipts=Receipts(1, "advance"))
    standin.plan.faults["payments"].extend(["500"] * FAILURES_MAX)
    for _ in range(FAILURES_MAX):
        with pytest.raises(Uncertain):
            await acquirer.open(order())
    asked = len(standin.requests)
    with pytest.raises(Unavailable, match="left alone"):
        await acquirer.open(order())
    assert len(standin.requests) == asked
    clock[0] = 60.0
    assert (await acquirer.open(order())).fate is PaymentFate.PENDING
    await connection.close()


async def test_it_is_called_encrypted_or_on_this_machine() -> None:
    with pytest.raises(ValueError, match="https"):
        connection_of("http://api.yookassa.ru/v3", ("1", "k"), Breaker("yookassa-plain", lambda: 0.0))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"type": "notification"}',
        b'{"type": "notification", "event": "payout.succeeded", "object": {"id": "1"}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": {"id": "../../refunds"}}',
        b'{"type": "notification", "event": "payment.succeeded", "object": []}',
        b'{"type": "notification", "event": 7, "object": {"id": "1"}}',
    ],
)
async def test_what_is_no_notification_cannot_be_read(acquirer: YooKassa, body: bytes) -> None:
    with pytest.raises(Unreadable):
        acquirer.read(body)


async def test_a_notification_only_points(acquirer: YooKassa) -> None:
    hint = acquirer.read(b'{"type": "notification", "event": "refund.succeeded", "object": {"id": "2a-7"}}')
    assert (hint.event, hint.object, hint.is_refund) == ("refund.succeeded", "2a-7", True)
