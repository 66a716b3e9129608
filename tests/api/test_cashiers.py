"""Who stood at the till, as the three ways in carry it: by GraphQL, out of the queue of a till page, and by a plugin."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from models import database
from services.resources import Resources
from tests.makers.offline import kept, till_page
from tests.makers.people import MadeMember, Phone, make_phone, make_till
from tests.makers.plugins import Clock, closing, dish, plugin_of
from tests.makers.purchases import dinner, make_quote
from tests.makers.restaurant import OUTLET, make_regular
from tests.makers.state import state

POST = """mutation($input: PurchaseInput!) { postPurchase(input: $input) { __typename
  ... on PurchasePosted { purchase { id } } ... on Problem { code field } } }"""
REFUND = """mutation($input: RefundInput!) { refundPurchase(input: $input) { __typename
  ... on PurchaseRefunded { refund { net } } ... on Problem { code field } } }"""


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def member(db: None, clock: Clock, resources: Resources) -> MadeMember:
    return await make_regular(resources, clock)


@pytest.fixture
async def phone(member: MadeMember, resources: Resources, clock: Clock) -> Phone:
    return await make_phone(resources, member.id, clock())


async def stored(table: str) -> list[str | None]:
    """The cashiers of a table after those that its beginning has."""
    rows = await database.fetch(f"SELECT cashier FROM {table} ORDER BY id")
    return [row["cashier"] for row in rows if row["cashier"] is not None]


async def test_a_till_names_its_cashier_by_graphql(member: MadeMember, resources: Resources, clock: Clock) -> None:
    """A-242: kept with the receipt and the return; a name is refused and moves nothing; a key is of one cashier."""
    till, key = await make_till(clock(), outlet=OUTLET)
    quote = await make_quote(till, member, [dinner(100)], clock())
    async with till_page(resources, key, clock) as page:

        async def ask(query: str, **more: Any) -> Any:
            body = {"query": query, "variables": {"input": more}}
            answer = await page.client.post("/graphql", json=body, headers={"Authorization": f"Till {key}"})
            (told,) = answer.json()["data"].values()
            return told

        tenders = [{"kind": "CARD", "amount": f"{quote.priced.net / 100:.2f}"}]
        sale = {"idempotencyKey": "s", "quote": str(quote.id), "receiptNumber": "s-1", "tenders": tenders}
        sale |= {"closedAt": clock().isoformat(), "cashier": "17"}
        before = await state()
        refused = await ask(POST, **sale | {"cashier": "Анна"})
        assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "input.cashier")
        assert await state() == before
        sold = await ask(POST, **sale)
        assert await ask(POST, **sale) == sold
        assert (await ask(POST, **sale | {"cashier": "18"}))["code"] == "KEY_REUSED"
        back = {"idempotencyKey": "r", "purchase": sold["purchase"]["id"], "refundNumber": "r-1"}
        back |= {"refundedAt": clock().isoformat(), "cashier": "19"}
        before = await state()
        refused = await ask(REFUND, **back | {"cashier": ""})
        assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "input.cashier")
        assert await state() == before
        done = await ask(REFUND, **back)
        assert await ask(REFUND, **back) == done
        assert (await ask(REFUND, **back | {"cashier": None}))["code"] == "KEY_REUSED"
    assert (await stored("purchase"), await stored("refund")) == (["17"], ["19"])


async def test_a_kept_receipt_names_who_took_it(phone: Phone, resources: Resources, clock: Clock) -> None:
    """A-242, INV-24: sent twice it is one; a name is refused for its receipt alone."""
    _, key = await make_till(clock(), outlet=OUTLET)
    begun = clock()
    clock.move(hours=1)
    receipt = kept(phone, begun + timedelta(minutes=10), cashier="17")
    async with till_page(resources, key, clock) as page:
        assert await page.posted(receipt) == await page.posted(receipt)
        named = kept(phone, begun + timedelta(minutes=20), cashier="Анна Иванова")
        assert await page.refused(named) == ("INVALID_INPUT", "input.receipts.0.cashier")
        assert (await page.refused(receipt | {"cashier": "18"}))[0] == "KEY_REUSED"
    assert await stored("purchase") == ["17"]


async def test_a_plugin_tells_whose_order_it_was(phone: Phone, resources: Resources, clock: Clock) -> None:
    """A-242, A-087: the cashier's id in iiko, with the order and with its return; two terminals need not agree on it."""
    _, key = await make_till(clock(), outlet=OUTLET, channels=("TILL",))
    async with plugin_of(resources, key, clock) as plugin:
        order, line, cashier = str(uuid4()), dish("1000.00"), str(uuid4())
        quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=[line])
        commit = closing(order, quote, [line], clock())
        before = await state()
        assert await plugin.refused("commit", **commit, cashier="Анна") == (400, "INVALID_INPUT", "cashier")
        assert await state() == before
        told = await plugin.ask("commit", **commit, cashier=cashier)
        assert await plugin.ask("commit", **commit) == told
        back = {"order": order, "refund": str(uuid4()), "number": "R-1", "refundedAt": clock().isoformat()}
        assert (await plugin.ask("refund", **back, cashier="x-2"))["result"] == "REFUNDED"
    assert (await stored("purchase"), await stored("refund")) == ([cashier], ["x-2"])
