"""The shop over HTTP: public prices, the member's own, who may ask what, and the whole way from order to till (A-081)."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from tests.makers.app import client_of
from tests.makers.credentials import make_token
from tests.makers.people import make_member, make_till
from tests.makers.shop import Store, store_of
from tests.makers.state import state

PROBLEM = "... on Problem { code message field }"
SHOP = """query ($partner: ID) { shop(partner: $partner) { id name price validDays canOrder partner { id }
    byTier { tier { id } net } mine { net discount discountPercent accumulates tier { id } reasons { code text } } } }"""
BOUGHT = """id state number name quantity price discount net problem purchase validUntil payment { state confirmationUrl }
    vouchers { id state code paid canReturn usedAt usedOutlet { id } moneyBack }"""
START = f"""mutation ($input: ShopOrderInput!) {{ startShopOrder(input: $input) {{ __typename
    ... on ShopOrdered {{ order {{ {BOUGHT} }} }} ... on ShopPriceChanged {{ net message item {{ id mine {{ net }} }} }} {PROBLEM} }} }}"""
CANCEL = f"""mutation ($order: UUID!) {{ cancelShopOrder(order: $order) {{ __typename
    ... on ShopOrderCancelled {{ order {{ state }} }} {PROBLEM} }} }}"""
ORDER = f"query ($id: UUID!) {{ shopOrder(id: $id) {{ {BOUGHT} }} }}"
MINE = f"{{ me {{ shopOrders(first: 1) {{ next items {{ {BOUGHT} }} }} }} }}"
PREVIEW = "query ($vouchers: [UUID!]!) { voucherReturn(vouchers: $vouchers) { money progress points } }"
RETURN = f"""mutation ($input: ReturnVouchersInput!) {{ returnVouchers(input: $input) {{ __typename
    ... on VouchersReturned {{ order {{ {BOUGHT} }} }} {PROBLEM} }} }}"""
LOOK = "query ($code: String!) { voucher(code: $code) { id state name order validUntil usedAt usedOutlet { id } } }"
REDEEM = f"""mutation ($input: RedeemVoucherInput!) {{ redeemVoucher(input: $input) {{ __typename
    ... on VoucherRedeemed {{ voucher {{ state name usedOutlet {{ id }} }} }} {PROBLEM} }} }}"""
NOBODY = "0190a0b0-0000-7000-8000-000000000000"


@dataclass
class Scene:
    """A shop, and callers by their credentials."""

    store: Store
    client: httpx2.AsyncClient
    member: str
    till: str

    async def post(self, query: str, who: str = "", language: str = "en", **variables: Any) -> Any:
        headers = {"accept-language": language} | ({"authorization": who} if who else {})
        body = {"query": query, "variables": variables}
        return (await self.client.post("/graphql", json=body, headers=headers)).json()

    async def ask(self, query: str, who: str = "", **variables: Any) -> Any:
        told = await self.post(query, who, **variables)
        assert "errors" not in told, told
        return next(iter(told["data"].values()))


@pytest.fixture
async def scene(db: None, now: datetime) -> AsyncIterator[Scene]:
    async with store_of(now) as store:
        token = await make_token(store.member, now)
        app = create_app(
            Settings(introspection=True), resources=store.resources, clock=lambda: store.clock.now, documents={}
        )
        async with client_of(app) as client:
            yield Scene(store, client, f"Bearer {token}", f"Till {store.key}")


def order_of(net: str, quantity: int = 1, key: str = "one", item: str = "ski-day") -> dict[str, Any]:
    return {"idempotencyKey": key, "partner": "igora", "item": item, "quantity": quantity, "net": net}


async def test_everybody_reads_prices_and_a_member_the_own_one_with_the_reason(scene: Scene) -> None:
    """A-081: «почему» stands beside the price, in both languages; a partner without a shop is named as such."""
    goods = await scene.ask(SHOP)
    assert [one["id"] for one in goods][:2] == ["ski-day", "ski-lesson"]
    assert {one["partner"]["id"] for one in goods} == {"igora", "leningrad-center", "myasnoy-blok"}
    assert (goods[0]["price"], goods[0]["mine"], goods[0]["canOrder"]) == ("2500.00", None, True)
    assert [cell["net"] for cell in goods[0]["byTier"]] == ["2500.00", "2375.00", "2250.00", "2125.00"]
    await scene.store.raised(500_000_00)
    mine = (await scene.ask(SHOP, scene.member, partner="igora"))[0]["mine"]
    assert (mine["net"], mine["discount"], mine["tier"]["id"]) == ("2250.00", "250.00", "traveller")
    assert [reason["code"] for reason in mine["reasons"]] == ["discount", "counts"]
    told = (await scene.post(SHOP, scene.member, "ru", partner="igora"))["data"]["shop"][0]
    assert "10" in told["mine"]["reasons"][0]["text"]
    wrong = await scene.post(SHOP, partner="dacha-vintera")
    assert wrong["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_from_the_order_to_the_till_and_back(scene: Scene) -> None:
    """A-081: ordered, paid, one of two redeemed, the other returned, each told to whom it concerns."""
    store = scene.store
    made = (await scene.ask(START, scene.member, input=order_of("5000.00", 2)))["order"]
    assert (made["state"], made["vouchers"], made["payment"]["state"]) == ("OFFERED", [], "OPENING")
    await store.work()
    waiting = await scene.ask(ORDER, scene.member, id=made["id"])
    assert waiting["payment"]["confirmationUrl"].startswith(store.standin.origin)
    found = await store.fresh(made["id"])
    await store.pay(found.order)
    done = await scene.ask(ORDER, scene.member, id=made["id"])
    assert (done["state"], done["purchase"], done["payment"]) == ("ISSUED", made["id"], None)
    first, second = done["vouchers"]
    assert first["code"] != second["code"]
    assert first["code"].startswith("93")

    seen = await scene.ask(LOOK, scene.till, code=first["code"])
    assert (seen["state"], seen["name"], seen["order"]) == ("ISSUED", "Ski pass for a day", made["number"])
    used = await scene.ask(REDEEM, scene.till, input={"idempotencyKey": "k", "code": f"{first['code']}\r\n"})
    assert used["voucher"] == {
        "state": "USED",
        "name": "Ski pass for a day",
        "usedOutlet": {"id": "igora-ski-rental"},
    }
    again = await scene.ask(REDEEM, scene.till, input={"idempotencyKey": "l", "code": first["code"]})
    assert again["code"] == "VOUCHER_NOT_ACCEPTED"
    assert "Ski rental desk" in again["message"]

    shown = await scene.ask(PREVIEW, scene.member, vouchers=[second["id"]])
    assert shown == {"money": "2500.00", "progress": "2500.00", "points": 0}
    wish = {"idempotencyKey": "r", "vouchers": [second["id"]], "money": shown["money"]}
    back = (await scene.ask(RETURN, scene.member, input=wish))["order"]
    assert [(one["state"], one["code"] is None) for one in back["vouchers"]] == [("USED", True), ("RETURNED", True)]
    await store.work()
    over = await scene.ask(ORDER, scene.member, id=made["id"])
    assert (over["state"], over["vouchers"][1]["moneyBack"]) == ("USED", "PAID")


async def test_another_sum_is_told_and_nothing_is_ordered(scene: Scene) -> None:
    before = await state()
    changed = await scene.ask(START, scene.member, input=order_of("4999.99", 2))
    assert (changed["__typename"], changed["net"], changed["item"]["mine"]["net"]) == (
        "ShopPriceChanged",
        "5000.00",
        "2500.00",
    )
    assert await state() == before


async def test_orders_come_in_pages_newest_first(scene: Scene) -> None:
    for place in range(2):
        await scene.ask(START, scene.member, input=order_of("2500.00", key=f"key-{place}"))
        scene.store.clock.turn(seconds=1)
    page = (await scene.ask(MINE, scene.member))["shopOrders"]
    assert len(page["items"]) == 1
    rest = (await scene.ask(MINE.replace("first: 1", f'first: 1, after: "{page["next"]}"'), scene.member))["shopOrders"]
    assert rest["next"] is None
    assert rest["items"][0]["id"] != page["items"][0]["id"]


async def test_who_may_ask_what(scene: Scene, now: datetime) -> None:
    """security.md 6: strangers, other members and other kinds of callers hear a refusal, and nothing moves."""
    store = scene.store
    done = await store.bought(1)
    voucher, code = done.vouchers[0], store.code(done.vouchers[0])
    stranger = f"Bearer {await make_token(await make_member(now), now)}"
    strange_till = f"Till {(await make_till(now, partner='dacha-vintera', outlet='dacha-vintera-desk'))[1]}"
    await store.ordered(1)
    mine = {"idempotencyKey": "x", "vouchers": [str(voucher.id)], "money": "2500.00"}
    order = str(done.order.id)
    before = await state()
    told = [
        await scene.post(START, "", input=order_of("2500.00")),
        await scene.post(START, scene.till, input=order_of("2500.00")),
        await scene.post(CANCEL, stranger, order=order),
        await scene.post(CANCEL, scene.member, order=NOBODY),
        await scene.post(RETURN, stranger, input=mine),
        await scene.post(RETURN, scene.till, input=mine),
        await scene.post(PREVIEW, stranger, vouchers=[str(voucher.id)]),
        await scene.post(ORDER, "", id=order),
        await scene.post(LOOK, scene.member, code=code),
        await scene.post(LOOK, strange_till, code=code),
        await scene.post(REDEEM, scene.member, input={"idempotencyKey": "x", "code": code}),
        await scene.post(REDEEM, strange_till, input={"idempotencyKey": "x", "code": code}),
        await scene.post(REDEEM, "", input={"idempotencyKey": "x", "code": code}),
    ]
    codes = [
        one["errors"][0]["extensions"]["code"] if "errors" in one else next(iter(one["data"].values()))["code"]
        for one in told
    ]
    assert codes == [
        *("UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "NOT_FOUND", "NOT_FOUND", "FORBIDDEN", "NOT_FOUND"),
        *("UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND", "FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"),
    ]
    assert code not in json.dumps(told)
    assert (await scene.ask(ORDER, stranger, id=order)) is None
    assert await state() == before
