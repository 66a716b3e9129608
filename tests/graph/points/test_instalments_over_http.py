"""A-214 over HTTP: a web shop sells on instalments, the bank answers later, and the cabinet says how it stands."""

from typing import Any
from uuid import uuid4

from tests.graph.points.test_points_over_http import Scene, scene
from tests.makers.credentials import make_token

__all__ = ["scene"]

STANDS = "instalment { state until counts points }"
POST = f"""mutation($input: PurchaseInput!) {{ postPurchase(input: $input) {{ __typename
  ... on PurchasePosted {{ points progress {{ accumulated }} purchase {{ id accumulated points {{ earned }} {STANDS}
    lines {{ id accumulates }} }} }}
  ... on Problem {{ ...problem }} }} }}"""
WORD = """mutation($input: TenderWordInput!) { %s(input: $input) { __typename
  ... on TenderDecided { state purchase { id accumulated } } ... on Problem { ...problem } } }"""
MINE = (
    f"{{ me {{ points {{ available }} purchases {{ items {{ id accumulated {STANDS} lines {{ accumulates }} }} }} }} }}"
)
BACK = """mutation($input: RefundInput!) { refundPurchase(input: $input) { __typename
  ... on PurchaseRefunded { purchase { refunded } } ... on Problem { ...problem } } }"""


async def sold(scene: Scene, receipt: str, **tender: Any) -> Any:
    quote = await scene.quote(None)
    body = {
        "idempotencyKey": str(uuid4()),
        "quote": quote["id"],
        "receiptNumber": receipt,
        "closedAt": scene.house.now.isoformat(),
        "tenders": [{"kind": "INSTALMENT", "amount": quote["net"], "awaitsConfirmation": True, **tender}],
    }
    return await scene.at_till(POST, {"input": body})


async def word(scene: Scene, name: str, receipt: str) -> Any:
    given = {"idempotencyKey": str(uuid4()), "receiptNumber": receipt, "businessDate": "2026-03-14"}
    return await scene.at_till(WORD % name, {"input": given})


async def test_a_bank_says_yes_later(scene: Scene) -> None:
    """A-213, A-214: nothing before, half of it returned meanwhile, the rest by itself with the yes."""
    posted = await sold(scene, "1")
    waits = {"state": "WAITING", "until": "2026-04-13T09:26:53Z", "counts": "1000.00", "points": 50}
    assert posted["purchase"]["instalment"] == waits
    assert (posted["purchase"]["accumulated"], posted["progress"]["accumulated"]) == ("0.00", "0.00")
    mine = await scene.at_phone(MINE)
    assert mine["points"]["available"] == 0
    assert mine["purchases"]["items"][0]["instalment"] == waits
    given = {
        "idempotencyKey": str(uuid4()),
        "purchase": posted["purchase"]["id"],
        "refundNumber": "1-1",
        "refundedAt": scene.house.now.isoformat(),
        "lines": [{"line": posted["purchase"]["lines"][0]["id"], "net": "500.00"}],
    }
    assert (await scene.at_till(BACK, {"input": given}))["purchase"]["refunded"] == "500.00"
    decided = await word(scene, "confirmTender", "1")
    assert (decided["state"], decided["purchase"]["id"]) == ("CONFIRMED", posted["purchase"]["id"])
    mine = await scene.at_phone(MINE)
    assert mine["points"]["available"] == 25
    item = mine["purchases"]["items"][0]
    assert (item["instalment"]["state"], item["lines"]) == ("CONFIRMED", [{"accumulates": True}])
    refused = await word(scene, "cancelTender", "1")
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "input.receiptNumber")


async def test_a_bank_says_no(scene: Scene) -> None:
    """A-214: the receipt stays and brings nothing; the time to say yes ends, too."""
    await sold(scene, "2")
    assert (await word(scene, "cancelTender", "2"))["state"] == "CANCELLED"
    await sold(scene, "3")
    scene.house.later(days=30)
    scene.token = await make_token(scene.member, scene.house.now)
    mine = await scene.at_phone(MINE)
    assert {one["instalment"]["state"] for one in mine["purchases"]["items"]} == {"CANCELLED", "EXPIRED"}
    refused = await word(scene, "confirmTender", "3")
    assert refused["code"] == "HOLD_EXPIRED"
    assert (await scene.at_phone(MINE))["points"]["available"] == 0


async def test_only_an_instalment_waits(scene: Scene) -> None:
    refused = await sold(scene, "4", kind="CASH")
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "input.tenders.0.awaitsConfirmation")
    paid = await sold(scene, "5", awaitsConfirmation=False)
    assert (paid["purchase"]["instalment"], paid["purchase"]["points"]["earned"]) == (None, 50)
    assert (await word(scene, "confirmTender", "5"))["code"] == "INVALID_INPUT"
    early = await word(scene, "confirmTender", "6")
    assert (early["state"], early["purchase"]) == ("WAITING", None)
