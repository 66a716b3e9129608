"""The acquirer's stand-in keeps the vendor's contract: whom it lets in, what it refuses, what a key finds again (A-087)."""

import asyncio
from collections.abc import AsyncIterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from integrations.standins.yookassa.plan import Plan
from integrations.standins.yookassa.server import YooKassaStandin
from tests.makers.payments import raw_client, standing_in

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
RUB = {"value": "123.40", "currency": "RUB"}
ITEM = {
    "description": "Полка",
    "quantity": "2.00",
    "amount": {"value": "61.70", "currency": "RUB"},
    "vat_code": 1,
    "payment_subject": "commodity",
    "payment_mode": "full_prepayment",
}
GOOD: dict[str, Any] = {
    "amount": RUB,
    "capture": True,
    "confirmation": {"type": "redirect", "return_url": "https://card.example/shop"},
    "description": "Заказ 17",
    "metadata": {"order_id": "17"},
    "receipt": {"customer": {"email": "anna@example.ru"}, "items": [ITEM]},
}


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def standin(clock: Clock) -> AsyncIterator[YooKassaStandin]:
    async with standing_in(clock, plan=Plan()) as one:
        yield one


@pytest.fixture
async def client(standin: YooKassaStandin) -> AsyncIterator[httpx2.AsyncClient]:
    async with raw_client(standin) as one:
        yield one


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good request with one thing else; None takes it away."""
    body = deepcopy(GOOD)
    *way, last = path.split("__")
    target: Any = body
    for step in way:
        target = target[int(step)] if step.isdigit() else target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return body


async def opened(client: httpx2.AsyncClient, key: str = "k", **more: Any) -> dict[str, Any]:
    answer = await client.post("/payments", json=GOOD | more, headers={"idempotence-key": key})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_only_the_shop_is_let_in(standin: YooKassaStandin) -> None:
    for auth in (None, httpx2.BasicAuth(standin.shop_id, "wrong"), httpx2.BasicAuth("1", standin.secret_key)):
        async with httpx2.AsyncClient(base_url=standin.url, auth=auth, trust_env=False) as stranger:
            refused = await stranger.post("/payments", json=GOOD, headers={"idempotence-key": "k"})
            assert (refused.status_code, refused.json()["code"]) == (401, "invalid_credentials")
            assert (await stranger.get("/payments/1")).status_code == 401
    assert not standin.books.payments


async def test_a_payment_has_every_field_of_the_contract(client: httpx2.AsyncClient, standin: YooKassaStandin) -> None:
    told = await opened(client)
    assert (told["status"], told["paid"], told["amount"], told["refundable"]) == ("pending", False, RUB, False)
    assert told["confirmation"]["confirmation_url"].startswith(f"{standin.origin}/checkout/")
    assert told["metadata"] == {"order_id": "17"}
    assert told["recipient"]["account_id"] == standin.shop_id
    standin.pay(told["id"])
    after = (await client.get(f"/payments/{told['id']}")).json()
    assert (after["status"], after["paid"], after["refundable"]) == ("succeeded", True, True)
    assert "confirmation" not in after
    assert after["refunded_amount"] == {"value": "0.00", "currency": "RUB"}


@pytest.mark.parametrize(
    ("path", "value", "parameter"),
    [
        ("amount", None, "amount"),
        ("amount__value", 123.4, "amount.value"),
        ("amount__value", "123.4", "amount.value"),
        ("amount__value", "0.99", "amount.value"),
        ("amount__value", "-5.00", "amount.value"),
        ("amount__currency", "USD", "amount.currency"),
        ("capture", "true", "capture"),
        ("confirmation", None, "confirmation"),
        ("confirmation__return_url", None, "confirmation.return_url"),
        ("confirmation__type", "embedded", "confirmation.type"),
        ("description", "Х" * 129, "description"),
        ("metadata", {str(place): "x" for place in range(17)}, "metadata"),
        ("metadata__order_id", "x" * 513, "metadata.order_id"),
        ("receipt__customer", {}, "receipt.customer"),
        ("receipt__items", [], "receipt.items"),
        ("receipt__items__0__vat_code", 13, "receipt.items[0].vat_code"),
        ("receipt__items__0__vat_code", "1", "receipt.items[0].vat_code"),
        ("receipt__items__0__quantity", "3.00", "receipt.items"),
        ("receipt__items__0__payment_subject", "pillow", "receipt.items[0].payment_subject"),
        ("idempotence_key", "k", "idempotence_key"),
    ],
)
async def test_a_wrong_payment_is_refused(
    client: httpx2.AsyncClient, standin: YooKassaStandin, path: str, value: Any, parameter: str
) -> None:
    refused = await client.post("/payments", json=changed(path, value), headers={"idempotence-key": "k"})
    assert (refused.status_code, refused.json()["parameter"]) == (400, parameter)
    assert refused.json()["code"] == "invalid_request"
    assert not standin.books.payments


async def test_what_is_no_request_is_refused(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/payments", json=GOOD)).json()["parameter"] == "Idempotence-Key"
    long = {"idempotence-key": "k" * 65}
    assert (await client.post("/payments", json=GOOD, headers=long)).status_code == 400
    key = {"idempotence-key": "k"}
    assert (await client.post("/payments", data={"a": "b"}, headers=key)).status_code == 415
    broken = {"idempotence-key": "k", "content-type": "application/json"}
    assert (await client.post("/payments", content=b"{", headers=broken)).status_code == 400
    assert (await client.post("/payments", json=[], headers=key)).status_code == 400
    assert (await client.get("/payments")).status_code == 405
    assert (await client.get("/payments/none")).json()["code"] == "not_found"


async def test_a_key_does_a_thing_once_for_a_day(
    client: httpx2.AsyncClient, standin: YooKassaStandin, clock: Clock
) -> None:
    told = await asyncio.gather(*(opened(client, "same") for _ in range(10)))
    assert len({one["id"] for one in told}) == len(standin.books.payments) == 1
    other = await client.post("/payments", json=changed("amount__value", "5.00"), headers={"idempotence-key": "same"})
    assert (other.status_code, other.json()["description"]) == (400, "Idempotence key duplicated")
    clock.now = NOW + timedelta(hours=25)
    assert (await opened(client, "same"))["id"] != told[0]["id"]


async def test_receipts_are_required_where_the_shop_must_send_them(
    client: httpx2.AsyncClient, standin: YooKassaStandin
) -> None:
    standin.plan.receipts = True
    refused = await client.post("/payments", json=changed("receipt", None), headers={"idempotence-key": "k"})
    assert refused.json()["description"] == "Receipt is missing or illegal"
    await opened(client)


async def test_a_payment_nobody_pays_ends_after_an_hour(client: httpx2.AsyncClient, clock: Clock) -> None:
    told = await opened(client)
    clock.now = NOW + timedelta(hours=1)
    after = (await client.get(f"/payments/{told['id']}")).json()
    assert after["status"] == "canceled"
    assert after["cancellation_details"] == {"party": "yoo_money", "reason": "expired_on_confirmation"}


async def test_two_stages_are_captured_or_cancelled_once(client: httpx2.AsyncClient, standin: YooKassaStandin) -> None:
    one, two = await opened(client, "1", capture=False), await opened(client, "2", capture=False)
    early = await client.post(f"/payments/{one['id']}/capture", json={}, headers={"idempotence-key": "c0"})
    assert early.status_code == 400
    for told in (one, two):
        standin.pay(told["id"])
        assert (await client.get(f"/payments/{told['id']}")).json()["status"] == "waiting_for_capture"
    captured = await client.post(f"/payments/{one['id']}/capture", json={}, headers={"idempotence-key": "c1"})
    assert captured.json()["status"] == "succeeded"
    cancelled = await client.post(f"/payments/{two['id']}/cancel", json={}, headers={"idempotence-key": "c2"})
    assert cancelled.json()["cancellation_details"]["reason"] == "canceled_by_merchant"
    assert (await client.get(f"/payments/{one['id']}/cancel")).status_code == 405


async def refunded(client: httpx2.AsyncClient, payment: str, value: str, key: str) -> httpx2.Response:
    body = {"payment_id": payment, "amount": {"value": value, "currency": "RUB"}}
    return await client.post("/refunds", json=body, headers={"idempotence-key": key})


async def test_no_more_is_given_back_than_was_paid(client: httpx2.AsyncClient, standin: YooKassaStandin) -> None:
    told = await opened(client)
    assert (await refunded(client, told["id"], "1.00", "early")).status_code == 400
    assert (await refunded(client, "none", "1.00", "none")).status_code == 404
    standin.pay(told["id"])
    first = await refunded(client, told["id"], "100.00", "a")
    assert (first.json()["status"], first.json()["payment_id"]) == ("succeeded", told["id"])
    assert (await refunded(client, told["id"], "100.00", "a")).json() == first.json()
    too_much = await refunded(client, told["id"], "23.41", "b")
    assert (too_much.status_code, too_much.json()["parameter"]) == (400, "amount.value")
    assert (await refunded(client, told["id"], "23.40", "c")).status_code == 200
    after = (await client.get(f"/payments/{told['id']}")).json()
    assert (after["refunded_amount"]["value"], after["refundable"]) == ("123.40", False)
    assert (await client.get(f"/refunds/{first.json()['id']}")).json() == first.json()
    assert (await client.get("/refunds/none")).status_code == 404


async def test_the_page_pays_or_declines_and_leads_back(client: httpx2.AsyncClient, standin: YooKassaStandin) -> None:
    one, two = await opened(client, "1"), await opened(client, "2")
    async with httpx2.AsyncClient(base_url=standin.origin, trust_env=False) as payer:
        page = await payer.get(f"/checkout/{one['id']}")
        assert "123,40" in page.text
        assert "Заказ 17" in page.text
        back = await payer.post(f"/checkout/{one['id']}", data={"how": "pay"})
        assert (back.status_code, back.headers["location"]) == (303, "https://card.example/shop")
        await payer.post(f"/checkout/{two['id']}", data={"how": "decline"})
        assert "уже завершён" in (await payer.get(f"/checkout/{one['id']}")).text
        assert (await payer.get("/checkout/none")).status_code == 404
    assert (await client.get(f"/payments/{one['id']}")).json()["status"] == "succeeded"
    declined = (await client.get(f"/payments/{two['id']}")).json()
    assert declined["cancellation_details"] == {"party": "payment_network", "reason": "insufficient_funds"}


async def test_faults_happen_as_ordered(client: httpx2.AsyncClient, standin: YooKassaStandin) -> None:
    standin.plan.faults["payments"].extend(["500", "429", "lose"])
    key = {"idempotence-key": "k"}
    assert (await client.post("/payments", json=GOOD, headers=key)).status_code == 500
    assert (await client.post("/payments", json=GOOD, headers=key)).headers["retry-after"] == "1"
    assert not standin.books.payments
    with pytest.raises(httpx2.TransportError):
        await client.post("/payments", json=GOOD, headers=key)
    assert list(standin.books.payments) == [(await opened(client))["id"]]
