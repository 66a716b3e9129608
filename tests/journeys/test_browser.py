"""The main job as people do it, in a real browser: a guest on a phone, a cashier with a camera."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.journeys.test_main_job import letter
from tests.makers.browser import launch, phone, playing, watched, write_camera
from tests.makers.demo import Demo
from tests.makers.patience import PATIENCE_MS

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with playing() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def guest(browser: Browser, demo: Demo) -> Iterator[BrowserContext]:
    context = phone(browser, base_url=demo.told["url"])
    yield context
    context.close()


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Телефон или e-mail").fill(login)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/card")


def shown_code(page: Page) -> str:
    """The digits under the code as the guest would read them out."""
    found = re.sub(r"\D", "", page.get_by_label("Цифры кода").inner_text())
    assert len(found) == 24, found
    return found


def join(page: Page, demo: Demo, email: str) -> None:
    """Fill the form in, as typed, and confirm by the letter's link."""
    page.goto("/")
    page.get_by_role("link", name="Получить карту").first.click()
    page.get_by_label("Имя", exact=True).fill("Алёна")
    page.get_by_label("Фамилия").fill("Ветрова")
    page.get_by_label("Дата рождения").press_sequentially("03021991")
    page.get_by_label("Телефон").press_sequentially(f"8900{uuid4().int % 10**7:07}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Пароль", exact=True).fill("тихая вода у камня")
    page.get_by_label("Принимаю условия участия").check()
    page.get_by_label("Даю согласие на обработку персональных данных").check()
    page.get_by_role("button", name="Создать карту").click()
    expect(page.get_by_text(email)).to_be_visible()
    digits = re.findall(r"\d{6}", letter(demo.client(), email)["text"])
    page.get_by_label(re.compile("[Кк]од")).fill(digits[0])
    page.get_by_role("button", name="Подтвердить").click()
    page.wait_for_url("**/card")


def test_a_guest_joins_shows_the_code_and_sees_the_purchase_without_reload(
    guest: BrowserContext, playwright: Playwright, demo: Demo, tmp_path: Path
) -> None:
    """A-029..A-051, A-054, A-066, A-128, K1: join, confirm, card, scan by camera, purchase, refund, tier scale."""
    page = guest.new_page()
    complaints = watched(page)
    join(page, demo, f"alena{uuid4().hex[:6]}@example.ru")
    expect(page.get_by_role("heading", name="Здравствуйте, Алёна")).to_be_visible()
    expect(page.get_by_text("Мечтатель").first).to_be_visible()
    page.get_by_role("button", name="Показать QR-код").first.click()
    digits = shown_code(page)

    camera = launch(playwright, *write_camera(tmp_path / "guest.y4m", digits))
    desk = camera.new_context(
        base_url=demo.told["url"], viewport={"width": 820, "height": 1180}, locale="ru-RU", timezone_id="Europe/Moscow"
    )
    desk.set_default_timeout(PATIENCE_MS)
    till = desk.new_page()
    trouble = watched(till)
    till.goto("/till")
    till.get_by_label("Ключ кассы").fill(demo.till("myasnoy-blok")["key"])
    till.get_by_role("button", name="Подключить").click()
    till.get_by_role("button", name="Включить камеру").click()
    expect(till.get_by_text("Карта найдена")).to_be_visible()
    expect(till.get_by_text("Алёна").first).to_be_visible()
    till.get_by_label("Сумма до скидки").fill("100 000,00")
    till.get_by_label("Номер чека").fill(f"{uuid4().int % 10**6:06d}")
    till.get_by_role("button", name=re.compile("Записать покупку")).dblclick()
    expect(till.get_by_text("Покупка записана")).to_be_visible()

    page.get_by_role("button", name="Закрыть").click()
    expect(page.get_by_text("Первооткрыватель").first).to_be_visible()
    expect(page.get_by_text(re.compile(r"100\s000\s₽")).first).to_be_visible()
    expect(page.get_by_text("Мясной Блок").first).to_be_visible()

    till.get_by_role("button", name="Отменить запись").click()
    expect(till.get_by_text("Запись отменена")).to_be_visible()
    expect(page.get_by_text("Мечтатель").first).to_be_visible()
    page.get_by_role("link", name="Покупки").click()
    expect(page.get_by_text(re.compile("Возврат")).first).to_be_visible()
    assert (complaints, trouble) == ([], [])
    camera.close()
