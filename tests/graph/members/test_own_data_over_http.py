"""Signed in over HTTP: cookies and tokens (T8), devices, consents, passwords, and nobody else's data (T10)."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from models import database
from tests.graph.members.conftest import House
from tests.makers.joining import PASSWORD, make_joined

SIGN_IN = """mutation($login: String!, $password: String!, $transport: SessionTransport! = COOKIE) {
  signIn(login: $login, password: $password, transport: $transport) {
    __typename ... on SignedIn { token member { id email } } ... on Problem { ...problem } } }"""
ME = "{ me { id email phone firstName lastName patronymic birthDate status number } }"
SIGN_OUT = "mutation { signOut { __typename ... on SignedOut { at } ... on Problem { ...problem } } }"
DEVICES = "{ me { devices { id agent transport createdAt lastSeenAt current cardKeyUntil } } }"
CONSENTS = "{ me { consents { kind given document version at } } }"
REVOKE = """mutation($id: UUID!) { revokeDevice(id: $id) {
  __typename ... on DeviceRevoked { id } ... on Problem { ...problem } } }"""
GIVE = """mutation($document: ID!) { giveConsent(document: $document) {
  __typename ... on ConsentRecorded { consent { kind given document version at } } ... on Problem { ...problem } } }"""
WITHDRAW = """mutation($kind: DocumentKind!) { withdrawConsent(kind: $kind) {
  __typename ... on ConsentRecorded { consent { kind given document version at } } ... on Problem { ...problem } } }"""
CHANGE = """mutation($current: String!, $password: String!) { changePassword(current: $current, password: $password) {
  __typename ... on PasswordChanged { at } ... on Problem { ...problem } } }"""
CARD_KEY = """mutation { issueCardKey(device: "phone") { __typename ... on CardKey { handle } ... on Problem { ...problem } } }"""


def cookies_in(answer: httpx2.Response) -> dict[str, str]:
    """What a browser keeps: client libraries refuse Secure cookies over plain HTTP, browsers take them from this machine."""
    return {
        line.partition("=")[0]: line.partition(";")[0].partition("=")[2]
        for line in answer.headers.get_list("set-cookie")
    }


async def signed_in(house: House, login: str, **headers: str) -> dict[str, str]:
    answer = await house.send(SIGN_IN, {"login": login, "password": PASSWORD}, **headers)
    assert answer.json()["data"]["signIn"]["__typename"] == "SignedIn", answer.text
    return {"Cookie": f"__Host-session={cookies_in(answer)['__Host-session']}"}


async def test_a_cookie_is_set_as_it_must_be_and_the_token_is_not_told(house: House) -> None:
    """T8, A-046."""
    form, _ = await make_joined(house.resources, house.now)
    answer = await house.send(SIGN_IN, {"login": form.email, "password": PASSWORD})
    told = answer.json()["data"]["signIn"]
    assert told["token"] is None
    lines = answer.headers.get_list("set-cookie")
    assert [line.partition("=")[0] for line in lines] == ["__Host-session", "__Host-device"]
    for line in lines:
        kept = set(line.split("; ")[1:])
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} <= kept
        assert not any(part.startswith("Domain") for part in kept)
    assert cookies_in(answer)["__Host-session"] not in answer.text


async def test_a_token_is_told_to_whoever_asks_for_one_and_sets_no_cookie(house: House) -> None:
    """A mobile app."""
    form, member = await make_joined(house.resources, house.now)
    answer = await house.send(SIGN_IN, {"login": form.email, "password": PASSWORD, "transport": "BEARER"})
    assert "set-cookie" not in answer.headers
    told = answer.json()["data"]["signIn"]
    assert told["member"]["id"] == str(member)
    bearer = {"Authorization": f"Bearer {told['token']}"}
    assert (await house.ask(ME, **bearer))["email"] == form.email
    assert await house.ask(ME, Cookie=f"__Host-session={told['token']}") is None
    assert (await house.ask(SIGN_OUT, **bearer))["__typename"] == "SignedOut"
    assert await house.ask(ME, **bearer) is None


async def test_me_is_the_member_who_asks_and_nobody_otherwise(house: House) -> None:
    form, member = await make_joined(house.resources, house.now, email="petr@petrov.ru", phone="89211234567")
    assert await house.ask(ME) is None
    assert await house.ask(ME, Cookie="__Host-session=made-up") is None
    cookie = await signed_in(house, form.email)
    told = await house.ask(ME, **cookie)
    assert len(told.pop("number")) == 16
    assert told == {
        "id": str(member),
        "email": "petr@petrov.ru",
        "phone": "+79211234567",
        "firstName": "Пётр",
        "lastName": "Петров",
        "patronymic": "Петрович",
        "birthDate": "1990-01-01",
        "status": "ACTIVE",
    }


@pytest.mark.parametrize("name", ["from", "to"])
async def test_a_day_nobody_can_read_is_refused_by_the_name_the_contract_gives_it(house: House, name: str) -> None:
    """A path names the argument as it is sent, whatever the code calls it."""
    form, _ = await make_joined(house.resources, house.now)
    cookie = await signed_in(house, form.email)
    answer = await house.send(f'{{ me {{ purchases({name}: "2026-02-31") {{ next }} }} }}', **cookie)
    refusal = answer.json()["errors"][0]["extensions"]
    assert (refusal["code"], refusal["field"]) == ("INVALID_INPUT", name)


async def test_signing_out_ends_the_session_at_once_and_forgets_the_cookie(house: House) -> None:
    """T8, rule 4: a stolen cookie is dead after it, and the card key of this session too."""
    form, member = await make_joined(house.resources, house.now)
    cookie = await signed_in(house, form.email)
    assert (await house.ask(CARD_KEY, **cookie))["__typename"] == "CardKey"
    answer = await house.send(SIGN_OUT, **cookie)
    assert answer.json()["data"]["signOut"] == {"__typename": "SignedOut", "at": "2026-03-14T09:26:53Z"}
    (line,) = answer.headers.get_list("set-cookie")
    assert line.startswith("__Host-session=;")
    assert "Max-Age=0" in line
    assert await house.ask(ME, **cookie) is None
    assert await database.fetchval("SELECT state FROM qr_credential WHERE member_id = $1", member) == "REVOKED"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (SIGN_OUT, {}),
        (REVOKE, {"id": str(uuid4())}),
        (GIVE, {"document": "marketing"}),
        (WITHDRAW, {"kind": "MARKETING"}),
        (CHANGE, {"current": PASSWORD, "password": "совсем другой пароль"}),
    ],
)
async def test_nobody_does_what_members_do(house: House, query: str, variables: dict[str, Any]) -> None:
    """T10: a Problem, and nothing has changed."""
    await make_joined(house.resources, house.now)
    before = await database.fetchval("SELECT count(*) FROM consent")
    told = await house.ask(query, variables)
    assert (told["__typename"], told["code"]) == ("Problem", "UNAUTHENTICATED")
    assert await database.fetchval("SELECT count(*) FROM consent") == before


async def test_devices_are_listed_and_revoked_by_their_owner(house: House) -> None:
    """T10."""
    form, member = await make_joined(house.resources, house.now)
    other, _ = await make_joined(house.resources, house.now)
    phone = await signed_in(house, form.email, User_Agent="Phone")
    house.later(minutes=1)
    laptop = await signed_in(house, form.email, User_Agent="Laptop")
    stranger = await signed_in(house, other.email, User_Agent="Stranger")
    await house.ask(CARD_KEY, **phone)
    listed = (await house.ask(DEVICES, **laptop))["devices"]
    assert [(device["agent"], device["current"], device["transport"]) for device in listed] == [
        ("Laptop", True, "COOKIE"),
        ("Phone", False, "COOKIE"),
    ]
    assert [device["cardKeyUntil"] for device in listed] == [None, "2026-03-17T09:27:53Z"]
    told = await house.ask(REVOKE, {"id": listed[1]["id"]}, **stranger)
    assert (told["code"], told["field"]) == ("NOT_FOUND", "id")
    assert (await house.ask(ME, **phone))["id"] == str(member)
    told = await house.ask(REVOKE, {"id": listed[1]["id"]}, **laptop)
    assert told == {"__typename": "DeviceRevoked", "id": listed[1]["id"]}
    assert await house.ask(ME, **phone) is None
    answer = await house.send(REVOKE, {"id": listed[0]["id"]}, **laptop)
    assert "__Host-session=;" in answer.headers["set-cookie"]
    assert await house.ask(ME, **laptop) is None


async def test_consents_are_given_and_withdrawn(house: House) -> None:
    """A-039, A-040."""
    form, _ = await make_joined(house.resources, house.now)
    cookie = await signed_in(house, form.email)
    listed = (await house.ask(CONSENTS, **cookie))["consents"]
    assert [(consent["kind"], consent["given"]) for consent in listed] == [("OFFER", True), ("PERSONAL_DATA", True)]
    documents = await house.ask("{ programme { documents { id kind version } } }")
    marketing = next(each for each in documents["documents"] if each["kind"] == "MARKETING")
    house.later(minutes=1)
    told = await house.ask(GIVE, {"document": marketing["id"]}, **cookie)
    assert told["consent"] == {
        "kind": "MARKETING",
        "given": True,
        "document": marketing["id"],
        "version": marketing["version"],
        "at": "2026-03-14T09:27:53Z",
    }
    house.later(minutes=1)
    told = await house.ask(WITHDRAW, {"kind": "MARKETING"}, **cookie)
    assert (told["consent"]["given"], told["consent"]["at"]) == (False, "2026-03-14T09:28:53Z")
    told = await house.ask(WITHDRAW, {"kind": "OFFER"}, **cookie)
    assert (told["code"], told["field"]) == ("INVALID_INPUT", "kind")
    assert "закройте карту" in told["message"]


async def test_a_changed_password_ends_the_other_sessions(house: House) -> None:
    form, _ = await make_joined(house.resources, house.now)
    here, there = await signed_in(house, form.email), await signed_in(house, form.email)
    wrong = await house.ask(CHANGE, {"current": "не тот пароль", "password": "совсем другой пароль"}, **here)
    assert (wrong["code"], wrong["field"]) == ("SIGN_IN_FAILED", "current")
    told = await house.ask(CHANGE, {"current": PASSWORD, "password": "совсем другой пароль"}, **here)
    assert told == {"__typename": "PasswordChanged", "at": "2026-03-14T09:26:53Z"}
    assert await house.ask(ME, **there) is None
    assert (await house.ask(ME, **here))["email"] == form.email


async def test_the_device_cookie_opens_nothing_and_keeps_its_owner_in(house: House) -> None:
    """T41."""
    form, member = await make_joined(house.resources, house.now)
    answer = await house.send(SIGN_IN, {"login": form.email, "password": PASSWORD})
    device = {"Cookie": f"__Host-device={cookies_in(answer)['__Host-device']}"}
    assert await house.ask(ME, **device) is None
    for _ in range(8):
        await house.ask(SIGN_IN, {"login": form.email, "password": "не тот пароль"})
    outside = await house.ask(SIGN_IN, {"login": form.email, "password": PASSWORD})
    assert (outside["code"], outside["retryable"], outside["retryAfterSeconds"]) == ("LIMIT_REACHED", True, 300)
    inside = await house.ask(SIGN_IN, {"login": form.email, "password": PASSWORD}, **device)
    assert UUID(inside["member"]["id"]) == member
