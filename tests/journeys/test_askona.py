"""A chain of shops under a cashier's hands and on guests' phones: told numbers and 900 places to find."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_pages import Walk
from tests.makers.browser import phone, watched
from tests.makers.demo import Demo
from tests.makers.desks import desk, expect_posted, pair, record_button, sum_field
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


class Town:
    """Tablets of tills and phones of guests of one demo, each with its own memory."""

    def __init__(self, browser: Browser, demo: Demo, closing: ExitStack) -> None:
        self.browser, self.demo, self.closing = browser, demo, closing

    def till(self, outlet: str) -> Page:
        """A paired till."""
        context = desk(self.browser, base_url=self.demo.told["url"])
        self.closing.callback(context.close)
        page = context.new_page()
        pair(page, next(till for till in self.demo.told["tills"] if till["outlet"] == outlet))
        return page

    def guest(self, login: str, **more: object) -> Page:
        """A signed-in phone."""
        context = phone(self.browser, base_url=self.demo.told["url"], **more)
        self.closing.callback(context.close)
        page = context.new_page()
        sign_in(page, self.person(login))
        return page

    def person(self, login: str) -> dict[str, str]:
        """A member of the demo."""
        found: dict[str, str] = next(one for one in self.demo.told["members"] if one["login"].startswith(login))
        return found


@pytest.fixture
def town(browser: Browser, askona: Demo) -> Iterator[Town]:
    with ExitStack() as closing:
        yield Town(browser, askona, closing)


def number() -> str:
    """A receipt number nobody has used."""
    return f"{uuid4().int % 10**9:09}"


def tell_phone(page: Page, digits: str) -> None:
    """The cashier types the number that a guest tells."""
    page.get_by_role("button", name="По номеру телефона").click()
    page.get_by_label("Телефон гостя").fill(digits)
    page.get_by_role("button", name="Найти карту").click()


def fill_line(page: Page, service: str, amount: str, receipt: str) -> None:
    """What is bought, for how much, and the number of the paper."""
    page.get_by_text(service, exact=True).click()
    sum_field(page).fill(amount)
    page.get_by_label("Номер чека").fill(receipt)
    expect(record_button(page)).to_have_text(re.compile("₽"))


def test_a_told_number_records_a_purchase_and_the_guest_sees_it(town: Town) -> None:
    """A-223, A-225, A-240: earn by phone at a till in Vladivostok; the cashier sees a letter of the name, the phone hears."""
    guest = town.guest("nina")
    expect(guest.get_by_text("Последние покупки")).to_be_visible()
    till = town.till("vladivostok-01")
    complaints = watched(till)
    tell_phone(till, town.person("nina")["phone"])
    expect(till.get_by_text("Н•••")).to_be_visible()
    expect(till.get_by_text("По номеру телефона: баллы только начисляются")).to_be_visible()
    expect(till.get_by_text("Нина")).to_have_count(0)
    expect(guest.get_by_text("На кассе назвали ваш номер телефона")).to_be_visible()
    fill_line(till, "Подушки", "4321", number())
    record_button(till).click()
    expect_posted(till)
    expect(guest.get_by_text(re.compile(r"4\s321\s₽")).first).to_be_visible()
    assert complaints == []


def test_a_number_of_nobody_and_a_part_of_one(town: Town) -> None:
    """A-223: what is no number is said before a request; one that nobody has is refused and the form stays."""
    till = town.till("omsk-01")
    tell_phone(till, "921 12")
    expect(till.get_by_text("Введите номер целиком")).to_be_visible()
    till.get_by_label("Телефон гостя").fill("+7 999 000-00-77")
    till.get_by_role("button", name="Найти карту").click()
    expect(till.get_by_text("Карта не найдена")).to_be_visible()
    expect(till.get_by_text("По этому номеру карту не нашли")).to_be_visible()


def test_a_till_by_phone_in_every_width_and_theme(town: Town) -> None:
    """axe, 320 to 1440, light and dark."""
    page = town.till("kaliningrad-01")
    walk = Walk(page)
    page.get_by_role("button", name="По номеру телефона").click()
    walk.look("a told number")
    page.get_by_label("Телефон гостя").fill("12")
    page.get_by_role("button", name="Найти карту").click()
    walk.look("a number cut short")
    page.get_by_label("Телефон гостя").fill(town.person("ilya")["phone"])
    page.get_by_role("button", name="Найти карту").click()
    expect(page.get_by_text("И•••")).to_be_visible()
    walk.look("a guest by phone")
    walk.end()


def test_one_of_900_places_is_found_by_its_city(town: Town) -> None:
    """A-203: a page of places at a time, by the words of the city, in the reader's language."""
    guest = town.guest("maria")
    guest.evaluate("document.cookie = 'language=en; path=/'")
    guest.goto("/partners")
    guest.get_by_text("900 addresses").click()
    expect(guest.get_by_role("button", name="Show more addresses")).to_be_visible()
    search = guest.get_by_label("City, street or shopping centre")
    search.fill("no such place")
    expect(guest.get_by_text("No such address")).to_be_visible()
    search.fill("magad")
    expect(guest.get_by_role("heading", name="Magadan")).to_be_visible()
    expect(guest.get_by_role("button", name="Show more addresses")).to_have_count(0)
    walk = Walk(guest)
    walk.look("places")
    walk.end()
