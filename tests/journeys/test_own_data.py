"""A member's own data on the member's own page: names, a phone, another address; and the way in without a password."""

import re
import time
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import joined, letter
from tests.journeys.test_moves import expect_walkable
from tests.journeys.test_pages import Walk, expect_latin
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def newcomer(demo: Demo) -> dict[str, str]:
    """How somebody signs in who has just joined."""
    _, filled = joined(demo, f"own{uuid4().hex[:8]}")
    return {"login": filled["email"], "password": filled["password"]}


def at_profile(page: Page) -> Page:
    page.goto("/profile")
    expect(page.get_by_role("heading", name=re.compile("Профиль|Profile"), level=1)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    return page


def mail(demo: Demo, to: str, subject: str) -> dict[str, Any]:
    """The newest letter with this subject."""
    for _ in range(200):
        found = [one for one in demo.client().get(f"/mailbox?to={to}") if one["subject"] == subject]
        if found:
            newest: dict[str, Any] = found[0]
            return newest
        time.sleep(0.05)
    raise AssertionError(f"no letter «{subject}» to {to}")


def digits_of(text: str) -> str:
    found = re.search(r"\b\d{6}\b", text)
    assert found is not None, text
    return found[0]


def code_by_text(demo: Demo, phone: str) -> str:
    """The six digits of the newest text message."""
    for _ in range(200):
        found = demo.client().get(f"/mailbox/messages?to={phone}")
        if found:
            return digits_of(str(found[0]["text"]))
        time.sleep(0.05)
    raise AssertionError("no text came")


def ask_for_another_address(page: Page, known: dict[str, str], new: str) -> None:
    page.get_by_role("button", name="Изменить: E-mail").click()
    sheet = page.get_by_role("dialog", name="Адрес почты")
    sheet.get_by_label("Новый адрес").fill(new)
    sheet.get_by_label("Пароль от карты").fill(known["password"])
    sheet.get_by_role("button", name="Отправить письмо").click()
    expect(sheet.get_by_text(f"Письмо отправлено на {new}")).to_be_visible()


def sign_in_by_a_code(phones: Opened, demo: Demo, phone: str) -> None:
    """On a phone where nobody was before; a wrong code opens nothing."""
    before = len(demo.client().get(f"/mailbox/messages?to={phone}"))
    other = phones(is_mobile=False).new_page()
    walk = Walk(other)
    other.goto("/sign-in")
    other.get_by_role("link", name="Войти по коду").click()
    other.get_by_role("button", name="Прислать код").click()
    expect(other.get_by_text("Заполните поле")).to_be_visible()
    walk.look("signing in with a code")
    other.get_by_label("Телефон или e-mail").fill(phone)
    other.get_by_role("button", name="Прислать код").click()
    expect(other.get_by_text("код уже в пути")).to_be_visible()
    walk.look("the code to sign in with")
    for _ in range(200):
        if len(demo.client().get(f"/mailbox/messages?to={phone}")) > before:
            break
        time.sleep(0.05)
    code = code_by_text(demo, phone)
    other.get_by_label("Код из сообщения").fill(f"{(int(code) + 1) % 10**6:06d}")
    other.get_by_role("button", name="Войти", exact=True).click()
    expect(other.get_by_text("Код не подошёл или устарел")).to_be_visible()
    other.get_by_label("Код из сообщения").fill(code)
    other.get_by_role("button", name="Войти", exact=True).click()
    other.wait_for_url("**/card")
    walk.end()


def test_an_address_is_changed_by_the_digits_of_its_letter(phones: Opened, demo: Demo) -> None:
    """A-224, T6: over SMTP; the old address is told before and after, and signs in until the new one is confirmed; axe."""
    known, new = newcomer(demo), f"new{uuid4().hex[:8]}@example.ru"
    page = phones(is_mobile=False).new_page()
    walk = Walk(page)
    sign_in(page, known)
    at_profile(page)
    walk.look("own data")
    page.get_by_role("button", name="Изменить: E-mail").click()
    sheet = page.get_by_role("dialog", name="Адрес почты")
    sheet.get_by_role("button", name="Отправить письмо").click()
    expect(sheet.get_by_text("Заполните поле")).to_have_count(2)
    walk.look("another address, with faults")
    sheet.get_by_label("Новый адрес").fill(new)
    sheet.get_by_label("Пароль от карты").fill("не тот пароль")
    sheet.get_by_role("button", name="Отправить письмо").click()
    expect(sheet.get_by_text("Текущий пароль не подходит")).to_be_visible()
    sheet.get_by_label("Пароль от карты").fill(known["password"])
    sheet.get_by_role("button", name="Отправить письмо").click()
    expect(sheet.get_by_text(f"Письмо отправлено на {new}")).to_be_visible()
    walk.look("the letter's code")
    assert new not in mail(demo, known["login"], "Адрес почты хотят сменить")["text"]
    code = digits_of(mail(demo, new, "Подтвердите новый адрес")["text"])

    page.keyboard.press("Escape")
    expect(page.get_by_text(f"Ждёт подтверждения: {new}")).to_be_visible()
    walk.look("waiting for the letter")
    other = phones().new_page()
    sign_in(other, known)
    page.get_by_role("button", name="Ввести код").click()
    sheet.get_by_label("Код из письма").fill(f"{(int(code) + 1) % 10**6:06d}")
    sheet.get_by_role("button", name="Подтвердить").click()
    expect(sheet.get_by_text("Код не подошёл или устарел")).to_be_visible()
    sheet.get_by_label("Код из письма").fill(code)
    sheet.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text(f"Адрес {new} подтверждён")).to_be_visible()
    expect(page.get_by_role("definition").filter(has_text=new)).to_be_visible()
    walk.end()
    mail(demo, known["login"], "Адрес почты изменён")
    other.goto("/purchases")
    expect(other.get_by_role("heading", name="Вход")).to_be_visible()
    sign_in(phones().new_page(), known | {"login": new})


def test_an_address_is_changed_by_a_link_where_somebody_signs_in_first(phones: Opened, demo: Demo) -> None:
    """A-224: the letter is opened on another device: sign-in comes first and leads back; an old link says so."""
    known, new = newcomer(demo), f"new{uuid4().hex[:8]}@example.ru"
    page, other = phones().new_page(), phones(is_mobile=False).new_page()
    walk = Walk(other)
    sign_in(page, known)
    ask_for_another_address(at_profile(page), known, new)
    link = next(one for one in mail(demo, new, "Подтвердите новый адрес")["links"] if "/profile/address?" in one)
    other.goto(link)
    expect(other.get_by_role("heading", name="Вход")).to_be_visible()
    other.get_by_label("Телефон или e-mail").fill(known["login"])
    other.get_by_label("Пароль", exact=True).fill(known["password"])
    other.get_by_role("button", name="Войти", exact=True).click()
    expect(other.get_by_role("heading", name="Адрес подтверждён")).to_be_visible()
    expect(other.get_by_text(f"Письма и вход теперь по адресу {new}")).to_be_visible()
    walk.look("the address is confirmed")
    other.get_by_role("link", name="В профиль").click()
    expect(other.get_by_role("definition").filter(has_text=new)).to_be_visible()
    other.goto("/profile/address?token=nothing")
    expect(other.get_by_text("Ссылка не подошла или устарела")).to_be_visible()
    walk.look("an old link")
    walk.end()


def test_a_change_is_taken_back(phones: Opened, demo: Demo) -> None:
    """A-224: the address stays, and the letter on its way opens nothing."""
    known, new = newcomer(demo), f"new{uuid4().hex[:8]}@example.ru"
    page = phones().new_page()
    complaints = watched(page)
    sign_in(page, known)
    ask_for_another_address(at_profile(page), known, new)
    link = next(one for one in mail(demo, new, "Подтвердите новый адрес")["links"] if "/profile/address?" in one)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Отменить смену адреса").click()
    expect(page.get_by_text("Адрес остаётся прежним")).to_be_visible()
    expect(page.get_by_text("Ждёт подтверждения")).to_have_count(0)
    page.goto(link)
    expect(page.get_by_text("Ссылка не подошла или устарела")).to_be_visible()
    assert complaints == []


def test_names_and_a_phone_change_and_the_phone_opens_the_cabinet(phones: Opened, demo: Demo) -> None:
    """A-224, A-223: names by the rules of joining; a number by its code; and with the number and a code one signs in."""
    known = newcomer(demo)
    page = phones(is_mobile=False).new_page()
    walk = Walk(page)
    sign_in(page, known)
    at_profile(page).get_by_role("button", name="Изменить: Имя").click()
    sheet = page.get_by_role("dialog", name="Имя")
    sheet.get_by_label("Фамилия").fill("Petrova")
    sheet.get_by_role("button", name="Сохранить").click()
    expect(sheet.get_by_text("Только кириллица, дефис и пробел")).to_be_visible()
    walk.look("names, with a fault")
    sheet.get_by_label("Фамилия").fill("Салтыкова-Щедрина")
    sheet.get_by_label("Отчество").fill("")
    sheet.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Данные сохранены")).to_be_visible()
    expect(page.get_by_text("Салтыкова-Щедрина Алёна", exact=True)).to_be_visible()
    mail(demo, known["login"], "Данные профиля изменены")

    phone = f"+7921{uuid4().int % 10**7:07}"
    page.get_by_role("button", name="Подтвердить: Телефон").click()
    sheet = page.get_by_role("dialog", name="Телефон")
    sheet.get_by_label("Номер телефона").fill("921")
    sheet.get_by_role("button", name="Прислать код").click()
    expect(sheet.get_by_text("Допишите номер")).to_be_visible()
    walk.look("a phone, with a fault")
    sheet.get_by_label("Номер телефона").fill(phone)
    sheet.get_by_role("button", name="Прислать код").click()
    expect(sheet.get_by_text("Код отправлен на")).to_be_visible()
    walk.look("the code of a text")
    sheet.get_by_label("Код из SMS").fill(code_by_text(demo, phone))
    sheet.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text(re.compile(r"Номер \+7 .* подтверждён"))).to_be_visible()
    expect(page.get_by_role("button", name="Изменить: Телефон")).to_be_visible()
    walk.end()
    sign_in_by_a_code(phones, demo, phone)


def test_own_data_by_keyboard_in_english(phones: Opened, demo: Demo) -> None:
    """A-224, X2: no mouse, dark, English; each stop is ringed and clear, Esc gives the focus back; letters follow the language."""
    known, new = newcomer(demo), f"new{uuid4().hex[:8]}@example.ru"
    page = phones(
        is_mobile=False, has_touch=False, reduced_motion="reduce", locale="en-GB", color_scheme="dark"
    ).new_page()
    page.goto("/sign-in")
    page.get_by_label("Phone or e-mail").fill(known["login"])
    page.get_by_label("Password", exact=True).fill(known["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/card")
    at_profile(page)
    expect_walkable(page, "own data")
    page.get_by_role("radio", name="English").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="Профиль")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    opener = page.get_by_role("button", name="Change: E-mail")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="E-mail address")).to_be_visible()
    expect_latin_but_for_the_name(page)
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("New address").fill(new)
    page.get_by_label("Your password").fill(known["password"])
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"We sent an e-mail to {new}")).to_be_visible()
    assert violations(page) == []
    code = digits_of(mail(demo, new, "Confirm your new address")["text"])
    page.get_by_label("Code from the e-mail").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"The address {new} is confirmed")).to_be_visible()
    other = phones(locale="en-GB").new_page()
    other.goto("/sign-in/code")
    expect_latin(other)
    assert violations(other) == []
    letter(demo.client(), new)


def expect_latin_but_for_the_name(page: Page) -> None:
    """The sheet speaks English; what a member is called stays as it is written."""
    lines = page.get_by_role("dialog").inner_text().splitlines()
    assert [line for line in lines if re.search("[А-Яа-яЁё]", line)] == []
