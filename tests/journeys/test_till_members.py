"""A new member at a counter: the form in the till's menu, the guest's own ticks, and the code from the guest's phone."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.test_askona import Town, town
from tests.journeys.test_code import in_database
from tests.journeys.test_pages import Walk
from tests.makers.patience import awaited

__all__ = ["town"]

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


def code_told(town: Town, phone: str) -> str:
    """The six digits that the guest reads out of the newest text."""
    client = town.demo.client()

    def newest() -> str | None:
        found = client.get(f"/mailbox/messages?to={phone}")
        return str(found[0]["text"])[:6] if found else None

    return awaited(newest, "a text")


def test_a_member_joins_at_a_counter(town: Town) -> None:
    """A-224: nothing is ticked for the guest, the server's refusals stand at their fields, the code makes a member; axe."""
    page = town.till("omsk-01")
    phone = f"+7921{uuid4().int % 10**7:07}"
    page.get_by_role("button", name="Меню").click()
    page.get_by_role("button", name="Новый участник").click()
    expect(page.get_by_label("Условия участия", exact=False)).not_to_be_checked()
    page.get_by_label("Фамилия").fill("Петрова")
    page.get_by_label("Имя").fill("Мария")
    page.get_by_label("Дата рождения").fill("3121990")
    page.get_by_label("Телефон гостя").fill(phone)
    page.get_by_label("E-mail").fill(f"{uuid4().hex[:8]}@example.ru")
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_text("Проверьте дату")).to_be_visible()
    page.get_by_label("Дата рождения").fill("03.12.1990")
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_text("Чтобы получить карту, примите условия участия")).to_be_visible()
    walk = Walk(page)
    walk.look("a new member")
    for required in ("Условия участия", "персональных данных"):
        page.get_by_label(required, exact=False).check()
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_text("Код от гостя")).to_be_visible()
    walk.look("the guest's code")
    code = code_told(town, phone)
    page.get_by_label("Код", exact=True).fill(f"{(int(code) + 1) % 10**6:06}")
    page.get_by_role("button", name="Зарегистрировать").click()
    expect(page.get_by_text("Код не подошёл или устарел")).to_be_visible()
    page.get_by_label("Код", exact=True).fill(code)
    page.get_by_role("button", name="Зарегистрировать").click()
    expect(page.get_by_text("Участник зарегистрирован")).to_be_visible()
    walk.look("a member registered")
    walk.end()
    page.get_by_role("button", name="Готово").click()
    page.get_by_role("button", name="По номеру телефона").click()
    page.get_by_label("Телефон гостя").fill(phone)
    page.get_by_role("button", name="Найти карту").click()
    expect(page.get_by_text(re.compile("М•••"))).to_be_visible()


def test_a_key_that_registers_nobody_offers_it_to_nobody(town: Town) -> None:
    """A-224: no control pretends: without the scope MEMBERS the menu of the till has no «Новый участник»."""
    outlet = "magadan-01"
    in_database(town.demo, "UPDATE till SET scopes = ARRAY['EARN', 'SPEND', 'REFUND'] WHERE outlet = $1", outlet)
    page = town.till(outlet)
    page.get_by_role("button", name="Меню").click()
    expect(page.get_by_role("button", name="Отключить кассу")).to_be_visible()
    expect(page.get_by_role("button", name="Новый участник")).to_have_count(0)
