"""The till page without network: receipts wait on the device, go out by themselves, and nothing is lost or doubled."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import KEY, code_now, joined
from tests.journeys.test_till import bought, is_posting, number, paired
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Client, Demo
from tests.makers.desks import expect_posted, fill_basket, record_button, strike, sum_field

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

SHOTS = Path("test-results")
ALONE = "Продолжить без сети"


def ready(context: BrowserContext, demo: Demo) -> Page:
    """A paired page whose worker keeps it for hours without network."""
    page = paired(context, demo)
    page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def strangers_code(demo: Demo, name: str) -> tuple[Client, str]:
    """Somebody who has just joined, and the code on their phone."""
    member, _ = joined(demo, f"{name}{number()}")
    return member, code_now(member.ask(KEY, device="a phone"))


def keep(page: Page, digits: str, amount: str, receipt: str) -> None:
    """One receipt from the scan to the device, without network."""
    strike(page, digits, gap_ms=8)
    assert page.evaluate("navigator.onLine") is False
    expect(page.get_by_text("Карту проверим, когда появится сеть")).to_be_visible()
    sum_field(page).fill(amount)
    page.get_by_label("Номер чека").fill(receipt)
    page.get_by_role("button", name=re.compile("Сохранить чек · ")).click()
    expect(page.get_by_text(f"Чек {receipt} сохранён на этой кассе")).to_be_visible()


def facts(member: Client) -> list[tuple[Any, ...]]:
    return [(item["net"], item["discount"]) for item in bought(member)]


def test_three_sales_without_network_are_recorded_once_each(tills: Opened, demo: Demo) -> None:
    """K4, C-05: kept, counted, over a reload and in two tabs, sent when the network is back; no discount is promised."""
    context = tills()
    guests = [strangers_code(demo, "offline") for _ in range(3)]
    page = ready(context, demo)
    complaints = watched(page)
    context.set_offline(True)
    expect(page.get_by_text("Нет сети. Запишем накопление позже")).to_be_visible()
    receipts = [number() for _ in guests]
    for place, ((_, digits), receipt) in enumerate(zip(guests, receipts, strict=True)):
        keep(page, digits, f"{place + 1}00", receipt)
        expect(page.get_by_role("button", name=f"В очереди: {place + 1}")).to_be_visible()
    page.reload()
    expect(page.get_by_text("Наведите камеру на код гостя")).to_be_visible()
    expect(page.get_by_role("button", name="В очереди: 3")).to_be_visible()
    twin = context.new_page()
    twin.goto("/till")
    expect(twin.get_by_role("button", name="В очереди: 3")).to_be_visible()
    assert [facts(member) for member, _ in guests] == [[], [], []]
    context.set_offline(False)
    for tab in (page, twin):
        expect(tab.get_by_role("button", name="Очередь записана")).to_be_visible()
    assert [facts(member) for member, _ in guests] == [[(f"{place}00.00", "0.00")] for place in (1, 2, 3)]
    page.get_by_role("button", name="Очередь записана").click()
    expect(page.get_by_text("Записан. В накопление")).to_have_count(3)
    shown = page.get_by_role("dialog").get_by_text(re.compile("^Чек ")).all_text_contents()
    assert shown == [f"Чек {receipt}" for receipt in receipts]
    assert [said for said in complaints if "net::ERR_" not in said] == []


def test_what_cannot_be_recorded_waits_for_a_hand(tills: Opened, demo: Demo) -> None:
    """C-05: a number that stands already is said at its receipt, mended there, and recorded under the same key."""
    context = tills()
    (_, first), (member, second) = (strangers_code(demo, "hand") for _ in range(2))
    page = ready(context, demo)
    taken = number()
    strike(page, first, gap_ms=8)
    expect(page.get_by_text("Карта найдена")).to_be_visible()
    fill_basket(page, "10", taken)
    record_button(page).click()
    expect_posted(page)
    context.set_offline(True)
    keep(page, second, "55", taken)
    assert violations(page) == []
    context.set_offline(False)
    page.get_by_role("button", name="Нужна помощь: 1").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("Не записан")).to_be_visible()
    assert violations(page) == []
    mended = number()
    sheet.get_by_label("Номер чека").fill(mended)
    sheet.get_by_role("button", name="Отправить ещё раз").click()
    expect(sheet.get_by_text("Записан. В накопление")).to_be_visible()
    assert facts(member) == [("55.00", "0.00")]


def test_a_sale_goes_on_when_the_network_goes_in_the_middle(tills: Opened, demo: Demo) -> None:
    """C-05: the guest was found, the price does not come: the same basket is kept, and its lost answer asked for again."""
    context = tills(service_workers="block")
    member, digits = strangers_code(demo, "middle")
    page = paired(context, demo)
    strike(page, digits, gap_ms=8)
    expect(page.get_by_text("Карта найдена")).to_be_visible()
    context.set_offline(True)
    sum_field(page).fill("70")
    receipt = number()
    page.get_by_label("Номер чека").fill(receipt)
    page.get_by_role("button", name=ALONE).click()
    sent: list[str] = []

    def lose(route: Route) -> None:
        if not is_posting(route):
            return route.fallback()
        sent.append(route.request.post_data or "")
        if len(sent) > 1:
            return route.fallback()
        assert route.fetch().ok
        return route.abort()

    context.route("**/graphql", lose)
    context.set_offline(False)
    page.get_by_role("button", name=re.compile("Сохранить чек · ")).click()
    expect(page.get_by_text(f"Чек {receipt} сохранён на этой кассе")).to_be_visible()
    page.get_by_role("button", name="В очереди: 1").click()
    page.get_by_role("button", name="Отправить сейчас").click()
    expect(page.get_by_text("Записан. В накопление")).to_be_visible()
    assert len(sent) == 2
    assert facts(member) == [("70.00", "0.00")]


def test_leaving_the_till_with_a_queue_warns(tills: Opened, demo: Demo) -> None:
    """Frontend 1.2: who disconnects the till hears what is still waiting; on a narrow phone everything is in reach."""
    context = tills(viewport={"width": 320, "height": 640})
    _, digits = strangers_code(demo, "leaving")
    page = ready(context, demo)
    context.set_offline(True)
    keep(page, digits, "5", number())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("button", name="Меню кассы").click()
    page.get_by_role("button", name="Отключить кассу").click()
    expect(page.get_by_text("Чеков ждёт отправки: 1")).to_be_visible()
    assert violations(page) == []
