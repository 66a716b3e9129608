"""Signing in without a password and proving a phone, in a real browser against the gateways' stand-ins."""

import re
import time
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import joined
from tests.journeys.test_pages import Walk
from tests.makers.demo import Demo
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def texts(demo: Demo, number: str) -> list[dict[str, Any]]:
    """What the phone of a number has caught, newest first."""
    found: list[dict[str, Any]] = demo.client().get(f"/mailbox/messages?to={number.replace('+', '%2B')}")
    return found


def code_by_sms(demo: Demo, number: str, *, beside: int = 0) -> str:
    """The code of a text that arrives within ten seconds."""
    end = time.monotonic() + 10
    while len(caught := texts(demo, number)) <= beside:
        assert time.monotonic() < end, caught
        time.sleep(0.1)
    assert caught[0]["channel"] == "SMS"
    return str(re.findall(r"\d{6}", caught[0]["text"])[0])


def ask_for_a_code(page: Page, login: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Телефон или e-mail").fill(login)
    page.get_by_role("link", name="Вход по коду").click()
    expect(page.get_by_label("Телефон или e-mail")).to_have_value(login)
    page.get_by_role("button", name="Получить код").click()
    expect(page.get_by_label("Код из сообщения")).to_be_focused()


def test_a_code_by_sms_opens_the_card(phones: Opened, demo: Demo) -> None:
    """A-223: a phone, six digits, no password; every state of the page looked at."""
    member = demo.member("pioneer", 2)
    page = phones(is_mobile=False).new_page()
    walk = Walk(page)
    before = len(texts(demo, member["phone"]))
    ask_for_a_code(page, member["phone"])
    walk.look("code asked")
    code = code_by_sms(demo, member["phone"], beside=before)
    page.get_by_label("Код из сообщения").fill(f"{(int(code) + 1) % 10**6:06d}")
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_text("Код не подошёл или устарел")).to_be_visible()
    walk.look("code refused")
    page.get_by_label("Код из сообщения").fill(code)
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url("**/card")
    walk.visit("/profile", "Профиль")
    walk.end()


def test_a_newcomer_proves_the_phone_and_signs_in_by_it(phones: Opened, demo: Demo) -> None:
    """A-223, INV-12: a code by letter at first, then a phone that is proved, then a code by SMS to it."""
    _, filled = joined(demo, f"phone{uuid4().hex[:8]}")
    page = phones(is_mobile=False).new_page()
    walk = Walk(page)
    sign_in(page, {"login": filled["email"], "password": filled["password"]})
    page.goto("/profile")
    page.get_by_role("button", name="Подтвердить номер").click()
    page.get_by_role("button", name="Прислать код").click()
    code = code_by_sms(demo, filled["phone"])
    walk.look("code for the phone")
    page.get_by_label("Код из сообщения").fill(code)
    page.get_by_role("button", name="Подтвердить номер").click()
    expect(page.get_by_text("подтверждён, по нему можно войти")).to_be_visible()
    walk.look("phone proved")
    wanted = page.get_by_role("checkbox", name="SMS: О карте")
    expect(wanted).to_be_checked()
    with page.expect_response(lambda answer: "/graphql" in answer.url):
        wanted.click()
    expect(wanted).not_to_be_checked()
    page.reload()
    expect(page.get_by_role("checkbox", name="SMS: О карте")).not_to_be_checked()
    expect(page.get_by_role("checkbox", name="E-mail: О карте")).to_be_disabled()
    other = phones().new_page()
    ask_for_a_code(other, filled["phone"])
    other.get_by_label("Код из сообщения").fill(code_by_sms(demo, filled["phone"], beside=1))
    other.get_by_role("button", name="Войти", exact=True).click()
    other.wait_for_url("**/card")
    walk.end()


def test_the_page_of_codes_speaks_english_and_says_what_is_missing(phones: Opened) -> None:
    page = phones(locale="en-GB").new_page()
    page.goto("/sign-in/code")
    page.get_by_role("button", name="Get a code").click()
    expect(page.get_by_label("Phone or e-mail")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Phone or e-mail").fill(f"nobody{uuid4().hex[:6]}@example.ru")
    page.get_by_role("button", name="Get a code").click()
    page.get_by_label("Code from the message").fill("12345")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("The code has six digits")).to_be_visible()
    page.get_by_role("button", name="Change phone or e-mail").click()
    expect(page.get_by_label("Phone or e-mail")).to_be_visible()
