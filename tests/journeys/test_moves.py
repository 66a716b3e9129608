"""Moving about: by keyboard alone, by links from outside, back and forth, and when something did not arrive."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import ElementHandle, Page, Route, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import joined
from tests.journeys.test_till import wait_until
from tests.makers.demo import Demo
from tests.makers.desks import pair
from tests.makers.phones import expect_code, open_code, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

# The focused element as a sighted person meets it: ringed, inside the screen, under nothing. A date rings its own parts.
FOCUSED = """() => {
  const focused = document.activeElement
  if (!focused || focused === document.body) return null
  const ringed = [focused, focused.closest('label'), focused.nextElementSibling].filter(Boolean)
    .some(one => one.type === 'date' || (() => { const look = getComputedStyle(one); return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2 })())
  const box = (focused.closest('label') ?? focused).getBoundingClientRect()
  const x = box.left + Math.min(box.width / 2, 40), y = box.top + Math.min(box.height / 2, 40)
  const top = document.elementFromPoint(x, y)
  const clear = top !== null && (focused.contains(top) || top.contains(focused) || top.closest('label')?.contains(focused) === true)
  return {name: (focused.ariaLabel || focused.textContent || focused.name || focused.tagName).trim().slice(0, 40), ringed, clear}
}"""
STEPS_MAX = 80


def walk(page: Page) -> list[dict[str, Any]]:
    """Every stop of the Tab key from the top of the page to its end."""
    page.evaluate("document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute('tabindex')")
    stops: list[dict[str, Any]] = []
    for _ in range(STEPS_MAX):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    return stops


def expect_walkable(page: Page, name: str) -> None:
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.wait_for_timeout(300)
    stops = walk(page)
    assert len(stops) > 2, (name, stops)
    poor = [stop for stop in stops if not (stop["ringed"] and stop["clear"])]
    assert poor == [], (name, poor)


def test_a_keyboard_reaches_everything_in_the_cabinet(phones: Opened, demo: Demo) -> None:
    """X2, 2.4.7 and 2.4.11: each stop is ringed and stands clear of the tab bar."""
    page = phones(is_mobile=False, has_touch=False, reduced_motion="reduce").new_page()
    for path in ("/", "/join", "/sign-in", "/forgot"):
        page.goto(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        expect_walkable(page, path)
    sign_in(page, demo.member("traveller", 1))
    for path in ("/card", "/purchases?period=month", "/partners", "/profile"):
        page.goto(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        expect_walkable(page, path)


def test_a_keyboard_reaches_everything_at_the_till(tills: Opened, demo: Demo) -> None:
    """X2: the same for a cashier."""
    page = tills(reduced_motion="reduce").new_page()
    page.goto("/till")
    expect(page.get_by_role("heading", name="Подключите кассу")).to_be_visible()
    expect_walkable(page, "pairing")
    pair(page, demo.till("igora"))
    expect_walkable(page, "ready")
    page.get_by_text("Возврат", exact=True).click()
    expect_walkable(page, "return")


def test_sheets_hold_the_focus_and_give_it_back(phones: Opened, tills: Opened, demo: Demo) -> None:
    """X2: Tab stays inside, Esc closes, the button that opened is in focus again."""
    page = phones(is_mobile=False, has_touch=False).new_page()
    sign_in(page, demo.member("traveller", 2))
    for path, opener in (("/card", "Показать QR-код"), ("/card", "Все уровни"), ("/profile", "Выйти")):
        page.goto(path)
        expect_sheet(page, opener)
    till = tills().new_page()
    pair(till, demo.till("igora"))
    expect_sheet(till, "Меню кассы")


def test_an_answer_that_comes_late_moves_no_focus(phones: Opened, demo: Demo) -> None:
    """X2: a sheet opened over a card that still loads keeps the focus when it has loaded, and gives it back."""
    context = phones(is_mobile=False, has_touch=False)
    first = context.new_page()
    sign_in(first, demo.member("traveller", 2))
    expect(first.get_by_role("heading", name="Последние покупки")).to_be_visible()
    open_code(first)
    with first.expect_response("**/graphql") as told:
        first.goto("/card")
    answer = told.value.json()
    assert answer["data"]["me"] is not None, answer
    answer["data"]["me"]["firstName"] = "Новое имя"
    expect(first.get_by_role("heading", name="Последние покупки")).to_be_visible()
    for place, opener in ((0, "Показать QR-код"), (1, "Показать QR-код"), (0, "Все уровни")):
        page = context.new_page()
        held = held_back(page)
        page.goto("/card")
        button = page.get_by_role("button", name=opener).nth(place).element_handle()
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        wait_until(page, lambda: bool(held))  # noqa: B023 - called within this turn
        late, *others = held
        late.fulfill(json=answer)
        for other in others:
            other.continue_()
        expect(page).to_have_title(re.compile("Новое имя"))
        assert page.evaluate("document.activeElement.closest('dialog') !== null"), opener
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        wait_until(page, lambda: has_focus(button), opener)  # noqa: B023
        page.close()


def test_a_button_that_sends_keeps_its_words(phones: Opened, demo: Demo) -> None:
    """Seen and read out: what is being sent, not only that something is."""
    page = phones().new_page()
    page.goto("/sign-in")
    member = demo.member("traveller", 2)
    page.get_by_label("Телефон или e-mail").fill(member["phone"])
    page.get_by_label("Пароль", exact=True).fill(member["password"])
    held = held_back(page)
    button = page.get_by_role("button", name="Войти")
    before = button.bounding_box()
    button.click()
    expect(button).to_contain_text("Подождите")
    expect(button.get_by_text("Войти")).to_be_visible()
    assert button.bounding_box() == before
    wait_until(page, lambda: bool(held))
    held[0].continue_()
    page.unroute("**/graphql")
    page.wait_for_url("**/card")


def held_back(page: Page) -> list[Route]:
    """Everything the page asks the server from now on, in its order; nothing is answered by itself."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/graphql", hold)
    return held


def has_focus(button: ElementHandle) -> bool:
    return bool(button.evaluate("button => document.activeElement === button"))


def expect_sheet(page: Page, opener: str) -> None:
    # The element, since a card that has loaded has another first button of this name.
    button = page.get_by_role("button", name=opener).first.element_handle()
    button.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        outside = page.evaluate(
            "document.activeElement !== document.body && !document.activeElement.closest('dialog')"
        )  # the browser's own bar counts as the body
        assert not outside, opener
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    wait_until(page, lambda: has_focus(button), opener)


def test_links_from_outside_lead_where_they_say(phones: Opened, demo: Demo) -> None:
    """A link into the cabinet survives the sign-in; the app's shortcut opens the code at once."""
    page = phones().new_page()
    page.goto("/purchases?counted=no")
    expect(page.get_by_role("heading", name="Вход")).to_be_visible()
    member = demo.member("traveller", 3)
    page.get_by_label("Телефон или e-mail").fill(member["phone"])
    page.get_by_label("Пароль", exact=True).fill(member["password"])
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Покупки")).to_be_visible()
    assert page.url.endswith("/purchases?counted=no")
    page.goto("/card/code")
    expect_code(page)
    page.goto("/sign-in")
    page.wait_for_url("**/card")


def test_filters_live_in_the_address(phones: Opened, demo: Demo) -> None:
    """A-086, H1: chosen filters stand in the address, come back by link and by the back button, and are taken off at once."""
    page = phones().new_page()
    sign_in(page, demo.member("collector", 4))
    page.goto("/purchases")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(50)
    page.get_by_label("Партнёр").select_option("igora")
    page.get_by_label("Накопление").select_option("no")
    expect(page).to_have_url(re.compile(r"\?partner=igora&counted=no$"))
    expect(rows.filter(has_not_text="Игора")).to_have_count(0)
    expect(rows.filter(has_text=re.compile(r"^(?!.*Не в накопление)"))).to_have_count(0)
    expect(rows.first).to_be_visible()  # a list on its way has no rows at all
    chosen = rows.count()
    rows.first.get_by_role("link").click()
    expect(page.get_by_role("dialog").get_by_text("Номер чека")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Карта").click()
    expect(page.get_by_role("heading", name=re.compile("Здравствуйте"))).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Партнёр")).to_have_value("igora")
    expect(rows).to_have_count(chosen)
    page.reload()
    expect(rows).to_have_count(chosen)
    page.get_by_role("button", name="Сбросить").click()
    expect(page).to_have_url(re.compile("/purchases$"))
    expect(rows).to_have_count(50)
    page.goto("/purchases?period=own&from=2001-01-01&to=2001-01-02")
    expect(page.get_by_text("По этим условиям ничего нет")).to_be_visible()


def test_a_page_that_did_not_come_keeps_the_one_that_did(phones: Opened, demo: Demo) -> None:
    """H1: the second page fails, the first stays; the same button asks again."""
    page = phones().new_page()
    sign_in(page, demo.member("collector", 4))
    page.goto("/purchases")
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(50)
    page.route("**/graphql", lambda route: route.abort())
    page.get_by_role("button", name="Показать ещё").click()
    expect(page.get_by_text("Не получилось загрузить следующие покупки.")).to_be_visible()
    expect(rows).to_have_count(50)
    page.unroute("**/graphql")
    page.get_by_role("button", name="Повторить").click()
    expect(rows).to_have_count(80)


def test_what_failed_is_asked_for_again_and_what_is_empty_says_what_to_do(phones: Opened, demo: Demo) -> None:
    """Five states of a screen: without an answer, with one, empty, and old for want of a network."""
    _, filled = joined(demo, f"empty{uuid4().hex[:8]}")
    context = phones()
    page = context.new_page()
    sign_in(page, {"login": filled["email"], "password": filled["password"]})
    expect(page.get_by_text("Первая покупка появится здесь")).to_be_visible()
    page.get_by_role("link", name="Покупки").click()
    expect(page.get_by_text("Покажите QR-код при следующем визите")).to_be_visible()
    context.set_offline(True)
    page.get_by_role("link", name="Карта").click()
    expect(page.get_by_text("Нет сети. Данные на")).to_be_visible()
    context.set_offline(False)
    expect(page.get_by_text("Нет сети. Данные на")).to_have_count(0)
    stranger = phones().new_page()
    stranger.route("**/graphql", lambda route: route.abort())
    stranger.goto("/partners")
    expect(stranger.get_by_text("Не получилось загрузить")).to_be_visible()
    stranger.unroute("**/graphql")
    stranger.get_by_role("button", name="Повторить").click()
    expect(stranger.get_by_role("heading", name="Игора")).to_be_visible()
