"""The ways into the staff's panel and out of it: invitation, two factors, recovery, a session that ends."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Opened
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.panels import (
    colleague,
    enrol,
    enter,
    expect_start,
    fresh_code,
    give_code,
    give_password,
    invited,
)
from tests.makers.pictures import symbol

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PASSWORD = "тихая гавань у сосны 7"


def test_an_invitation_becomes_two_factors_and_ten_codes(offices: Opened, demo: Demo, tmp_path: Path) -> None:
    """A-089, A-090: password with a hint, the app by picture or by hand, ten codes that must be kept, and in."""
    email = f"new{uuid4().hex[:6]}@example.ru"
    page = offices(accept_downloads=True).new_page()
    complaints = watched(page)
    page.goto(invited(demo, email, "--role", "analyst", "--name", "Нина Ветрова"))
    expect(page.get_by_role("heading", name="Здравствуйте, Нина Ветрова")).to_be_visible()
    field = page.get_by_label("Пароль", exact=True)
    field.fill("короткий")
    expect(page.get_by_text("Ещё 4 знака")).to_be_visible()
    page.get_by_role("button", name="Дальше").click()
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("aaaaaaaaaaaaaaa")
    expect(page.get_by_text("Слабый")).to_be_visible()
    field.fill(PASSWORD)
    expect(page.get_by_text("Надёжный")).to_be_visible()
    page.get_by_role("button", name="Дальше").click()
    page.get_by_text("Ввести вручную").click()
    secret = page.get_by_role("group", name="Ключ").locator("code").inner_text().replace(" ", "")
    seen = symbol(page.get_by_role("img", name="QR-код").screenshot())
    assert seen is not None
    assert seen.digits.startswith("otpauth://totp/")
    assert f"secret={secret}" in seen.digits
    page.get_by_label("Код из приложения, 6 цифр").fill("000000")
    page.get_by_role("button", name="Подключить").click()
    expect(page.get_by_label("Код из приложения, 6 цифр")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Код из приложения, 6 цифр").fill(fresh_code(secret))
    page.get_by_role("button", name="Подключить").click()
    expect(page.locator("ol code")).to_have_count(10)
    codes = [code.strip() for code in page.locator("ol code").all_inner_texts()]
    assert len(set(codes)) == 10
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Скачать").click()
    waiting.value.save_as(tmp_path / "codes.txt")
    written = (tmp_path / "codes.txt").read_text("utf-8")
    assert email in written
    assert all(code in written for code in codes)
    expect(page.get_by_role("button", name="Начать работу")).to_be_disabled()
    page.get_by_label("Я сохранил коды").check()
    page.get_by_role("button", name="Начать работу").click()
    expect_start(page)
    assert complaints == [], complaints


def test_an_invitation_works_once(offices: Opened, demo: Demo) -> None:
    """A-090: a used or mistyped link says what to do, and shows no form."""
    link = invited(demo, f"once{uuid4().hex[:6]}@example.ru", "--role", "analyst")
    enrol(offices().new_page(), link, PASSWORD)
    page = offices().new_page()
    for path in (link, "/admin/join?token=nothing", "/admin/join"):
        page.goto(path)
        expect(page.get_by_role("heading", name="Приглашение не подошло")).to_be_visible()
        expect(page.get_by_role("textbox")).to_have_count(0)


def test_a_wrong_code_and_a_used_one_open_nothing(offices: Opened, demo: Demo) -> None:
    """A-089: what does not fit is said beside the field, the password need not be typed again."""
    owner = colleague(demo, "owner@example.ru")
    page = offices().new_page()
    page.goto("/admin")
    expect(page).to_have_url(re.compile("/admin/sign-in$"))
    give_password(page, owner["login"], "не тот пароль вовсе")
    expect(page.get_by_role("alert")).to_contain_text("Не подходит")
    expect(page.get_by_label("E-mail")).to_have_value(owner["login"])
    give_password(page, owner["login"], owner["password"])
    field = page.get_by_label("Код, 6 цифр")
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    give_code(page, "12345")
    expect(field).to_have_accessible_description("Нужно шесть цифр")
    give_code(page, "000000")
    expect(field).to_have_accessible_description(re.compile("Код не подошёл"))
    code = fresh_code(owner["totp"])
    give_code(page, f"{code[:3]} {code[3:]}")
    expect_start(page)
    other = offices().new_page()
    other.goto("/admin/sign-in")
    give_password(other, owner["login"], owner["password"])
    give_code(other, code)
    expect(other.get_by_label("Код, 6 цифр")).to_have_accessible_description(re.compile("Код не подошёл"))
    other.goto("/admin/me")
    expect(other).to_have_url(re.compile("/admin/sign-in$"))


def test_a_recovery_code_opens_once(offices: Opened, demo: Demo) -> None:
    """A-089: the second way in, and how many ways are left."""
    email = f"lost{uuid4().hex[:6]}@example.ru"
    _, codes = enrol(offices().new_page(), invited(demo, email, "--role", "analyst"), PASSWORD)
    page = offices().new_page()
    page.goto("/admin/sign-in")
    give_password(page, email, PASSWORD)
    page.get_by_role("button", name="Войти по коду восстановления").click()
    page.get_by_label("Код восстановления").fill(codes[0])
    page.get_by_role("button", name="Войти", exact=True).click()
    expect_start(page)
    expect(page.get_by_text("Осталось 9 кодов восстановления")).to_be_visible()
    page.get_by_role("button", name="Выйти").click()
    expect(page).to_have_url(re.compile("/admin/sign-in$"))
    give_password(page, email, PASSWORD)
    page.get_by_role("button", name="Войти по коду восстановления").click()
    page.get_by_label("Код восстановления").fill(codes[0])
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_label("Код восстановления")).to_have_attribute("aria-invalid", "true")


def test_too_many_tries_are_told_with_the_time_to_wait(offices: Opened) -> None:
    """A-089: the lock says how long it lasts, for an address that nobody has just as for one that somebody has."""
    page = offices().new_page()
    page.goto("/admin/sign-in")
    nobody = f"nobody{uuid4().hex[:6]}@example.ru"
    for _ in range(12):
        with page.expect_response("**/graphql"):
            give_password(page, nobody, "наугад наугад наугад")
        if page.get_by_text(re.compile("Повторите через")).is_visible():
            break
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"Повторите через \d+ мин"))


def test_a_session_that_ends_keeps_what_was_typed(offices: Opened, demo: Demo) -> None:
    """A-089: a warning a minute before, a press that stays, and sign-in over the page when the time has run out."""
    second = colleague(demo, "second.owner@example.ru")
    page = offices().new_page()
    page.clock.install()
    enter(page, second)
    page.get_by_role("link", name="Мой доступ").click()
    page.get_by_role("button", name="Сменить пароль").click()
    page.get_by_label("Новый пароль").fill("ещё не досказанная фраза")
    page.clock.fast_forward("14:05")
    expect(page.get_by_role("alert")).to_contain_text("Сессия закончится через")
    page.get_by_role("button", name="Остаться").click()
    expect(page.get_by_role("button", name="Остаться")).to_have_count(0)
    page.clock.fast_forward("15:01")
    over = page.get_by_role("dialog", name="Сессия закончилась")
    expect(over).to_be_visible()
    page.keyboard.press("Escape")
    expect(over).to_be_visible()
    expect(over.get_by_label("E-mail")).to_have_value(second["login"])
    over.get_by_label("Пароль", exact=True).fill(second["password"])
    over.get_by_role("button", name="Дальше").click()
    over.get_by_label("Код, 6 цифр").fill(fresh_code(second["totp"]))
    over.get_by_role("button", name="Войти", exact=True).click()
    expect(over).to_have_count(0)
    expect(page.get_by_label("Новый пароль")).to_have_value("ещё не досказанная фраза")


def test_signing_out_empties_every_tab(offices: Opened, demo: Demo) -> None:
    """A-089: who leaves the desk leaves nothing on it."""
    office = offices()
    page, other = office.new_page(), office.new_page()
    enter(page, colleague(demo, "analyst@example.ru"))
    other.goto("/admin/me")
    expect(other.get_by_text("analyst@example.ru").first).to_be_visible()
    page.get_by_role("button", name="Выйти").click()
    for tab in (page, other):
        expect(tab).to_have_url(re.compile("/admin/sign-in$"))
        expect(tab.get_by_text("analyst@example.ru")).to_have_count(0)


def test_the_panel_is_walked_by_keyboard_in_either_language(offices: Opened, demo: Demo) -> None:
    """A-089: skip link, drawer that Esc closes, and a language that stays chosen."""
    page = offices(viewport={"width": 768, "height": 1024}).new_page()
    enter(page, colleague(demo, "igora@example.ru"))
    page.goto("/admin/me")
    expect(page.get_by_role("heading", name="Мой доступ")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="К содержанию")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("button", name="Меню").click()
    expect(page.get_by_role("dialog", name="Меню")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Меню")).to_be_focused()
    page.get_by_label("English").check(force=True)
    expect(page.get_by_role("heading", name="My access")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.get_by_role("heading", name="My access")).to_be_visible()
