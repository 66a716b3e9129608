"""A-223, security 3.8: whoever told a number says a code, and the ticket that only earned may spend."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import database
from services.ledger import check_books
from tests.graph.entry.conftest import Counter, told
from tests.makers.messages import PHONE, make_reachable
from tests.makers.patience import rivals
from tests.makers.people import make_phone, make_till
from tests.makers.points import grant, stored
from tests.makers.state import state

GUEST = "... on Identified { ticket guest { firstName identifiedBy points } } ... on Problem { ...problem }"
IDENTIFY = f"mutation($scan: UUID!, $code: String!) {{ identify(scanId: $scan, code: $code) {{ __typename {GUEST} }} }}"
BY_PHONE = f"mutation($scan: UUID!, $phone: String!) {{ identifyByPhone(scanId: $scan, phone: $phone) {{ __typename {GUEST} }} }}"
ASK = """mutation($input: RequestSpendingCodeInput!) { requestSpendingCode(input: $input) { __typename
  ... on SpendingCodeSent { request resendAfter expiresAt } ... on Problem { ...problem } } }"""
SAY = f"mutation($input: ConfirmSpendingCodeInput!) {{ confirmSpendingCode(input: $input) {{ __typename {GUEST} }} }}"
QUOTE = """mutation($input: QuoteInput!) { quotePurchase(input: $input) { __typename
  ... on Quote { id points { available toPay reasons { code } hold { points worth confirmation } } } ... on Problem { ...problem } } }"""
POST = """mutation($input: PurchaseInput!) { postPurchase(input: $input) { __typename
  ... on PurchasePosted { purchase { points { spent } } } ... on Problem { ...problem } } }"""


class Till:
    """A till before the application, with a guest who has a thousand points and told a number."""

    def __init__(self, counter: Counter, member: UUID) -> None:
        self.counter, self.member, self.key = counter, member, counter.key

    async def ask(self, query: str, **given: Any) -> Any:
        return await self.counter.house.ask(query, given, Authorization=f"Till {self.key}")

    async def ticket(self) -> str:
        found = await self.ask(BY_PHONE, scan=str(uuid4()), phone=PHONE)
        assert found["guest"]["points"] is None
        return str(found["ticket"])

    async def code_for(self, ticket: str) -> tuple[str, str]:
        """(request, the six digits that arrived)."""
        sent = await self.ask(ASK, input={"ticket": ticket})
        assert sent["__typename"] == "SpendingCodeSent", sent
        return sent["request"], await self.counter.code()

    async def say(self, ticket: str, request: str, code: str) -> Any:
        return await self.ask(SAY, input={"ticket": ticket, "request": request, "code": code})

    async def quote(self, ticket: str, points: int, roubles: int = 2000) -> Any:
        line = {"service": "pillows", "name": "Подушка", "quantity": "1", "amount": f"{roubles}.00"}
        return await self.ask(QUOTE, input={"ticket": ticket, "lines": [line], "points": points})

    async def refused(self, query: str, **given: Any) -> tuple[str, str | None]:
        """A refusal, after which nothing stands otherwise but counters and tries."""
        before = await state()
        refusal = told(await self.ask(query, input=given))
        after = await state()
        assert {name for name in after if after[name] != before[name]} <= {"limit_counter", "one_time_code"}
        assert await database.fetchval("SELECT bool_and(by_phone) FROM scan_ticket WHERE credential_id IS NULL")
        return refusal


@pytest.fixture
async def till(counter: Counter) -> Till:
    member = await make_reachable(counter.house.resources, counter.house.now)
    await counter.arrived()
    await grant(member, 1000, counter.house.now)
    return Till(counter, member)


async def test_a_guest_without_a_phone_at_hand_says_a_code_and_spends(till: Till) -> None:
    """A-223, A-240: the same ticket earns before and spends after; a large sum still waits for a yes."""
    ticket = await till.ticket()
    before = (await till.quote(ticket, 200))["points"]
    assert (before["hold"], before["available"], before["reasons"][0]["code"]) == (None, 0, "points_by_phone")
    request, code = await till.code_for(ticket)
    shown = await till.say(ticket, request, code)
    assert (shown["ticket"], shown["guest"]["identifiedBy"], shown["guest"]["points"]) == (ticket, "QR", 1000)
    assert "•" not in shown["guest"]["firstName"]
    large = (await till.quote(ticket, 600))["points"]["hold"]
    assert (large["points"], large["confirmation"]) == (600, "ASKED")
    quote = await till.quote(ticket, 200)
    assert (quote["points"]["hold"]["points"], quote["points"]["hold"]["confirmation"]) == (200, "NOT_NEEDED")
    tenders = [{"kind": "POINTS", "amount": "200.00"}, {"kind": "CARD", "amount": quote["points"]["toPay"]}]
    body = {"idempotencyKey": "s", "quote": quote["id"], "receiptNumber": "s-1", "tenders": tenders}
    posted = await till.ask(POST, input=body | {"closedAt": till.counter.house.now.isoformat()})
    assert posted["purchase"]["points"]["spent"] == 200
    assert (await stored(till.member))[0] == 800
    assert await check_books(till.counter.house.now) == []


async def test_the_text_says_what_for_and_the_letter_is_for_who_has_no_phone(till: Till) -> None:
    ticket = await till.ticket()
    await till.ask(ASK, input={"ticket": ticket})
    (text,), letters = await till.counter.arrived()
    assert "код для списания" in text
    assert len(text) <= 70
    assert letters == []


async def test_ten_who_press_at_once_hear_the_same(till: Till) -> None:
    """One code is used once, and whoever did not hear the answer hears it again."""
    ticket = await till.ticket()
    request, code = await till.code_for(ticket)
    answers = await rivals(*(partial(till.say, ticket, request, code) for _ in range(10)))
    seen = {answer["__typename"] for answer in answers}
    assert "Identified" in seen
    assert seen <= {"Identified", "Problem"}
    again = await till.say(ticket, request, code)
    assert again["guest"]["points"] == 1000
    used = "SELECT count(*) FROM one_time_code WHERE purpose = 'SPEND' AND used_at IS NOT NULL"
    assert await database.fetchval(used) == 1


async def test_what_is_not_exactly_it_opens_nothing(till: Till) -> None:
    """Security 6.3: bound to its ticket and till; five tries; another ticket, a late code and a wrong one are one refusal."""
    ticket, other = await till.ticket(), await till.ticket()
    request, code = await till.code_for(ticket)
    said = {"ticket": ticket, "request": request, "code": code}
    assert await till.refused(SAY, **said | {"ticket": other}) == ("TOKEN_NOT_ACCEPTED", "input.code")
    assert await till.refused(SAY, **said | {"code": "12345"}) == ("INVALID_INPUT", "input.code")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for _ in range(4):
        assert await till.refused(SAY, **said | {"code": wrong}) == ("TOKEN_NOT_ACCEPTED", "input.code")
    assert await till.refused(SAY, **said) == ("TOKEN_NOT_ACCEPTED", "input.code")
    assert await till.refused(ASK, ticket=ticket) == ("LIMIT_REACHED", None)
    till.counter.house.now += timedelta(minutes=2)
    request, code = await till.code_for(ticket)
    till.counter.house.now += timedelta(minutes=5, seconds=1)
    late = {"ticket": ticket, "request": request, "code": code}
    assert await till.refused(SAY, **late) == ("TOKEN_NOT_ACCEPTED", "input.code")
    till.counter.house.now += timedelta(minutes=5)
    assert await till.refused(SAY, **late) == ("TICKET_EXPIRED", "input.ticket")
    assert await till.refused(ASK, ticket=ticket) == ("TICKET_EXPIRED", "input.ticket")
    assert await till.refused(ASK, ticket="x") == ("TICKET_EXPIRED", "input.ticket")


async def test_other_tills_other_keys_and_scanned_codes_have_no_use_for_it(till: Till) -> None:
    house = till.counter.house
    ticket = await till.ticket()
    request, code = await till.code_for(ticket)
    phone = await make_phone(house.resources, till.member, house.now)
    scanned = (await till.ask(IDENTIFY, scan=str(uuid4()), code=phone.code(house.now)))["ticket"]
    assert await till.refused(ASK, ticket=scanned) == ("INVALID_INPUT", "input.ticket")
    here, till.key = till.key, (await make_till(house.now, partner="askona", outlet="omsk-02"))[1]
    assert await till.refused(SAY, ticket=ticket, request=request, code=code) == ("TICKET_EXPIRED", "input.ticket")
    _, till.key = await make_till(house.now, partner="askona", outlet="omsk-01", scopes=("EARN",))
    assert (await till.refused(ASK, ticket=ticket))[0] == "FORBIDDEN"
    till.key = here
    await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", till.member)
    assert await till.refused(SAY, ticket=ticket, request=request, code=code) == ("TICKET_EXPIRED", "input.ticket")
