"""What partners' people do in the panel: settlement, tills, cards and plugins."""

import csv
import re
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_pages import Walk
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.desks import desk, pair
from tests.makers.panels import colleague, enter, office

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


class Books:
    """People of the chain's panel."""

    def __init__(self, browser: Browser, demo: Demo, closing: ExitStack) -> None:
        self.browser, self.demo, self.closing = browser, demo, closing

    def open(self, login: str) -> Page:
        """Somebody at a desk."""
        context = office(self.browser, base_url=self.demo.told["url"], accept_downloads=True)
        self.closing.callback(context.close)
        page = context.new_page()
        enter(page, colleague(self.demo, login))
        return page


@pytest.fixture
def books(browser: Browser, askona: Demo) -> Iterator[Books]:
    with ExitStack() as closing:
        yield Books(browser, askona, closing)


def whole(text: str) -> int:
    """A number as it is shown."""
    digits = re.sub(r"[^\d]", "", text)
    return -int(digits) if "−" in text else int(digits)


def test_a_bookkeeper_reads_a_month_down_to_the_lots(books: Books, tmp_path: Path) -> None:
    """C-14: the sums of the liability add up on the page, a cell opens into facts that add up to it, and so does the file."""
    page = books.open("owner@example.ru")
    complaints = watched(page)
    page.get_by_role("link", name="Взаиморасчёты").first.click()
    month = page.get_by_label("Месяц", exact=True)
    month.select_option(index=2)
    expect(page.get_by_text("Закрыт", exact=True)).to_be_visible()
    table = page.get_by_role("region", name="Обязательство по баллам").get_by_role("table")
    rows = table.locator("tbody tr").all()
    assert len(rows) == 2
    for row in rows:
        opening, issued, redeemed, expired, reversed_, closing, _ = map(
            whole, row.get_by_role("cell").all_inner_texts()
        )
        assert opening + issued - redeemed - expired - reversed_ == closing

    matrix = page.get_by_role("region", name="Чьи баллы где приняли").get_by_role("table")
    link = matrix.get_by_role("link", name=re.compile("баллы «Аскона» у «Соната»"))
    points = whole(link.inner_text())
    due = re.search(r"у «Соната», (.+)\. Показать", link.get_attribute("aria-label") or "")
    assert due is not None
    assert points > 0
    with page.expect_download() as started:
        page.get_by_role("button", name="Ведомость").click()
    saved = tmp_path / "statement.csv"
    started.value.save_as(saved)
    head, *told = csv.reader(StringIO(saved.read_text(encoding="utf-8-sig")), delimiter=";")
    (cell,) = (row for row in told if row[2:4] == ["Аскона", "Соната"])
    assert int(cell[head.index("Всего")]) == points
    assert whole(due[1]) == whole(cell[head.index("К оплате, ₽")].removesuffix(",00"))

    link.click()
    expect(page.get_by_role("heading", name=re.compile("Факты"))).to_be_visible()
    facts = page.get_by_role("table").locator("tbody tr")
    expect(facts.first).to_be_visible()
    while page.get_by_role("button", name="Показать ещё").count():
        shown = facts.count()
        page.get_by_role("button", name="Показать ещё").click()
        expect(facts).not_to_have_count(shown)
    total = 0
    for row in facts.all():
        kind, counted = row.get_by_role("cell").nth(1).inner_text(), whole(row.get_by_role("cell").nth(4).inner_text())
        total += -counted if kind.startswith("Возвращены") else counted
    assert total == points
    assert complaints == []


def test_a_partner_sees_the_own_side_of_settlement(books: Books) -> None:
    """C-14, INV-22: a partner's manager has one row of liability, and no page of what is not theirs."""
    page = books.open("askona@example.ru")
    page.get_by_role("link", name="Взаиморасчёты").first.click()
    expect(page.get_by_text("Показана ваша сторона")).to_be_visible()
    table = page.get_by_role("region", name="Обязательство по баллам").get_by_role("table")
    expect(table.locator("tbody tr")).to_have_count(1)
    expect(table.get_by_role("rowheader", name="Аскона")).to_be_visible()
    page.goto("/admin/people")
    expect(page.get_by_role("heading", name="Нет доступа: нужно право «Управление админами»")).to_be_visible()


def test_a_statement_is_sent_disputed_and_paid(books: Books) -> None:
    """C-14, E4: the programme sends it, the partner's manager says what does not add up, both read it; paid is the end."""
    owner, manager = books.open("owner@example.ru"), books.open("askona@example.ru")
    owner.get_by_role("link", name="Взаиморасчёты").first.click()
    owner.get_by_label("Месяц", exact=True).select_option(index=3)
    walk = Walk(owner)

    def act(page: Page, act: str, note: str) -> None:
        page.goto(owner.url)
        statement = page.get_by_role("region", name="Акты").get_by_role("listitem", name="Аскона платит Соната")
        statement.get_by_role("button", name=act).click()
        dialog = page.get_by_role("dialog")
        if act == "Оспорить":
            dialog.get_by_role("button", name=act).click()
            expect(dialog.get_by_text("Заполните поле")).to_be_visible()
        if page is owner:
            walk.look(act)
        dialog.get_by_role("textbox").fill(note)
        dialog.get_by_role("button", name=act).click()
        expect(dialog).to_have_count(0)

    act(owner, "Отправить", "за прошлый квартал")
    act(manager, "Оспорить", "чек возвращён дважды")
    told = manager.get_by_role("region", name="Акты").get_by_role("listitem", name="Аскона платит Соната")
    expect(told.get_by_text("оспорен", exact=True)).to_be_visible()
    expect(told.get_by_role("button")).to_have_count(0)
    expect(told.get_by_text("за прошлый квартал")).to_be_visible()
    act(owner, "Отметить оплату", "")
    told = owner.get_by_role("region", name="Акты").get_by_role("listitem", name="Аскона платит Соната")
    expect(told.get_by_text("оплачен", exact=True)).to_be_visible()
    expect(told.get_by_text("чек возвращён дважды")).to_be_visible()
    expect(told.get_by_role("button")).to_have_count(0)
    walk.look("a paid statement")
    walk.end()


def test_settlement_in_every_width_and_theme(books: Books) -> None:
    """X1, C-14: axe finds nothing, nothing is wider than the screen."""
    page = books.open("owner@example.ru")
    walk = Walk(page)
    walk.visit("/admin/settlement", "Взаиморасчёты")
    page.get_by_text("Таблица", exact=True).click()
    page.get_by_label("Месяц", exact=True).select_option(index=1)
    walk.look("a closed month")
    walk.visit("/admin/settlement/2019-01", "Факты")
    month = page.evaluate("new Date().toISOString().slice(0, 7)")
    walk.visit(f"/admin/settlement/{month}", "Факты")
    walk.end()


def test_a_till_is_added_with_a_key_that_pairs_and_ended(offices: Opened, browser: Browser, demo: Demo) -> None:
    """A-093: the key is shown once as QR and text and opens a till page; ended, the page is out at once."""
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.get_by_role("link", name="Кассы").first.click()
    page.get_by_role("button", name="Добавить кассу").click()
    page.get_by_role("button", name="Добавить и показать ключ").click()
    expect(page.get_by_text("Заполните поле").first).to_be_visible()
    page.get_by_label("Партнёр", exact=True).select_option(label="Игора")
    page.get_by_label("Точка", exact=True).select_option(index=1)
    page.get_by_label("Касса", exact=True).fill("Касса у озера")
    page.get_by_label("Причина").fill("летняя веранда")
    page.get_by_label("регистрация и данные участников").uncheck()
    page.get_by_label("Запросов в минуту").fill("0")
    page.get_by_role("button", name="Добавить и показать ключ").click()
    expect(page.get_by_text("Целое число от 1 до 1 000 000")).to_be_visible()
    page.get_by_label("Запросов в минуту").fill("90")
    walk = Walk(page)
    page.evaluate("scrollTo(0, 0)")  # nothing half under the bar of a phone
    walk.look("a new till")
    page.get_by_role("button", name="Добавить и показать ключ").click()
    expect(page.get_by_role("img", name="QR с ключом кассы")).to_be_visible()
    walk.look("the key of a till")
    key = page.get_by_role("group", name="Ключ").locator("code").inner_text()
    context = desk(browser, base_url=demo.told["url"])
    till = context.new_page()
    pair(till, {"key": key})
    page.get_by_label("Ключ на кассе").check()
    page.get_by_role("button", name="Готово").click()
    walk.look("tills")
    row = page.get_by_role("row").filter(has_text="Касса у озера")
    expect(row).to_contain_text("может: продажи, оплата баллами, возвраты; до 90 запросов в минуту")
    row.get_by_role("button", name="Отключить").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("конец сезона")
    page.get_by_role("dialog").get_by_role("button", name="Отключить").click()
    expect(row.get_by_text("Отключена")).to_be_visible()
    till.reload()
    expect(till.get_by_role("heading", name="Подключите кассу")).to_be_visible()
    context.close()
    page.goto("/admin/journal?right=pos.manage")
    expect(page.get_by_text("Касса добавлена").first).to_be_visible()
    walk.end()


def test_a_card_is_looked_up_masked_and_revealed_for_a_reason(offices: Opened, demo: Demo) -> None:
    """A-094: by phone, masked; the own data for the right of its own, with a reason that stands in the log."""
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    person = demo.told["members"][0]
    page.get_by_role("link", name="Карты").first.click()
    walk = Walk(page)
    page.get_by_label("Номер карты, телефон или e-mail").fill("nobody@example.ru")
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_text("Никто не найден")).to_be_visible()
    page.get_by_label("Номер карты, телефон или e-mail").fill(person["phone"])
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("heading", name="Последние покупки")).to_be_visible()
    expect(page.get_by_text(person["login"])).to_have_count(0)
    walk.look("a member, masked")
    page.get_by_role("button", name="Показать личные данные").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("обращение гостя")
    page.get_by_role("dialog").get_by_role("button", name="Показать личные данные").click()
    expect(page.get_by_text(person["login"])).to_be_visible()
    walk.look("a member, revealed")
    page.goto("/admin/journal?right=pii.reveal")
    expect(page.get_by_text("Личные данные показаны").first).to_be_visible()
    walk.end()


def test_plugins_and_pages_that_have_nothing_to_show(offices: Opened, demo: Demo) -> None:
    """A-108, C-14: no plugin has called, and a programme of discounts has nothing to settle: both pages say so."""
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    walk = Walk(page)
    walk.visit("/admin/plugins", "Плагины iiko")
    walk.visit("/admin/settlement", "Взаиморасчёты")
    expect(page.get_by_text("В этой программе нет баллов")).to_be_visible()
    walk.end()


def test_operations_are_found_opened_and_saved(offices: Opened, demo: Demo, tmp_path: Path) -> None:
    """A-101: receipts by partner, day and number, one opened with its lines, and all of the selection as a file."""
    page = offices(accept_downloads=True).new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.get_by_role("link", name="Операции").first.click()
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(30)
    walk = Walk(page)
    walk.look("operations")
    page.get_by_label("Партнёр", exact=True).select_option(label="Фаворит")
    expect(page).to_have_url(re.compile("partner=favorit"))
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    for row in rows.all():
        expect(row).to_contain_text("Фаворит")
    number = rows.first.get_by_role("rowheader").inner_text()
    page.get_by_label("Номер чека").fill(number)
    expect(page).to_have_url(re.compile("receipt="))
    expect(rows).to_have_count(1)
    with page.expect_download() as started:
        page.get_by_role("button", name="Скачать CSV").click()
    saved = tmp_path / "operations.csv"
    started.value.save_as(saved)
    _, *told = csv.reader(StringIO(saved.read_text(encoding="utf-8-sig")), delimiter=";")
    assert [row[2] for row in told] == [number]
    page.get_by_role("button", name=f"Открыть чек {number}").click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Строки")).to_be_visible()
    walk.look("a receipt")
    walk.visit("/admin/operations?receipt=no-such-receipt", "Операции")
    walk.end()
