"""A web shop that sends the operations of its own file, word for word: a guest joins, buys, pays, and brings it back."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from graphql import parse, print_ast
from graphql.utilities import separate_operations

from services.ledger import check_books
from services.tills import SCOPES
from tests.graph.entry.conftest import BOTH, Counter
from tests.graph.members.conftest import House
from tests.makers.messages import PHONE
from tests.makers.people import make_till

FILE = Path(__file__).parents[1] / "integrators" / "shop.graphql"
OPERATIONS = {
    name: print_ast(document) for name, document in separate_operations(parse(FILE.read_text("utf-8"))).items()
}


async def send(shop: Counter, name: str, **variables: Any) -> Any:
    """What the one root field of an operation answers, as it is: nothing is selected but what the file selects."""
    answer = (await shop.house.send(OPERATIONS[name], variables, Authorization=f"Till {shop.key}")).json()
    assert "errors" not in answer, answer
    return answer["data"]


async def told(shop: Counter, name: str, **variables: Any) -> Any:
    """The answer of a mutation that must not be refused."""
    (answer,) = (await send(shop, name, **variables)).values()
    assert "code" not in answer, answer
    return answer


async def test_a_guest_of_a_web_shop_by_its_own_operations(house: House) -> None:
    """A-224, A-236, A-240: joined, found by phone, priced, posted once, found again, returned; data changed by a code."""
    till, key = await make_till(
        house.now, partner="askona", outlet="web-shop", kind="SYSTEM", channels=("SHOP",), scopes=(*SCOPES, "GUESTS")
    )
    shop = Counter(house, till, key, "SHOP")
    home = await send(shop, "Shop")
    assert (home["till"]["kind"], home["programme"]["identify"]) == ("SYSTEM", ["QR", "PHONE"])
    service = home["till"]["services"][0]["id"]
    form = shop.form(channel="SHOP")
    assert set(form["accepted"]) == set(BOTH) <= {one["id"] for one in home["programme"]["documents"]}
    request = (await told(shop, "Register", input=form))["request"]
    proof = {"idempotencyKey": str(uuid4()), "channel": "SHOP", "request": request, "code": await shop.code()}
    joined = await told(shop, "Confirm", input=proof)
    assert joined["isNew"] is True

    guest = await told(shop, "Find", scanId=str(uuid4()), phone=form["phone"])
    assert guest["guest"]["identifiedBy"] == "PHONE"
    lines = [{"service": service, "name": "Матрас", "quantity": "1", "amount": "1000.00"}]
    quote = await told(shop, "PriceBasket", input={"ticket": guest["ticket"], "channel": "SHOP", "lines": lines})
    sale = {
        "idempotencyKey": str(uuid4()),
        "quote": quote["id"],
        "receiptNumber": "W-1",
        "closedAt": shop.house.now.isoformat(),
        "tenders": [{"kind": "CARD", "amount": quote["net"]}],
    }
    posted = await told(shop, "Post", input=sale)
    assert await told(shop, "Post", input=sale) == posted, "once"
    found = (await send(shop, "FindReceipt", number="W-1", businessDate=None))["receipt"]
    assert found == posted["purchase"]
    back = {
        "idempotencyKey": str(uuid4()),
        "purchase": found["id"],
        "refundNumber": "W-1-R",
        "refundedAt": shop.house.now.isoformat(),
        "lines": [{"line": found["lines"][0]["id"], "net": found["net"]}],
    }
    returned = await told(shop, "GiveBack", input=back)
    assert (returned["refund"]["net"], returned["purchase"]["status"]) == (found["net"], "REFUNDED")

    await shop.arrived()  # the letter that greets a member
    shop.house.later(seconds=61)
    change = {"firstName": "Павел"}
    asked = await told(shop, "AskToChange", input={"channel": "SHOP", "change": change, "phone": PHONE})
    said = {"idempotencyKey": str(uuid4()), "channel": "SHOP", "change": change, "request": asked["request"]}
    done = await told(shop, "Change", input=said | {"code": await shop.code()})
    assert done["member"] == joined["member"]
    guests = [{"externalId": "17", "phone": "+7 921 000-00-17"}, {"externalId": "18", "phone": "12"}]
    taken = await told(shop, "HandOverGuests", guests=guests)
    assert (taken["taken"], [fault["index"] for fault in taken["faults"]]) == (1, [1])
    assert await check_books(shop.house.now + timedelta(minutes=2)) == []
