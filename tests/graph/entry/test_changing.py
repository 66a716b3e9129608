"""A-224: changing data at a till: never without the member, by the rules of the cabinet, with a letter and a line in the log."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from models import database
from tests.graph.entry.conftest import ASK_CHANGE, CHANGE, Counter, told
from tests.makers.messages import PHONE, make_reachable
from tests.makers.people import make_phone
from tests.makers.state import state

IDENTIFY = """mutation($scan: UUID!, $code: String!) { identify(scanId: $scan, code: $code) {
  ... on Identified { ticket } ... on Problem { ...problem } } }"""
BY_PHONE = """mutation($scan: UUID!, $phone: String!) { identifyByPhone(scanId: $scan, phone: $phone) {
  ... on Identified { ticket } ... on Problem { ...problem } } }"""
NAMES = "SELECT last_name, first_name, patronymic FROM member WHERE id = $1"


@pytest.fixture
async def member(counter: Counter) -> UUID:
    made = await make_reachable(counter.house.resources, counter.house.now)
    await counter.arrived()
    return made


async def ticket_of(counter: Counter, member: UUID) -> str:
    """A scan of the member's phone at this till."""
    house = counter.house
    phone = await make_phone(house.resources, member, house.now)
    given = {"scan": str(uuid4()), "code": phone.code(house.now)}
    return str((await house.ask(IDENTIFY, given, Authorization=f"Till {counter.key}"))["ticket"])


async def asked(counter: Counter, change: dict[str, Any], **proof: Any) -> str:
    sent = await counter.ask(ASK_CHANGE, {"change": change, **proof})
    assert sent["__typename"] == "MemberCodeSent", sent
    return str(sent["request"])


async def said(counter: Counter, change: dict[str, Any], request: str, code: str, **more: Any) -> Any:
    given = {"idempotencyKey": str(uuid4()), "change": change, "request": request, "code": code}
    return await counter.ask(CHANGE, given | more)


async def refused(counter: Counter, query: str, given: dict[str, Any]) -> tuple[str, str | None]:
    before = await state()
    refusal = told(await counter.ask(query, given))
    after = await state()
    assert {name for name in after if after[name] != before[name]} <= {"limit_counter"}
    return refusal


async def test_names_and_consents_change_by_a_code_on_the_phone(counter: Counter, member: UUID) -> None:
    """A-224: told phone, code said; the log keeps first letters, the letter tells the member, consents keep the till."""
    change = {"lastName": "Иванова", "firstName": "Мария", "patronymic": "", "accepted": ["askona-marketing-1"]}
    request = await asked(counter, change, phone=PHONE)
    code = await counter.code()
    key = str(uuid4())
    done = await said(counter, change, request, code, idempotencyKey=key)
    assert (done["__typename"], done["member"]) == ("MemberChanged", None)
    assert tuple(await database.fetchrow(NAMES, member) or ()) == ("Иванова", "Мария", None)
    act = await database.fetchrow("SELECT * FROM consent WHERE kind = 'MARKETING'")
    assert act is not None
    assert (act["act"], act["channel"], act["till_id"], act["at"]) == (
        "GIVEN",
        "TILL",
        counter.till.id,
        counter.house.now,
    )
    event = await database.fetchrow("SELECT * FROM audit_event WHERE action = 'member.change'")
    assert event is not None
    assert "Мария" not in str(event["after"])
    assert "М•••" in str(event["after"])
    _, (letter,) = await counter.arrived()
    assert "Данные вашего профиля «Аскона» изменены" in letter
    before = await state()
    assert await said(counter, change, request, code, idempotencyKey=key) == done, "the same key hears the same"
    assert await state() == before
    assert told(await said(counter, change, request, code)) == ("TOKEN_NOT_ACCEPTED", "input.code"), "a code works once"
    back = {"withdrawn": ["MARKETING"]}
    counter.house.later(seconds=61)
    request = await asked(counter, back, ticket=await ticket_of(counter, member))
    await said(counter, back, request, await counter.code())
    acts = await database.fetch("SELECT act FROM consent WHERE kind = 'MARKETING' ORDER BY at")
    assert [one["act"] for one in acts] == ["GIVEN", "WITHDRAWN"]


async def test_a_scan_alone_changes_nothing(counter: Counter, member: UUID) -> None:
    """A-224: every sale makes a scan; the code goes to the phone of the profile, and a phone or address is no change."""
    change = {"lastName": "Иванова"}
    await asked(counter, change, ticket=await ticket_of(counter, member))
    await counter.arrived()
    assert counter.gateway.taken[-1].to == PHONE
    for contact in ({"phone": "+79210000001"}, {"email": "new@example.ru"}):
        given = {"input": {"channel": "TILL", "change": contact, "phone": PHONE}}
        answer = await counter.house.send(ASK_CHANGE, given, Authorization=f"Till {counter.key}")
        assert "errors" in answer.json(), contact


async def test_a_code_makes_the_change_it_was_said_for(counter: Counter, shop: Counter, member: UUID) -> None:
    """A-224: a cashier cannot have one change confirmed and make another; neither can another till."""
    change = {"lastName": "Иванова"}
    request = await asked(counter, change, phone=PHONE)
    code = await counter.code()
    assert told(await said(counter, {"lastName": "Воронова"}, request, code)) == ("TOKEN_NOT_ACCEPTED", "input.code")
    assert told(await said(shop, change, request, code)) == ("TOKEN_NOT_ACCEPTED", "input.code")
    assert await database.fetchval(NAMES, member) == "Петров"
    assert (await said(counter, change, request, code))["__typename"] == "MemberChanged"


async def test_an_unknown_phone_hears_what_a_known_one_hears(counter: Counter, member: UUID) -> None:
    """A-224: no cashier learns by it who is a member; a number that nobody proved shows nobody."""
    change = {"lastName": "Иванова"}
    known = await counter.ask(ASK_CHANGE, {"change": change, "phone": PHONE})
    unknown = await counter.ask(ASK_CHANGE, {"change": change, "phone": "+79210000009"})
    assert (known.keys(), known["expiresAt"]) == (unknown.keys(), unknown["expiresAt"])
    texts, _ = await counter.arrived()
    assert len(texts) == 1
    await database.execute("UPDATE contact SET verified_at = NULL WHERE kind = 'PHONE'")
    counter.house.later(seconds=61)
    await asked(counter, change, phone=PHONE)
    assert await counter.arrived() == ([], [])


async def test_nothing_changes_without_a_proof(counter: Counter, member: UUID) -> None:
    """A-224: no ticket of a told number, none of another till, none and both."""
    change = {"lastName": "Иванова"}
    told_number = await counter.house.ask(
        BY_PHONE, {"scan": str(uuid4()), "phone": PHONE}, Authorization=f"Till {counter.key}"
    )
    scanned = await ticket_of(counter, member)
    for given, refusal in (
        ({"change": change}, ("INVALID_INPUT", "input.ticket")),
        ({"change": change, "ticket": scanned, "phone": PHONE}, ("INVALID_INPUT", "input.ticket")),
        ({"change": change, "ticket": told_number["ticket"]}, ("TICKET_EXPIRED", "input.ticket")),
        ({"change": change, "ticket": "nonsense"}, ("TICKET_EXPIRED", "input.ticket")),
        ({"change": {}, "phone": PHONE}, ("INVALID_INPUT", "input.change")),
        ({"change": {"withdrawn": ["OFFER"]}, "phone": PHONE}, ("INVALID_INPUT", "input.change.withdrawn.0")),
        ({"change": {"accepted": ["old"]}, "phone": PHONE}, ("INVALID_INPUT", "input.change.accepted.0")),
        ({"change": {"firstName": "М4рия"}, "phone": PHONE}, ("INVALID_INPUT", "input.change.firstName")),
    ):
        assert await refused(counter, ASK_CHANGE, given) == refusal, given
    counter.house.later(minutes=11)
    assert await refused(counter, ASK_CHANGE, {"change": change, "ticket": scanned}) == (
        "TICKET_EXPIRED",
        "input.ticket",
    )
