"""Every screen in both themes, on a phone and on a desk: axe finds nothing, the policy is kept, nothing is wider than the screen."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import KEY, code_now, joined
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.desks import expect_posted, fill_basket, pair, record_button, scan
from tests.makers.phones import expect_code, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

WIDTHS = {390: 844, 1440: 900}
NARROWEST = 320


class Walk:
    """Looks at one screen after the other and gathers what is wrong with them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints = watched(page)
        self.found: list[str] = []

    def visit(self, path: str, heading: str) -> None:
        """Open an address and look once its heading stands and nothing is on its way."""
        self.page.goto(path)
        expect(self.page.get_by_role("heading", name=heading).first).to_be_visible()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.look(path)

    def look(self, name: str) -> None:
        """The screen as it stands, in every width and theme."""
        usual = self.page.viewport_size
        assert usual is not None
        for width, height in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                self.found += [f"{name}, {width} px, {scheme}: {one}" for one in violations(self.page)]
        self.page.set_viewport_size({"width": NARROWEST, "height": 568})
        for size in ("100%", "200%"):
            self.page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > NARROWEST:
                self.found.append(f"{name}: {wide} px wide on a screen of 320, text of {size}")
        self.page.evaluate("document.documentElement.style.fontSize = ''")
        self.page.set_viewport_size(usual)
        self.page.emulate_media(color_scheme="light")

    def end(self) -> None:
        """Nothing was wrong."""
        assert self.found == [], "\n".join(self.found)
        assert self.complaints == [], self.complaints  # a breach of the content policy is one of these


def test_screens_of_a_guest(phones: Opened) -> None:
    """X1: what anybody sees, with its faults."""
    page = phones(is_mobile=False).new_page()
    walk = Walk(page)
    walk.visit("/", "Одна карта")
    walk.visit("/join", "Карта за минуту")
    page.get_by_role("button", name="Создать карту").click()
    expect(page.get_by_text("Исправьте 8 полей")).to_be_visible()
    walk.look("join with faults")
    page.get_by_role("button", name="Согласие на обработку персональных данных", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    walk.look("a document")
    walk.visit("/sign-in", "Вход")
    page.get_by_label("Телефон или e-mail").fill(f"nobody{uuid4().hex[:6]}@example.ru")
    page.get_by_label("Пароль", exact=True).fill("not a password of anybody")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert")).to_be_visible()
    walk.look("sign-in refused")
    walk.visit("/confirm", "Подтвердите почту")
    walk.visit("/confirm?token=nothing", "Ссылка не подошла")
    walk.visit("/forgot", "Новый пароль")
    walk.visit("/reset?token=nothing", "Придумайте новый пароль")
    walk.visit("/reset", "Ссылка не подошла")
    walk.visit("/partners", "Партнёры")
    walk.end()


def test_a_page_that_does_not_exist_says_so(phones: Opened) -> None:
    """X1: 404, and the way on."""
    page = phones(is_mobile=False).new_page()
    walk = Walk(page)
    answer = page.goto("/no/such/page")
    assert answer is not None
    assert answer.status == 404
    walk.complaints.clear()  # the browser's own word about the 404
    expect(page.get_by_role("heading", name="Такой страницы нет")).to_be_visible()
    walk.look("missing")
    walk.end()


def test_screens_of_a_member(phones: Opened, demo: Demo) -> None:
    """X1: the cabinet of somebody with a year of purchases."""
    page = phones(is_mobile=False).new_page()
    walk = Walk(page)
    sign_in(page, demo.member("pioneer", 3))
    walk.visit("/card", "Последние покупки")
    page.get_by_role("button", name="Все уровни").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    walk.look("tiers")
    page.goto("/card/code")
    expect_code(page)
    walk.look("code")
    walk.visit("/purchases", "Покупки")
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    expect(page.get_by_role("dialog").get_by_text("Номер чека")).to_be_visible()
    walk.look("receipt")
    walk.visit("/purchases?period=own&from=2001-01-01&to=2001-01-02", "Покупки")
    walk.visit("/partners", "Партнёры")
    walk.visit("/profile", "Профиль")
    page.get_by_role("button", name="Сменить пароль").click()
    walk.look("password")
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    walk.look("sign out?")
    walk.end()


def test_screens_of_a_newcomer(phones: Opened, demo: Demo) -> None:
    """X1: empty states, and what stands where nothing could be loaded."""
    _, filled = joined(demo, f"new{uuid4().hex[:8]}")
    page = phones(is_mobile=False).new_page()
    walk = Walk(page)
    sign_in(page, {"login": filled["email"], "password": filled["password"]})
    walk.visit("/card", "Последние покупки")
    walk.visit("/purchases", "Покупки")
    expect(page.get_by_role("group", name="Отбор покупок")).to_have_count(0)
    page.get_by_role("button", name="Показать QR-код").click()
    expect_code(page)
    walk.end()
    stranger = phones(is_mobile=False).new_page()
    stranger.route("**/graphql", lambda route: route.abort())
    walk = Walk(stranger)
    stranger.goto("/partners")
    expect(stranger.get_by_text("Не получилось загрузить")).to_be_visible()
    walk.complaints.clear()  # the browser's own word about the lost request
    walk.look("failed")
    walk.end()


def test_screens_of_a_till(tills: Opened, demo: Demo) -> None:
    """X1: from the key to the return."""
    page = tills().new_page()
    walk = Walk(page)
    walk.visit("/till", "Подключите кассу")
    pair(page, demo.till("myasnoy-blok"))
    walk.look("ready")
    page.get_by_role("button", name="Меню кассы").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    walk.look("menu")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ввести цифры").click()
    walk.look("digits by hand")
    member, _ = joined(demo, f"till{uuid4().hex[:8]}")
    scan(page, code_now(member.ask(KEY, device="a phone")))
    walk.look("sale")
    record_button(page).click()
    walk.look("sale with a fault")
    page.get_by_role("button", name="Разделить оплату").click()
    receipt = f"{uuid4().int % 10**9:09}"
    fill_basket(page, "100", receipt)
    page.get_by_text("Почему так").click()
    walk.look("sale with a price")
    page.get_by_role("button", name="Одним способом").click()
    record_button(page).click()
    expect_posted(page)
    walk.look("posted")
    page.get_by_role("button", name="Следующий гость").click()
    page.get_by_text("Возврат", exact=True).click()
    expect(page.get_by_role("heading", name="Возврат")).to_be_visible()  # its part is loaded when it is first shown
    walk.look("find a receipt")
    page.get_by_label("Номер чека").fill(receipt)
    page.get_by_role("button", name="Найти чек").click()
    page.get_by_text("Часть чека").click()
    page.get_by_role("checkbox").check()
    walk.look("a return")
    page.get_by_role("button", name="Записать возврат").click()
    expect(page.get_by_role("heading", name="Возврат записан")).to_be_visible()
    walk.look("returned")
    walk.end()


ENGLISH: dict[str, str] = {
    "/": "One card",
    "/join": "A card in a minute",
    "/sign-in": "Sign in",
    "/forgot": "New password",
    "/partners": "Partners",
    "/no/such/page": "There is no such page",
}


def test_an_english_reader_meets_no_russian(phones: Opened, tills: Opened, demo: Demo) -> None:
    """Both languages whole: every word of the pages, of the programme and of the server's refusals."""
    page = phones(locale="en-GB").new_page()
    for path, heading in ENGLISH.items():
        page.goto(path)
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == "en"
        expect_latin(page)
    for path in ("/cabinet.webmanifest", "/till.webmanifest"):
        assert not re.search("[А-Яа-яЁё]", page.request.get(path, headers={"Accept-Language": "en-GB"}).text())
    person = demo.member("dreamer", 1)
    page.goto("/sign-in")
    page.get_by_label("Phone or e-mail").fill(person["login"])
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect_latin(page)
    page.get_by_label("Password", exact=True).fill(person["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Dreamer").first).to_be_visible()
    page.goto("/purchases")
    expect(page.get_by_role("heading", name="Purchases")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect_latin(page)
    till = tills(locale="en-GB").new_page()
    till.goto("/till")
    till.get_by_label("Till key").fill("kt_nothing")
    till.get_by_role("button", name="Connect").click()
    expect(till.get_by_role("alert")).to_be_visible()
    expect_latin(till)


def expect_latin(page: Page) -> None:
    head = page.evaluate("[document.title, ...[...document.querySelectorAll('meta')].map(meta => meta.content)]")
    lines = [*head, *page.locator("body").inner_text().splitlines()]
    assert [line for line in lines if re.search("[А-Яа-яЁё]", line)] == []


def test_the_language_and_the_theme_are_chosen_once(phones: Opened, demo: Demo) -> None:
    """The choice holds over a reload, on the landing page too."""
    page = phones().new_page()
    sign_in(page, demo.member("dreamer", 1))
    page.goto("/profile")
    page.get_by_role("radio", name="English").check()
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    page.get_by_role("radio", name="Dark").check()
    page.reload()
    expect(page.get_by_role("heading", name="Profile")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 20, 26)"
    page.goto("/")
    expect(page.get_by_role("heading", name="One card").first).to_be_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 20, 26)"
