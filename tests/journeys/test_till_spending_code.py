"""A guest who told a number spends with a code from a text: at the till, on the guest's phone, and where it does not come to that."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_askona import Town, fill_line, number, spaced, tell_phone, town
from tests.journeys.test_code import in_database
from tests.journeys.test_pages import Walk
from tests.journeys.test_till_members import code_told, texts_of
from tests.makers.desks import expect_posted, record_button, sum_field

__all__ = ["town"]

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

OPEN = "Списать по коду из SMS"


def told_sale(town: Town, outlet: str, login: str, receipt: str) -> tuple[Page, str]:
    """(a till with a priced receipt of 1 000 roubles for a guest who told it, the number told)."""
    page, phone = town.till(outlet), town.person(login)["phone"]
    tell_phone(page, phone)
    expect(page.get_by_text("По номеру телефона: только начисление")).to_be_visible()
    fill_line(page, "Подушки", "1000", receipt)
    return page, phone


def test_a_told_number_spends_by_a_code_from_a_text(town: Town) -> None:
    """A-223, A-233, T17: a wrong code gives nothing, the right one the name, the balance and the spending; the guest sees it."""
    before, receipt = town.lots("ksenia"), number()
    page, phone = told_sale(town, "yakutsk-01", "ksenia", receipt)
    expect(page.get_by_text("К•••")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Списать .* вместо"))).to_have_count(0)
    walk, texts = Walk(page), texts_of(town, phone)
    page.get_by_role("button", name=OPEN).click()
    expect(page.get_by_role("dialog", name="Код для списания")).to_be_visible()
    walk.look("a code to spend with")
    assert texts_of(town, phone) == texts
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_label("Код", exact=True)).to_be_focused()
    expect(page.get_by_role("button", name="Отправить ещё раз через")).to_be_disabled()
    code = code_told(town, phone, texts)
    page.get_by_label("Код", exact=True).fill(f"{(int(code) + 1) % 10**6:06}")
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_text("Код не подошёл или устарел")).to_be_visible()
    expect(page.get_by_label("Код", exact=True)).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Код", exact=True)).to_be_focused()
    walk.look("a code that does not fit")
    page.get_by_label("Код", exact=True).fill(code)
    page.get_by_role("button", name="Подтвердить").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Ксения", exact=True)).to_be_visible()
    expect(page.get_by_text(spaced(f"На счету {sum(count for count, _ in before)}"))).to_be_visible()
    expect(page.get_by_text("По номеру телефона: только начисление")).to_have_count(0)
    expect(page.get_by_role("button", name=OPEN)).to_have_count(0)
    expect(page.get_by_role("group", name="Бонусы")).to_be_focused()
    expect(sum_field(page)).to_have_value(re.compile(r"1\s000,00"))
    expect(page.get_by_label("Номер чека")).to_have_value(receipt)
    page.get_by_role("button", name="Списать другое количество").click()
    page.get_by_label("Сколько списать").fill("100")
    page.get_by_role("button", name="Списать", exact=True).click()
    expect(page.get_by_text(spaced("Списываем 100 бонусов"))).to_be_visible()
    expect(record_button(page)).to_have_text(re.compile("900"))
    walk.look("spending by a code")
    record_button(page).click()
    expect_posted(page)
    expect(page.get_by_text(spaced("100 бонусов")).first).to_be_visible()
    walk.end()

    assert sum(count for count, _ in town.lots("ksenia")) == sum(count for count, _ in before) - 100
    guest = town.guest("ksenia")
    guest.goto("/points")
    spent = guest.get_by_role("listitem").filter(has_text=receipt).filter(has_text="Списано")
    expect(spent).to_contain_text(spaced("100 бонусов"))


def test_a_code_that_is_left_changes_nothing(town: Town) -> None:
    """A-223: in English, by the keyboard alone, without a network and with it; Esc and the button leave all as it was."""
    receipt = number()
    page, phone = told_sale(town, "yakutsk-01", "eleni", receipt)
    page.get_by_role("button", name="Меню").click()
    page.get_by_text("English").click()
    page.keyboard.press("Escape")
    opener = page.get_by_role("button", name="Spend with a code from a text")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="A code to spend with")).to_be_visible()
    walk, texts = Walk(page), texts_of(town, phone)
    page.context.set_offline(True)
    expect(page.get_by_text("No network. Spending with a code needs one")).to_be_visible()
    page.get_by_role("button", name="Send the code").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("nothing is spent by it")).to_be_visible()
    walk.look("a code without a network")
    page.context.set_offline(False)
    expect(page.get_by_text("No network. Spending")).to_have_count(0)
    assert texts_of(town, phone) == texts
    page.keyboard.press("Enter")
    expect(page.get_by_label("Code", exact=True)).to_be_focused()
    walk.look("a code to spend with, in English")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    expect(page.get_by_text("By phone number: earns only")).to_be_visible()
    expect(page.get_by_label("Receipt number")).to_have_value(receipt)
    walk.complaints = [one for one in walk.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    walk.end()


def test_a_key_that_spends_nothing_offers_no_code(town: Town) -> None:
    """A-223: no control pretends: without the scope SPEND a told number earns, and nothing else is offered."""
    outlet = "petropavlovsk-kamchatsky-01"
    in_database(town.demo, "UPDATE till SET scopes = ARRAY['EARN', 'REFUND'] WHERE outlet = $1", outlet)
    page, _ = told_sale(town, outlet, "petr", number())
    expect(page.get_by_text("Начислим за чек")).to_be_visible()
    expect(page.get_by_role("button", name=OPEN)).to_have_count(0)
