"""A purchase that is missing: said in the cabinet, looked at in the panel, told to the guest."""

import io
from datetime import timedelta

import pytest
import qrcode
from playwright.sync_api import FilePayload, Page, expect

from api.clock import now
from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import joined
from tests.journeys.test_till import bought, number
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Client, Demo
from tests.makers.panels import colleague, enter
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

MOSCOW = timedelta(hours=3)


def guest(demo: Demo, page: Page) -> Client:
    """Somebody who has just joined, at the page of claims."""
    member, filled = joined(demo, f"claim{number()}")
    sign_in(page, {"login": filled["email"], "password": filled["password"]})
    page.get_by_role("link", name="Покупки").click()
    page.get_by_role("link", name="Не вижу покупку").click()
    expect(page.get_by_role("heading", name="Не вижу покупку")).to_be_visible()
    return member


def picture(text: str) -> bytes:
    """A photograph of a receipt's code."""
    file = io.BytesIO()
    qrcode.make(text, box_size=8).save(file)
    return file.getvalue()


def test_a_claimed_receipt_is_checked_by_the_staff_and_counted(phones: Opened, offices: Opened, demo: Demo) -> None:
    """C-15: the code fills the form, the staff record it with a reason, the guest sees the purchase and the state."""
    context = phones()
    page = context.new_page()
    complaints = watched(page)
    member = guest(demo, page)
    document, when = number().lstrip("0"), now() + MOSCOW
    code = f"t={when:%Y%m%dT%H%M}&s=1250.50&fn=9999078900004792&i={document}&fp=1234567890&n=1"
    page.get_by_role("button", name="Сообщить о чеке").click()
    expect(page.get_by_text("Выберите, где купили")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="receipt.png", mimeType="image/png", buffer=picture(code))
    )
    expect(page.get_by_text("Код чека прочитан")).to_be_visible()
    expect(page.get_by_label("Сумма чека")).to_have_value("1250.50")
    expect(page.get_by_label("Номер чека")).to_have_value(document)
    page.get_by_label("Где купили").select_option("myasnoy-blok")
    assert violations(page) == []
    page.get_by_role("button", name="Сообщить о чеке").click()
    expect(page.get_by_text("Спасибо. Чек проверит партнёр")).to_be_visible()
    expect(page.get_by_text("Проверяем")).to_be_visible()
    assert violations(page) == []

    office = offices().new_page()
    enter(office, colleague(demo, "owner@example.ru"))
    office.goto("/admin/claims")
    claim = office.get_by_role("region").filter(has_text=f"Чек {document}")
    expect(claim).to_be_visible()
    assert violations(office) == []
    claim.get_by_role("button", name="Зачислить").click()
    office.get_by_label("Причина").fill("чек найден в кассе")
    office.get_by_role("dialog").get_by_role("button", name="Зачислить").click()
    expect(office.get_by_text("Покупка зачислена")).to_be_visible()

    page.reload()
    expect(page.get_by_text("Зачислена")).to_be_visible()
    assert [(item["net"], item["discount"]) for item in bought(member)] == [("1250.50", "0.00")]
    page.get_by_role("link", name="Открыть покупку").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert complaints == []


def test_the_same_receipt_is_taken_once_on_a_narrow_phone(phones: Opened, demo: Demo) -> None:
    """C-15: at 320 px by hand; a second guest with the same receipt hears no, beside the field."""
    receipt, today = number(), (now() + MOSCOW).date().isoformat()
    for said in ("Спасибо. Чек проверит партнёр", "Этот чек уже заявлен"):
        context = phones(viewport={"width": 320, "height": 640})
        page = context.new_page()
        guest(demo, page)
        page.get_by_label("Где купили").select_option("myasnoy-blok")
        page.get_by_label("Номер чека").fill(receipt)
        page.get_by_label("Дата покупки").fill(today)
        page.get_by_label("Сумма чека").fill("99,90")
        page.get_by_role("button", name="Сообщить о чеке").click()
        expect(page.get_by_text(said)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert violations(page) == []
