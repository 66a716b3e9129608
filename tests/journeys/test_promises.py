"""What the contract promises to tills outside, asked for over real HTTP by somebody who knows nothing else."""

import base64
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from api.clock import now
from tests.journeys.test_main_job import (
    IDENTIFY,
    KEY,
    ME,
    POST,
    PROBLEM,
    QUOTE,
    REFUND,
    SIGN_IN,
    joined,
    posting,
    quoted,
    till_of,
)
from tests.makers.demo import Client, Demo
from tests.makers.outside import code_at, crowd, hkdf, otp, payload, quiet_step, step_now
from tests.makers.patience import awaited

pytestmark = pytest.mark.xdist_group("journeys")

ASK_RESET = (
    "mutation($email: String!) { requestPasswordReset(email: $email)"
    f" {{ __typename ... on PasswordResetRequested {{ resendAfter }} {PROBLEM} }} }}"
)
RESET = (
    "mutation($token: String!, $password: String!) { resetPassword(token: $token, password: $password)"
    f" {{ __typename ... on PasswordReset {{ email }} {PROBLEM} }} }}"
)
SIGN_OUT = f"mutation {{ signOut {{ __typename ... on SignedOut {{ at }} {PROBLEM} }} }}"


def newcomer(demo: Demo) -> Client:
    return joined(demo, f"promise{uuid4().hex[:10]}")[0]


def scan(till: Client, code: str, scan_id: str | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = till.ask(IDENTIFY, scanId=scan_id or str(uuid4()), code=code)
    return answer


def ticket(till: Client, member: Client) -> str:
    found = scan(till, code_at(member.ask(KEY, device="phone"), step_now()))
    assert found["__typename"] == "Identified", found
    return str(found["ticket"])


def sold(till: Client, guest: str, amount: str, **changes: Any) -> dict[str, Any]:
    posted: dict[str, Any] = till.ask(POST, input=posting(quoted(till, guest, amount), **changes))
    assert posted["__typename"] == "PurchasePosted", posted
    return posted


def returning(purchase: dict[str, Any], /, **changes: Any) -> dict[str, Any]:
    return {
        "idempotencyKey": str(uuid4()),
        "purchase": purchase["id"],
        "receiptNumber": purchase["receiptNumber"],
        "refundNumber": str(uuid4())[:8],
        "refundedAt": now().isoformat(),
    } | changes


def refusal(answer: dict[str, Any]) -> tuple[str, str | None]:
    """Code and field of a Problem, which always has a sentence and a request."""
    assert answer["__typename"] == "Problem", answer
    assert answer["message"]
    assert answer["requestId"]
    return answer["code"], answer["field"]


def reset_token(anybody: Client, to: str) -> str:
    """The token of the newest letter with a reset link, once it has come."""

    def newest() -> str | None:
        links = (link for mail in anybody.get(f"/mailbox?to={to}") for link in mail["links"] if "/reset?" in link)
        return next(links, None)

    return awaited(newest, "a letter").partition("?token=")[2]


def outcomes(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(answer.get("code") or answer["__typename"] for answer in answers)


def test_the_code_is_made_by_the_words_of_the_contract_alone(demo: Demo) -> None:
    """The vector, one step either way, the next one at once, never an older one, a repeated scan, one refusal."""
    day_key = hkdf(bytes(range(32)), "2026-11-22")
    assert base64.b64encode(day_key) == b"gHa+CqSSYLNKTGBHNaCOP8u9PuUOu5jJNJNypkH06jg="
    assert payload("123456789012", otp(day_key, 59844960)) == "911234567890128176835041"
    till, member = till_of(demo, "favorit"), newcomer(demo)
    key = member.ask(KEY, device="phone")
    assert member.ask(KEY, device="phone")["handle"] == key["handle"]
    step = quiet_step()
    refused = [scan(till, code_at(key, step - 2)), scan(till, code_at(key, step + 2))]
    scan_id = str(uuid4())
    first = scan(till, code_at(key, step - 1), scan_id)
    assert first["__typename"] == "Identified"
    assert scan(till, f"\ufeff {code_at(key, step)}\r\n")["__typename"] == "Identified"
    assert scan(till, code_at(key, step + 1))["__typename"] == "Identified"
    assert scan(till, code_at(key, step - 1), scan_id)["ticket"] == first["ticket"]
    wide = code_at(key, step).translate({48 + digit: 0xFF10 + digit for digit in range(10)})
    number = member.ask(ME)["number"]
    refused += [scan(till, code) for code in (code_at(key, step), wide, number, "", payload("0" * 12, "0" * 8))]
    assert {refusal(answer) for answer in refused} == {("CARD_NOT_ACCEPTED", None)}
    assert len({answer["message"] for answer in refused}) == 1
    assert all(answer["retryable"] for answer in refused)


def test_a_card_lives_on_five_devices_and_ends_with_its_session(demo: Demo) -> None:
    """The sixth ends the longest unused; signing out ends its own key; a new password ends all."""
    till = till_of(demo, "terra-nordika")
    first, filled = joined(demo, f"devices{uuid4().hex[:8]}")
    keys = [first.ask(KEY, device=f"phone {place}") for place in range(5)]
    step = quiet_step(8)
    assert scan(till, code_at(keys[0], step))["__typename"] == "Identified"
    keys.append(first.ask(KEY, device="phone 5"))
    answers = [scan(till, code_at(key, step + (place == 0))) for place, key in enumerate(keys)]
    assert [answer["__typename"] == "Problem" for answer in answers] == [False, True, False, False, False, False]

    token = demo.client().ask(SIGN_IN, login=filled["email"], password=filled["password"])["token"]
    second = demo.client(f"Bearer {token}")
    own = second.ask(KEY, device="tablet")
    assert second.ask(SIGN_OUT)["__typename"] == "SignedOut"
    assert refusal(second.ask(KEY, device="tablet")) == ("UNAUTHENTICATED", None)
    assert refusal(scan(till, code_at(own, step)))[0] == "CARD_NOT_ACCEPTED"
    anybody = demo.client()
    assert anybody.ask(ASK_RESET, email=filled["email"])["__typename"] == "PasswordResetRequested"
    token, password = reset_token(anybody, filled["email"]), "другая вода у камня 8"
    assert anybody.ask(RESET, token=token, password=password)["__typename"] == "PasswordReset"
    assert refusal(anybody.ask(RESET, token=token, password=password))[0] == "TOKEN_NOT_ACCEPTED"
    assert first.ask("{ me { id } }") is None
    assert refusal(scan(till, code_at(keys[4], step + 1)))[0] == "CARD_NOT_ACCEPTED"


def test_money_and_quantities_are_read_and_printed_as_written(demo: Demo) -> None:
    """Half up to the kopeck, line by line; two digits out; no trailing zeros; a path to what is refused."""
    till = till_of(demo)
    guest = ticket(till, newcomer(demo))
    sold(till, guest, "100000")  # five per cent from here on

    def quote(*lines: tuple[str, str]) -> dict[str, Any]:
        named = [{"service": "restaurants", "name": "Чай", "quantity": each, "amount": sum_} for sum_, each in lines]
        answer: dict[str, Any] = till.ask(QUOTE, input={"ticket": guest, "lines": named})
        return answer

    for sent, discount in (("0.09", "0.00"), ("0.1", "0.01"), ("99.90", "5.00"), ("999999999999.99", "50000000000.00")):
        assert quote((sent, "1"))["discount"] == discount
    for sent, printed in (("1.0", "1"), ("1.50", "1.5"), ("0.001", "0.001"), ("1000000.000", "1000000")):
        answer = quote(("10", sent))
        assert (answer["lines"][0]["quantity"], answer["gross"]) == (printed, "10.00")
    for sent in ("-0.01", "0.001", "1000000000000", "1,50", "1e3", "+1", "", " 1", "١"):
        assert refusal(quote(("1", "1"), (sent, "1"))) == ("INVALID_INPUT", "input.lines.1.amount")
    for sent in ("0", "-1", "0.0001", "1000000.001", "1e3", "1,5", ""):
        assert refusal(quote(("1", sent))) == ("INVALID_INPUT", "input.lines.0.quantity")
    assert refusal(quote()) == ("INVALID_INPUT", "input.lines")
    assert refusal(quote(*[("1", "1")] * 101)) == ("INVALID_INPUT", "input.lines")
    many = quote(*[("0.10", "1")] * 100)
    assert (many["gross"], many["discount"], many["net"]) == ("10.00", "1.00", "9.00")


def test_a_receipt_is_posted_once_and_at_the_price_of_its_moment(demo: Demo) -> None:
    """Keys, quotes, receipts, tenders and windows; PriceChanged when the tier rose, never for a sum that only grew."""
    till, member = till_of(demo), newcomer(demo)
    guest = ticket(till, member)
    stale, quote = quoted(till, guest, "1000"), quoted(till, guest, "100000")
    command = posting(quote)

    def post(**changes: Any) -> dict[str, Any]:
        answer: dict[str, Any] = till.ask(POST, input=command | {"idempotencyKey": str(uuid4())} | changes)
        return answer

    short = [{"kind": "CARD", "amount": "1.00"}]
    points = [{"kind": "CASH", "amount": "0"}, {"kind": "POINTS", "amount": quote["net"]}]
    late, early = now() - timedelta(hours=24, seconds=9), now() + timedelta(minutes=5, seconds=9)
    key = command["idempotencyKey"]
    assert refusal(post(tenders=short, idempotencyKey=key)) == ("TENDERS_DO_NOT_ADD_UP", "input.tenders")
    assert refusal(post(tenders=points)) == ("INVALID_INPUT", "input.tenders.1.kind")
    for moment in (late, early):
        assert refusal(post(closedAt=moment.isoformat())) == ("INVALID_INPUT", "input.closedAt")
    assert refusal(post(idempotencyKey="k" * 256)) == ("INVALID_INPUT", "input.idempotencyKey")
    assert member.ask(ME)["purchases"]["items"] == []

    posted = till.ask(POST, input=command)
    assert (posted["tierRaised"], posted["purchase"]["discount"]) == (True, "0.00")
    assert till.ask(POST, input=command) == posted
    assert refusal(post(idempotencyKey=key, receiptNumber="other")) == ("KEY_REUSED", "input.idempotencyKey")
    assert refusal(post()) == ("RECEIPT_EXISTS", "input.receiptNumber")
    assert refusal(post(receiptNumber=str(uuid4())[:8])) == ("QUOTE_USED", "input.quote")
    changed = till.ask(POST, input=posting(stale))
    assert (changed["__typename"], changed["quote"]["net"]) == ("PriceChanged", "950.00")
    waiting = quoted(till, guest, "10")
    assert till.ask(POST, input=posting(changed["quote"]))["__typename"] == "PurchasePosted"
    assert till.ask(POST, input=posting(waiting))["__typename"] == "PurchasePosted"
    sale = posted["purchase"]
    back = returning(sale, idempotencyKey=key, lines=[{"line": sale["lines"][0]["id"], "net": "0.01"}])
    assert till.ask(REFUND, input=back)["progress"]["tier"] == {"id": "pioneer"}
    rest = till.ask(REFUND, input=returning(sale))
    assert (rest["purchase"]["status"], rest["progress"]["tier"]) == ("REFUNDED", {"id": "dreamer"})
    assert till.ask(POST, input=command) == posted, "the stored answer, whatever came after"


def test_refunds_find_their_receipt_and_keep_their_measure(demo: Demo) -> None:
    """By number, by number and day, from another outlet; quantity or net but never both; exact at the end."""
    here = till_of(demo)
    there = demo.client(f"Till {[each for each in demo.told['tills'] if each['partner'] == 'igora'][2]['key']}")
    guest = ticket(here, newcomer(demo))
    sold(here, guest, "100000")
    sale = sold(here, guest, "99.99")["purchase"]
    line = sale["lines"][0]["id"]

    def refund(till: Client, **changes: Any) -> dict[str, Any]:
        answer: dict[str, Any] = till.ask(REFUND, input=returning(sale, **changes))
        return answer

    both = [{"line": line, "quantity": "1", "net": "1.00"}]
    assert refusal(refund(here, lines=both))[0] == "INVALID_INPUT"
    too_much = refund(here, lines=[{"line": line, "net": "95.00"}])
    assert refusal(too_much) == ("REFUND_EXCEEDS_SALE", "input.lines.0.net")
    assert refusal(refund(there, purchase=None)) == ("NOT_FOUND", "input.receiptNumber")
    part = refund(there, lines=[{"line": line, "quantity": "0.5"}])
    assert (part["refund"]["net"], part["refund"]["discount"]) == ("23.74", "1.25")
    assert refusal(refund(here, lines=[{"line": line, "net": "1.00"}])) == ("INVALID_INPUT", "input.lines.0.net")
    rest = refund(here, purchase=None, businessDate=sale["businessDate"])
    assert (rest["refund"]["net"], rest["purchase"]["refunded"]) == ("71.25", "94.99")
    assert refusal(refund(here))[0] == "REFUND_EXCEEDS_SALE"

    number = str(uuid4())[:8]
    yesterday = (now() - timedelta(hours=23, minutes=50)).isoformat()
    sold(here, guest, "10", receiptNumber=number)
    older = sold(here, guest, "20", receiptNumber=number, closedAt=yesterday)["purchase"]
    twice = {"purchase": None, "receiptNumber": number}
    assert refusal(refund(here, **twice))[0] == "AMBIGUOUS_RECEIPT"
    assert refund(here, **twice, businessDate=older["businessDate"])["purchase"]["id"] == older["id"]
    stranger = till_of(demo, "dacha-vintera")
    assert refusal(refund(stranger))[0] == "NOT_FOUND"


def test_crowds_make_one_ticket_one_purchase_and_exact_sums(demo: Demo) -> None:
    """50 scans of one code, 10 rivals with one key and with ten, 20 refunds of 60 of 100, 100 receipts of one member."""
    till, member = till_of(demo), newcomer(demo)
    code = code_at(member.ask(KEY, device="phone"), quiet_step())
    scans = crowd(50, lambda _: scan(till, code))
    assert outcomes(scans) == {"Identified": 1, "CARD_NOT_ACCEPTED": 49}
    guest = next(answer["ticket"] for answer in scans if "ticket" in answer)
    command = posting(quoted(till, guest, "100"))
    rivals = crowd(10, lambda _: till.ask(POST, input=command))
    assert len({answer["purchase"]["id"] for answer in rivals}) == 1
    command = posting(quoted(till, guest, "100"))
    rivals = crowd(10, lambda _: till.ask(POST, input=command | {"idempotencyKey": str(uuid4())}))
    assert outcomes(rivals) == {"PurchasePosted": 1, "RECEIPT_EXISTS": 9}
    sale = next(answer["purchase"] for answer in rivals if "purchase" in answer)
    sixty = [{"line": sale["lines"][0]["id"], "net": "60.00"}]
    refunds = crowd(20, lambda _: till.ask(REFUND, input=returning(sale, lines=sixty)))
    assert outcomes(refunds) == {"PurchaseRefunded": 1, "REFUND_EXCEEDS_SALE": 19}

    # Of a hundred at one row some may hear BUSY: whoever comes again with the same key then is served.
    commands = [posting(quoted(till, guest, "10")) for _ in range(100)]
    answers = crowd(100, lambda place: till.ask(POST, input=commands[place]))
    assert outcomes(answers) == {"PurchasePosted": 100}
    assert member.ask(ME)["totals"]["purchases"] == "1140.00"
