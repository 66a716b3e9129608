"""A guest books a hotel in the cabinet, in a real browser, against the stand-in of the demo."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_code import in_database
from tests.journeys.test_main_job import joined
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

# Older ones that are over, so that nobody does anything about them; the one that is copied stands behind them all.
_MANY = """
INSERT INTO booking SELECT (jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid(), 'number', b.number || '/' || n,
    'state', 'CANCELLED', 'offered_at', b.offered_at + n * interval '1 millisecond'))).*
FROM booking AS b, generate_series(1, 44) AS n WHERE b.number = $1
"""


def member_of(demo: Demo, tier: str) -> dict[str, Any]:
    """A guest of a tier."""
    found: dict[str, Any] = next(one for one in demo.told["members"] if one["tier"] == tier)
    return found


def opened_booking(page: Page) -> None:
    """The tab, once the hotels were read."""
    page.get_by_role("link", name="Отели").click()
    expect(page.get_by_role("heading", name="Бронирование", level=1)).to_be_visible()
    for _ in range(20):
        if page.get_by_label("Отель", exact=True).count():
            return
        page.wait_for_timeout(500)
        page.reload()


def test_search_new_price_yes_number_and_cancellation(phones: Opened, demo: Demo) -> None:
    """A-056..A-065: two prices, a changed one that is asked about, a number, and the price of cancelling first."""
    page = phones().new_page()
    complaints = watched(page)
    sign_in(page, member_of(demo, "traveller"))
    opened_booking(page)
    expect(page.get_by_label("Отель", exact=True)).to_contain_text("Дача Винтера")
    page.get_by_role("button", name="Нужен ещё один номер").click()
    page.get_by_role("button", name="Убрать номер 2").click()
    page.get_by_role("button", name="Добавить ребёнка").click()
    page.get_by_role("button", name="Убрать ребёнка 1").press("Enter")
    expect(page.get_by_label("Взрослых")).to_be_focused()
    page.get_by_role("button", name="Добавить ребёнка").click()
    page.get_by_label("Возраст ребёнка 1").select_option("4")
    assert violations(page) == []
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_text(re.compile("Нашл.+вариант"))).to_be_in_viewport()
    expect(page.get_by_role("img", name="Фото: Семейный").first).to_be_visible()
    assert violations(page) == []
    family = page.get_by_role("listitem").filter(has_text="Семейный").filter(has_text="С завтраком").first
    expect(family.get_by_text("Скидка 10 %")).to_be_visible()
    family.get_by_role("button").click()

    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name="Цена изменилась")).to_be_visible()
    expect(sheet.get_by_text(re.compile(r"Было:.*Стало:"))).to_be_visible()
    expect(sheet.get_by_text("При заезде, в отеле")).to_be_visible()
    assert violations(page) == []
    sheet.get_by_role("button", name=re.compile("Согласиться")).click()
    expect(sheet.get_by_role("heading", name=re.compile(r"Бронирование \d{8}-41007-\d+"))).to_be_visible()
    assert violations(page) == []

    sheet.get_by_role("button", name="Отменить бронирование").click()
    expect(sheet.get_by_text("Сейчас отмена бесплатна.")).to_be_visible()
    sheet.get_by_role("button", name="Отменить бесплатно").click()
    expect(sheet.get_by_role("heading", name="Отменено")).to_be_visible()
    expect(sheet.get_by_text("Отмена бесплатная.")).to_be_visible()
    expect(sheet.get_by_text("Отмена бесплатна до")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=re.compile("Отменено"))).to_be_visible()
    assert complaints == []


def test_another_hotel_on_the_same_days_is_a_press_away(phones: Opened, demo: Demo) -> None:
    """A-059: beside what was found stands what the others cost at least; a press searches there by the same days."""
    page = phones(viewport={"width": 390, "height": 844}).new_page()
    complaints = watched(page)
    sign_in(page, member_of(demo, "traveller"))
    opened_booking(page)
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_role("heading", name="Другие отели на эти даты")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("^Дача Винтера: от ")).click()
    expect(page.get_by_role("listitem").filter(has_text="Мансарда").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Отель «Игора»: от "))).to_be_visible()
    assert page.get_by_label("Отель", exact=True).input_value() == "dacha-vintera"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert complaints == []


def test_paying_now_and_a_promo_code_by_keyboard(phones: Opened, demo: Demo) -> None:
    """A-057, A-064: without a discount the money may be taken at once; a code opens a closed rate; no mouse."""
    page = phones(viewport={"width": 320, "height": 720}, color_scheme="dark", locale="en-GB").new_page()
    page.goto("/sign-in")
    one = member_of(demo, "dreamer")
    page.get_by_label("Phone or e-mail").fill(one["login"])
    page.get_by_label("Password", exact=True).fill(one["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/card")
    page.goto("/booking")
    page.get_by_role("button", name="I have a promo code").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Promo code")).to_be_focused()
    page.get_by_label("Promo code").fill("ЛЕТО")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This hotel has no such promo code")).to_be_visible()
    page.get_by_label("Promo code").fill("зима")
    page.keyboard.press("Enter")
    closed = page.get_by_role("button", name=re.compile("Book: Стандарт, Зимняя встреча"))
    expect(closed).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []
    closed.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    sheet.get_by_label(re.compile("Now, by card")).check()
    assert violations(page) == []
    sheet.get_by_role("button", name=re.compile("Book for")).press("Enter")
    pay = sheet.get_by_role("link", name=re.compile("Pay "))
    expect(pay).to_be_visible()
    pay.press("Enter")
    page.get_by_role("button", name="Оплатить").click()
    page.wait_for_url("**/booking?booking=*")
    expect(page.get_by_role("heading", name=re.compile("Booking "))).to_be_visible()


def test_without_a_network_the_dates_stay(phones: Opened, demo: Demo) -> None:
    """A-060: what was chosen is kept, and the sentence says what happens next."""
    context = phones()
    page = context.new_page()
    sign_in(page, member_of(demo, "pioneer"))
    opened_booking(page)
    arrival = page.get_by_label("Заезд").input_value()
    context.set_offline(True)
    page.get_by_role("button", name="Найти").click()
    expect(page.get_by_text("Нет сети. Даты сохранены")).to_be_in_viewport()
    assert page.get_by_label("Заезд").input_value() == arrival
    context.set_offline(False)
    page.route("**/graphql", lambda route: route.fulfill(status=502, body="a proxy's page"))
    page.get_by_role("button", name="Попробовать ещё раз").click()
    expect(page.get_by_text("Сервер не ответил. Даты сохранены")).to_be_in_viewport()
    page.unroute("**/graphql")
    page.get_by_role("button", name="Попробовать ещё раз").click()
    expect(page.get_by_text(re.compile("Нашл.+вариант"))).to_be_visible()


def test_the_members_price_is_paid_at_once_and_comes_back(phones: Opened, demo: Demo) -> None:
    """A-057: a discount, paid online at once: declined, paid, booked by number; cancelled, and the money on its way back."""
    page = phones().new_page()
    complaints = watched(page)
    sign_in(page, member_of(demo, "traveller"))
    opened_booking(page)
    page.get_by_label("Отель", exact=True).select_option("dacha-vintera")
    for ending in ("Не хватает денег", "Оплатить"):
        page.get_by_role("button", name="Найти").click()
        expect(page.get_by_text(re.compile("Нашл.+вариант"))).to_be_visible()
        page.get_by_role("button", name=re.compile("^Забронировать")).first.click()
        sheet = page.get_by_role("dialog")
        expect(sheet.get_by_text("Сейчас, картой или через СБП")).to_be_visible()
        assert violations(page) == []
        sheet.get_by_role("button", name=re.compile("Забронировать за|Согласиться")).click()
        pay = sheet.get_by_role("link", name=re.compile("Оплатить "))
        expect(pay).to_be_visible()
        expect(sheet.get_by_text("мы вернём все деньги")).to_be_visible()
        assert violations(page) == []
        here = page.url
        pay.click()
        expect(page.get_by_role("heading", name="Учебная оплата")).to_be_visible()
        assert violations(page) == []
        if ending == "Оплатить":
            # Back before anything is known: nobody who may have paid is asked to pay, and who has not can do so after all.
            page.goto(here)
            expect(sheet.get_by_text("Проверяем оплату")).to_be_visible()
            expect(pay).to_have_count(0)
            page.reload()
            pay.click()
        page.get_by_role("button", name=ending, exact=True).click()
        page.wait_for_url("**/booking?booking=*")
        if ending == "Не хватает денег":
            expect(page.get_by_text("не хватило денег")).to_be_visible()
            assert violations(page) == []
            page.keyboard.press("Escape")
            page.get_by_label("Отель", exact=True).select_option("dacha-vintera")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name=re.compile(r"Бронирование \d{8}-41019-\d+"))).to_be_visible()
    sheet.get_by_role("button", name="Отменить бронирование").click()
    expect(sheet.get_by_text("Вернём")).to_be_visible()
    assert violations(page) == []
    sheet.get_by_role("button", name=re.compile("^Отменить (бесплатно|за)")).click()
    expect(sheet.get_by_role("heading", name="Отменено")).to_be_visible()
    expect(sheet.get_by_text("Возвращаем")).to_be_visible()
    assert violations(page) == []
    assert complaints == []


def kopecks(text: str | None) -> int:
    """The last sum of a sentence: `Отменить за 12 345,67 ₽`."""
    assert text is not None
    [*_, (roubles, rest)] = re.findall(r"(\d[\d\s\u00a0\u202f]*)(?:,(\d\d))?[\s\u00a0\u202f]*₽", text)
    return int(re.sub(r"\D", "", roubles)) * 100 + int(rest or 0)


def test_a_new_price_is_paid_and_cancelling_late_costs_a_night(phones: Opened, demo: Demo) -> None:
    """A-056, A-057, A-062, A-065: a changed price, a yes, the payment, a number, and the penalty before it is taken."""
    page = phones(viewport={"width": 320, "height": 720}).new_page()
    complaints = watched(page)
    sign_in(page, member_of(demo, "traveller"))
    opened_booking(page)
    page.get_by_label("Отель", exact=True).select_option("dacha-vintera")
    # From today, so that the day until which cancelling is free has passed.
    arrival = page.get_by_label("Заезд")
    today = date.fromisoformat(arrival.get_attribute("min") or "")
    arrival.fill(today.isoformat())
    page.get_by_label("Выезд").fill((today + timedelta(days=2)).isoformat())
    page.get_by_role("button", name="Найти").click()
    pier = page.get_by_role("listitem").filter(has_text="Дом у причала").filter(has_text="С завтраком").first
    pier.get_by_role("button").click()

    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name="Цена изменилась")).to_be_visible()
    assert violations(page) == []
    sheet.get_by_role("button", name=re.compile("Согласиться")).click()
    pay = sheet.get_by_role("link", name=re.compile("Оплатить "))
    expect(pay).to_be_visible()
    paid = kopecks(pay.text_content())
    pay.click()
    page.get_by_role("button", name="Оплатить", exact=True).click()
    page.wait_for_url("**/booking?booking=*")
    expect(sheet.get_by_role("heading", name=re.compile(r"Бронирование \d{8}-41019-\d+"))).to_be_visible()

    sheet.get_by_role("button", name="Отменить бронирование").click()
    cancel = sheet.get_by_role("button", name=re.compile("^Отменить за "))
    expect(cancel).to_be_visible()
    penalty, back = kopecks(cancel.text_content()), kopecks(sheet.get_by_text("Вернём").text_content())
    assert 0 < penalty < paid
    assert penalty + back == paid
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert violations(page) == []
    cancel.click()
    expect(sheet.get_by_role("heading", name="Отменено")).to_be_visible()
    assert kopecks(sheet.get_by_text("Возвращаем").text_content()) == back
    assert violations(page) == []
    assert complaints == []


def test_all_bookings_are_there_page_by_page(phones: Opened, demo: Demo) -> None:
    """A-056: twenty, then more of them; a page that does not come keeps the others, and what is cancelled there says so."""
    _, filled = joined(demo, f"many{uuid4().hex[:8]}")
    page = phones(viewport={"width": 390, "height": 844}).new_page()
    sign_in(page, {"login": filled["email"], "password": filled["password"]})
    opened_booking(page)
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("button", name=re.compile("^Забронировать")).first.click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label(re.compile("При заезде")).check()
    sheet.get_by_role("button", name=re.compile("Забронировать за|Согласиться")).click()
    title = sheet.get_by_role("heading", name=re.compile(r"Бронирование \d{8}-\d+-\d+"))
    expect(title).to_be_visible()
    number = (title.text_content() or "").removeprefix("Бронирование ")
    in_database(demo, _MANY, number)

    page.goto("/booking")
    own = page.get_by_role("region", name="Мои бронирования")
    rows = own.get_by_role("listitem")
    expect(rows).to_have_count(20)
    page.route("**/graphql", lambda route: route.abort())
    page.get_by_role("button", name="Показать ещё").click()
    expect(page.get_by_text("Не получилось загрузить следующие бронирования.")).to_be_visible()
    expect(rows).to_have_count(20)
    page.unroute("**/graphql")
    page.get_by_role("button", name="Повторить").click()
    expect(rows).to_have_count(40)
    expect(page.get_by_text("Не получилось загрузить")).to_have_count(0)
    page.get_by_role("button", name="Показать ещё").click()
    expect(rows).to_have_count(45)
    expect(page.get_by_role("button", name="Показать ещё")).to_have_count(0)
    assert violations(page) == []

    mine = page.get_by_role("link", name=re.compile(f"Подтверждено.*{number}"))
    mine.click()
    sheet.get_by_role("button", name="Отменить бронирование").click()
    sheet.get_by_role("button", name=re.compile("^Отменить (бесплатно|за)")).click()
    expect(sheet.get_by_role("heading", name="Отменено")).to_be_visible()
    page.keyboard.press("Escape")
    expect(mine).to_have_count(0)
    expect(rows).to_have_count(45)
    expect(rows.last).to_contain_text("Отменено")
