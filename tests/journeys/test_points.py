"""The page of points as a newcomer meets it, in English: failed, empty, set aside, asked too late, owed, cut short, old."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from api.clock import now
from tests.journeys.test_askona import Town, number
from tests.journeys.test_code import in_database
from tests.journeys.test_main_job import IDENTIFY, KEY, PROBLEM, code_now, joined
from tests.journeys.test_pages import Walk, expect_latin
from tests.makers.axe import violations
from tests.makers.demo import Client, Demo
from tests.makers.phones import enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

QUOTE = (
    "mutation($input: QuoteInput!) { quotePurchase(input: $input) { __typename ... on Quote { id net points { toPay"
    f" hold {{ id points worth }} }} }} {PROBLEM} }} }}"
)
POST = (
    "mutation($input: PurchaseInput!) { postPurchase(input: $input) { __typename ... on PurchasePosted { points"
    f" purchase {{ id receiptNumber }} }} {PROBLEM} }} }}"
)
REFUND = (
    "mutation($input: RefundInput!) { refundPurchase(input: $input) { __typename ... on PurchaseRefunded"
    f" {{ refund {{ number }} }} {PROBLEM} }} }}"
)
CONFIRM = f"mutation($id: UUID!) {{ confirmSpending(id: $id) {{ __typename {PROBLEM} }} }}"
PAGE = 20
IN_FORCE = "UPDATE points_lot SET activates_at = now() WHERE purchase_id = $1::uuid"
NOW_OVER = "UPDATE points_hold SET expires_at = now() WHERE id = $1::uuid"


@pytest.fixture
def town(browser: Browser, askona: Demo) -> Iterator[Town]:
    with ExitStack() as closing:
        yield Town(browser, askona, closing)


@dataclass
class Counter:
    """A till of the chain with one guest before it."""

    till: Client
    member: Client
    ticket: str

    def quote(self, roubles: int, points: int | None = None) -> dict[str, Any]:
        """The price of a mattress, with points put aside."""
        line = {"service": "mattresses", "name": "Mattress", "quantity": "1", "amount": f"{roubles}.00"}
        asked = {"ticket": self.ticket, "lines": [line]} | ({} if points is None else {"points": points})
        found: dict[str, Any] = self.till.ask(QUOTE, input=asked)
        assert found["__typename"] == "Quote", found
        return found

    def post(self, quote: dict[str, Any]) -> str:
        """Record it, as much of it in points as was put aside; its id."""
        hold = quote["points"]["hold"]
        points = [] if hold is None else [{"kind": "POINTS", "amount": hold["worth"]}]
        tenders = [*points, {"kind": "CARD", "amount": quote["net"] if hold is None else quote["points"]["toPay"]}]
        paid = {"idempotencyKey": str(uuid4()), "quote": quote["id"], "receiptNumber": number()}
        made = self.till.ask(POST, input=paid | {"closedAt": now().isoformat(), "tenders": tenders})
        assert made["__typename"] == "PurchasePosted", made
        return str(made["purchase"]["id"])

    def take_back(self, purchase: str) -> None:
        """All of it comes back."""
        wish = {"idempotencyKey": str(uuid4()), "purchase": purchase, "refundNumber": number()}
        made = self.till.ask(REFUND, input=wish | {"refundedAt": now().isoformat()})
        assert made["__typename"] == "PurchaseRefunded", made

    def change_mind(self) -> None:
        """Points are put aside and let go: two lines of the history."""
        self.quote(1000, 1)
        self.quote(1000, 0)


def counter(town: Town, member: Client) -> Counter:
    """The guest's code is read at a shop in Moscow."""
    key = next(till["key"] for till in town.demo.told["tills"] if till["outlet"] == "moscow-001")
    till = town.demo.client(f"Till {key}")
    code = code_now(member.ask(KEY, device="the newcomer's"))
    return Counter(till, member, till.ask(IDENTIFY, scanId=str(uuid4()), code=code)["ticket"])


def at_points(page: Page) -> Page:
    """The page of points, whatever stands there."""
    page.goto("/points")
    expect(page.get_by_role("heading", name="Points", level=1)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect_latin(page)
    return page


def lose_later_pages(route: Route) -> None:
    """A network that breaks between the first page and the next."""
    body = route.request.post_data_json or {}
    if (body.get("variables") or {}).get("after"):
        route.abort()
    else:
        route.continue_()


def test_a_newcomers_points_in_every_state_in_english(town: Town) -> None:
    """C-07, C-13, X1: failed, empty, pending and set aside, a debt, a second page that did not come, old; in English."""
    member, filled = joined(town.demo, f"points{number()}")
    known = {"login": filled["email"], "password": filled["password"]}
    page = town.phone(is_mobile=False, locale="en-GB")
    walk = Walk(page)
    enter(page, known)
    expect(page.get_by_role("heading", name="Points", exact=True)).to_be_visible()
    page.route("**/graphql", lambda route: route.abort())
    page.goto("/points")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Balance")
    walk.look("failed")
    expect_latin(page)
    page.unroute("**/graphql")
    walk.complaints.clear()  # the browser's own words about the network
    at_points(page)
    expect(page.get_by_text("Points will appear here after the first purchase")).to_be_visible()
    expect(page.get_by_text("Show the code or tell your phone number when you pay.")).to_be_visible()
    walk.look("no points yet")

    shop = counter(town, member)
    first = shop.post(shop.quote(30_000))
    in_database(town.demo, IN_FORCE, first)
    shop.post(shop.quote(4_000))
    asked_too_late(town, shop, known)
    for _ in range(PAGE // 2):
        shop.change_mind()
    spending = shop.quote(10_000, 1_200)
    assert shop.member.ask(CONFIRM, id=spending["points"]["hold"]["id"])["__typename"] == "SpendingConfirmed"
    at_points(page)
    expect(page.get_by_text(re.compile(r"^300\s+points$")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Another 200\s+points from \d+ \w+"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"Set aside at a till: 1,200\s+points"))).to_be_visible()
    lots = page.get_by_role("region", name="When they expire")
    expect(lots.get_by_text(re.compile(r"^300\s+points of 1,500$"))).to_be_visible()
    # A year ahead: the day has its year.
    expect(page.get_by_text(re.compile(r"500\s+points will expire on \d+ \w+ 20\d\d"))).to_be_visible()
    walk.look("pending and set aside")

    shop.post(spending)
    shop.take_back(first)
    at_points(page)
    # 1,500 were earned by what came back: 640 that wait and 300 pay for them, the rest is owed.
    expect(page.get_by_text(re.compile(r"You owe 560\s+points\."))).to_be_visible()
    expect(
        page.get_by_role("listitem").filter(has_text="Taken back after a return: Askona, receipt").first
    ).to_be_visible()
    walk.look("a debt")
    the_second_page(page, walk)
    walk.end()
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text(re.compile("^Offline"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"You owe 560\s+points\."))).to_be_visible()
    assert violations(page) == []
    expect_latin(page)


def asked_too_late(town: Town, shop: Counter, known: dict[str, Any]) -> None:
    """A till asks, nobody answers for a minute: the phone says that nothing was spent, and goes on saying it."""
    page = town.phone(is_mobile=False, locale="en-GB")
    enter(page, known)
    at_points(page)
    hold = shop.quote(10_000, 1_200)["points"]["hold"]
    page.clock.install()
    at_points(page)
    page.get_by_role("button", name="A till waits for your answer").click()
    sheet = page.get_by_role("dialog", name="Confirm spending")
    expect(sheet.get_by_text(re.compile(r"^1,200\s+points$"))).to_be_visible()
    page.clock.fast_forward("01:05")
    expect(sheet.get_by_text("Time is up. Without an answer nothing was spent.")).to_be_visible()
    in_database(town.demo, NOW_OVER, hold["id"])
    walk = Walk(page)
    with page.expect_response("**/graphql"):
        page.clock.fast_forward("00:04")
    expect(page.get_by_role("button", name="A till waits for your answer")).to_have_count(0)
    expect(sheet.get_by_role("alert")).to_be_visible()
    expect(sheet.get_by_role("button", name="Confirm", exact=True)).to_have_count(0)
    walk.look("a spending whose minute ran out")
    expect_latin(page)
    sheet.get_by_role("button", name="Close").last.click()
    expect(sheet).to_have_count(0)
    expect(page.get_by_text(re.compile(r"^1,500\s+points$")).first).to_be_visible()
    walk.end()


def the_second_page(page: Page, walk: Walk) -> None:
    """It does not come: what is there stays, and the same button asks again."""
    rows = page.get_by_role("region", name="History").get_by_role("listitem")
    expect(rows).to_have_count(PAGE)
    page.route("**/graphql", lose_later_pages)
    page.get_by_role("button", name="Show more").click()
    expect(page.get_by_role("alert").get_by_text("The next entries did not load.")).to_be_visible()
    expect(rows).to_have_count(PAGE)
    walk.look("a second page that did not come")
    page.unroute("**/graphql")
    walk.complaints.clear()  # the browser's own words about the network
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    assert rows.count() > PAGE
    expect_latin(page)
