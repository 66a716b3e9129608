"""Campaigns in front of people: the cashier reads what is within reach and what applied, the guest reads it on the receipt."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from loyalty.promotions.holdout import is_held_out
from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import KEY, SIGN_IN, code_now
from tests.makers.axe import violations
from tests.makers.demo import Client, Demo
from tests.makers.desks import expect_posted, pair, record_button, scan, sum_field
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
SPACE = r"[\s\u00a0\u202f]"


def guest_of(demo: Demo) -> tuple[dict[str, Any], Client]:
    """A traveller who is in no control group of the winter code."""
    for place in range(6):
        person = demo.member("traveller", place)
        token = demo.client().ask(SIGN_IN, login=person["login"], password=person["password"])["token"]
        client = demo.client(f"Bearer {token}")
        if not is_held_out("winter", client.ask("{ me { id } }")["id"], 1000):
            return person, client
    raise AssertionError("everybody is in the control group")


def slope(page: Page, demo: Demo) -> None:
    """A paired till at the ski rental desk."""
    pair(page, next(till for till in demo.told["tills"] if till["outlet"] == "igora-ski-rental"))


def record(till: Page) -> None:
    """Under a number nobody has used."""
    till.get_by_label("Номер чека").fill(f"{uuid4().int % 10**9:09}")
    expect(record_button(till)).to_have_text(re.compile("₽"))
    record_button(till).click()
    expect_posted(till)


def opened_receipt(phone: Page, client: Client) -> Locator:
    """The newest receipt on the guest's own phone, with what campaigns came to."""
    newest = client.ask("{ me { purchases(first: 1) { items { id } } } }")["purchases"]["items"][0]["id"]
    phone.goto("/purchases")
    phone.locator(f'a[href="/purchases?purchase={newest}"]').click()
    sheet = phone.get_by_role("dialog")
    expect(sheet.get_by_role("heading", name="Акции")).to_be_visible()
    return sheet


def test_the_cashier_sees_what_is_missing_and_the_guest_what_applied(tills: Opened, phones: Opened, demo: Demo) -> None:
    """C-06, A-064, A-226: «до акции ещё 320 ₽» to both, the discount once it is reached, a promo code, all of it on receipts."""
    person, client = guest_of(demo)
    till, phone = tills().new_page(), phones().new_page()
    sign_in(phone, person)
    slope(till, demo)
    scan(till, code_now(client.ask(KEY, device="a phone")))
    till.get_by_text("Ски-пассы, инструкторы").first.click()
    sum_field(till).fill("4680")
    expect(till.get_by_text(re.compile(f"До акции «День на склоне» ещё 320{SPACE}₽"))).to_be_visible()
    record(till)
    expect(
        opened_receipt(phone, client).get_by_text(re.compile(f"До акции «День на склоне» ещё 320{SPACE}₽"))
    ).to_be_visible()
    assert violations(phone) == []

    till.get_by_role("button", name="Следующий гость").click()
    scan(till, code_now(client.ask(KEY, device="a second phone")))
    till.get_by_text("Ски-пассы, инструкторы").first.click()
    sum_field(till).fill("6000")
    # 6 000 less the tier's 10 % is 5 400; of the group the guest gets what brings most.
    expect(till.get_by_text(re.compile(r"Акция «(День на склоне|Каждая пятая покупка)»: −")).first).to_be_visible()

    till.get_by_label("Промокод").fill("НЕТТАКОГО")
    till.get_by_role("button", name="Применить промокод").click()
    expect(till.get_by_role("alert").get_by_text(re.compile("Такого промокода нет"))).to_be_visible()
    till.get_by_label("Промокод").fill(demo.told["promoCodes"][0]["code"])
    till.get_by_role("button", name="Применить промокод").click()
    expect(till.get_by_text(re.compile("Акция «Промокод зимы»: −")).first).to_be_visible()
    record(till)
    sheet = opened_receipt(phone, client)
    expect(sheet.get_by_text(re.compile("Акция «Промокод зимы»: −")).last).to_be_visible()
    expect(sheet.get_by_text("До акции «День на склоне»")).to_have_count(0)
