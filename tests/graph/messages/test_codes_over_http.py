"""Codes, phones and wishes as a browser asks for them."""

from typing import Any

import pytest

from models import database
from services import onetime
from tests.graph.members.conftest import House
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.joining import PASSWORD, make_joined, make_pending
from tests.makers.messages import PHONE, make_reachable
from tests.makers.resources import make_resources
from tests.makers.working import work_off

REQUEST = """mutation($login: String!, $request: ID) { requestSignInCode(login: $login, request: $request) {
  __typename ... on CodeRequested { request resendAfter expiresAt } ... on Problem { ...problem } } }"""
SIGN_IN = """mutation($request: ID!, $code: String!, $transport: SessionTransport! = COOKIE) {
  signInByCode(request: $request, code: $code, transport: $transport) {
  __typename ... on SignedIn { token member { number phoneVerified } } ... on Problem { ...problem } } }"""
PHONE_CODE = """mutation($phone: String!) { requestPhoneCode(phone: $phone) {
  __typename ... on CodeRequested { request } ... on Problem { ...problem } } }"""
CONFIRM = """mutation($request: ID!, $code: String!) { confirmPhone(request: $request, code: $code) {
  __typename ... on PhoneConfirmed { phone member { phone phoneVerified } } ... on Problem { ...problem } } }"""
WISHES = "{ me { messagePreferences { marketing { given } channels { channel address verified available service marketing } } } }"
SET = """mutation($channels: [ChannelPreferenceInput!]!) { setMessagePreferences(channels: $channels) {
  __typename ... on MessagePreferencesSet { preferences { channels { channel service marketing } } }
  ... on Problem { ...problem } } }"""
BY_PASSWORD = """mutation($login: String!, $password: String!) {
  signIn(login: $login, password: $password, transport: BEARER) {
  ... on SignedIn { token } ... on Problem { ...problem } } }"""


async def newest_code(house: House) -> str:
    """What arrived on the phone or in the letter box: the worker is run, and the code read from what it sent."""
    gateway = ScriptedGateway()
    await work_off(house.resources, make_gateways(gateway), house.now)
    assert len(gateway.taken) <= 1
    return onetime.code_of(
        await database.fetchval("SELECT id FROM one_time_code ORDER BY created_at DESC, id DESC LIMIT 1"),
        house.resources,
    )


async def signed_in(house: House, login: str) -> str:
    told = await house.ask(BY_PASSWORD, {"login": login, "password": PASSWORD})
    return f"Bearer {told['token']}"


async def facts_of(member: Any) -> Any:
    return await database.fetch(
        "SELECT kind, value, verified_at FROM contact WHERE member_id = $1 ORDER BY kind", member
    )


async def test_a_phone_and_a_code_open_a_session(house: House) -> None:
    """A-223: identification by phone number."""
    await make_reachable(house.resources, house.now)
    told = await house.ask(REQUEST, {"login": PHONE})
    assert told["__typename"] == "CodeRequested"
    answer = await house.send(SIGN_IN, {"request": told["request"], "code": await newest_code(house)})
    body = answer.json()["data"]["signInByCode"]
    assert body["member"]["phoneVerified"] is True
    assert (body["token"], "__Host-session=" in answer.headers["set-cookie"]) == (None, True)


@pytest.mark.parametrize(
    ("variables", "code", "field"),
    [({"login": ""}, "INVALID_INPUT", "login"), ({"login": "x" * 255}, "INVALID_INPUT", "login")],
)
async def test_a_login_has_a_shape(house: House, variables: Any, code: str, field: str) -> None:
    told = await house.ask(REQUEST, variables)
    assert (told["code"], told["field"]) == (code, field)
    assert await database.fetchval("SELECT count(*) FROM one_time_code") == 0


async def test_a_code_has_a_shape_and_a_wrong_one_opens_nothing(house: House) -> None:
    await make_reachable(house.resources, house.now)
    told = await house.ask(REQUEST, {"login": PHONE})
    for code in ("12345", "1234567", "12345x", "١٢٣٤٥٦", ""):
        refused = await house.ask(SIGN_IN, {"request": told["request"], "code": code})
        assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "code")
    refused = await house.ask(SIGN_IN, {"request": "stranger", "code": await newest_code(house)})
    assert (refused["code"], refused["retryable"]) == ("TOKEN_NOT_ACCEPTED", False)
    assert await database.fetchval("SELECT count(*) FROM session") == 0


async def test_a_profile_that_waits_for_its_letter_gets_no_code(house: House) -> None:
    form, _ = await make_pending(house.resources, house.now)
    told = await house.ask(REQUEST, {"login": form.email})
    assert told["__typename"] == "CodeRequested"
    assert await database.fetchval("SELECT count(*) FROM one_time_code WHERE member_id IS NOT NULL") == 0


async def test_a_member_proves_a_phone(house: House) -> None:
    """Rule 3 of joining: the number then signs in its owner, and a letter says so."""
    form, member = await make_joined(house.resources, house.now)
    who = await signed_in(house, form.email)
    told = await house.ask(PHONE_CODE, {"phone": "8 921 765-43-21"}, Authorization=who)
    code = await newest_code(house)
    done = await house.ask(CONFIRM, {"request": told["request"], "code": code}, Authorization=who)
    assert done == {
        "__typename": "PhoneConfirmed",
        "phone": "+79217654321",
        "member": {"phone": "+79217654321", "phoneVerified": True},
    }
    assert [(row["kind"], row["value"]) for row in await facts_of(member)] == [
        ("EMAIL", form.email),
        ("PHONE", "+79217654321"),
    ]
    letters = await house.letters()
    assert "•••4321" in letters[-1].text
    assert "765" not in letters[-1].text
    again = await house.ask(PHONE_CODE, {"phone": "+79217654321"}, Authorization=who)
    assert (again["code"], again["field"]) == ("INVALID_INPUT", "phone")


async def test_a_code_proves_a_phone_in_the_session_that_asked_alone(house: House) -> None:
    """T4."""
    form, member = await make_joined(house.resources, house.now)
    first, second = await signed_in(house, form.email), await signed_in(house, form.email)
    before = await facts_of(member)
    told = await house.ask(PHONE_CODE, {"phone": form.phone}, Authorization=first)
    given = {"request": told["request"], "code": await newest_code(house)}
    refused = await house.ask(CONFIRM, given, Authorization=second)
    assert (refused["code"], await facts_of(member)) == ("TOKEN_NOT_ACCEPTED", before)
    assert (await house.ask(CONFIRM, given, Authorization=first))["__typename"] == "PhoneConfirmed"


async def test_a_number_is_proved_by_one_member(house: House) -> None:
    """INV-12."""
    await make_reachable(house.resources, house.now)
    form, member = await make_joined(house.resources, house.now, phone=PHONE)
    who, before = await signed_in(house, form.email), await facts_of(member)
    told = await house.ask(PHONE_CODE, {"phone": PHONE}, Authorization=who)
    given = {"request": told["request"], "code": await newest_code(house)}
    refused = await house.ask(CONFIRM, given, Authorization=who)
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", "code")
    assert await facts_of(member) == before


async def test_a_foreign_number_gets_no_code(house: House) -> None:
    """T7: served prefixes are listed."""
    form, member = await make_joined(house.resources, house.now)
    who, before = await signed_in(house, form.email), await facts_of(member)
    refused = await house.ask(PHONE_CODE, {"phone": "+358 40 1234567"}, Authorization=who)
    assert (refused["code"], refused["field"], await facts_of(member)) == ("INVALID_INPUT", "phone", before)
    assert await database.fetchval("SELECT count(*) FROM one_time_code") == 0


async def test_the_budget_of_an_hour_holds_back_a_ring_of_profiles(house: House) -> None:
    """T7."""
    house.resources = make_resources(sms_per_hour=0)
    form, _ = await make_joined(house.resources, house.now)
    who = await signed_in(house, form.email)
    told = await house.ask(PHONE_CODE, {"phone": form.phone}, Authorization=who)
    await newest_code(house)
    assert told["__typename"] == "CodeRequested"
    assert await database.fetchval("SELECT state FROM message WHERE cause = 'CODE'") == "UNDELIVERED"


async def test_wishes_are_read_and_changed(house: House) -> None:
    form, _ = await make_joined(house.resources, house.now)
    who = await signed_in(house, form.email)
    told = (await house.ask(WISHES, {}, Authorization=who))["messagePreferences"]
    assert told["marketing"] is None
    assert [(one["channel"], one["address"], one["verified"]) for one in told["channels"]] == [
        ("VIBER", form.phone, False),
        ("SMS", form.phone, False),
        ("EMAIL", form.email, True),
    ]
    changes = [{"channel": "VIBER", "service": False}, {"channel": "SMS", "marketing": False}]
    set_ = await house.ask(SET, {"channels": changes}, Authorization=who)
    assert set_["preferences"]["channels"] == [
        {"channel": "VIBER", "service": False, "marketing": True},
        {"channel": "SMS", "service": True, "marketing": False},
        {"channel": "EMAIL", "service": True, "marketing": True},
    ]


@pytest.mark.parametrize(
    ("channels", "field"),
    [
        ([{"channel": "EMAIL", "service": False}], "channels.0.service"),
        ([{"channel": "SMS"}, {"channel": "SMS"}], "channels.1.channel"),
    ],
)
async def test_wishes_that_cannot_be(house: House, channels: Any, field: str) -> None:
    form, _ = await make_joined(house.resources, house.now)
    who = await signed_in(house, form.email)
    refused = await house.ask(SET, {"channels": channels}, Authorization=who)
    assert (refused["code"], refused["field"]) == ("INVALID_INPUT", field)
    assert await database.fetchval("SELECT count(*) FROM channel_preference") == 0
