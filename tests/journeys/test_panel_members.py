"""The page of one member in the panel: found by what a guest can name, lifted by hand, and what a partner's people see of it."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_pages import Walk
from tests.makers.demo import Demo
from tests.makers.panels import colleague, enter, office

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
SEARCH = "Номер карты, телефон, e-mail или id"


def find(page: Page, what: str) -> None:
    """Search for somebody."""
    page.get_by_label(SEARCH).fill(what)
    page.get_by_role("button", name="Найти").click()


def day(page: Page, later: int) -> str:
    """A date so many days from now."""
    told: str = page.evaluate("days => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10)", later)
    return told


def in_english(page: Page, walk: Walk, path: str, heading: str) -> None:
    """The same page in the other language."""
    page.context.add_cookies([{"name": "language", "value": "en", "url": page.url}])
    walk.visit(path, heading)
    page.context.clear_cookies(name="language")


def test_a_member_is_found_lifted_and_brought_back(offices: Opened, demo: Demo) -> None:
    """A-105, C-08: masked by phone; a tier until a day for a reason, seen in the history, withdrawn, both in the log."""
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    person = demo.told["members"][0]
    page.get_by_role("link", name="Участники").first.click()
    walk = Walk(page)
    expect(page.get_by_role("heading", name="Участники", level=1)).to_be_visible()
    find(page, "nobody@example.ru")
    expect(page.get_by_text("Никто не найден")).to_be_visible()
    find(page, person["phone"])
    expect(page.get_by_text(person["login"])).to_have_count(0)
    row = page.get_by_role("row").filter(has_text=f"•••{person['phone'][-2:]}")
    expect(row).to_have_count(1)
    walk.look("members found")
    row.get_by_role("link").click()
    tier = page.get_by_role("region", name="Уровень", exact=True)
    expect(tier.get_by_text("Сейчас")).to_be_visible()
    for name in ("Покупки и накопление", "История уровней", "Согласия"):
        expect(page.get_by_role("region", name=name, exact=True)).to_be_visible()
    walk.look("a member")

    tier.get_by_role("button", name="Присвоить уровень").click()
    asked = page.get_by_role("dialog")
    asked.get_by_label("Причина").fill("перенос из другой программы")
    asked.get_by_role("button", name="Присвоить уровень").click()
    expect(asked.get_by_text("Выберите уровень и последний день.")).to_be_visible()
    asked.get_by_label("Уровень", exact=True).select_option(index=3)
    asked.get_by_label("Последний день").fill(day(page, -3))
    asked.get_by_role("button", name="Присвоить уровень").click()
    expect(asked.get_by_text("Выберите день не раньше сегодняшнего")).to_be_visible()
    walk.look("a tier is refused")
    asked.get_by_label("Последний день").fill(day(page, 90))
    asked.get_by_role("button", name="Присвоить уровень").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(tier.get_by_text("Присвоен вручную")).to_be_visible()
    expect(tier.get_by_text("перенос из другой программы")).to_be_visible()
    history = page.get_by_role("region", name="История уровней")
    expect(history.get_by_text("Присвоен программой").first).to_be_visible()
    page.evaluate("scrollTo(0, 0)")  # nothing half under the bar of a phone, nor under the toast
    expect(page.get_by_text("Присвоен уровень «")).to_have_count(0)
    walk.look("a member with a given tier")

    tier.get_by_role("button", name="Отозвать уровень").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("выдан по ошибке")
    page.get_by_role("dialog").get_by_role("button", name="Отозвать уровень").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(tier.get_by_text("Присвоен вручную")).to_have_count(0)
    expect(tier.get_by_role("button", name="Присвоить уровень")).to_be_visible()
    page.goto("/admin/journal?right=user.manage")
    expect(page.get_by_text("Выданный уровень отозван").first).to_be_visible()
    walk.end()


def test_the_way_from_a_member_to_the_purchases(offices: Opened, demo: Demo) -> None:
    """A-101, A-105: receipts of that member alone; the page in English; an id that is nobody's."""
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    person = demo.told["members"][0]
    page.goto("/admin/members")
    find(page, person["login"])
    row = page.get_by_role("row").last
    number = row.get_by_role("cell").first.inner_text()
    row.get_by_role("link").click()
    walk = Walk(page)
    expect(page.get_by_role("link", name="Все покупки")).to_be_visible()
    here = page.url
    page.get_by_role("link", name="Все покупки").click()
    expect(page).to_have_url(re.compile("/admin/operations[?]member="))
    expect(page.get_by_text("Покупки одного участника")).to_be_visible()
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows.first).to_be_visible()
    for one in rows.all():
        expect(one).to_contain_text(f"•••• {number[-4:]}")
    in_english(page, walk, here, "History of tiers")
    walk.visit("/admin/members/00000000-0000-7000-8000-000000000009", "Участники")
    expect(page.get_by_text("Такой записи нет")).to_be_visible()
    walk.end()


def test_a_partner_sees_its_part_of_a_member(offices: Opened, demo: Demo) -> None:
    """A-105, INV-22: no section, no sums over partners, no tier to give; the way leads through the card."""
    page = offices().new_page()
    enter(page, next(one for one in demo.told["staff"] if one["role"] == "partner-manager"))
    person = demo.told["members"][0]
    expect(page.get_by_role("navigation").get_by_role("link", name="Участники")).to_have_count(0)
    page.goto("/admin/cards")
    page.get_by_label("Номер карты, телефон или e-mail").fill(person["phone"])
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("link", name="Страница участника").click()
    expect(page.get_by_text("Показано то, что относится к вашим партнёрам.")).to_be_visible()
    expect(page.get_by_role("region", name="История уровней")).to_be_visible()
    for name in ("Покупки и накопление", "Согласия"):
        expect(page.get_by_role("region", name=name, exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Присвоить уровень")).to_have_count(0)
    walk = Walk(page)
    walk.look("a member for a partner")
    walk.visit("/admin/members", "Нет доступа: нужно право «Управление пользователями»")
    walk.end()


def test_points_and_family_of_a_member(browser: Browser, askona: Demo) -> None:
    """A-105: points lot by lot with their ends, the family without the names of the others."""
    context = office(browser, base_url=askona.told["url"])
    page = context.new_page()
    enter(page, colleague(askona, "owner@example.ru"))
    walk = Walk(page)
    page.goto("/admin/members")
    find(page, "zoya@example.ru")
    page.get_by_role("row").get_by_role("link").click()
    family = page.get_by_role("region", name="Семья", exact=True)
    expect(family.get_by_text("глава")).to_be_visible()
    expect(family.get_by_text(re.compile("[23]\\sчеловека"))).to_be_visible()  # other journeys leave and join
    expect(page.get_by_text("Тимур")).to_have_count(0)
    points = page.get_by_role("region", name="Бонусы")
    expect(points.get_by_text("Доступно")).to_be_visible()
    expect(points.get_by_role("row").nth(1)).to_be_visible()
    walk.look("a member with points and a family")
    walk.end()
    context.close()


def move_points(page: Page, how: str, count: str, reason: str) -> None:
    """Ask for points in the sheet that is open."""
    asked = page.get_by_role("dialog")
    asked.get_by_label(how, exact=True).check()
    asked.get_by_label("Сколько").fill(count)
    asked.get_by_label("Причина").fill(reason)
    asked.get_by_role("button", name=how, exact=True).click()


def test_points_by_hand_take_two_people(browser: Browser, askona: Demo) -> None:
    """A-102: given on the member's page; above the bound somebody else says yes, in the section and in either language."""
    page, second = (office(browser, base_url=askona.told["url"]).new_page() for _ in range(2))
    enter(page, colleague(askona, "owner@example.ru"))
    walk = Walk(page)
    page.goto("/admin/members")
    find(page, "boris@example.ru")
    page.get_by_role("row").get_by_role("link").click()
    by_hand = page.get_by_role("region", name="Баллы вручную")
    by_hand.get_by_role("button", name="Начислить или списать").click()
    move_points(page, "Начислить", "много", "долго ждал доставку")
    expect(page.get_by_text("Напишите целое число больше нуля.")).to_be_visible()
    walk.look("points by hand are refused")
    move_points(page, "Начислить", "6 000", "долго ждал доставку")
    expect(page.get_by_role("dialog").get_by_text("Больше за день вручную нельзя")).to_be_visible()
    move_points(page, "Начислить", "300", "долго ждал доставку")
    expect(page.get_by_role("dialog")).to_have_count(0)
    given = by_hand.locator("section").filter(has_text="долго ждал доставку")
    expect(given.get_by_text("Выполнено")).to_be_visible()
    by_hand.get_by_role("button", name="Начислить или списать").click()
    move_points(page, "Списать", "20", "возврат без чека")
    expect(by_hand.get_by_text("−20\u00a0бонусов")).to_be_visible()
    by_hand.get_by_role("button", name="Начислить или списать").click()
    move_points(page, "Начислить", "900", "матрас привезли с браком")
    waiting = by_hand.locator("section").filter(has_text="матрас привезли с браком")
    expect(waiting.get_by_text("Ваша заявка: согласится другой сотрудник.")).to_be_visible()
    expect(waiting.get_by_role("button", name="Согласиться")).to_have_count(0)
    page.evaluate("scrollTo(0, 0)")
    expect(page.get_by_text("Ждёт согласия другого сотрудника")).to_have_count(0)
    walk.look("points that wait for a second person")

    enter(second, colleague(askona, "second.owner@example.ru"))
    second.get_by_role("navigation").get_by_role("link", name="Баллы вручную").click()
    theirs = Walk(second)
    asked = second.locator("section").filter(has_text="матрас привезли с браком").last
    expect(asked.get_by_text("+900\u00a0бонусов")).to_be_visible()
    theirs.look("the queue of points by hand")
    in_english(second, theirs, "/admin/goodwill", "Points by hand")
    second.reload()
    asked.get_by_role("button", name="Согласиться").click()
    second.get_by_role("dialog").get_by_label("Причина").fill("сверено с заявкой")
    second.get_by_role("dialog").get_by_role("button", name="Согласиться").click()
    expect(second.get_by_role("dialog")).to_have_count(0)
    second.get_by_label("Состояние").select_option("DONE")
    expect(
        second.locator("section").filter(has_text="матрас привезли с браком").get_by_text("Выполнено").last
    ).to_be_visible()
    page.reload()
    expect(waiting.get_by_text("Выполнено")).to_be_visible()
    walk.end()
    theirs.end()
    page.context.close()
    second.context.close()
