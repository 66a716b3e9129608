"""A new member at a counter, and a member's data changed there: forms in the till's menu, and the code from the guest's phone."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_askona import Town, town
from tests.journeys.test_code import in_database
from tests.journeys.test_main_job import KEY, code_now
from tests.journeys.test_pages import Walk
from tests.makers.demo import Client
from tests.makers.desks import scan
from tests.makers.patience import awaited

__all__ = ["town"]

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

REGISTER = """mutation($input: RegisterMemberInput!) { registerMember(input: $input) { ... on MemberCodeSent { request }
  ... on Problem { code message field } } }"""
CONFIRM = """mutation($input: ConfirmMemberInput!) { confirmMember(input: $input) { ... on MemberRegistered { isNew }
  ... on Problem { code message field } } }"""
ASK_CODE = """mutation($login: String!) { requestSignInCode(login: $login) { ... on CodeRequested { request }
  ... on Problem { code message } } }"""
BY_CODE = """mutation($request: ID!, $code: String!) { signInByCode(request: $request, code: $code, transport: BEARER) {
  ... on SignedIn { token } ... on Problem { code message } } }"""
WHO = "{ me { lastName firstName patronymic consents { kind given } } }"


def texts_of(town: Town, phone: str) -> int:
    """How many texts a phone has got so far."""
    return len(town.demo.client().get(f"/mailbox/messages?to={phone}"))


def code_told(town: Town, phone: str, before: int = 0) -> str:
    """The six digits that the guest reads out of the newest text, once more than `before` have come."""
    client = town.demo.client()

    def newest() -> str | None:
        found = client.get(f"/mailbox/messages?to={phone}")
        return str(found[0]["text"])[:6] if len(found) > before else None

    return awaited(newest, "a text")


def somebody_new(town: Town, outlet: str) -> tuple[str, Client]:
    """(the proved phone, a signed-in client) of Мария Петровна Петрова, who has just joined at a shop."""
    till = town.demo.client(f"Till {next(one for one in town.demo.told['tills'] if one['outlet'] == outlet)['key']}")
    phone = f"+7921{uuid4().int % 10**7:07}"
    form = {
        "idempotencyKey": uuid4().hex,
        "lastName": "Петрова",
        "firstName": "Мария",
        "patronymic": "Петровна",
        "birthDate": "1990-12-03",
        "email": f"{uuid4().hex[:8]}@example.ru",
        "phone": phone,
        "accepted": ["askona-offer-1", "askona-personal-data-1"],
    }
    request = till.ask(REGISTER, input=form)["request"]
    said = {"idempotencyKey": uuid4().hex, "request": request, "code": code_told(town, phone)}
    assert till.ask(CONFIRM, input=said)["isNew"]
    guest = town.demo.client()
    before = texts_of(town, phone)
    request = guest.ask(ASK_CODE, login=phone)["request"]
    token = guest.ask(BY_CODE, request=request, code=code_told(town, phone, before))["token"]
    return phone, town.demo.client(f"Bearer {token}")


def of_guest(guest: Client) -> tuple[str, str, str | None, set[str]]:
    """(last name, first name, patronymic, kinds agreed to) as the guest's own page has them."""
    me: dict[str, Any] = guest.ask(WHO)
    given = {one["kind"] for one in me["consents"] if one["given"]}
    return me["lastName"], me["firstName"], me["patronymic"], given


def open_change(page: Page) -> None:
    """The sheet, with its texts."""
    page.get_by_role("button", name="Меню").click()
    page.get_by_role("button", name="Изменить данные участника").click()
    expect(page.get_by_role("heading", name="Изменить данные")).to_be_visible()
    expect(page.get_by_role("group", name="рекламных").get_by_label("Как было")).to_be_checked()


def test_a_members_data_are_changed_at_a_counter(town: Town) -> None:
    """A-224: whose by the phone, what by the form, and only by the code said for just that; refusals at their fields; axe."""
    phone, guest = somebody_new(town, "omsk-01")
    page = town.till("omsk-01")
    open_change(page)
    walk = Walk(page)
    walk.look("a change")
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_text("Номер введён не полностью")).to_be_visible()
    expect(page.get_by_label("Телефон гостя")).to_be_focused()
    page.get_by_label("Телефон гостя").fill(phone)
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_text("Укажите, что изменить")).to_be_in_viewport()
    page.get_by_label("Фамилия").fill("Кузнец0ва")
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_label("Фамилия")).to_have_attribute("aria-invalid", "true")
    walk.look("a change refused")
    page.get_by_label("Фамилия").fill("Кузнецова")
    page.get_by_label("Отчества нет").check()
    page.get_by_role("group", name="рекламных").get_by_text("Даёт").click()
    before = texts_of(town, phone)
    page.get_by_role("button", name="Отправить код").click()
    expect(page.get_by_role("heading", name="Код от гостя")).to_be_visible()
    for told in ("Кузнецова", "нет", "Даёт"):
        expect(page.get_by_role("dialog").get_by_role("definition").filter(has_text=told)).to_be_visible()
    expect(page.get_by_role("button", name="Отправить ещё раз через")).to_be_disabled()
    walk.look("the code of a change")
    code = code_told(town, phone, before)
    page.get_by_label("Код", exact=True).fill(f"{(int(code) + 1) % 10**6:06}")
    page.get_by_role("button", name="Изменить", exact=True).click()
    expect(page.get_by_text("Код не подошёл или устарел")).to_be_visible()
    assert of_guest(guest) == ("Петрова", "Мария", "Петровна", {"OFFER", "PERSONAL_DATA"})
    page.get_by_label("Код", exact=True).fill(code)
    page.get_by_role("button", name="Изменить", exact=True).click()
    expect(page.get_by_role("heading", name="Данные изменены")).to_be_visible()
    expect(page.get_by_text("гостю уходит письмо")).to_be_visible()
    walk.look("data changed")
    walk.end()
    page.get_by_role("button", name="Готово").click()
    assert of_guest(guest) == ("Кузнецова", "Мария", None, {"OFFER", "PERSONAL_DATA", "MARKETING"})


def test_data_of_the_guest_of_a_receipt_are_changed_without_a_network_in_between(town: Town) -> None:
    """A-224: a scanned guest needs no number; offline nothing is lost and nothing promised; the keyboard alone, in English."""
    phone, guest = somebody_new(town, "omsk-01")
    page = town.till("omsk-01")
    scan(page, code_now(guest.ask(KEY, device="a phone")))
    open_change(page)
    expect(page.get_by_label("Гость этого чека: Мария")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Меню").click()
    page.get_by_text("English").click()
    page.get_by_role("button", name="Change a member’s data").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Change data")).to_be_visible()
    page.get_by_label("First name").focus()
    page.keyboard.type("Марина")
    walk = Walk(page)
    page.context.set_offline(True)
    expect(page.get_by_text("No network. Data are changed with a network only")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("nothing changes twice")).to_be_visible()
    walk.look("a change without a network")
    page.context.set_offline(False)
    expect(page.get_by_text("No network. Data")).to_have_count(0)
    before = texts_of(town, phone)
    page.get_by_label("First name").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The guest’s code")).to_be_visible()
    walk.look("the code of a change, in English")
    page.get_by_label("Code", exact=True).focus()
    page.keyboard.type(code_told(town, phone, before))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The data are changed")).to_be_visible()
    walk.complaints = [one for one in walk.complaints if "ERR_INTERNET_DISCONNECTED" not in one]
    walk.end()
    assert of_guest(guest)[:2] == ("Петрова", "Марина")


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
    """A-224: no control pretends: without the scope MEMBERS the menu of the till has no «Новый участник» and no change."""
    outlet = "magadan-01"
    in_database(town.demo, "UPDATE till SET scopes = ARRAY['EARN', 'SPEND', 'REFUND'] WHERE outlet = $1", outlet)
    page = town.till(outlet)
    page.get_by_role("button", name="Меню").click()
    expect(page.get_by_role("button", name="Отключить кассу")).to_be_visible()
    expect(page.get_by_role("button", name="Новый участник")).to_have_count(0)
    expect(page.get_by_role("button", name="Изменить данные участника")).to_have_count(0)
