"""The programme's shop in a real browser over real HTTP: from the price to the till, and a voucher that goes back."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opened
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.desks import pair, strike
from tests.makers.phones import sign_in
from tests.makers.pictures import symbol

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
SPACE = r"[\s\u00a0\u202f]"


def skiers(demo: Demo) -> dict[str, Any]:
    """A till of the partner whose passes are sold."""
    found: dict[str, Any] = next(till for till in demo.told["tills"] if till["outlet"] == "igora-ski-rental")
    return found


def ordered(page: Page, item: str, *, quantity: int = 1) -> None:
    """An order whose page of payment is open."""
    page.get_by_role("button", name=f"Купить: {item}").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name=item)).to_be_visible()
    for _ in range(quantity - 1):
        sheet.get_by_role("button", name="Больше").click()
    assert violations(page) == []
    sheet.get_by_role("button", name=re.compile("^Оплатить")).click()
    expect(page.get_by_role("heading", name="Учебная оплата")).to_be_visible()


def paid(page: Page) -> None:
    """Paid at the acquirer's, and back at the order with its vouchers."""
    page.get_by_role("button", name="Оплатить").click()
    page.wait_for_url("**/shop?order=*")
    expect(page.get_by_text("Готово! Покажите QR-код")).to_be_visible()


def digits_of(page: Page) -> str:
    """The digits of the voucher on show, which the symbol says too."""
    told = page.get_by_label("Цифры сертификата")
    expect(told).to_have_text(re.compile(r"^93(\d|\s)+$"))
    digits = re.sub(r"\D", "", told.inner_text())
    seen = symbol(page.screenshot(), density=2)
    assert seen is not None
    assert seen.digits == digits
    return digits


def test_price_order_payment_voucher_and_the_till(phones: Opened, tills: Opened, demo: Demo) -> None:
    """A-081: the own price with its reason, the acquirer's page, a voucher that opens offline and in the dark, once at the till."""
    phone = phones(color_scheme="dark", viewport={"width": 320, "height": 720})
    page = phone.new_page()
    complaints, lost = watched(page), list[str]()
    ours = demo.told["url"]
    page.on("response", lambda one: lost.append(one.url) if one.status >= 400 and one.url.startswith(ours) else None)
    sign_in(page, demo.member("traveller", 2))
    page.goto("/card")
    page.get_by_role("link", name="Открыть").last.click()
    expect(page.get_by_role("heading", name="Услуги", level=1)).to_be_visible()
    item = page.get_by_role("listitem").filter(has_text="Ски-пасс на день").first
    expect(item.get_by_text(re.compile(f"2{SPACE}250{SPACE}₽"))).to_be_visible()
    item.get_by_text("Почему такая цена").click()
    expect(item.get_by_text(re.compile("Путешественник")).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []

    ordered(page, "Ски-пасс на день")
    paid(page)
    assert violations(page) == []
    page.get_by_role("link", name="Показать QR-код").click()
    digits = digits_of(page)
    assert violations(page) == []
    phone.set_offline(True)
    page.reload()
    assert digits_of(page) == digits, "the copy on the device has it"
    phone.set_offline(False)

    till = tills().new_page()
    pair(till, skiers(demo))
    strike(till, digits, gap_ms=8)
    sheet = till.get_by_role("dialog")
    expect(sheet.get_by_text("Ски-пасс на день")).to_be_visible()
    assert violations(till) == []
    sheet.get_by_role("button", name="Погасить").click()
    expect(sheet.get_by_role("heading", name="Сертификат погашен")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("Использован", exact=True)).to_be_visible()

    # A second guest with a picture of the same code comes before the first one's sheet was closed.
    strike(till, digits, gap_ms=8)
    expect(sheet.get_by_text("Сертификат уже погашен")).to_be_visible()
    assert sheet.get_by_role("heading", name="Сертификат погашен", exact=True).count() == 0
    assert sheet.get_by_role("button", name="Погасить").count() == 0
    # What the acquirer's page lacks, and what was asked for without a network, is none of ours.
    assert lost == []
    assert [one for one in complaints if "Failed to load resource" not in one] == []


def test_an_unused_voucher_goes_back_by_keyboard(phones: Opened, demo: Demo) -> None:
    """A-081: what comes back and what it takes is shown first; the money is back without a reload."""
    page = phones().new_page()
    sign_in(page, demo.member("traveller", 3))
    page.goto("/shop")
    ordered(page, "День в СПА", quantity=2)
    paid(page)
    first = page.get_by_label(re.compile("^Сертификат 1"))
    first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Вернуть", exact=True).press("Enter")
    expect(page.get_by_text(re.compile(f"На карту вернётся 3{SPACE}780{SPACE}₽"))).to_be_visible()
    expect(page.get_by_text(re.compile(f"Накопление уменьшится на 3{SPACE}780{SPACE}₽"))).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("^Вернуть 3")).press("Enter")
    expect(page.get_by_text("Деньги возвращены")).to_be_visible()
    expect(page.get_by_role("link", name="Показать QR-код 1")).to_be_visible()
    assert page.get_by_role("link", name="Показать QR-код 2").count() == 0


def test_a_declined_payment_and_a_dropped_order_are_told(phones: Opened, demo: Demo) -> None:
    """Every ending has its words: declined by the bank, dropped by the guest; and in English."""
    page = phones().new_page()
    sign_in(page, demo.member("pioneer", 1))
    page.goto("/shop")
    ordered(page, "Каток для семьи")
    page.get_by_role("button", name="Не хватает денег").click()
    page.goto("/shop")
    page.get_by_role("link", name=re.compile("Каток для семьи")).first.click()
    expect(page.get_by_text("Банк отклонил оплату")).to_be_visible()
    page.keyboard.press("Escape")
    ordered(page, "Каток для семьи")
    page.goto("/shop")
    page.get_by_role("link", name=re.compile("Ждёт оплаты")).click()
    page.get_by_role("button", name="Отменить заказ").click()
    expect(page.get_by_role("button", name="Отменить заказ")).to_have_count(0)

    guest = phones(locale="en-GB").new_page()
    guest.goto("/shop")
    expect(guest.get_by_text("Sign in to see your own prices.")).to_be_visible()
    expect(guest.get_by_role("button", name="Sign in to buy: Ski pass for a day")).to_be_visible()
    assert violations(guest) == []


def test_without_a_network_the_till_takes_no_voucher(tills: Opened, demo: Demo) -> None:
    """A-081: refused in clear words, and nothing is used."""
    tablet = tills()
    till = tablet.new_page()
    pair(till, skiers(demo))
    till.wait_for_function("navigator.serviceWorker.controller !== null")
    tablet.set_offline(True)
    strike(till, "930000000000000000000780", gap_ms=8)
    expect(till.get_by_text("Нет сети: сертификат проверить нельзя")).to_be_visible()
    tablet.set_offline(False)
    till.get_by_role("button", name="Повторить").last.click()
    expect(till.get_by_text("Такого сертификата у этого партнёра нет")).to_be_visible()
