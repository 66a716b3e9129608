"""What administrators do in the panel: people, rights, four eyes and the log."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import letter
from tests.journeys.test_pages import Walk
from tests.makers.demo import Demo
from tests.makers.panels import colleague, enrol, enter, expect_start

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

PASSWORD = "тихая гавань у сосны 7"


def invite(page: Page, name: str) -> str:
    """Invite somebody by the form (A-113 to A-116: e-mail, phone, asset, comment) and give their address."""
    email = f"p{uuid4().hex[:8]}@example.ru"
    page.get_by_role("link", name="Администраторы").first.click()
    page.get_by_role("button", name="Пригласить").click()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Имя", exact=True).fill(name)
    page.get_by_label("Телефон").fill("+7 900 000-00-41")
    page.get_by_label("Актив").select_option(label="Игора")
    page.get_by_label("Комментарий").fill("замещает администратора")
    page.get_by_label("Причина").fill("новый сотрудник")
    page.get_by_role("button", name="Отправить приглашение").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    for told in (email, "Игора", "замещает администратора"):
        expect(page.get_by_role("main").get_by_text(told).first).to_be_visible()
    return email


def join(office: Opened, demo: Demo, email: str) -> Page:
    """Take the invitation that came by letter, up to the start page."""
    page = office().new_page()
    link = re.findall(r"/admin/join\?token=\S+", letter(demo.client(), email)["text"])[0]
    enrol(page, link, PASSWORD)
    page.get_by_label("Я сохранил коды").check()
    page.get_by_role("button", name="Начать работу").click()
    expect_start(page)
    return page


def save_rights(page: Page, button: str) -> None:
    """Review, say why, and save."""
    page.get_by_role("button", name="Проверить и сохранить").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("по заявке директора")
    page.get_by_role("dialog").get_by_role("button", name=button).click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_somebody_is_invited_given_rights_and_blocked(offices: Opened, demo: Demo) -> None:
    """A-089, A-090, A-091: invitation by letter, enrolment, rights that count at once, a block that ends the session."""
    admin = offices().new_page()
    enter(admin, colleague(demo, "owner@example.ru"))
    email = invite(admin, "Нина Озёрная")
    newcomer = join(offices, demo, email)
    expect(newcomer.get_by_text("Прав пока нет")).to_be_visible()
    # The programme's name, the start and one's own access: no section.
    expect(newcomer.get_by_role("navigation").get_by_role("link")).to_have_count(3)
    newcomer.goto("/admin/journal")
    expect(newcomer.get_by_role("heading", name="Нет доступа: нужно право «Управление админами»")).to_be_visible()

    admin.get_by_role("link", name="Изменить права").click()
    admin.get_by_label("Найти право").fill("без обязательных")
    admin.get_by_label("Сохранение карт без обязательных полей").check()
    expect(admin.get_by_text("Добавится 3, уйдёт 0")).to_be_visible()
    expect(admin.get_by_text("Вместе с этим добавлено: «Управление картами», «Просмотр карт»")).to_be_visible()
    admin.get_by_label("Найти право").fill("")
    admin.get_by_label("Просмотр карт", exact=True).uncheck()
    expect(admin.get_by_text("Изменений нет")).to_be_visible()
    admin.get_by_label("Просмотр аналитики").check()
    save_rights(admin, "Сохранить")
    expect(admin.get_by_text("Права изменены")).to_be_visible()
    newcomer.goto("/admin/me")
    expect(newcomer.get_by_text("Просмотр аналитики")).to_be_visible()

    admin.get_by_role("button", name="Заблокировать").click()
    asked = admin.get_by_role("dialog", name="Заблокировать: Нина Озёрная?")
    asked.get_by_label("Причина").fill("увольнение")
    asked.get_by_role("button", name="Заблокировать").click()
    expect(admin.get_by_text("Заблокирован", exact=True)).to_be_visible()
    newcomer.get_by_role("button", name="Сменить пароль").click()
    newcomer.get_by_label("Нынешний пароль").fill(PASSWORD)
    newcomer.get_by_label("Новый пароль").fill("другая тихая гавань 8")
    newcomer.get_by_label("Код из приложения").fill("123456")
    newcomer.get_by_role("main").get_by_role("button", name="Сменить пароль").click()
    expect(newcomer.get_by_role("dialog", name="Сессия закончилась")).to_be_visible()

    admin.get_by_role("link", name="Действия в журнале").click()
    admin.goto("/admin/journal")
    expect(admin.get_by_role("row").filter(has_text="Вера Озерова").first).to_be_visible()
    admin.get_by_text("Подробно").first.click()
    expect(admin.get_by_text("увольнение").first).to_be_visible()


def test_rights_over_rights_take_two(offices: Opened, demo: Demo) -> None:
    """A-091: one asks, another approves; nothing counts before, and nobody decides their own request."""
    first, second = offices().new_page(), offices().new_page()
    enter(first, colleague(demo, "owner@example.ru"))
    email = invite(first, "Пётр Каменев")
    newcomer = join(offices, demo, email)
    first.get_by_role("link", name="Изменить права").click()
    first.get_by_label("Управление админами").check()
    save_rights(first, "Отправить на подтверждение")
    expect(first.get_by_text("Заявка отправлена")).to_be_visible()
    first.get_by_role("link", name="Заявки на права").click()
    waiting = first.get_by_role("region", name="Пётр Каменев")
    expect(waiting.get_by_text("Вашу заявку решает другой администратор.")).to_be_visible()
    expect(waiting.get_by_role("button", name="Подтвердить")).to_have_count(0)
    newcomer.reload()
    expect(newcomer.get_by_role("link", name="Администраторы")).to_have_count(0)

    enter(second, colleague(demo, "second.owner@example.ru"))
    second.get_by_role("link", name="Заявки на права").first.click()
    second.get_by_role("region", name="Пётр Каменев").get_by_role("button", name="Подтвердить").click()
    asked = second.get_by_role("dialog", name="Подтвердить права: Пётр Каменев?")
    asked.get_by_label("Причина").fill("согласовано")
    asked.get_by_role("button", name="Подтвердить").click()
    expect(second.get_by_text("Заявка подтверждена")).to_be_visible()
    newcomer.reload()
    expect(newcomer.get_by_role("link", name="Администраторы").first).to_be_visible()


def test_own_rights_are_only_read_and_a_quicker_save_is_shown(offices: Opened, demo: Demo) -> None:
    """A-090, A-091: nobody changes themselves; of two who edit at once the later sees both versions."""
    first, second = offices().new_page(), offices().new_page()
    enter(first, colleague(demo, "owner@example.ru"))
    enter(second, colleague(demo, "second.owner@example.ru"))
    first.get_by_role("link", name="Администраторы").first.click()
    first.get_by_role("link", name="Вера Озерова").click()
    expect(first.get_by_text("Это вы.")).to_be_visible()
    first.get_by_role("link", name="Открыть права").click()
    expect(first.get_by_label("Управление админами")).to_be_disabled()
    expect(first.get_by_role("button", name="Проверить и сохранить")).to_have_count(0)

    invite(first, "Анна Гранитная")
    address = re.sub(r"^.*?(/admin/)", r"\1", first.url)
    second.goto(address)
    for page, comment in ((first, "ведёт СПА"), (second, "ведёт ресторан")):
        page.get_by_role("button", name="Изменить", exact=True).click()
        page.get_by_label("Комментарий").fill(comment)
        page.get_by_label("Причина").fill("уточнение")
    first.get_by_role("button", name="Сохранить").click()
    expect(first.get_by_text("ведёт СПА")).to_be_visible()
    second.get_by_role("button", name="Сохранить").click()
    expect(second.get_by_text("Данные уже изменили")).to_be_visible()
    row = second.get_by_role("row").filter(has_text="Комментарий")
    expect(row).to_contain_text("ведёт СПА")
    expect(row).to_contain_text("ведёт ресторан")
    second.get_by_role("button", name="Сохранить моё").click()
    expect(second.get_by_text("Сохранено")).to_be_visible()
    expect(second.get_by_text("ведёт ресторан")).to_be_visible()


def test_every_page_of_the_panel_in_both_themes(offices: Opened, demo: Demo) -> None:
    """X1, A-120: axe finds nothing, nothing is wider than the screen, in any width and theme."""
    page = offices().new_page()
    walk = Walk(page)
    walk.visit("/admin/sign-in", "Вход для сотрудников")
    enter(page, colleague(demo, "owner@example.ru"))
    walk.look("start")
    walk.visit("/admin/me", "Мой доступ")
    walk.visit("/admin/people", "Администраторы")
    walk.visit("/admin/people?search=nobody-at-all", "Администраторы")
    walk.visit("/admin/people/new", "Пригласить администратора")
    page.get_by_role("button", name="Отправить приглашение").click()
    walk.look("invitation with faults")
    page.goto("/admin/people")
    page.get_by_role("link", name="Инга Снегова").click()
    expect(page.get_by_role("link", name="Изменить права")).to_be_visible()
    walk.look("person")
    page.get_by_role("button", name="Заблокировать").click()
    walk.look("a question")
    page.get_by_role("button", name="Отмена").click()
    page.get_by_role("link", name="Изменить права").click()
    expect(page.get_by_role("button", name="Проверить и сохранить")).to_be_visible()
    walk.look("rights")
    walk.visit("/admin/roles", "Роли")
    walk.visit("/admin/roles/new", "Новая роль")
    walk.visit("/admin/requests", "Заявки на права")
    walk.visit("/admin/journal", "Журнал")
    walk.end()
