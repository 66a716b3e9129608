"""Two profiles of one person in the panel: found, compared, made one, and two again; and a member who is erased."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_code import in_database
from tests.journeys.test_main_job import KEY, POST, joined, posting, quoted, scanned, till_of
from tests.journeys.test_pages import Walk
from tests.makers.demo import Client, Demo
from tests.makers.panels import colleague, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

NAMES = {"lastName": "Двойникова", "firstName": "Яна", "patronymic": None}
CARD = "UPDATE card SET status = $2 WHERE number = $1"
ME = "{ me { number totals { purchases } } }"


def twin(demo: Demo, rubles: str) -> tuple[Client, str]:
    """(somebody of always the same names and birth date, the number of the card); has bought for so much."""
    member, _ = joined(demo, f"twin{uuid4().hex[:8]}", **NAMES)
    till = till_of(demo)
    quote = quoted(till, scanned(till, member.ask(KEY, device="phone"))["ticket"], rubles)
    assert till.ask(POST, input=posting(quote))["__typename"] == "PurchasePosted"
    return member, member.ask(ME)["number"]


def confirm(page: Page, action: str, reason: str) -> Locator:
    """Give a reason in the open dialog and go on."""
    asked = page.get_by_role("dialog")
    asked.get_by_label("Причина").fill(reason)
    asked.get_by_role("button", name=action, exact=True).click()
    return asked


def in_english(page: Page, path: str, heading: str) -> None:
    """The page in the other language, all of it."""
    page.context.add_cookies([{"name": "language", "value": "en", "url": page.url.partition("/admin")[0]}])
    page.goto(path)
    expect(page.get_by_role("heading", name=heading, exact=True).first).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.context.clear_cookies(name="language")


def pair_of(page: Page, one: str, other: str) -> Locator:
    """The row of two cards among the pairs that the server found."""
    pairs = page.get_by_role("region", name="Похожие профили")
    return pairs.get_by_role("row").filter(has_text=one).filter(has_text=other)


def compare(page: Page, one: str, other: str) -> None:
    """Open two profiles side by side from the list of pairs."""
    page.goto("/admin/twins")
    pair_of(page, one, other).get_by_role("link", name="Сравнить").click()
    expect(page.get_by_role("heading", name="Сравнение профилей", level=1)).to_be_visible()


def test_a_pair_is_found_compared_and_made_one(offices: Opened, demo: Demo) -> None:
    """A-206, A-207, C-09: from the rail to the list of pairs, side by side, refused in words, then one, with every kopeck."""
    (first, one), (_, other) = twin(demo, "1000.00"), twin(demo, "500.00")
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    walk = Walk(page)
    page.get_by_role("navigation").get_by_role("link", name="Двойники").click()
    expect(page.get_by_role("heading", name="Двойники", level=1)).to_be_visible()
    expect(pair_of(page, one, other)).to_contain_text("имя и фамилия, дата рождения")
    walk.look("twins")
    compare(page, one, other)
    expect(page.get_by_text("Совпадает: имя и фамилия, дата рождения.")).to_be_visible()
    expect(page.get_by_role("radio", name=one)).to_be_checked()  # the older one
    page.get_by_role("radio", name=other).check()
    expect(page.get_by_role("region", name=one)).to_contain_text("Войдёт в него")
    page.get_by_role("radio", name=one).check()
    expect(page.get_by_role("region", name=one)).to_contain_text("Останется")
    result = page.get_by_role("region", name="Что получится")
    expect(result).to_contain_text(re.compile(r"Куплено всего\s*1\s500\s₽"))
    walk.look("a pair")

    result.get_by_role("button", name="Объединить").click()
    page.get_by_role("dialog").get_by_role("button", name="Объединить", exact=True).click()
    expect(page.get_by_text("Заполните поле")).to_be_visible()
    in_database(demo, CARD, one, "BLOCKED")
    asked = confirm(page, "Объединить", "один человек, две почты")
    expect(asked.get_by_role("alert")).to_contain_text("Карта главного профиля не действует")
    walk.look("a merge is refused")
    in_database(demo, CARD, one, "ACTIVE")
    asked.get_by_role("button", name="Объединить", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text(re.compile("один человек, две почты.*можно отменить до"))).to_be_visible()
    expect(page.get_by_role("region", name=one)).to_contain_text(other)  # the card came along
    assert first.ask(ME)["totals"]["purchases"] == "1500.00"
    page.evaluate("scrollTo(0, 0)")  # nothing half under the bar of a phone
    walk.look("a merge")
    walk.end()


def test_both_pages_tell_of_a_merge_and_it_is_undone(offices: Opened, demo: Demo) -> None:
    """C-09, INV-19: the old page leads to the one that stayed; undone for a reason, and the pair is suspected no more."""
    (_, one), (_, other) = twin(demo, "700.00"), twin(demo, "200.00")
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    compare(page, one, other)
    here = page.url
    page.get_by_role("button", name="Объединить", exact=True).click()
    confirm(page, "Объединить", "один человек")
    page.get_by_role("region", name=other).get_by_role("link", name="Страница участника").click()
    twins = page.get_by_role("region", name="Двойники и объединения")
    expect(twins.get_by_text(f"Этот профиль вошёл в профиль {one}.")).to_be_visible()
    expect(page.get_by_role("region", name="Удаление данных")).to_have_count(0)
    walk = Walk(page)
    walk.look("a merged member")
    twins.get_by_role("link", name="Открыть оставшийся").click()
    expect(page.get_by_role("region", name=one)).to_be_visible()
    expect(twins.get_by_role("row").filter(has_text=other)).to_contain_text("объединены")

    page.goto("/admin/twins")
    row = page.get_by_role("region", name="Объединения").get_by_role("row").filter(has_text=other)
    row.get_by_role("button", name="Отменить объединение").click()
    confirm(page, "Отменить объединение", "это две сестры")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(row).to_contain_text("это две сестры")
    expect(row.get_by_role("button")).to_have_count(0)
    expect(page.get_by_role("region", name="Похожие профили")).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    expect(pair_of(page, one, other)).to_have_count(0)
    page.goto(here)
    for number, sums in ((one, "700"), (other, "200")):
        expect(page.get_by_role("region", name=number)).to_contain_text(re.compile(rf"Куплено всего\s*{sums}\s₽"))
    expect(page.get_by_role("button", name="Объединить", exact=True)).to_be_visible()
    in_english(page, here, "What it will be")
    in_english(page, "/admin/twins", "Profiles alike")
    page.goto("/admin/journal?right=merge.decide")
    expect(page.get_by_text("Объединение профилей отменено").first).to_be_visible()
    walk.end()


def test_a_pair_that_is_two_people_is_dismissed_and_taken_back(offices: Opened, demo: Demo) -> None:
    """C-09: «Не двойники» for a reason takes the pair out of the list; it is told side by side, and taken back where it is listed."""
    (_, one), (_, other) = twin(demo, "100.00"), twin(demo, "100.00")
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.goto("/admin/twins")
    pair_of(page, one, other).get_by_role("button", name=f"Не двойники: {one} и {other}").click()
    walk = Walk(page)
    walk.look("a pair is dismissed")
    confirm(page, "Не двойники", "мать и дочь")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(pair_of(page, one, other)).to_have_count(0)
    row = page.get_by_role("region", name="Разные люди").get_by_role("row").filter(has_text=other)
    expect(row).to_contain_text("мать и дочь")
    walk.look("dismissed pairs")
    in_english(page, "/admin/twins", "Two people")
    page.goto("/admin/twins")
    row.get_by_role("link", name=f"Страница участника {one}").click()
    twins = page.get_by_role("region", name="Двойники и объединения")
    expect(twins.get_by_role("listitem").filter(has_text=other)).to_contain_text("разные люди")
    twins.get_by_role("link", name=f"Сравнить {one} и {other}").click()
    expect(page.get_by_text(re.compile("мать и дочь. Совпадает: имя и фамилия, дата рождения."))).to_be_visible()
    walk.look("two people side by side")
    page.get_by_role("button", name=f"Снова считать похожими: {one} и {other}").click()
    confirm(page, "Снова считать похожими", "всё же один человек")
    expect(page.get_by_role("button", name=f"Не двойники: {one} и {other}")).to_be_visible()
    page.goto("/admin/twins")
    expect(pair_of(page, one, other)).to_have_count(1)
    walk.end()


def test_any_two_are_compared_by_what_a_guest_can_name(offices: Opened, demo: Demo) -> None:
    """C-09: from the page of a member by the number of the other card; nothing in common is a warning; one alone is no pair."""
    _, one = twin(demo, "100.00")
    person = demo.told["members"][0]
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.goto("/admin/twins")
    page.get_by_label("Номер карты, телефон, e-mail или id").fill(one)
    page.get_by_role("button", name="Найти участника").click()
    page.get_by_role("link", name=f"Объединить с другим профилем: {one}").click()
    expect(page.get_by_role("region", name="С кем объединить")).to_contain_text(one)
    expect(page.get_by_role("region", name="Похожие профили")).to_have_count(0)
    walk = Walk(page)
    for asked, shown in (
        (one, "этот же профиль"),
        ("nobody@example.ru", "Никто не найден"),
        (person["phone"], "Сравнить"),
    ):
        page.get_by_label("Номер карты, телефон, e-mail или id").fill(asked)
        page.get_by_role("button", name="Найти участника").click()
        expect(page.get_by_role("region", name="Найдены").get_by_text(shown)).to_be_visible()
    walk.look("merge with whom")
    page.get_by_role("link", name="Сравнить").click()
    expect(page.get_by_text("Общих телефона, почты, имени с датой рождения нет.")).to_be_visible()
    mine = page.url.rsplit("/", 2)[1]
    page.goto(f"/admin/twins/{mine}/{mine}")
    expect(page.get_by_text("Это один и тот же профиль")).to_be_visible()
    page.goto(f"/admin/twins/{mine}/00000000-0000-7000-8000-000000000009")
    expect(page.get_by_text("Такой записи нет")).to_be_visible()
    walk.end()


def test_a_member_is_erased_and_the_act_is_kept(offices: Opened, demo: Demo) -> None:
    """C-12, I-34: what goes and what stays is said, the end of the number is asked for, the act can be saved; the member is out."""
    member, number = twin(demo, "300.00")
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.goto("/admin/members")
    page.get_by_label("Номер карты, телефон, e-mail или id").fill(number)
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("row").get_by_role("link").click()
    walk = Walk(page)
    here = page.get_by_role("region", name="Удаление данных")
    here.get_by_role("button", name="Удалить данные").click()
    asked = page.get_by_role("dialog")
    for told in ("Исчезнет навсегда", "Останется как учёт"):
        expect(asked.get_by_text(told)).to_be_visible()
    asked.get_by_label("Последние четыре цифры номера карты").fill("12a4")
    confirm(page, "Удалить данные", "письменное требование")
    expect(asked.get_by_text(f"Это не последние цифры номера {number}")).to_be_visible()
    walk.look("erasing is asked")
    assert member.ask(ME)["number"] == number
    asked.get_by_label("Последние четыре цифры номера карты").fill(number[-4:])
    confirm(page, "Удалить данные", "письменное требование")
    gone = page.get_by_role("region", name="Данные удалены")
    expect(gone.get_by_text("сотрудник программы")).to_be_visible()
    expect(gone.get_by_role("group", name="Акт об уничтожении")).to_contain_text("письменное требование")
    expect(page.get_by_role("heading", name=number, level=1)).to_be_visible()
    with page.expect_download() as saved:
        gone.get_by_role("button", name="Скачать акт").click()
    assert saved.value.suggested_filename == f"akt-{number}.txt"
    assert "об уничтожении персональных данных" in saved.value.path().read_text("utf-8")
    assert member.ask(ME) is None
    expect(page.get_by_role("button", name="Удалить данные")).to_have_count(0)
    expect(page.get_by_text("Данные удалены", exact=True)).to_have_count(1, timeout=15_000)  # the toast is gone
    walk.look("an erased member")
    in_english(page, page.url, "The data are erased")
    page.goto("/admin/journal?right=user.manage")
    expect(page.get_by_text("Данные участника удалены").first).to_be_visible()
    walk.end()


def test_without_the_rights_there_is_no_way_to_either(offices: Opened, demo: Demo) -> None:
    """I-32: a partner's people see neither section nor button, and the address says which right is missing."""
    page = offices().new_page()
    someone: dict[str, Any] = next(one for one in demo.told["staff"] if one["role"] == "partner-manager")
    enter(page, someone)
    expect(page.get_by_role("navigation").get_by_role("link", name="Двойники")).to_have_count(0)
    page.goto("/admin/cards")
    page.get_by_label("Номер карты, телефон или e-mail").fill(demo.told["members"][0]["phone"])
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("link", name="Страница участника").click()
    expect(page.get_by_role("region", name="История уровней")).to_be_visible()
    for name in ("Удаление данных", "Двойники и объединения"):
        expect(page.get_by_role("region", name=name)).to_have_count(0)
    nobody = "00000000-0000-7000-8000-000000000009"
    for path in ("/admin/twins", f"/admin/twins/{nobody}/{nobody[:-1]}8"):
        page.goto(path)
        expect(page.get_by_role("heading", name="Нет доступа: нужно право «Объединение участников»")).to_be_visible()
