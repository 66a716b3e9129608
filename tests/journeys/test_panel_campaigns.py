"""Campaigns in the panel: what they give and gave, promo codes made once, a test on past receipts with its progress."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Opened
from tests.journeys.test_pages import Walk
from tests.journeys.test_panel_members import day, in_english
from tests.makers.demo import Demo
from tests.makers.panels import colleague, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def test_a_campaign_is_read_and_its_codes_are_made_once(offices: Opened, demo: Demo, tmp_path: Path) -> None:
    """A-226, A-064: in plain words with its budget; a batch leaves in a file, stands in the list, and is taken back."""
    page = offices(accept_downloads=True).new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.get_by_role("link", name="Акции").first.click()
    walk = Walk(page)
    row = page.get_by_role("row").filter(has_text="Промокод зимы")
    expect(row.get_by_text("Идёт")).to_be_visible()
    expect(row).to_contain_text(re.compile(r"из 300\s000"))
    walk.look("campaigns")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Промокод зимы", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile(r"Скидка 7\s%"))).to_be_visible()
    expect(page.get_by_text("Касса проката, СПА-комплекс, Ледовый Дворец")).to_be_visible()
    walk.look("a campaign")

    page.get_by_role("button", name="Выпустить промокоды").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("button", name="Выпустить промокоды").click()
    expect(sheet.get_by_text("Заполните поле").first).to_be_visible()
    walk.look("promo codes with faults")
    sheet.get_by_label("Название партии").fill("Рассылка в мае")
    sheet.get_by_label("Сколько", exact=True).fill("12")
    sheet.get_by_label("Причина").fill("письмо гостям склона")
    sheet.get_by_role("button", name="Выпустить промокоды").click()
    expect(sheet.get_by_role("heading", name="Выпущено 12 промокодов")).to_be_visible()
    expect(sheet.get_by_role("button", name="Готово")).to_be_disabled()
    with page.expect_download() as started:
        sheet.get_by_role("button", name="Скачать CSV").click()
    walk.look("promo codes, once")
    saved = tmp_path / "codes.csv"
    started.value.save_as(saved)
    head, *codes = csv.reader(StringIO(saved.read_text(encoding="utf-8")))
    assert head == ["code", "campaign", "uses"]
    assert len({code for code, _, _ in codes}) == 12
    assert all(re.fullmatch(r"\w{4}-\w{4}-\w{4}", code) and rest == ["winter", "1"] for code, *rest in codes)
    sheet.get_by_role("button", name="Готово").click()
    batch = page.get_by_role("row").filter(has_text="Рассылка в мае")
    expect(batch).to_contain_text("0 из 12")
    batch.get_by_role("button", name="Отменить промокоды").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("опечатка в письме")
    page.get_by_role("dialog").get_by_role("button", name="Отменить", exact=True).click()
    expect(batch.get_by_text("Отменены")).to_be_visible()
    page.goto("/admin/journal?right=campaign.approve")
    expect(page.get_by_text("Промокоды отменены").first).to_be_visible()
    walk.end()


def test_a_campaign_is_tried_on_past_receipts(offices: Opened, demo: Demo) -> None:
    """C-18: started on the page, followed to its end, read as cost, members and baskets; also in English."""
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.goto("/admin/campaigns/winter")
    walk = Walk(page)
    panel = page.get_by_role("region", name="Проверка на прошлых чеках")
    panel.get_by_label("С", exact=True).fill("2026-05-02")
    panel.get_by_label("По", exact=True).fill("2026-05-01")
    panel.get_by_role("button", name="Проверить").click()
    expect(panel.get_by_role("alert")).to_contain_text("Выберите дни по порядку")
    panel.get_by_label("По", exact=True).fill(day(page, 0))
    panel.get_by_label("С", exact=True).fill(day(page, -300))
    panel.get_by_role("button", name="Проверить").click()
    report = panel.get_by_role("article").first
    expect(report.get_by_text("Готово", exact=True).first).to_be_visible()
    expect(report.get_by_text("Стоила бы")).to_be_visible()
    expect(report.get_by_role("heading", name="Группы за эти дни")).to_be_visible()
    guests = [
        int(row.get_by_role("cell").first.inner_text())
        for row in report.get_by_role("table").first.locator("tbody tr").all()
    ]
    assert len(guests) == 2
    assert sum(guests) > 0
    walk.look("a campaign that was tried")
    in_english(page, walk, "/admin/campaigns/winter", "Test on past receipts")
    page.goto("/admin/campaigns/nothing")
    expect(page.get_by_text("Такой записи нет")).to_be_visible()
    walk.end()
