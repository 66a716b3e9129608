"""From the form to the card over HTTP: A-027, A-029, A-030..A-048, A-127, and the equal answers of T2."""

from typing import Any

import pytest

from models import database
from tests.graph.members.conftest import REGISTER, House, filled_in
from tests.makers.joining import code_in, link_in, make_joined

CONFIRM = """mutation($token: String!) { confirmEmail(token: $token) {
  __typename ... on EmailConfirmed { email } ... on Problem { ...problem } } }"""
CONFIRM_BY_CODE = """mutation($email: String!, $code: String!) { confirmEmailByCode(email: $email, code: $code) {
  __typename ... on EmailConfirmed { email } ... on Problem { ...problem } } }"""
RESEND = """mutation($email: String!) { resendConfirmation(email: $email) {
  __typename ... on ConfirmationResent { resendAfter } ... on Problem { ...problem } } }"""
FORGOT = """mutation($email: String!) { requestPasswordReset(email: $email) {
  __typename ... on PasswordResetRequested { resendAfter } ... on Problem { ...problem } } }"""
RESET = """mutation($token: String!, $password: String!) { resetPassword(token: $token, password: $password) {
  __typename ... on PasswordReset { email } ... on Problem { ...problem } } }"""
SIGN_IN = """mutation($login: String!, $password: String!) { signIn(login: $login, password: $password) {
  __typename ... on SignedIn { token member { firstName card { number kind status } cards { kind status }
    progress { tier { name } next { name } accumulated left } totals { purchases saved } } }
  ... on Problem { ...problem } } }"""
PASSWORD = "гречневая каша 7"


def without_request(problem: dict[str, Any]) -> dict[str, Any]:
    assert problem.pop("requestId")
    return problem


async def test_a_guest_joins_and_finds_the_card(house: House) -> None:
    """A-042, A-044, A-047, A-048, A-069, A-127: form, letter, link, sign-in, card."""
    told = await house.ask(REGISTER, filled_in(plasticNumber="1234 5678"))
    assert told == {"__typename": "Registered", "email": "petr@petrov.ru", "resendAfter": "2026-03-14T09:27:53Z"}
    (letter,) = await house.letters()
    refused = await house.ask(SIGN_IN, {"login": "petr@petrov.ru", "password": PASSWORD})
    assert (refused["code"], refused["field"]) == ("NOT_CONFIRMED", None)
    for _ in range(2):
        told = await house.ask(CONFIRM, {"token": link_in(letter)})
        assert told == {"__typename": "EmailConfirmed", "email": "petr@petrov.ru"}
    told = await house.ask(SIGN_IN, {"login": "8 921 123-45-67", "password": PASSWORD})
    number = told["member"]["card"].pop("number")
    assert (len(number), number[:4]) == (16, "7012")
    assert told["member"] == {
        "firstName": "Пётр",
        "card": {"kind": "VIRTUAL", "status": "ACTIVE"},
        "cards": [{"kind": "VIRTUAL", "status": "ACTIVE"}, {"kind": "PLASTIC", "status": "REPLACED"}],
        "progress": {
            "tier": {"name": "Мечтатель"},
            "next": {"name": "Первооткрыватель"},
            "accumulated": "0.00",
            "left": "100000.00",
        },
        "totals": {"purchases": "0.00", "saved": "0.00"},
    }


async def test_the_code_of_the_letter_does_as_well(house: House) -> None:
    """A-042."""
    await house.ask(REGISTER, filled_in())
    (letter,) = await house.letters()
    wrong = await house.ask(CONFIRM_BY_CODE, {"email": "petr@petrov.ru", "code": "000000"})
    assert (wrong["code"], wrong["field"], wrong["retryable"]) == ("TOKEN_NOT_ACCEPTED", "code", False)
    told = await house.ask(CONFIRM_BY_CODE, {"email": "Petr@petrov.ru", "code": code_in(letter)})
    assert told == {"__typename": "EmailConfirmed", "email": "petr@petrov.ru"}


async def test_a_get_of_the_link_changes_nothing(house: House) -> None:
    """Rule 2: mail programs open links before people do."""
    await house.ask(REGISTER, filled_in())
    (letter,) = await house.letters()
    answer = await house.client.get("/graphql", params={"query": 'mutation{confirmEmail(token:"x"){__typename}}'})
    assert answer.status_code == 405
    await house.client.get(f"/confirm?token={link_in(letter)}")
    assert await database.fetchval("SELECT status FROM member") == "PENDING_CONFIRMATION"


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"lastName": "Petrov"}, "input.lastName", "Только кириллица, как в паспорте. Проверьте раскладку клавиатуры."),
        ({"birthDate": "2020-01-01"}, "input.birthDate", "Участвовать в программе можно с 14 лет."),
        ({"birthDate": "2020-02-31"}, "input.birthDate", "Дата пишется так: 2026-01-31."),
        ({"phone": "12"}, "input.phone", "Проверьте номер: 10 цифр после +7, а для других стран — плюс и код страны."),
        ({"password": "short"}, "input.password", "Пароль короткий: нужно не меньше 8 знаков."),
        ({"acceptOffer": False}, "input.acceptOffer", "Чтобы получить карту, примите условия участия."),
        ({"plasticNumber": "нет"}, "input.plasticNumber", None),
        ({"documents": ["offer-of-last-year"]}, "input.documents.0", None),
        ({"email": "petr\u0000@petrov.ru"}, "input.email", None),
        ({"firstName": "Пётр\ud800"}, "input.firstName", None),
        ({"firstName": " "}, "input.firstName", None),
        ({"firstName": "Я" * 999}, "input.firstName", None),
        ({"lastName": "<script>alert(1)</script>"}, "input.lastName", None),
        ({"lastName": "=cmd|' /C calc'!A0"}, "input.lastName", None),
    ],
)
async def test_a_poor_form_is_refused_by_field_and_keeps_nothing(
    house: House, changes: dict[str, Any], field: str, message: str | None
) -> None:
    """A-031..A-040: a Problem in the reader's language, and no echo of what was typed."""
    told = await house.ask(REGISTER, filled_in(**changes))
    assert (told["code"], told["field"], told["retryable"]) == ("INVALID_INPUT", field, False)
    if message is not None:
        assert told["message"] == message
    (typed,) = changes.values()
    assert not isinstance(typed, str) or len(typed) < 4 or typed not in told["message"]
    for table in ("member", "contact", "consent", "job"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_a_problem_is_told_in_english_too(house: House) -> None:
    told = await house.ask(REGISTER, filled_in(phone="12"), Accept_Language="en")
    assert told["message"] == "Check the number: ten digits after +7, or a plus and the country code."


async def test_known_and_unknown_are_answered_alike_in_every_door(house: House) -> None:
    """T2: status, headers and body are the same but for the address that was typed; each also when asked too often."""
    known, _ = await make_joined(house.resources, house.now)
    house.later(seconds=61)
    seen: dict[str, list[Any]] = {}
    for email in (known.email, "nobody@nowhere.ru"):
        calls: list[tuple[str, dict[str, Any]]] = [
            (REGISTER, filled_in(email=email)),
            (RESEND, {"email": email}),
            (FORGOT, {"email": email}),
            (FORGOT, {"email": email}),
            (CONFIRM_BY_CODE, {"email": email, "code": "123456"}),
            *[(SIGN_IN, {"login": email, "password": "не тот пароль"})] * 7,
        ]
        for query, variables in calls:
            answer = await house.send(query, variables)
            body = answer.text.replace(email, "…")
            for told in answer.json()["data"].values():
                body = body.replace(told.get("requestId", "-"), "…")
            headers = {
                name: value for name, value in answer.headers.items() if name not in ("x-request-id", "content-length")
            }
            seen.setdefault(email, []).append((answer.status_code, headers, body))
    for for_known, for_unknown in zip(*seen.values(), strict=True):
        assert for_known == for_unknown
    codes = [body for _, _, body in seen[known.email]]
    assert sum("SIGN_IN_FAILED" in body for body in codes) == 5
    assert sum("LIMIT_REACHED" in body for body in codes) == 4


async def test_another_letter_may_be_asked_for_after_a_minute(house: House) -> None:
    """A-045, rule 2."""
    await house.ask(REGISTER, filled_in())
    told = await house.ask(RESEND, {"email": "petr@petrov.ru"})
    assert (told["code"], told["retryable"], told["retryAfterSeconds"]) == ("LIMIT_REACHED", True, 60)
    house.later(seconds=61)
    told = await house.ask(RESEND, {"email": "petr@petrov.ru"})
    assert told == {"__typename": "ConfirmationResent", "resendAfter": "2026-03-14T09:28:54Z"}
    assert len(await house.letters()) == 2


async def test_a_forgotten_password_is_set_by_letter(house: House) -> None:
    """T40: the host of the request does not reach the letter."""
    known, _ = await make_joined(house.resources, house.now)
    await house.ask(FORGOT, {"email": known.email}, Host="evil.example")
    (letter,) = await house.letters()
    assert "http://kunak.test/reset?token=" in letter.text
    assert "evil" not in letter.text
    variables = {"token": link_in(letter), "password": "совсем другой пароль"}
    poor = await house.ask(RESET, variables | {"password": "qwerty123"})
    assert (poor["code"], poor["field"]) == ("INVALID_INPUT", "password")
    assert await house.ask(RESET, variables) == {"__typename": "PasswordReset", "email": known.email}
    again = await house.ask(RESET, variables)
    assert (again["code"], again["field"]) == ("TOKEN_NOT_ACCEPTED", "token")
    told = await house.ask(SIGN_IN, {"login": known.email, "password": "совсем другой пароль"})
    assert told["__typename"] == "SignedIn"


async def test_three_tries_in_one_document_are_none(house: House) -> None:
    """T3: one root field a mutation, and nothing is counted."""
    one = 'signIn(login: "petr@petrov.ru", password: "x{0}") {{ __typename }}'
    query = "mutation { " + " ".join(f"a{place}: " + one.format(place) for place in range(3)) + " }"
    answer = await house.send(query)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID_QUERY")
    assert await database.fetchval("SELECT count(*) FROM limit_counter") == 0
