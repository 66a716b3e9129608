"""A-224: joining at a till and in the web shops by the cabinet's own services, with a code its owner says."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from models import database
from services.audit import check as check_audit
from services.callers import Caller
from services.ledger import check_books
from services.members import purge_pending
from services.sessions import open_session
from services.work import work
from tests.graph.entry.conftest import BOTH, CONFIRM, REGISTER, Counter, told
from tests.makers.joining import link_in, make_joined
from tests.makers.messages import PHONE, make_reachable
from tests.makers.people import make_till
from tests.makers.state import state

CONFIRM_EMAIL = """mutation($token: String!) { confirmEmail(token: $token) {
  ... on EmailConfirmed { email } ... on Problem { ...problem } } }"""


async def signed_in(now: datetime) -> str:
    """The only member there is, by a session."""
    member = await database.fetchval("SELECT id FROM member")
    async with work() as tx:
        _, token = await open_session(tx, member, "BEARER", Caller(address="203.0.113.7", agent="tests"), now)
    return f"Bearer {token}"


async def members() -> int:
    return int(await database.fetchval("SELECT count(*) FROM member WHERE status = 'ACTIVE'"))


async def unmoved(counter: Counter, query: str, given: dict[str, Any]) -> tuple[str, str | None]:
    """A refusal after which nothing but counters of tries has moved."""
    before = await state()
    refusal = told(await counter.ask(query, given))
    after = await state()
    assert {name for name in after if after[name] != before[name]} <= {"limit_counter"}
    return refusal


@pytest.mark.parametrize("place", ["counter", "shop"])
async def test_somebody_joins_by_the_code_on_the_phone(place: str, counter: Counter, shop: Counter) -> None:
    """A-221, A-224: a card, books, consents with version, time and place, an event in the log; the address is proved by letter."""
    counter = shop if place == "shop" else counter
    house = counter.house
    sent = await counter.register()
    assert sent["__typename"] == "MemberCodeSent"
    assert await members() == 0, "nobody is one before the code"
    texts, letters = await counter.arrived()
    assert (len(texts), letters, counter.gateway.taken[0].to) == (1, [], PHONE)
    assert "принять условия" in texts[0]
    joined = await counter.confirm(sent["request"], texts[0][:6])
    assert (joined["isNew"], joined["firstName"]) == (True, "Пётр")
    row = await database.fetchrow("SELECT * FROM member")
    assert row is not None
    assert row["status"] == "ACTIVE"
    assert joined["member"] == (str(row["id"]) if place == "shop" else None)
    assert await database.fetchval("SELECT count(*) FROM card WHERE status = 'ACTIVE'") == 1
    contacts = {one["kind"]: one for one in await database.fetch("SELECT * FROM contact")}
    assert contacts["PHONE"]["verified_at"] == house.now
    assert contacts["EMAIL"]["verified_at"] is None
    acts = await database.fetch(
        "SELECT document, document_version, act, at, channel, till_id FROM consent ORDER BY document"
    )
    assert [tuple(act) for act in acts] == [
        (document, "1.0", "GIVEN", house.now, counter.channel, counter.till.id) for document in BOTH
    ]
    event = await database.fetchrow("SELECT * FROM audit_event WHERE action = 'member.register'")
    assert event is not None
    assert (event["object_id"], event["scope"]) == (
        str(row["id"]),
        f"askona/{counter.till.outlet}/{counter.till.id}",
    )
    assert (await check_audit()).findings == []
    assert await check_books(house.now) == []
    _, (letter,) = await counter.arrived()
    assert "Осталось подтвердить адрес" in letter
    bearer = await signed_in(house.now)
    proved = await house.ask(CONFIRM_EMAIL, {"token": link_in(counter.mailer.sent[0])}, Authorization=bearer)
    assert proved == {"email": "petr@petrov.ru"}
    assert await database.fetchval("SELECT count(*) FROM contact WHERE verified_at IS NULL") == 0
    _, (welcome,) = await counter.arrived()
    assert "добро пожаловать" in welcome


async def test_a_code_by_letter_proves_the_address(counter: Counter) -> None:
    """A-224: where there is no phone at hand; the number then stays unproved and blocks nobody (INV-12)."""
    sent = await counter.register(confirmBy="EMAIL")
    texts, (letter,) = await counter.arrived()
    assert texts == []
    joined = await counter.confirm(sent["request"], letter.partition("»: ")[2][:6])
    assert joined["isNew"] is True
    rows = await database.fetch("SELECT kind, verified_at IS NOT NULL AS proved FROM contact ORDER BY kind")
    assert [tuple(row) for row in rows] == [("EMAIL", True), ("PHONE", False)]


async def test_known_and_unknown_hear_the_same(counter: Counter) -> None:
    """A-224: nothing tells a cashier that a phone is known; its owner keeps the profile of before, and the code proves it."""
    member = await make_reachable(counter.house.resources, counter.house.now, first_name="Мария")
    await counter.arrived()
    known, new = await counter.register(), await counter.register(phone="+79210000002", email="ivan@ivanov.ru")
    assert known.keys() == new.keys()
    assert {name: known[name] for name in ("resendAfter", "expiresAt")} == {
        name: new[name] for name in ("resendAfter", "expiresAt")
    }
    assert await database.fetchval("SELECT count(*) FROM member") == 2, "of the known one nothing new was kept"
    assert await database.fetchval("SELECT count(*) FROM contact WHERE value = 'petr@petrov.ru'") == 0
    await counter.arrived()
    code = next(one.text[:6] for one in counter.gateway.taken if one.to == PHONE)
    names = "SELECT last_name, first_name FROM member WHERE id = $1"
    before = tuple(await database.fetchrow(names, member) or ())
    joined = await counter.confirm(known["request"], code)
    assert joined == {"__typename": "MemberRegistered", "isNew": False, "firstName": "М•••", "member": None}
    assert tuple(await database.fetchrow(names, member) or ()) == before
    assert (
        await database.fetchval("SELECT count(*) FROM consent WHERE till_id IS NOT NULL AND member_id = $1", member)
        == 0
    )


async def test_a_dozen_who_join_by_one_phone_are_one_member(counter: Counter) -> None:
    """A-206, A-207, A-224, INV-12: a dozen tills, one phone, every code right, all at once: one member, one card; the rest hear of it."""
    house, requests, codes = counter.house, [], []
    for place in range(12):
        till, key = await make_till(house.now, partner="askona", outlet="omsk-01")
        other = Counter(house, till, key, "TILL")
        sent = await other.register(email=f"petr{place}@petrov.ru")
        await database.execute("DELETE FROM limit_counter")
        requests.append((other, sent["request"]))
        await other.arrived()
        codes.append(other.gateway.taken[0].text[:6])
    answers = await asyncio.gather(
        *(other.confirm(handle, code) for (other, handle), code in zip(requests, codes, strict=True))
    )
    assert [one["__typename"] for one in answers] == ["MemberRegistered"] * 12
    assert sum(one["isNew"] for one in answers) == 1
    assert await members() == 1
    assert await database.fetchval("SELECT count(*) FROM card") == 1
    assert await database.fetchval("SELECT count(*) FROM audit_event WHERE action = 'member.register'") == 1
    assert await check_books(house.now) == []


async def test_the_same_key_hears_the_same_and_does_nothing_more(counter: Counter) -> None:
    """A-224, INV-07: lost answers are asked for again; another body under the key is refused; rivals with one key are one."""
    form = counter.form()
    sent = await counter.ask(REGISTER, form)
    assert await counter.ask(REGISTER, form) == sent
    assert told(await counter.ask(REGISTER, form | {"firstName": "Иван"})) == ("KEY_REUSED", "input.idempotencyKey")
    assert await database.fetchval("SELECT count(*) FROM one_time_code") == 1
    given = {"idempotencyKey": "one", "request": sent["request"], "code": await counter.code()}
    answers = await asyncio.gather(*(counter.ask(CONFIRM, given) for _ in range(10)))
    done = [one for one in answers if one["__typename"] == "MemberRegistered"]
    assert done
    assert {one["isNew"] for one in done} == {True}
    assert {one["code"] for one in answers if one not in done} <= {"BUSY", "TOKEN_NOT_ACCEPTED"}
    assert await members() == 1
    assert (await counter.ask(CONFIRM, given))["isNew"] is True
    assert told(await counter.ask(CONFIRM, given | {"code": "000000"})) == ("KEY_REUSED", "input.idempotencyKey")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"accepted": []}, "input.accepted"),
        ({"accepted": ["askona-offer-1"]}, "input.accepted"),
        ({"accepted": [*BOTH, "offer-of-last-year"]}, "input.accepted.2"),
        ({"birthDate": "2020-01-01"}, "input.birthDate"),
        ({"phone": "112"}, "input.phone"),
        ({"phone": "+44 20 7946 0958"}, "input.confirmBy"),
        ({"email": "petr"}, "input.email"),
        ({"firstName": "П3тр"}, "input.firstName"),
        ({"plasticNumber": "x"}, "input.plasticNumber"),
    ],
)
async def test_the_rules_are_those_of_the_cabinet(counter: Counter, changes: dict[str, Any], field: str) -> None:
    """A-224: names, age, phone and address as in the cabinet; no consent is ever assumed, the two required are named."""
    assert await unmoved(counter, REGISTER, counter.form(**changes)) == ("INVALID_INPUT", field)


async def test_a_till_registers_through_its_own_channels(counter: Counter, shop: Counter) -> None:
    """A-224: a channel of the till, and one where somebody can say a code; a member's own key opens neither mutation."""
    for channel, code in (("SHOP", "CHANNEL_NOT_ALLOWED"), ("EMAIL", "CHANNEL_NOT_ALLOWED")):
        assert await unmoved(counter, REGISTER, counter.form(channel=channel)) == (code, "input.channel")
    assert await unmoved(shop, REGISTER, shop.form(channel="TILL")) == ("CHANNEL_NOT_ALLOWED", "input.channel")
    await database.execute("UPDATE till SET scopes = ARRAY['EARN', 'SPEND', 'REFUND'] WHERE id = $1", shop.till.id)
    assert await unmoved(shop, REGISTER, shop.form()) == ("FORBIDDEN", None), "a key that was not given MEMBERS"
    shop.key = "kt_wrong"
    assert await unmoved(shop, REGISTER, shop.form()) == ("UNAUTHENTICATED", None)


async def test_a_wrong_code_opens_nothing_and_five_end_it(counter: Counter, shop: Counter) -> None:
    """A-224: five tries; a code of one till is nothing at another one."""
    sent = await counter.register()
    code = await counter.code()
    assert told(await shop.confirm(sent["request"], code)) == ("TOKEN_NOT_ACCEPTED", "input.code")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(4):
        assert told(await counter.confirm(sent["request"], wrong)) == ("TOKEN_NOT_ACCEPTED", "input.code")
    assert told(await counter.confirm(sent["request"], code)) == ("TOKEN_NOT_ACCEPTED", "input.code")
    assert await members() == 0


async def test_limits_of_a_number_and_of_a_till(counter: Counter, house: Any) -> None:
    """A-224: one code a minute and five a day to a number, known or not; so many of a till an hour."""
    await counter.register()
    assert told(await counter.register()) == ("LIMIT_REACHED", None)
    for _ in range(4):
        house.later(seconds=61)
        assert (await counter.register())["__typename"] == "MemberCodeSent"
    house.later(seconds=61)
    assert told(await counter.register()) == ("LIMIT_REACHED", None)
    house.later(hours=1)
    key = "entry.till|%"
    await database.execute(
        "UPDATE limit_counter SET hits = 100, window_ends_at = $2 WHERE key LIKE $1", key, house.now.replace(hour=23)
    )
    assert told(await counter.register(phone="+79210000003", email="b@b.ru")) == ("LIMIT_REACHED", None)


async def test_who_never_said_the_code_is_forgotten(counter: Counter) -> None:
    """A-224: an unconfirmed profile blocks nobody, and goes after its time with all that it held."""
    await counter.register()
    await counter.arrived()
    counter.house.later(days=31)
    assert await purge_pending(counter.house.now, days=30) == 1
    for table in ("member", "contact", "consent", "one_time_code", "message"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    assert (await counter.joined())["isNew"] is True


async def test_a_member_without_a_password_gets_one_by_letter(counter: Counter) -> None:
    """A-224: nobody chooses a secret at a till; the cabinet opens by code, and by a password that is set later."""
    await counter.joined()
    house = counter.house
    _, (_,) = await counter.arrived()
    link = {"token": link_in(counter.mailer.sent[0])}
    refusal = await house.ask(CONFIRM_EMAIL, link)
    assert (refusal["code"], refusal["field"]) == ("TOKEN_NOT_ACCEPTED", None), "a cashier may have typed it"
    assert await database.fetchval("SELECT verified_at FROM contact WHERE kind = 'EMAIL'") is None
    await house.ask(CONFIRM_EMAIL, link, Authorization=await signed_in(house.now))
    reset = (
        "mutation($e: String!) { requestPasswordReset(email: $e) { ... on PasswordResetRequested { resendAfter } } }"
    )
    await house.ask(reset, {"e": "petr@petrov.ru"})
    await counter.arrived()
    token = link_in(next(letter for letter in counter.mailer.sent if "?token=" in letter.text))
    choose = """mutation($t: String!) { resetPassword(token: $t, password: "гречневая каша 7") {
      ... on PasswordReset { email } ... on Problem { ...problem } } }"""
    assert await house.ask(choose, {"t": token}) == {"email": "petr@petrov.ru"}
    enter = """mutation { signIn(login: "+79211234567", password: "гречневая каша 7", transport: BEARER) {
      ... on SignedIn { member { id } } ... on Problem { ...problem } } }"""
    member = (await house.ask(enter))["member"]["id"]
    assert UUID(member) == await database.fetchval("SELECT id FROM member")


async def test_an_address_that_somebody_proved_stays_theirs(counter: Counter) -> None:
    """INV-12: whoever joins by phone with a stranger's address gets a card, and never the stranger's letters."""
    form, _ = await make_joined(counter.house.resources, counter.house.now)
    await counter.arrived()
    assert (await counter.joined(email=form.email))["isNew"] is True
    await counter.arrived()
    proved = "SELECT count(*) FROM contact WHERE value = $1 AND verified_at IS NOT NULL"
    assert await database.fetchval(proved, form.email) == 1
