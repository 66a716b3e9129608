"""A chain of shops under a cashier's hands and on guests' phones: told numbers, points earned and spent, 900 places."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import KEY, SIGN_IN, code_now
from tests.journeys.test_pages import Walk
from tests.makers.browser import phone, watched
from tests.makers.demo import Client, Demo
from tests.makers.desks import desk, expect_posted, pair, record_button, scan, sum_field
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
TOLD_MS = 5_000


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

    def phone(self, **more: object) -> Page:
        """A phone on which nobody is signed in."""
        context = phone(self.browser, base_url=self.demo.told["url"], **more)
        self.closing.callback(context.close)
        return context.new_page()

    def guest(self, login: str, **more: object) -> Page:
        """A signed-in phone."""
        page = self.phone(**more)
        sign_in(page, self.person(login))
        return page

    def code(self, login: str) -> str:
        """What a phone of a member shows now."""
        key = self.api(login).ask(KEY, device="a phone")
        return code_now(key)

    def api(self, login: str) -> Client:
        """A member's own view of the matter."""
        person = self.person(login)
        token = self.demo.client().ask(SIGN_IN, login=person["login"], password=person["password"])["token"]
        return self.demo.client(f"Bearer {token}")

    def lots(self, login: str) -> list[tuple[int, str]]:
        """(points, last day) of all that can be spent, in the order they are spent."""
        points = self.api(login).ask("{ me { points { lots { points lastDay status } } } }")["points"]
        by_day: dict[str, int] = {}
        for lot in points["lots"]:
            if lot["status"] == "ACTIVE":
                by_day[lot["lastDay"]] = by_day.get(lot["lastDay"], 0) + lot["points"]
        return [(count, day) for day, count in sorted(by_day.items())]

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
    expect(till.get_by_text("По номеру телефона: только начисление")).to_be_visible()
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
    guest = town.guest("maria", is_mobile=False)
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


def test_points_are_spent_with_a_yes_on_the_phone_and_come_back_with_their_old_end(town: Town) -> None:
    """C-01, C-02, C-04, C-13, A-233, A-240: asked live, confirmed, paid partly with points, returned: as it was before."""
    guest, till = town.guest("ilya"), town.till("moscow-001")
    complaints = [watched(guest), watched(till)]
    before = town.lots("ilya")
    available = sum(count for count, _ in before)
    expect(guest.get_by_text(spaced(f"{available} бонус"))).to_be_visible()
    scan(till, town.code("ilya"))
    expect(till.get_by_text(spaced(f"На счету {available}"))).to_be_visible()
    receipt = number()
    fill_line(till, "Матрасы", "20000", receipt)
    till.get_by_role("button", name=spaced("Списать 6000 бонусов вместо 6000,00 ₽")).click()
    expect(till.get_by_text("Ждём подтверждения")).to_be_visible()
    sheet = guest.get_by_role("dialog", name="Подтвердите списание")
    expect(sheet.get_by_text(spaced("6000 бонусов"))).to_be_visible()
    expect(sheet.get_by_text("Аскона, Москва")).to_be_visible()
    sheet.get_by_role("button", name="Подтвердить").click()
    expect(till.get_by_text("Гость подтвердил")).to_be_visible()
    expect(record_button(till)).to_have_text(re.compile(r"14\s000"))
    record_button(till).click()
    expect_posted(till)
    expect(till.get_by_text(spaced("6000 бонусов")).first).to_be_visible()
    expect(guest.get_by_text(spaced(f"{available - 6000} бонус")).first).to_be_visible()
    expect(guest.get_by_text(spaced("Ещё 700 бонусов"))).to_be_visible()
    assert sum(count for count, _ in town.lots("ilya")) == available - 6000

    till.get_by_role("button", name="Следующий гость").click()
    till.get_by_text("Возврат", exact=True).click()
    till.get_by_label("Номер чека").fill(receipt)
    till.get_by_role("button", name="Найти чек").click()
    expect(till.get_by_text("Часть оплачена списанием")).to_be_visible()
    till.get_by_role("button", name="Записать возврат").click()
    expect(till.get_by_role("heading", name="Возврат записан")).to_be_visible()
    expect(till.get_by_text(spaced("14000,00 ₽")).first).to_be_visible()
    expect(till.get_by_text(spaced("Гостю на карту вернётся 6000 бонусов"))).to_be_visible()
    expect(till.get_by_text(spaced("С карты снимется 700 бонусов"))).to_be_visible()
    expect(guest.get_by_text(spaced(f"{available} бонус"))).to_be_visible()
    assert town.lots("ilya") == before
    assert complaints == [[], []]


def test_a_no_on_the_phone_leaves_the_points_and_the_sale(town: Town) -> None:
    """C-03, T17: a declined spending is told at the till at once, and the basket is priced without it."""
    guest, till = town.guest("andrey"), town.till("samara-01")
    before = town.lots("andrey")
    expect(guest.get_by_text("Последние покупки")).to_be_visible()
    scan(till, town.code("andrey"))
    fill_line(till, "Диваны и кресла", "30000", number())
    till.get_by_role("button", name=re.compile("^Списать .* вместо")).click()
    guest.get_by_role("button", name="Отклонить").click()
    expect(till.get_by_text("Гость отклонил списание").first).to_be_visible(timeout=TOLD_MS)
    expect(record_button(till)).to_have_text(re.compile(r"30\s000"))
    assert town.lots("andrey") == before


def test_a_small_spending_needs_no_yes_and_is_let_go_with_the_sale(town: Town) -> None:
    """INV-09: within both limits nothing is asked; another number of points, and all of them free when the sale is dropped."""
    till = town.till("irkutsk-01")
    before = town.lots("boris")
    scan(till, town.code("boris"))
    fill_line(till, "Подушки", "1000", number())
    till.get_by_role("button", name="Списать другое количество").click()
    till.get_by_label("Сколько списать").fill("301")
    till.get_by_role("button", name="Списать", exact=True).click()
    expect(till.get_by_text("Целое число от 1 до 300")).to_be_visible()
    till.get_by_label("Сколько списать").fill("100")
    till.get_by_role("button", name="Списать", exact=True).click()
    expect(till.get_by_text(spaced("Списываем 100 бонусов"))).to_be_visible()
    expect(record_button(till)).to_have_text(re.compile("900"))
    assert sum(count for count, _ in town.lots("boris")) == sum(count for count, _ in before) - 100
    till.get_by_role("button", name="Отменить чек").click()
    expect(till.get_by_text("Наведите камеру на код гостя")).to_be_visible()
    till.wait_for_timeout(500)
    assert town.lots("boris") == before


def test_pages_of_points_in_every_width_and_theme(town: Town) -> None:
    """C-07, C-13: the balance, every lot with its end, every change with its reason; axe, 320 to 1440, light and dark."""
    guest, till = town.guest("alla", is_mobile=False), town.till("omsk-01")
    walk, at_till = Walk(guest), Walk(till)
    guest.goto("/points")
    expect(guest.get_by_role("heading", name="Когда сгорают")).to_be_visible()
    expect(guest.get_by_text("Начислено за покупку").first).to_be_visible()
    expect(guest.get_by_text("правила версии 1").first).to_be_visible()
    walk.look("points")
    guest.get_by_role("link", name="Открыть чек").first.click()
    expect(guest.get_by_role("dialog").get_by_text("Начислено")).to_be_visible()
    walk.look("a receipt with points")
    guest.goto("/card")
    expect(guest.get_by_role("heading", name="Бонусы")).to_be_visible()
    walk.look("card")
    scan(till, town.code("alla"))
    fill_line(till, "Матрасы", "40000", number())
    at_till.look("a sale with points")
    # A minute to answer each time, and a look takes a part of it: one ask for the phone, another for the till.
    spend, sheet = till.get_by_role("button", name=re.compile("^Списать .* вместо")), guest.get_by_role("dialog")
    spend.click()
    expect(sheet.get_by_role("heading", name="Подтвердите списание")).to_be_visible()
    walk.look("a spending to confirm")
    till.get_by_role("button", name="Не списывать").click()
    expect(sheet).to_have_count(0)
    spend.click()
    expect(till.get_by_text("Ждём подтверждения")).to_be_visible()
    at_till.look("a till that waits")
    sheet.get_by_role("button", name="Подтвердить").click()
    expect(till.get_by_text("Гость подтвердил")).to_be_visible()
    record_button(till).click()
    expect_posted(till)
    at_till.look("recorded with points")
    walk.end()
    at_till.end()


def spaced(text: str) -> re.Pattern[str]:
    """The text with whatever spaces the page puts between thousands and after a figure."""
    digits = re.sub(r"\d(?=(?:\d{3})+(?!\d))", lambda found: f"{found[0]}\\s?", re.escape(text))
    return re.compile(digits.replace("\\ ", r"\s"))


def test_a_programme_without_points_shows_none_of_it(phones: Opened, tills: Opened, demo: Demo) -> None:
    """0.7: «Знак Качества» stays a programme of discounts: no balance, no page of points, no spending, no told numbers."""
    guest = phones().new_page()
    sign_in(guest, demo.member("traveller", 1))
    expect(guest.get_by_text("Последние покупки")).to_be_visible()
    expect(guest.get_by_text("балл")).to_have_count(0)
    guest.goto("/points")
    guest.wait_for_url("**/card")
    till = tills().new_page()
    pair(till, demo.till("myasnoy-blok"))
    expect(till.get_by_role("button", name="По номеру телефона")).to_have_count(0)
    token = demo.client().ask(SIGN_IN, **{key: demo.member("traveller", 1)[key] for key in ("login", "password")})[
        "token"
    ]
    scan(till, code_now(demo.client(f"Bearer {token}").ask(KEY, device="another phone")))
    sum_field(till).fill("1000")
    expect(till.get_by_text("К оплате")).to_be_visible()
    expect(till.get_by_text(re.compile("[Бб]алл"))).to_have_count(0)
