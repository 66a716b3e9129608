"""The main job over real HTTP, by a client written from the contract alone: join, card, scan, purchase, history, tier."""

import base64
import os
import re
import subprocess
import sys
import time
from typing import Any
from uuid import uuid4

import pytest

from api.clock import now
from loyalty import codes
from tests.makers.demo import ROOT, SILENT_SECONDS, Client, Demo, free_port
from tests.makers.patience import awaited

pytestmark = pytest.mark.xdist_group("journeys")

PROBLEM = "... on Problem { code message field retryable retryAfterSeconds requestId }"
REGISTER = f"mutation($input: RegisterInput!) {{ register(input: $input) {{ __typename ... on Registered {{ email resendAfter }} {PROBLEM} }} }}"
CONFIRM = f"mutation($token: String!) {{ confirmEmail(token: $token) {{ __typename ... on EmailConfirmed {{ email }} {PROBLEM} }} }}"
CODE = (
    "mutation($email: String!, $code: String!) { confirmEmailByCode(email: $email, code: $code)"
    f" {{ __typename ... on EmailConfirmed {{ email }} {PROBLEM} }} }}"
)
SIGN_IN = (
    "mutation($login: String!, $password: String!) { signIn(login: $login, password: $password, transport: BEARER)"
    f" {{ __typename ... on SignedIn {{ token member {{ firstName }} }} {PROBLEM} }} }}"
)
KEY = (
    "mutation($device: String!) { issueCardKey(device: $device) { __typename ... on CardKey"
    f" {{ handle stepSeconds serverTime validUntil days {{ day key }} }} {PROBLEM} }} }}"
)
IDENTIFY = (
    "mutation($scanId: UUID!, $code: String!) { identify(scanId: $scanId, code: $code) { __typename ... on Identified"
    " { ticket expiresAt guest { firstName tier { id name } rules { service { id } channel discountPercent accumulates } } }"
    f" {PROBLEM} }} }}"
)
QUOTE = (
    "mutation($input: QuoteInput!) { quotePurchase(input: $input) { __typename ... on Quote { id expiresAt gross discount"
    f" net lines {{ service {{ id }} quantity gross discount net accumulates reasons {{ code text }} }} }} {PROBLEM} }} }}"
)
PURCHASE = (
    "id status gross discount net accumulated refunded receiptNumber businessDate lines { id net refundedNet refundedQuantity }"
    " refunds { number net }"
)
POST = (
    "mutation($input: PurchaseInput!) { postPurchase(input: $input) { __typename ... on PurchasePosted"
    f" {{ tierRaised purchase {{ {PURCHASE} }} progress {{ tier {{ id }} accumulated left }} }}"
    f" ... on PriceChanged {{ message quote {{ id net }} }} {PROBLEM} }} }}"
)
REFUND = (
    "mutation($input: RefundInput!) { refundPurchase(input: $input) { __typename ... on PurchaseRefunded"
    f" {{ refund {{ number net discount }} purchase {{ {PURCHASE} }} progress {{ tier {{ id }} accumulated }} }} {PROBLEM} }} }}"
)
ME = (
    "{ me { number card { number kind status } cards { number kind status } progress { tier { id } next { id } accumulated"
    f" left }} totals {{ purchases saved }} purchases {{ next items {{ {PURCHASE} }} }} }} }}"
)
DOCUMENTS = "{ programme { documents { id kind version title text } } }"


def form(login: str, **changes: Any) -> dict[str, Any]:
    return {
        "lastName": "Ветрова",
        "firstName": "Алёна",
        "patronymic": "Игоревна",
        "birthDate": "1991-02-03",
        "email": f"{login}@example.ru",
        "phone": f"8 (900) {uuid4().int % 900 + 100}-{uuid4().int % 90 + 10}-{uuid4().int % 90 + 10}",
        "password": "тихая вода у камня",
        "acceptOffer": True,
        "acceptPersonalData": True,
    } | changes


def letter(client: Client, to: str, *, after: int = 0) -> dict[str, Any]:
    """The newest letter to somebody, once there are more than `after`."""

    def newest() -> dict[str, Any] | None:
        found: list[dict[str, Any]] = client.get(f"/mailbox?to={to}")
        return found[0] if len(found) > after else None

    return awaited(newest, "a letter")


def code_now(key: dict[str, Any], later: int = 0) -> str:
    """The 24 digits a phone draws from its day keys."""
    step = codes.step_at(int(time.time())) + later
    days = {day["day"]: base64.b64decode(day["key"]) for day in key["days"]}
    first22 = codes.PREFIX + key["handle"] + codes.otp(days[codes.day_of(step).isoformat()], step)
    return f"{first22}{codes.check_of(first22)}"


def joined(demo: Demo, login: str, **changes: Any) -> tuple[Client, dict[str, Any]]:
    """(a signed-in client of somebody who has just joined, the form)."""
    guest = demo.client()
    filled = form(login, **changes)
    assert guest.ask(REGISTER, input=filled)["__typename"] == "Registered"
    link = letter(guest, filled["email"])["links"][0]
    assert guest.ask(CONFIRM, token=link.partition("?token=")[2])["__typename"] == "EmailConfirmed"
    token = guest.ask(SIGN_IN, login=filled["email"], password=filled["password"])["token"]
    return demo.client(f"Bearer {token}"), filled


def till_of(demo: Demo, partner: str = "igora", kind: str = "ORDINARY") -> Client:
    return demo.client(f"Till {demo.till(partner, kind)['key']}")


def scanned(till: Client, key: dict[str, Any], later: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = till.ask(IDENTIFY, scanId=str(uuid4()), code=code_now(key, later))
    assert found["__typename"] == "Identified", found
    return found


def quoted(till: Client, ticket: str, amount: str, service: str = "restaurants") -> dict[str, Any]:
    lines = [{"service": service, "name": "Ужин", "quantity": "2", "amount": amount}]
    found: dict[str, Any] = till.ask(QUOTE, input={"ticket": ticket, "lines": lines})
    assert found["__typename"] == "Quote", found
    return found


def posting(quote: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "idempotencyKey": str(uuid4()),
        "quote": quote["id"],
        "receiptNumber": str(uuid4())[:8],
        "closedAt": now().isoformat(),
        "tenders": [{"kind": "CARD", "amount": quote["net"]}],
    } | changes


def confirmed_guest(demo: Demo) -> Client:
    """A signed-in client of somebody who joined with an old card and confirmed by the code, then by the link."""
    guest = demo.client()
    filled = form("alyona", plasticNumber="300 417")
    answer = guest.ask(REGISTER, input=filled)
    assert (answer["__typename"], answer["email"]) == ("Registered", filled["email"])
    refused = guest.ask(SIGN_IN, login=filled["email"], password=filled["password"])
    assert refused["code"] == "NOT_CONFIRMED"
    mail = letter(guest, filled["email"])
    assert mail["links"][0].startswith(f"{demo.told['url']}/confirm?token=")
    digits = re.findall(r"\d{6,}", mail["text"])
    assert len(digits) == 1
    assert len(digits[0]) == 6
    assert guest.ask(CODE, email=filled["email"], code=digits[0])["__typename"] == "EmailConfirmed"
    assert guest.ask(CONFIRM, token=mail["links"][0].partition("?token=")[2])["__typename"] == "EmailConfirmed"
    token = guest.ask(SIGN_IN, login=filled["phone"], password=filled["password"])["token"]
    member = demo.client(f"Bearer {token}")
    me = member.ask(ME)
    assert me["card"] == {"number": me["number"], "kind": "VIRTUAL", "status": "ACTIVE"}
    assert [(card["number"], card["kind"], card["status"]) for card in me["cards"][1:]] == [
        ("300417", "PLASTIC", "REPLACED")
    ]
    assert me["progress"] == {
        "tier": {"id": "dreamer"},
        "next": {"id": "pioneer"},
        "accumulated": "0.00",
        "left": "100000.00",
    }
    return member


def test_a_guest_joins_buys_and_returns(demo: Demo) -> None:
    """A-029..A-051, A-066, A-128: the whole way of a guest, in HTTP."""
    member = confirmed_guest(demo)
    key = member.ask(KEY, device="a phone")
    assert (len(key["days"]), key["stepSeconds"]) == (4, 30)
    till = till_of(demo)
    code = code_now(key)
    scan_id = str(uuid4())
    found = till.ask(IDENTIFY, scanId=scan_id, code=code)
    assert found["guest"]["firstName"] == "Алёна"
    assert till.ask(IDENTIFY, scanId=scan_id, code=code)["ticket"] == found["ticket"]
    used = till.ask(IDENTIFY, scanId=str(uuid4()), code=code)
    assert (used["code"], used["retryable"]) == ("CARD_NOT_ACCEPTED", True)

    quote = quoted(till, found["ticket"], "100000")
    assert (quote["gross"], quote["discount"], quote["net"]) == ("100000.00", "0.00", "100000.00")
    command = posting(quote)
    posted = till.ask(POST, input=command)
    assert posted["tierRaised"] is True
    assert posted["progress"] == {"tier": {"id": "pioneer"}, "accumulated": "100000.00", "left": "400000.00"}
    assert till.ask(POST, input=command) == posted
    assert till.ask(POST, input=command | {"receiptNumber": "other"})["code"] == "KEY_REUSED"

    quote = quoted(till, found["ticket"], "99.90")
    assert (quote["discount"], quote["net"]) == ("5.00", "94.90")
    second = till.ask(POST, input=posting(quote))
    back = till.ask(
        REFUND,
        input={
            "idempotencyKey": str(uuid4()),
            "purchase": second["purchase"]["id"],
            "refundNumber": "R-1",
            "refundedAt": now().isoformat(),
            "lines": [{"line": second["purchase"]["lines"][0]["id"], "quantity": "1"}],
        },
    )
    assert (back["refund"]["net"], back["refund"]["discount"]) == ("47.45", "2.50")
    assert back["purchase"]["status"] == "PARTLY_REFUNDED"
    me = member.ask(ME)
    assert me["totals"] == {"purchases": "100047.45", "saved": "2.50"}
    assert me["progress"]["accumulated"] == "100047.45"
    assert [item["status"] for item in me["purchases"]["items"]] == ["PARTLY_REFUNDED", "POSTED"]


def test_the_published_screen_comes_from_facts(demo: Demo) -> None:
    """A-050..A-052, A-054: a Мечтатель with 10 726 ₽ bought and 541 ₽ saved, priced by two versions."""
    person = demo.told["members"][0]
    token = demo.client().ask(SIGN_IN, login=person["login"], password=person["password"])["token"]
    me = demo.client(f"Bearer {token}").ask(ME)
    assert me["totals"] == {"purchases": "10726.00", "saved": "541.00"}
    assert me["progress"]["tier"] == {"id": "dreamer"}
    assert [(item["gross"], item["discount"], item["net"]) for item in me["purchases"]["items"]] == [
        ("447.00", "0.00", "447.00"),
        ("10820.00", "541.00", "10279.00"),
    ]


def test_the_demo_describes_itself(demo: Demo) -> None:
    """Tills of both kinds for two partners, five members a tier, one of each close to the next."""
    told = demo.told
    assert (demo.home / "demo.json").stat().st_mode & 0o777 == 0o600
    for partner in ("igora", "dacha-vintera"):
        assert {till["kind"] for till in told["tills"] if till["partner"] == partner} == {"ORDINARY", "SYSTEM"}
    tiers = [member["tier"] for member in told["members"]]
    assert all(tiers.count(tier) >= 5 for tier in ("dreamer", "pioneer", "traveller", "collector"))
    for tier in ("dreamer", "pioneer", "traveller"):
        left = []
        for member in (member for member in told["members"] if member["tier"] == tier):
            answer = demo.client().ask(SIGN_IN, login=member["login"], password=member["password"])
            me = demo.client(f"Bearer {answer['token']}").ask(ME)
            assert me["progress"]["tier"]["id"] == tier
            left.append(float(me["progress"]["left"]))
        assert min(left) < 1000


def test_a_system_till_sells_what_a_counter_may_not(demo: Demo) -> None:
    """A-079, A-067: bookings of the cabinet count."""
    member, _ = joined(demo, "booker")
    key = member.ask(KEY, device="laptop")
    system = till_of(demo, kind="SYSTEM")
    ticket = scanned(system, key)["ticket"]
    lines = [{"service": "stay", "name": "Номер", "quantity": "1", "amount": "12000.00"}]
    quote = system.ask(QUOTE, input={"ticket": ticket, "lines": lines, "channel": "CABINET"})
    assert [line["accumulates"] for line in quote["lines"]] == [True]
    posted = system.ask(POST, input=posting(quote))
    assert posted["progress"]["accumulated"] == "12000.00"
    counter = till_of(demo)
    ticket = scanned(counter, key, later=1)["ticket"]
    refused = counter.ask(QUOTE, input={"ticket": ticket, "lines": lines, "channel": "CABINET"})
    assert (refused["code"], refused["field"]) == ("CHANNEL_NOT_ALLOWED", "input.channel")


def test_consents_are_their_own_documents(demo: Demo) -> None:
    """A-039, A-040: required ones are asked for, an outdated text is refused."""
    guest = demo.client()
    documents = guest.ask(DOCUMENTS)["documents"]
    assert {document["kind"] for document in documents} == {"OFFER", "PERSONAL_DATA", "PARTNER_TRANSFER", "MARKETING"}
    refused = guest.ask(REGISTER, input=form("nobody", acceptOffer=False))
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "input.acceptOffer")
    refused = guest.ask(REGISTER, input=form("nobody", documents=["offer-1999"]))
    assert (refused["code"], refused["field"].startswith("input.documents")) == ("INVALID_INPUT", True)
    assert guest.get("/mailbox?to=nobody@example.ru") == []


def test_a_second_demo_in_one_folder_leaves_the_first_alone(demo: Demo) -> None:
    before = (demo.home / "demo.json").read_bytes()
    environment = os.environ | {"PORT": str(free_port()), "KUNAK_HOME": str(demo.home)}
    second = subprocess.run(
        [sys.executable, "-m", "api.cli", "demo"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        timeout=SILENT_SECONDS,
        check=False,
    )
    assert second.returncode == 1, second.stderr
    assert b"Traceback" not in second.stderr
    assert (demo.home / "demo.json").read_bytes() == before
