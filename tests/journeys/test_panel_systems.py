"""Outside systems in the panel: how they are, what messages say and cost, and the restaurants' cloud."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from playwright.sync_api import Browser, Page, expect

from api.clock import now
from api.postgres import Postgres
from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import ME, SIGN_IN
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.panels import colleague, enter, office
from tests.makers.patience import PATIENCE_MS

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
Planting = Callable[[asyncpg.Connection], Awaitable[None]]
HOUSE, PLACE = UUID(int=71), UUID(int=72)
PAYMENT = UUID(int=73)
# It follows the start of the demo by half a minute, on a machine that has nothing else to do.
TOLD_SECONDS = 240.0


def plant(demo: Demo, planting: Planting) -> None:
    """Write into the demo's tables, in a thread of its own: the browser has this one's loop."""

    async def write() -> None:
        folder = "" if demo.programme == "znak-kachestva" else demo.programme
        url = Postgres(demo.home / folder / "postgres").url().replace("asyncpg", "postgresql", 1)
        connection = await asyncpg.connect(url)
        try:
            await planting(connection)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(write())).result()


async def a_broken_acquirer(connection: asyncpg.Connection) -> None:
    """A system that has not answered for an hour and is left alone."""
    moment = now()
    await connection.execute(
        "INSERT INTO system_calls (id, system, hour, answered, failed, answered_at, failed_at, fault, detail, held_until)"
        " VALUES ($1, 'bank-of-tests', $2, 4, 6, $3, $4, 'UNAVAILABLE', 'answered 503', $5)",
        *(uuid4(), moment.replace(minute=0, second=0, microsecond=0), moment - timedelta(hours=1), moment),
        moment + timedelta(minutes=3),
    )


async def a_mended_acquirer(connection: asyncpg.Connection) -> None:
    await connection.execute(
        "UPDATE system_calls SET answered_at = $1, failed = 0 WHERE system = 'bank-of-tests'",
        now() + timedelta(seconds=1),
    )


def test_the_status_page_tells_what_is_wrong_and_what_to_do(offices: Opened, demo: Demo) -> None:
    """A-106: a failing system stands first, in words, and is well by itself once it answers: nobody reloads the page."""
    page = offices().new_page()
    complaints = watched(page)
    enter(page, colleague(demo, "owner@example.ru"))
    plant(demo, a_broken_acquirer)
    page.get_by_role("link", name="Состояние").first.click()
    bank = page.get_by_role("region", name="bank-of-tests")
    for said in (
        *("Не работает", "Последний запрос остался без ответа.", "Мы пробуем сами", "Не обращаемся до"),
        "10, без ответа 6 (60 %)",
    ):
        expect(bank).to_contain_text(said)
    shown = page.get_by_role("main").get_by_role("region").all_inner_texts()
    place = next(place for place, text in enumerate(shown) if "bank-of-tests" in text)
    assert all("Не работает" in text for text in shown[:place]), "what is well stands below"
    assert place < len(shown) - 1
    for name in ("SMS Aero", "TravelLine", "Почта (SMTP)", "Фоновые задания"):
        expect(page.get_by_role("region", name=name)).to_be_visible()
    assert violations(page) == []
    plant(demo, a_mended_acquirer)
    page.mouse.move(10, 10)
    expect(bank).to_contain_text("Работает", timeout=2 * PATIENCE_MS)
    expect(bank).not_to_contain_text("Последний запрос остался без ответа.")
    assert complaints == []


async def a_refused_refund(connection: asyncpg.Connection) -> None:
    """A payment that is paid, and a refund of it that the acquirer has refused."""
    member, moment = await connection.fetchval("SELECT id FROM member LIMIT 1"), now() - timedelta(hours=2)
    await connection.execute(
        "INSERT INTO payment (id, subject_kind, subject_id, member_id, amount, refunded, description, return_path, lines, state,"
        " provider_id, tries, opened_at, expires_at, paid_at, changed_at) VALUES ($1, 'booking', $2, $3, 817300, 0,"
        " 'Проживание 24.11.2026–26.11.2026', '/', '[]', 'SUCCEEDED', $4, 1, $5, $5, $5, $5)",
        *(PAYMENT, uuid4(), member, f"of-tests-{PAYMENT.hex[-6:]}", moment),
    )
    await connection.execute(
        "INSERT INTO payment_refund (id, payment_id, amount, reason, state, fault, tries, asked_at, first_sent_at, changed_at)"
        " VALUES ($1, $2, 817300, 'CANCELLED', 'CANCELED', 'insufficient_funds', 1, $3, $3, $3)",
        *(uuid4(), PAYMENT, moment),
    )


def test_money_that_waits_is_named_and_decided_with_a_reason(offices: Opened, demo: Demo) -> None:
    """A-057: what is wrong and what to do stand beside the sum; a decision asks why, and what is decided is gone from the page."""
    page = offices(viewport={"width": 390, "height": 844}).new_page()
    complaints = watched(page)
    enter(page, colleague(demo, "owner@example.ru"))
    plant(demo, a_refused_refund)
    page.goto("/admin/money")
    waits = page.get_by_role("region").filter(has_text=re.compile(r"8\s173"))
    expect(waits).to_contain_text("Возврат не прошёл")
    expect(waits).to_contain_text("Проживание 24.11.2026")
    expect(waits).to_contain_text("insufficient_funds")
    assert violations(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    assert violations(page) == []
    waits.get_by_role("button", name="Деньги уже вернули").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"8\s173.* уже у гостя"))
    dialog.get_by_role("button", name="Деньги уже вернули").click()
    expect(dialog).to_contain_text("Заполните поле")
    dialog.get_by_label("Причина").fill("вернули наличными на стойке")
    assert violations(page) == []
    dialog.get_by_role("button", name="Деньги уже вернули").click()
    expect(page.get_by_text("Отмечено")).to_be_visible()
    expect(waits).to_have_count(0)
    assert complaints == []


async def an_order_nobody_issues(connection: asyncpg.Connection) -> None:
    """Paid two hours ago and taken up a moment ago, so that nobody does it while the page is open."""
    member, moment = await connection.fetchval("SELECT id FROM member ORDER BY id DESC LIMIT 1"), now()
    order = uuid4()
    await connection.execute(
        "INSERT INTO shop_order (id, body_sha256, member_id, partner, outlet, item, state, quantity, programme_version, tier,"
        " price, discount, number, ordered_at, paid_at, valid_until, changed_at) SELECT $1, '', $2, 'igora', 'igora-ski-rental',"
        " 'ski-day', 'PAID', 1, max(version), 'dreamer', 914200, 0, '7300-0000-0001', $3, $3, $4, $5 FROM programme_version",
        *(order, member, moment - timedelta(hours=2), moment.date() + timedelta(days=30), moment),
    )
    await connection.execute(
        "INSERT INTO payment (id, subject_kind, subject_id, member_id, amount, refunded, description, return_path, lines, state,"
        " provider_id, tries, opened_at, expires_at, paid_at, changed_at) VALUES ($1, 'shop_order', $2, $3, 914200, 0,"
        " 'Заказ 7300-0000-0001', '/', '[]', 'SUCCEEDED', $4, 1, $5, $5, $5, $5)",
        *(uuid4(), order, member, f"of-tests-{order.hex[-6:]}", moment - timedelta(hours=2)),
    )


def test_what_cannot_be_issued_is_given_back_from_the_page(offices: Opened, demo: Demo) -> None:
    """A-081: the decision says what it does; what the acquirer then refuses stands on the same page, and is noted there."""
    page = offices(viewport={"width": 390, "height": 844}).new_page()
    complaints = watched(page)
    enter(page, colleague(demo, "owner@example.ru"))
    plant(demo, an_order_nobody_issues)
    page.goto("/admin/money")
    waits = page.get_by_role("region").filter(has_text=re.compile(r"9\s142"))
    expect(waits).to_contain_text("ваучеры больше часа не выпускаются")
    waits.get_by_role("button", name="Вернуть деньги").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"Вернуть 9\s142"))
    expect(dialog).to_contain_text("Гость получит эту сумму назад")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    dialog.get_by_label("Причина").fill("подъёмник закрыт до конца сезона")
    dialog.get_by_role("button", name="Вернуть деньги").click()
    expect(page.get_by_text("Деньги возвращаются")).to_be_visible()
    expect(waits.get_by_text("ваучеры больше часа не выпускаются")).to_have_count(0)
    # The acquirer of the demo knows no such payment, so it refuses: that is for people, too.
    refused = waits.filter(has_text="Возврат не прошёл")
    for _ in range(20):
        if refused.count():
            break
        page.reload()
        page.wait_for_timeout(500)
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
    refused.get_by_role("button", name="Деньги уже вернули").click()
    dialog.get_by_label("Причина").fill("перевели по реквизитам")
    dialog.get_by_role("button", name="Деньги уже вернули").click()
    expect(waits).to_have_count(0)
    assert complaints == []


def test_a_message_is_seen_counted_and_sent_to_oneself(offices: Opened, demo: Demo) -> None:
    """A-219, A-227: a letter in a frame that runs nothing, a code with its parts, and a sample in one's own mailbox."""
    context = offices(viewport={"width": 390, "height": 844})
    page = context.new_page()
    complaints = watched(page)
    enter(page, colleague(demo, "owner@example.ru"))
    page.goto("/admin/messages")
    expect(page.get_by_role("link", name="Код для входа")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Карта готова").click()
    expect(page.get_by_role("heading", name="Карта готова")).to_be_visible()
    letter = page.frame_locator("iframe[title='Письмо, По-русски']")
    expect(letter.get_by_text("добро пожаловать в программу")).to_be_visible()
    expect(letter.get_by_role("link", name="Открыть карту")).to_be_visible()
    assert page.locator("iframe").first.get_attribute("sandbox") == ""
    assert violations(page) == []
    page.get_by_role("region", name="По-русски").get_by_role("button", name="Отправить себе").click()
    expect(page.get_by_text("Образец отправлен на owner@example.ru")).to_be_visible()
    page.get_by_role("link", name="Письма и сообщения").first.click()
    page.get_by_role("link", name="Код для входа").click()
    russian = page.get_by_role("region", name="SMS и Viber, По-русски")
    expect(russian).to_contain_text(re.compile(r"UCS-2 · \d+\sзнак[а-я]* · 1\sчасть"))
    expect(russian.get_by_role("row", name=re.compile("SMS Aero Viber"))).to_be_visible()
    assert violations(page) == []
    page.goto("/mailbox")
    expect(page.get_by_text("Образец: Ваша карта готова").first).to_be_visible()
    assert complaints == []


async def a_restaurant_with_gaps(connection: asyncpg.Connection) -> None:
    """A restaurant that is linked, with a menu group nobody spoke of, an order put aside and a day that agrees."""
    moment, day = now(), now().date() - timedelta(days=1)
    await connection.execute(
        "INSERT INTO restaurant (id, name, tables, mark, looked_at, synced_at) VALUES ($1, 'Ресторан у озера', '[]', 8731, $2, $2)",
        *(HOUSE, moment),
    )
    await connection.execute(
        "INSERT INTO restaurant_place (id, restaurant_id, name, outlet, linked_at) VALUES ($1, $2, 'Зал', 'sonata-samara', $3)",
        *(PLACE, HOUSE, moment),
    )
    await connection.execute(
        "INSERT INTO menu_group (id, outlet, group_id, name, first_seen_at, last_seen_at) VALUES ($1, 'sonata-samara', 'g1', 'Вина', $2, $2)",
        *(uuid4(), moment),
    )
    await connection.execute(
        "INSERT INTO restaurant_order (id, restaurant_id, outlet, order_id, kind, ending, stamp, number, closed_at, net, state,"
        " fault, body, told_at) VALUES ($1, $2, 'sonata-samara', $3, 'TABLE', 'CLOSED', 1, '4711', $4, 50000, 'ASIDE',"
        " 'pos.group_unmapped', '{}', $4)",
        *(uuid4(), HOUSE, uuid4(), moment),
    )
    await connection.execute(
        "INSERT INTO restaurant_check (id, restaurant_id, day, theirs, theirs_net, ours, ours_net, mended, checked_at)"
        " VALUES ($1, $2, $3, 12, 1200000, 12, 1200000, 1, $4)",
        *(uuid4(), HOUSE, day, moment),
    )


def look_and_replay(page: Page) -> None:
    """The gaps of the restaurant, and another look at what was put aside."""
    house = page.get_by_role("region", name="Ресторан у озера")
    expect(house).to_contain_text("Есть пробелы")
    expect(house).to_contain_text("8731")
    expect(house).to_contain_text("не выбран: kunak iiko discount")
    expect(house).to_contain_text("без услуги 1 группа")
    house.get_by_text("Группы и услуги").click()
    expect(house).to_contain_text("Вина — не сказано")
    inbox = page.get_by_role("region", name="Входящие")
    expect(inbox).to_contain_text("4711")
    comparison = page.get_by_role("region", name="Ночная сверка")
    expect(comparison).to_contain_text("Расхождений нет")
    assert violations(page) == []
    inbox.get_by_role("button", name="Разобрать снова").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("группа названа")
    page.get_by_role("dialog").get_by_role("button", name="Разобрать снова").click()
    expect(page.get_by_text("Разбирается 1 запись")).to_be_visible()


def test_restaurants_of_the_cloud_are_looked_after(browser: Browser, askona: Demo) -> None:
    """A-108: nothing connected, then a restaurant with its gaps, the inbox looked at anew, and a night that agrees."""
    with ExitStack() as closing:
        context = office(browser, base_url=askona.told["url"])
        closing.callback(context.close)
        page = context.new_page()
        complaints = watched(page)
        enter(page, colleague(askona, "owner@example.ru"))
        page.get_by_role("link", name="iikoCloud").first.click()
        expect(page.get_by_text("Ресторанов облака нет")).to_be_visible()
        assert violations(page) == []
        plant(askona, a_restaurant_with_gaps)
        page.reload()
        look_and_replay(page)
        assert complaints == []


def eaten(demo: Demo, login: str, receipts: int) -> list[str]:
    """What a guest of the demo has paid, the newest first, once the cloud has told so many receipts."""
    person = next(one for one in demo.told["members"] if one["login"] == login)
    token = demo.client().ask(SIGN_IN, login=login, password=person["password"])["token"]
    member, end = demo.client(f"Bearer {token}"), time.monotonic() + TOLD_SECONDS
    while len(found := member.ask(ME)["purchases"]["items"]) < receipts:
        assert time.monotonic() < end, found
        time.sleep(1)
    return [one["net"] for one in found]


def test_the_demos_restaurants_are_told_of_by_a_cloud(offices: Opened, demo: Demo) -> None:
    """A-087, A-108: yesterday's orders came by polling and were compared, today's by a webhook, and the page says how far."""
    for login in ("varvara@example.ru", "timofey@example.ru"):
        assert eaten(demo, login, 3) == ["3200.00", "4830.00", "940.00"]
    page = offices().new_page()
    complaints = watched(page)
    enter(page, colleague(demo, "owner@example.ru"))
    page.get_by_role("link", name="iikoCloud").first.click()
    tills = [one for one in demo.told["tills"] if one["outlet"] in {"igora-restaurant", "dacha-vintera-restaurant"}]
    names = [f"{one['partnerName']}: {one['outletName']}" for one in tills]
    assert len(names) == 2
    for name, till in zip(names, tills, strict=True):
        house = page.get_by_role("region", name=name, exact=True)
        expect(house).to_contain_text("Читается", timeout=PATIENCE_MS)
        expect(house).to_contain_text("выбран")
        expect(house.get_by_role("row").last).to_contain_text(
            re.compile(f"{till['outletName']}.*2\\sгруппы\\sс\\sуслугой")
        )
        house.get_by_text("Группы и услуги").click()
        expect(house).to_contain_text("Горячее — ")
        expect(house).to_contain_text("Бар — не сказано")
    expect(page.get_by_role("region", name="Входящие")).to_contain_text("Отложенного нет")
    night = page.get_by_role("region", name="Ночная сверка")
    expect(night).to_contain_text("Расхождений нет")
    night.get_by_text("Сверенные дни").click()
    for name in names:
        day = night.get_by_role("row", name=re.compile(f"{name} ")).first
        expect(day).to_contain_text(re.compile(r"(2\sзаказа, 5\s770\s₽.*){2}"))
    assert violations(page) == []
    assert complaints == []
