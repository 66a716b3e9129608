"""A family on its phones: invited by link or code, seated, the pool given to and spent at a till, left with what is one's own."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.test_askona import Town, fill_line, number, spaced
from tests.journeys.test_code import in_database
from tests.journeys.test_main_job import joined
from tests.journeys.test_moves import expect_walkable
from tests.journeys.test_pages import Walk, expect_latin
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Client, Demo
from tests.makers.desks import expect_posted, record_button, scan
from tests.makers.phones import enter, sign_in
from tests.makers.pictures import symbol

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

LINK = re.compile(r"^http\S+/family/join\?token=\S+$")
FAMILY = "{ me { points { available } family { seats { id name mine } pool { available } returns { points } } } }"
FOUND = "mutation($key: String!) { foundFamily(input: {idempotencyKey: $key}) { __typename } }"
DISSOLVE = "mutation($key: String!) { dissolveFamily(input: {idempotencyKey: $key}) { __typename } }"
INVITE = (
    "mutation($key: String!, $role: FamilyRole!) { inviteToFamily(input: {idempotencyKey: $key, role: $role}) { ... on FamilyInvited { invite { id token } }"
    " ... on Problem { code message } } }"
)
REVOKE = (
    "mutation($key: String!, $invite: UUID!) { revokeFamilyInvite(input: {idempotencyKey: $key, invite: $invite})"
    " { __typename } }"
)
JOIN = "mutation($key: String!, $token: String!) { joinFamily(input: {idempotencyKey: $key, token: $token}) { __typename } }"


@pytest.fixture
def town(browser: Browser, askona: Demo) -> Iterator[Town]:
    with ExitStack() as closing:
        yield Town(browser, askona, closing)


def newcomer(town: Town) -> tuple[Client, dict[str, str]]:
    """Somebody who has just joined and sits in no family."""
    member, filled = joined(town.demo, f"kin{number()}")
    return member, {"login": filled["email"], "password": filled["password"]}


def at_family(page: Page) -> Page:
    """The page of the family account, whatever stands there."""
    page.goto("/family")
    expect(page.get_by_role("heading", name=re.compile("Семейный счёт|Family account"), level=1)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    return page


def open_link(page: Page, token: str, heading: str) -> None:
    """The page of an invitation's link, as it answers."""
    page.goto(f"/family/join?token={token}")
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def invite(head: Client, role: str = "ADULT") -> dict[str, str]:
    """An open invitation: its id and the token of its link."""
    made: dict[str, str] = head.ask(INVITE, key=str(uuid4()), role=role)["invite"]
    return made


def seat_somebody(town: Town, head: Client) -> tuple[str, dict[str, str]]:
    """(the token of the link that was used, how the newcomer signs in)."""
    (member, known), token = newcomer(town), invite(head)["token"]
    member.ask(JOIN, key=str(uuid4()), token=token)
    return token, known


def person(page: Page, name: str) -> Locator:
    """The row of somebody who sits there."""
    return page.get_by_role("listitem").filter(has=page.get_by_text(name, exact=True))


def facts(town: Town, login: str) -> tuple[int, int, int]:
    """(own points to spend, the pool's, what leaving would bring home)."""
    me: Any = town.api(login).ask(FAMILY)
    return me["points"]["available"], me["family"]["pool"]["available"], me["family"]["returns"]["points"]


def test_invited_by_a_code_or_a_link_and_seated(town: Town) -> None:
    """A-053, F1: the code on the head's phone is the link; who was invited signs in, joins, and both phones say so."""
    head = town.guest("zoya")
    head.locator('a[href="/family"]').click()
    expect(head.get_by_role("heading", name="Участники")).to_be_visible()
    guest = town.phone()
    complaints = [watched(head), watched(guest)]
    head.get_by_role("button", name="Создать приглашение").click()
    asking = head.get_by_role("dialog", name="Пригласить в семейный счёт")
    expect(asking.get_by_role("radio", name="Взрослого: вносит и платит")).to_be_checked()
    assert violations(head) == []
    asking.get_by_role("button", name="Создать приглашение").click()
    ready = head.get_by_role("dialog", name="Приглашение готово")
    link = ready.get_by_text(LINK).inner_text()
    head.wait_for_timeout(400)
    seen = symbol(head.screenshot())
    assert seen is not None
    assert seen.digits == link
    assert violations(head) == []

    _, known = newcomer(town)
    guest.goto(link)
    expect(guest.get_by_role("heading", name="Зоя приглашает вас в семейный счёт")).to_be_visible()
    expect(guest.get_by_text("Ваши покупки остаются вашими")).to_be_visible()
    expect(guest.get_by_text(spaced("через 7 дней после"))).to_be_visible()
    guest.get_by_role("button", name="Войти и вступить").click()
    guest.get_by_label("Телефон или e-mail").fill(known["login"])
    guest.get_by_label("Пароль", exact=True).fill(known["password"])
    guest.get_by_role("button", name="Войти").click()
    guest.get_by_role("button", name="Вступить").click()
    expect(guest.get_by_text("Вы в семейном счёте")).to_be_visible()
    expect(guest.get_by_text("Платить с общего счёта вы сможете с")).to_be_visible()
    expect(guest.get_by_role("button", name="Внести")).to_be_disabled()
    expect(guest.get_by_role("button", name="Создать приглашение")).to_have_count(0)
    head.keyboard.press("Escape")
    expect(person(head, "Алёна В.")).to_contain_text("взрослый")
    expect(head.get_by_text(spaced("Занято мест: 4 из 5"))).to_be_visible()

    head.get_by_role("button", name="Исключить: Алёна В.").click()
    head.get_by_role("dialog").get_by_role("button", name="Исключить").click()
    expect(person(head, "Алёна В.")).to_have_count(0)
    expect(guest.get_by_text("Копите и платите вместе")).to_be_visible()
    assert complaints == [[], []]


def pay_with_the_pool(town: Town, head: Page, adult: Page, till: Page) -> Locator:
    """All of the adult's own points and 250 of the pool, with a yes on the phone; the line of it that the head sees."""
    own, pool, _ = facts(town, "timur")
    scan(till, town.code("timur"))
    fill_line(till, "Матрасы", "48900", number())
    till.get_by_role("button", name="Списать другое количество").click()
    till.get_by_label("Сколько списать").fill(str(own + 250))
    till.get_by_role("button", name="Списать", exact=True).click()
    sheet = adult.get_by_role("dialog", name="Подтвердите списание")
    expect(sheet.get_by_text(spaced(f"{own + 250} бонус"))).to_be_visible()
    expect(sheet.get_by_text(re.compile(r"^250\sбонусов$"))).to_be_visible()
    sheet.get_by_role("button", name="Подтвердить").click()
    expect(till.get_by_text("Гость подтвердил")).to_be_visible()
    expect(till.get_by_text(spaced("Из них с семейного счёта: 250"))).to_be_visible()
    record_button(till).click()
    expect_posted(till)
    expect(head.get_by_text(spaced(f"{pool - 250} бонус")).first).to_be_visible()
    spent = head.get_by_role("listitem").filter(has_text="Тимур Б.: оплата покупки").first
    expect(spent).to_contain_text("−250")
    expect(spent).not_to_contain_text("Аскона")
    return spent


def test_the_pool_is_given_to_spent_at_a_till_and_left(town: Town) -> None:
    """A-053, C-10: own points first, then the pool's with a yes; others see sums; what was not spent comes home."""
    head, adult, till = at_family(town.guest("zoya")), town.guest("timur"), town.till("samara-01")
    at_family(adult)
    complaints = [watched(page) for page in (head, adult, till)]
    before = facts(town, "zoya")
    head.get_by_role("button", name="Внести", exact=True).click()
    giving = head.get_by_role("dialog", name="Внести в общий счёт")
    giving.get_by_label("Сколько внести").fill("0")
    giving.get_by_role("button", name="Внести", exact=True).click()
    expect(giving.get_by_text("Целое число от 1 до")).to_be_visible()
    assert violations(head) == []
    giving.get_by_label("Сколько внести").fill("100")
    giving.get_by_role("button", name="Внести", exact=True).click()
    expect(adult.get_by_text(spaced(f"{before[1] + 100} бонус")).first).to_be_visible()
    assert facts(town, "zoya") == (before[0] - 100, before[1] + 100, before[2] + 100)
    expect(adult.get_by_text("Зоя К.: вклад").first).to_be_visible()

    spent = pay_with_the_pool(town, head, adult, till)
    shown = head.get_by_role("button", name="Посмотреть покупки: Тимур Б.")
    expect(shown).to_have_count(0)
    adult.get_by_role("checkbox", name="Показывать мои покупки").check()
    shown.click()
    expect(head.get_by_role("dialog").get_by_text(spaced("48900"))).to_be_visible()
    assert violations(head) == []
    head.keyboard.press("Escape")
    expect(spent).to_contain_text("Аскона")
    adult.get_by_role("checkbox", name="Показывать мои покупки").uncheck()
    expect(shown).to_have_count(0)
    expect(spent).not_to_contain_text("Аскона")

    home = facts(town, "timur")[2]
    assert home > 0
    adult.get_by_role("button", name="Выйти из семейного счёта").click()
    leaving = adult.get_by_role("dialog", name=spaced(f"После выхода ваши {home} бонус"))
    expect(leaving.get_by_text("Потраченное не возвращается")).to_be_visible()
    assert violations(adult) == []
    leaving.get_by_role("button", name="Выйти").click()
    expect(adult.get_by_text(spaced(f"Вернулось: {home}"))).to_be_visible()
    expect(adult.get_by_text("Копите и платите вместе")).to_be_visible()
    expect(person(head, "Тимур Б.")).to_have_count(0)
    expect(head.get_by_text("Тимур Б.: остаток вклада возвращён")).to_be_visible()
    assert town.api("timur").ask("{ me { points { available } } }")["points"]["available"] == home
    assert complaints == [[], [], []]


def test_who_begins_alone_in_every_width_and_theme(town: Town) -> None:
    """A-053, X1: no family, a family of one, a link made and taken back, left; axe, 320 to 1440, light and dark."""
    _, known = newcomer(town)
    page = town.phone(is_mobile=False)
    walk = Walk(page)
    sign_in(page, known)
    at_family(page)
    expect(page.get_by_text("Копите и платите вместе")).to_be_visible()
    walk.look("no family")
    page.get_by_role("button", name="Создать семейный счёт").click()
    expect(page.get_by_text("Общий счёт пуст")).to_be_visible()
    walk.look("a family of one")
    page.get_by_role("button", name="Создать приглашение").click()
    page.get_by_role("dialog").get_by_role("radio", name="Ребёнка: вносит и видит").check()
    walk.look("whom to invite")
    page.get_by_role("dialog").get_by_role("button", name="Создать приглашение").click()
    expect(page.get_by_role("dialog", name="Приглашение готово")).to_be_visible()
    walk.look("a link and its code")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Открытые приглашения")).to_be_visible()
    walk.look("an open invitation")

    page.get_by_role("button", name="Отозвать").click()
    expect(page.get_by_text("Приглашение отозвано")).to_be_visible()
    expect(page.get_by_role("heading", name="Открытые приглашения")).to_have_count(0)
    page.get_by_role("button", name="Выйти из семейного счёта").click()
    expect(page.get_by_text("возвращать нечего")).to_be_visible()
    walk.look("to leave?")
    page.get_by_role("dialog").get_by_role("button", name="Выйти").click()
    expect(page.get_by_text("Копите и платите вместе")).to_be_visible()
    walk.end()


def test_every_state_of_a_link_in_every_width_and_theme(town: Town) -> None:
    """A-053, X1: unknown, open, taken back, expired, used, no seat free, seated already, the family ended."""
    head, _ = newcomer(town)
    head.ask(FOUND, key=str(uuid4()))
    page = town.phone(is_mobile=False)
    walk = Walk(page)
    child = invite(head, "CHILD")
    open_link(page, child["token"], "Алёна приглашает вас в семейный счёт")
    expect(page.get_by_text("видеть общий счёт и вносить в него.")).to_be_visible()
    walk.look("invited as a child")
    open_link(page, "no-such-token", "Приглашение не найдено")
    walk.look("an unknown link")
    taken_back, old = invite(head), invite(head)
    head.ask(REVOKE, key=str(uuid4()), invite=taken_back["id"])
    open_link(page, taken_back["token"], "Приглашение отозвано")
    in_database(
        town.demo,
        "UPDATE family_invite SET created_at = created_at - $2::interval, expires_at = expires_at - $2 WHERE id = $1",
        old["id"],
        timedelta(hours=72),
    )
    open_link(page, old["token"], "Срок приглашения вышел")
    walk.look("an expired link")
    used, known = seat_somebody(town, head)
    for _ in range(3):
        seat_somebody(town, head)
    open_link(page, used, "Этим приглашением уже воспользовались")
    open_link(page, child["token"], "В семейном счёте заняты все места")
    walk.look("no seat is free")

    sign_in(page, known)
    open_link(page, child["token"], "Вы уже состоите в семейном счёте")
    walk.look("in a family already")
    page.get_by_role("link", name="Открыть семейный счёт").click()
    expect(page.get_by_text("Платить с общего счёта вы сможете с")).to_be_visible()
    walk.look("a seat that is new")
    head.ask(DISSOLVE, key=str(uuid4()))
    expect(page.get_by_text("Копите и платите вместе")).to_be_visible()
    open_link(page, child["token"], "Приглашение отозвано")
    walk.end()


def test_a_full_family_ends_for_everybody(town: Town) -> None:
    """A-053: with all seats taken nobody is invited; the head ends it for all, and every phone says so."""
    member, known = newcomer(town)
    member.ask(FOUND, key=str(uuid4()))
    _, other = seat_somebody(town, member)
    for _ in range(3):
        seat_somebody(town, member)
    page, seated = town.phone(is_mobile=False), town.phone()
    walk = Walk(page)
    for one, login in ((page, known), (seated, other)):
        sign_in(one, login)
        at_family(one)
    expect(page.get_by_text("Все места заняты")).to_be_visible()
    expect(page.get_by_role("button", name="Создать приглашение")).to_be_disabled()
    walk.look("a full family")
    page.get_by_role("button", name="Завершить для всех").click()
    expect(page.get_by_role("dialog", name="Завершить семейный счёт для всех?")).to_be_visible()
    walk.look("to end it?")
    page.get_by_role("dialog").get_by_role("button", name="Завершить для всех").click()
    for one in (page, seated):
        expect(one.get_by_text("Копите и платите вместе")).to_be_visible()
    walk.end()


def expect_lots(page: Page, head: Client) -> None:
    """Every end of the shared points, in the order of the contract; behind the fourth they are asked for."""
    lots: Any = head.ask("{ me { family { pool { lots { points mine lastDay } } } } }")["family"]["pool"]["lots"]
    panel = page.get_by_role("region", name="Когда сгорают")
    rows = panel.get_by_role("listitem")
    if len(lots) > 4:
        expect(rows).to_have_count(4)
        panel.get_by_role("button", name=spaced(f"Показать ещё {len(lots) - 4}")).click()
    expect(rows).to_have_count(len(lots))
    for row, lot in zip(rows.all(), lots, strict=True):
        expect(row).to_contain_text(re.compile(r"(?<![\d\s])" + spaced(f"{lot['points']} бонус").pattern))
        expect(row).to_contain_text(f"до {int(lot['lastDay'][8:])} " if lot["lastDay"] else "не сгорают")
        expect(row.get_by_text("внесли вы")).to_have_count(1 if lot["mine"] else 0)


def test_a_familys_year_in_every_width_and_theme(town: Town) -> None:
    """A-053, C-13, X1: a household with a pool lot by lot and a history, as its head, and without a network."""
    page = town.guest("zoya", is_mobile=False)
    walk = Walk(page)
    expect(page.locator('a[href="/family"]')).to_be_visible()
    at_family(page)
    expect_lots(page, town.api("zoya"))
    walk.look("a household")
    page.get_by_role("button", name="Внести", exact=True).click()
    walk.look("giving")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Исключить: Рита Н.").click()
    walk.look("to remove?")
    page.keyboard.press("Escape")
    walk.end()
    page.context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Без сети счёт можно только смотреть")).to_be_visible()
    assert violations(page) == []


def test_the_head_changes_by_keyboard_in_english(town: Town) -> None:
    """A-053, X2: no mouse, dark, English: offered, taken, and left by who was the head; each stop is ringed and clear."""
    more: dict[str, Any] = {"is_mobile": False, "has_touch": False, "reduced_motion": "reduce"}
    head, adult = town.phone(locale="en-GB", color_scheme="dark", **more), town.phone(locale="en-GB", **more)
    for page, login in ((head, "chen"), (adult, "jonas")):
        enter(page, town.person(login))
        at_family(page)
        expect_latin(page)
        expect_walkable(page, login)
    offer = head.get_by_role("button", name="Hand over the head: Jonas K.")
    offer.focus()
    head.keyboard.press("Enter")
    expect(head.get_by_text("Jonas K. has been asked to become the head")).to_be_visible()
    assert violations(head) == []
    take = adult.get_by_role("button", name="Be the head")
    take.focus()
    assert violations(adult) == []
    adult.keyboard.press("Enter")
    expect(adult.get_by_text("You are the head of the family account now")).to_be_visible()
    leave = head.get_by_role("button", name="Leave the family account")
    leave.focus()
    head.keyboard.press("Enter")
    expect(head.get_by_role("dialog")).to_be_visible()
    expect_latin(head)
    head.keyboard.press("Escape")
    expect(leave).to_be_focused()
    head.keyboard.press("Enter")
    head.get_by_role("dialog").get_by_role("button", name="Leave").focus()
    head.keyboard.press("Enter")
    expect(head.get_by_text("Save up and pay together")).to_be_visible()
    expect_latin(head)
    expect(person(adult, "Chen W.")).to_have_count(0)
    expect_latin(adult)
