"""Names, the day of birth, the language and the address, as the member's own page changes them."""

from typing import Any

import pytest

from models import database
from tests.graph.members.conftest import House
from tests.graph.members.test_own_data_over_http import ME, signed_in
from tests.makers.joining import PASSWORD, code_in, link_in, make_joined
from tests.makers.state import state

CHANGE = """mutation($input: ChangeProfileInput!) { changeProfile(input: $input) { __typename
  ... on ProfileChanged { member { firstName lastName patronymic birthDate language } } ... on Problem { ...problem } } }"""
ASK = """mutation($input: EmailChangeInput!) { requestEmailChange(input: $input) { __typename
  ... on EmailChangeRequested { change { email askedAt expiresAt } resendAfter } ... on Problem { ...problem } } }"""
BY_LINK = """mutation($token: String!) { confirmEmailChange(token: $token) { __typename
  ... on EmailChanged { member { email emailVerified emailChange { email } } } ... on Problem { ...problem } } }"""
BY_CODE = """mutation($code: String!) { confirmEmailChangeByCode(code: $code) { __typename
  ... on EmailChanged { member { email emailVerified emailChange { email } } } ... on Problem { ...problem } } }"""
CANCEL = (
    "mutation { cancelEmailChange { __typename ... on EmailChangeCancelled { at } ... on Problem { ...problem } } }"
)
OWN_CODE = (
    "mutation { requestEmailChangeCode { __typename ... on CodeRequested { request } ... on Problem { ...problem } } }"
)
PENDING = "{ me { email hasPassword emailVerified emailChange { email } } }"
NEW = "novy@petrov.ru"


async def test_names_change_by_the_rules_of_joining(house: House) -> None:
    """A-224: the service that tills and web shops call; a letter tells the owner."""
    form, _ = await make_joined(house.resources, house.now)
    cookie = await signed_in(house, form.email)
    wish = {"input": {"lastName": "  Салтыкова-Щедрина ", "firstName": "Ольга", "patronymic": ""}}
    told = await house.ask(CHANGE, wish, **cookie)
    assert told["member"] == {
        "firstName": "Ольга",
        "lastName": "Салтыкова-Щедрина",
        "patronymic": None,
        "birthDate": "1990-01-01",
        "language": "RU",
    }
    (letter,) = await house.letters()
    assert letter.subject == "Данные профиля изменены"
    again = await house.ask(CHANGE, wish, **cookie)
    assert again["__typename"] == "ProfileChanged"
    assert await house.letters() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({}, "input"),
        ({"lastName": ""}, "input.lastName"),
        ({"firstName": "Pyotr"}, "input.firstName"),
        ({"patronymic": "1"}, "input.patronymic"),
        ({"birthDate": "1990-01-02"}, "input.birthDate"),
        ({"birthDate": "2100-01-02"}, "input.birthDate"),
        ({"firstName": "Ольга", "birthDate": "1990-01-02"}, "input.birthDate"),
    ],
)
async def test_what_may_not_change_stays(house: House, change: dict[str, str], field: str) -> None:
    """Campaigns hold around a birthday: the day that was given stays, and the names beside it too."""
    form, _ = await make_joined(house.resources, house.now)
    cookie, before = await signed_in(house, form.email), await state()
    told = await house.ask(CHANGE, {"input": change}, **cookie)
    assert (told["code"], told["field"]) == ("INVALID_INPUT", field)
    assert await state() == before


async def test_a_day_of_birth_is_given_once(house: House) -> None:
    """A-034: by the rules of joining, where none is known."""
    form, member = await make_joined(house.resources, house.now)
    await database.execute("UPDATE member SET birth_date = NULL WHERE id = $1", member)
    cookie = await signed_in(house, form.email)
    young = await house.ask(CHANGE, {"input": {"birthDate": "2020-01-01"}}, **cookie)
    assert (young["code"], young["field"]) == ("INVALID_INPUT", "input.birthDate")
    told = await house.ask(CHANGE, {"input": {"birthDate": "1988-02-29"}}, **cookie)
    assert told["member"]["birthDate"] == "1988-02-29"
    assert await house.letters() == []


async def test_the_language_of_letters_is_chosen(house: House) -> None:
    form, _ = await make_joined(house.resources, house.now)
    cookie = await signed_in(house, form.email)
    told = await house.ask(CHANGE, {"input": {"language": "EN"}}, **cookie)
    assert told["member"]["language"] == "EN"
    await house.ask(CHANGE, {"input": {"firstName": "Ольга"}}, **cookie)
    (letter,) = await house.letters()
    assert letter.subject == "Your profile has been changed"


async def test_names_change_a_few_times_a_day(house: House) -> None:
    form, _ = await make_joined(house.resources, house.now)
    cookie = await signed_in(house, form.email)
    for place in range(10):
        await house.ask(CHANGE, {"input": {"firstName": "Ольга" if place % 2 else "Елена"}}, **cookie)
    before = await state()
    told = await house.ask(CHANGE, {"input": {"firstName": "Мария"}}, **cookie)
    assert (told["code"], told["retryable"]) == ("LIMIT_REACHED", True)
    assert await state() == before
    assert (await house.ask(CHANGE, {"input": {"language": "EN"}}, **cookie))["__typename"] == "ProfileChanged"


@pytest.mark.parametrize("way", ["link", "digits"])
async def test_an_address_changes_over_http(house: House, way: str) -> None:
    """A-224: what the page asks and sees at each step."""
    form, _ = await make_joined(house.resources, house.now)
    here, there = await signed_in(house, form.email), await signed_in(house, form.email)
    told = await house.ask(ASK, {"input": {"email": NEW, "password": PASSWORD}}, **here)
    assert told == {
        "__typename": "EmailChangeRequested",
        "change": {"email": NEW, "askedAt": "2026-03-14T09:26:53Z", "expiresAt": "2026-03-15T09:26:53Z"},
        "resendAfter": "2026-03-14T09:27:53Z",
    }
    assert await house.ask(PENDING, **here) == {
        "email": form.email,
        "hasPassword": True,
        "emailVerified": True,
        "emailChange": {"email": NEW},
    }
    letter = next(one for one in await house.letters() if one.to == NEW)
    if way == "link":
        assert (await house.ask(BY_LINK, {"token": link_in(letter)}))["code"] == "UNAUTHENTICATED"
        done = await house.ask(BY_LINK, {"token": link_in(letter)}, **here)
    else:
        done = await house.ask(BY_CODE, {"code": code_in(letter)}, **here)
    assert done["member"] == {"email": NEW, "emailVerified": True, "emailChange": None}
    assert (await house.ask(ME, **here))["email"] == NEW
    assert await house.ask(ME, **there) is None


async def test_a_change_of_address_is_taken_back(house: House) -> None:
    form, _ = await make_joined(house.resources, house.now)
    cookie = await signed_in(house, form.email)
    await house.ask(ASK, {"input": {"email": NEW, "password": PASSWORD}}, **cookie)
    letter = next(one for one in await house.letters() if one.to == NEW)
    assert (await house.ask(CANCEL, **cookie))["__typename"] == "EmailChangeCancelled"
    assert (await house.ask(PENDING, **cookie))["emailChange"] is None
    refused = await house.ask(BY_LINK, {"token": link_in(letter)}, **cookie)
    assert (refused["code"], refused["field"]) == ("TOKEN_NOT_ACCEPTED", "token")


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (CHANGE, {"input": {"firstName": "Ольга"}}),
        (ASK, {"input": {"email": NEW, "password": PASSWORD}}),
        (OWN_CODE, {}),
        (BY_LINK, {"token": "a" * 64}),
        (BY_CODE, {"code": "123456"}),
        (CANCEL, {}),
    ],
)
async def test_nobody_changes_what_is_a_members(house: House, query: str, variables: Any) -> None:
    """T10."""
    await make_joined(house.resources, house.now)
    before = await state()
    told = await house.ask(query, variables)
    assert (told["__typename"], told["code"]) == ("Problem", "UNAUTHENTICATED")
    assert await state() == before
