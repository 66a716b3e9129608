"""What the acquirer tells of another payment than ours pays for nothing: another sum, currency or number (A-057)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from integrations.standins.yookassa import telling
from loyalty.payments import PaymentState
from models import database
from tests.makers.payments import Shop, raw_client, shop_of


@pytest.fixture
async def shop(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    async with shop_of(now, monkeypatch) as one:
        yield one


async def test_another_sum_is_not_believed(shop: Shop) -> None:
    """What the acquirer tells of a payment of another sum is told of another payment."""
    made = await shop.opened()
    number = str(made.provider_id)
    shop.standin.pay(number)
    payment = shop.standin.books.payments[number]
    shop.standin.books.payments[number] = replace(payment, amount=payment.amount - 1)
    await shop.hear("payment.succeeded", number)
    await shop.pass_time(1, seconds=10)
    assert (await shop.fresh(made)).state is PaymentState.PENDING
    assert await shop.heard() == {}


async def test_another_currency_is_not_believed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same figures in another currency are another sum."""
    made = await shop.opened()
    number = str(made.provider_id)
    shop.standin.pay(number)
    with monkeypatch.context() as patch:
        patch.setattr(telling, "_sum", lambda amount: {"value": f"{amount:.2f}", "currency": "USD"})
        await shop.hear("payment.succeeded", number)
        await shop.pass_time(1, seconds=10)
        assert (await shop.fresh(made)).state is PaymentState.PENDING
        assert await shop.heard() == {}
    await shop.pass_time(2, seconds=60)
    assert (await shop.fresh(made)).state is PaymentState.SUCCEEDED


async def test_a_second_payment_under_our_number_is_another_payment(shop: Shop) -> None:
    """Made past us in the shop's account with the number and the sum of ours: it pays for nothing here."""
    made = await shop.opened()
    body = {
        "amount": {"value": "123.00", "currency": "RUB"},
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": "https://example.ru/"},
        "metadata": {"order_id": str(made.id)},
    }
    async with raw_client(shop.standin) as client:
        number = (await client.post("/payments", json=body, headers={"Idempotence-Key": "past us"})).json()["id"]
    shop.standin.pay(number)
    await shop.hear("payment.succeeded", number)
    await shop.work()
    assert (await shop.fresh(made)).state is PaymentState.PENDING
    assert await database.fetchval("SELECT fault FROM payment_event") == "the acquirer tells of another payment"
    assert await shop.heard() == {}
