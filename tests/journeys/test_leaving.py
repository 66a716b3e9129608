"""A member who deletes the account on the phone: told what goes first, asked for the password, out for good, with the act."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_askona import Town
from tests.journeys.test_family import FOUND, newcomer, seat_somebody
from tests.journeys.test_main_job import joined
from tests.journeys.test_moves import expect_walkable
from tests.journeys.test_pages import Walk
from tests.journeys.test_shop import ordered, paid
from tests.makers.axe import violations
from tests.makers.demo import Demo
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


@pytest.fixture
def town(browser: Browser, askona: Demo) -> Iterator[Town]:
    with ExitStack() as closing:
        yield Town(browser, askona, closing)


def ask(page: Page, button: str = "Удалить аккаунт") -> None:
    """Open the sheet at the end of the profile."""
    page.goto("/profile")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("dialog").get_by_label(re.compile("^(Ваш пароль|Your password)$"))).to_be_visible()


def test_a_head_of_a_family_deletes_the_account(town: Town) -> None:
    """C-12, I-34: the end of the family is said, nothing goes without tick and password, then all of it, with an act to keep."""
    head, known = newcomer(town)
    head.ask(FOUND, key=str(uuid4()))
    seat_somebody(town, head)
    page = town.phone(is_mobile=False)
    sign_in(page, known)
    walk = Walk(page)
    ask(page)
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("Вы глава семьи")).to_be_visible()
    sheet.get_by_role("button", name="Удалить навсегда").click()
    expect(sheet.get_by_text("Отметьте, что понимаете")).to_be_visible()
    expect(sheet.get_by_role("checkbox")).to_be_focused()
    sheet.get_by_label("Понимаю, что вернуть ничего нельзя").check()
    sheet.get_by_label("Ваш пароль").fill("не тот пароль")
    sheet.get_by_role("button", name="Удалить навсегда").click()
    expect(sheet.get_by_text("Пароль не подошёл")).to_be_visible()
    walk.look("deleting is asked")
    sheet.get_by_role("button", name="Оставить аккаунт").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert head.ask("{ me { family { role } } }") == {"family": {"role": "HEAD"}}

    ask(page)
    sheet.get_by_label("Понимаю, что вернуть ничего нельзя").check()
    sheet.get_by_label("Ваш пароль").fill(known["password"])
    sheet.get_by_label("Ваш пароль").press("Enter")
    expect(page.get_by_role("heading", name="Данные удалены")).to_be_visible()
    act = page.get_by_role("group", name="Акт об уничтожении")
    expect(act).to_contain_text("требование участника в личном кабинете")
    walk.look("the account is gone")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Скачать акт").click()
    assert "об уничтожении персональных данных" in saved.value.path().read_text("utf-8")
    assert head.ask("{ me { number } }") is None
    page.goto("/profile")
    expect(page.get_by_role("heading", name="Вход")).to_be_visible()
    page.get_by_label("Телефон или e-mail").fill(known["login"])
    page.get_by_label("Пароль", exact=True).fill(known["password"])
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_url(re.compile("/sign-in"))
    walk.end()


def test_what_is_paid_is_said_and_what_is_under_way_refused(phones: Opened, demo: Demo) -> None:
    """C-12, A-081: an unused voucher is told before; while a payment is open nothing is deleted; both languages, by keyboard."""
    member, filled = joined(demo, f"leaver{uuid4().hex[:8]}")
    page = phones(is_mobile=False, has_touch=False, reduced_motion="reduce").new_page()
    sign_in(page, {"login": filled["email"], "password": filled["password"]})
    page.goto("/shop")
    ordered(page, "Ски-пасс на день")
    paid(page)
    ask(page)
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text(re.compile(r"1\sоплаченный ваучер не использован"))).to_be_visible()
    expect(sheet.get_by_role("link", name="К ваучерам")).to_have_attribute("href", "/shop")
    expect_walkable(page, "deleting the account")
    page.goto("/shop")
    ordered(page, "Ски-пасс на день")  # and never paid
    page.context.add_cookies([{"name": "language", "value": "en", "url": demo.told["url"]}])
    ask(page, "Delete the account")
    expect(sheet.get_by_text(re.compile(r"1\spaid voucher is not used"))).to_be_visible()
    sheet.get_by_label("I understand that nothing can be given back").check()
    sheet.get_by_label("Your password").fill(filled["password"])
    sheet.get_by_role("button", name="Delete for ever").click()
    expect(sheet.get_by_role("alert")).to_contain_text("A payment or a refund is under way")
    said = sheet.inner_text().replace("Мечтатель", "")  # the tier's own name
    assert not re.search("[А-Яа-яЁё]", said), said
    assert violations(page) == []
    assert member.ask("{ me { status } }") == {"status": "ACTIVE"}
