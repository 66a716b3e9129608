"""The till page under the hands of a cashier in a hurry: scanners, lost answers, reloads, second tabs, returns."""

import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from loyalty import codes
from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import KEY, ME, SIGN_IN, code_now, joined
from tests.makers.browser import watched
from tests.makers.demo import Client, Demo
from tests.makers.desks import (
    ENTER,
    TAB,
    Key,
    expect_posted,
    fill_basket,
    pair,
    record_button,
    scan,
    strike,
    sum_field,
)
from tests.makers.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PARTNER = "myasnoy-blok"  # sells one service, so that a sum and a number are the whole receipt


def code_of(demo: Demo, tier: str, place: int) -> str:
    """What the phone of one of the demo's members shows now."""
    person = demo.member(tier, place)
    token = demo.client().ask(SIGN_IN, login=person["login"], password=person["password"])["token"]
    return code_now(demo.client(f"Bearer {token}").ask(KEY, device="a phone"))


def bought(member: Client) -> list[dict[str, Any]]:
    """What the member sees of purchases at any till."""
    items: list[dict[str, Any]] = member.ask(ME)["purchases"]["items"]
    return items


def number() -> str:
    """A receipt number nobody has used."""
    return f"{uuid4().int % 10**9:09}"


def paired(context: BrowserContext, demo: Demo) -> Page:
    page = context.new_page()
    pair(page, demo.till(PARTNER))
    return page


def newcomer(page: Page, demo: Demo, name: str) -> Client:
    """Somebody who has just joined stands at the till, scanned; their own view of the matter."""
    member, _ = joined(demo, f"{name}{uuid4().hex[:8]}")
    scan(page, code_now(member.ask(KEY, device="a phone")))
    return member


def is_posting(route: Route) -> bool:
    return '"idempotencyKey"' in (route.request.post_data or "")


def wait_until(page: Page, reached: Callable[[], bool], what: str = "it did not come to that") -> None:
    """For what happens in the routes of a page, which run only while the page is waited for."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < end, what
        page.wait_for_timeout(50)


@pytest.mark.parametrize(("gap_ms", "end", "place"), [(5, ENTER, 2), (20, None, 3), (50, TAB, 4)])
def test_a_scan_into_the_sum_field_changes_the_guest_and_leaves_the_sum(
    tills: Opened, demo: Demo, gap_ms: int, end: Key | None, place: int
) -> None:
    """K2: a hand scanner types 24 digits wherever the focus is; the field keeps what the cashier typed."""
    page = paired(tills(), demo)
    scan(page, code_of(demo, "traveller", place))
    sum_field(page).fill("1500,5")
    sum_field(page).focus()
    strike(page, code_of(demo, "collector", place), gap_ms=gap_ms, end=end)
    expect(page.get_by_text("Чек теперь для гостя")).to_be_visible()
    expect(page.get_by_text("Коллекционер").first).to_be_visible()
    expect(sum_field(page)).to_have_value(re.compile(r"^1\s?500,50?$"))


def test_a_person_typing_digits_is_no_scanner(tills: Opened, demo: Demo) -> None:
    """K2: 24 digits at 120 ms, a valid code among them, stay in the field where they were typed."""
    page = paired(tills(), demo)
    scan(page, code_of(demo, "traveller", 1))
    digits = code_of(demo, "pioneer", 2)
    receipt = page.get_by_label("Номер чека")
    receipt.focus()
    page.keyboard.type(digits, delay=120)
    expect(receipt).to_have_value(digits)
    expect(page.get_by_text("Путешественник").first).to_be_visible()
    expect(page.get_by_text("Чек теперь для гостя")).to_have_count(0)


def test_a_double_click_records_once(tills: Opened, demo: Demo) -> None:
    """K3."""
    page = paired(tills(), demo)
    complaints = watched(page)
    member = newcomer(page, demo, "double")
    fill_basket(page, "100", number())
    record_button(page).dblclick()
    expect_posted(page)
    assert [item["net"] for item in bought(member)] == ["100.00"]
    assert complaints == []


def test_a_lost_answer_is_asked_for_again_with_the_same_key(tills: Opened, demo: Demo) -> None:
    """K3: the server recorded, the answer never came; the till repeats the same body until it knows."""
    page = paired(tills(service_workers="block"), demo)
    sent: list[str] = []

    def lose(route: Route) -> None:
        if not is_posting(route):
            return route.fallback()
        sent.append(route.request.post_data or "")
        if len(sent) > 1:
            return route.fallback()
        assert route.fetch().ok
        return route.abort()

    page.route("**/graphql", lose)
    member = newcomer(page, demo, "lost")
    fill_basket(page, "100", number())
    record_button(page).click()
    expect_posted(page)
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert [item["net"] for item in bought(member)] == ["100.00"]


def test_a_reload_in_the_middle_records_once(tills: Opened, demo: Demo) -> None:
    """K3: the page goes away while the answer is on its way; the next load ends what the first began."""
    page = paired(tills(service_workers="block"), demo)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if not is_posting(route) or held:
            return route.fallback()
        assert route.fetch().ok
        return held.append(route)  # answered by nobody

    page.route("**/graphql", hold)
    member = newcomer(page, demo, "reload")
    receipt = number()
    fill_basket(page, "100", receipt)
    record_button(page).click()
    expect(page.get_by_text(f"Записываем чек {receipt}")).to_be_attached()
    wait_until(page, lambda: bool(held))
    page.reload()
    expect_posted(page)
    expect(page.get_by_text(f"Чек {receipt}")).to_be_visible()
    assert len(held) == 1
    assert [item["net"] for item in bought(member)] == ["100.00"]


def test_two_tabs_record_once(tills: Opened, demo: Demo) -> None:
    """K3: a tab opened from the first carries the same basket; both are pressed before either is answered."""
    context = tills(service_workers="block")
    page = paired(context, demo)
    member = newcomer(page, demo, "tabs")
    receipt = number()
    fill_basket(page, "100", receipt)
    with page.expect_popup() as opening:
        page.evaluate("window.open('/till')")
    twin = opening.value
    expect(record_button(twin)).to_have_text(re.compile("₽"))
    held: list[Route] = []
    context.route("**/graphql", lambda route: held.append(route) if is_posting(route) else route.fallback())
    for tab in (page, twin):
        record_button(tab).click()
        expect(tab.get_by_text(f"Записываем чек {receipt}")).to_be_attached()
    wait_until(page, lambda: len(held) == 2)
    assert len({route.request.post_data for route in held}) == 1
    for route in held:
        route.continue_()
    for tab in (page, twin):
        expect_posted(tab)
    assert [item["net"] for item in bought(member)] == ["100.00"]


def test_one_receipt_number_is_one_purchase(tills: Opened, demo: Demo) -> None:
    """A-128: the same paper entered twice shows the record that stands, and takes another number."""
    page = paired(tills(), demo)
    member = newcomer(page, demo, "paper")
    receipt = number()
    fill_basket(page, "100", receipt)
    record_button(page).click()
    expect_posted(page)
    page.get_by_role("button", name="Ещё чек этому гостю").click()
    fill_basket(page, "250", receipt)
    record_button(page).click()
    expect(page.get_by_text(f"Чек {receipt} уже записан в")).to_be_visible()
    assert [item["net"] for item in bought(member)] == ["100.00"]
    page.get_by_role("button", name="Исправить номер").click()
    expect(page.get_by_label("Номер чека")).to_be_focused()
    page.get_by_label("Номер чека").fill(number())
    record_button(page).click()
    expect_posted(page)
    assert [item["net"] for item in bought(member)] == ["250.00", "100.00"]


def test_returns_by_quantity_and_by_sum(tills: Opened, demo: Demo) -> None:
    """A-066: a part by quantity, the rest at once; of another receipt a part by sum."""
    page = paired(tills(), demo)
    member = newcomer(page, demo, "back")
    first, second = number(), number()
    page.get_by_text("Название и количество").click()
    page.get_by_label("Количество").fill("3")
    fill_basket(page, "300", first)
    record_button(page).click()
    expect_posted(page)
    page.get_by_role("button", name="Ещё чек этому гостю").click()
    fill_basket(page, "100", second)
    record_button(page).click()
    expect_posted(page)
    page.get_by_role("button", name="Следующий гость").click()

    page.get_by_text("Возврат", exact=True).click()
    give_back(page, first, "По количеству", "Количество", "1")
    expect(page.get_by_text("По чеку осталось")).to_contain_text("200")
    page.get_by_role("button", name="Другой чек").click()
    give_back(page, second, "По сумме", "Сумма, ₽", "60,00")
    assert [(item["status"], item["refunded"]) for item in bought(member)] == [
        ("PARTLY_REFUNDED", "60.00"),
        ("PARTLY_REFUNDED", "100.00"),
    ]
    page.get_by_role("button", name="Другой чек").click()
    find(page, first)
    page.get_by_label("Номер возврата").fill(number())
    page.get_by_role("button", name="Записать возврат").dblclick()
    expect(page.get_by_role("heading", name="Возврат записан")).to_be_visible()
    assert [(item["status"], item["refunded"]) for item in bought(member)] == [
        ("PARTLY_REFUNDED", "60.00"),
        ("REFUNDED", "300.00"),
    ]


def find(page: Page, receipt: str) -> None:
    page.get_by_label("Номер чека").fill(receipt)
    page.get_by_role("button", name="Найти чек").click()
    expect(page.get_by_text(f"Чек {receipt}")).to_be_visible()


def give_back(page: Page, receipt: str, way: str, field: str, amount: str) -> None:
    """Find a receipt and return a part of its only line."""
    find(page, receipt)
    page.get_by_text("Часть чека").click()
    page.get_by_role("checkbox").check()
    page.get_by_text(way).click()
    page.get_by_label(field, exact=True).fill(amount)
    page.get_by_label("Номер возврата").fill(number())
    page.get_by_role("button", name="Записать возврат").click()
    expect(page.get_by_role("heading", name="Возврат записан")).to_be_visible()


def test_a_refused_code_tells_nothing(tills: Opened, demo: Demo) -> None:
    """A-128: a code used before and a code of nobody get one sentence, and no name with it."""
    page = paired(tills(), demo)
    used = code_of(demo, "pioneer", 3)
    scan(page, used)
    page.get_by_role("button", name="Отменить чек").click()
    expect(page.get_by_text("Наведите камеру на код гостя")).to_be_visible()
    first22 = f"{codes.PREFIX}{uuid4().int % 10**20:020}"
    told = []
    for digits in (used, f"{first22}{codes.check_of(first22)}"):
        strike(page, digits, gap_ms=8)
        expect(page.get_by_text("Код не принят. Попросите гостя открыть код заново")).to_be_visible()
        told.append(page.get_by_role("main").inner_text())
        page.reload()
        expect(page.get_by_text("Наведите камеру на код гостя")).to_be_visible()
    assert told[0] == told[1]
    page.get_by_role("button", name="Ввести цифры").click()
    page.get_by_label("Цифры под кодом").fill(used[:-1] + str((int(used[-1]) + 1) % 10))
    page.get_by_role("button", name="Проверить код").click()
    expect(page.get_by_text("В цифрах опечатка")).to_be_visible()


def test_a_till_that_lost_its_pairing_keeps_the_basket(tills: Opened, demo: Demo) -> None:
    """K3: the key is asked for again, nothing typed is lost, and a receipt on its way goes on by itself."""
    context = tills()
    page = paired(context, demo)
    member = newcomer(page, demo, "pairing")
    receipt = number()
    fill_basket(page, "90", receipt)
    context.clear_cookies(name="__Host-till")
    sum_field(page).fill("100")
    pair_again(page, demo)
    expect(page.get_by_label("Номер чека")).to_have_value(receipt)
    expect(sum_field(page)).to_have_value(re.compile(r"^100"))
    expect(record_button(page)).to_have_text(re.compile("100"))
    context.clear_cookies(name="__Host-till")
    record_button(page).click()
    pair_again(page, demo)
    expect_posted(page)
    expect(page.get_by_text(f"Чек {receipt}")).to_be_visible()
    assert [item["net"] for item in bought(member)] == ["100.00"]


def pair_again(page: Page, demo: Demo) -> None:
    expect(page.get_by_text("Введите ключ ещё раз: чек сохранён")).to_be_visible()
    page.get_by_label("Ключ кассы").fill(demo.till(PARTNER)["key"])
    page.get_by_role("button", name="Подключить").click()
