"""What a cashier does with the till page, and the hand scanner beside it."""

import re
import time
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.makers.patience import PATIENCE_MS


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a keyboard: its place, what the layout makes of it, and what it types."""

    code: str
    key: str
    text: str
    number: int


ENTER: Final = Key("Enter", "Enter", "\r", 13)
TAB: Final = Key("Tab", "Tab", "", 9)


def desk(browser: Browser, **more: Any) -> BrowserContext:
    """A tablet at a counter."""
    usual: dict[str, Any] = {
        "viewport": {"width": 820, "height": 1180},
        "locale": "ru-RU",
        "timezone_id": "Europe/Moscow",
    }
    context = browser.new_context(**(usual | more))
    context.set_default_timeout(PATIENCE_MS)
    return context


def pair(page: Page, till: dict[str, Any]) -> None:
    """Open the till page with a till's key."""
    page.goto("/till")
    page.get_by_label("Ключ кассы").fill(till["key"])
    page.get_by_role("button", name="Подключить").click()
    expect(page.get_by_text("Наведите камеру на код гостя")).to_be_visible()


def strike(page: Page, digits: str, *, gap_ms: float, end: Key | None = ENTER) -> None:
    """Keys as a hand scanner sends them: by their place, `gap_ms` apart, closed by Enter, by Tab or by silence.

    The moments are stamped on the keys, as a driver does: a busy machine delivers them late but does not change them.
    The session ends with its page: one that is detached takes an emulated loss of network away from the whole process
    of the page, which then hears that it is online.
    """
    session = page.context.new_cdp_session(page)
    keys = [Key(f"Digit{digit}", digit, digit, ord(digit)) for digit in digits] + ([end] if end else [])
    moment = time.time()
    for key in keys:
        time.sleep(max(0, moment - time.time()))
        pressed = {"code": key.code, "key": key.key, "windowsVirtualKeyCode": key.number, "timestamp": moment}
        session.send("Input.dispatchKeyEvent", pressed | {"type": "keyDown", "text": key.text})
        session.send("Input.dispatchKeyEvent", pressed | {"type": "keyUp"})
        moment += gap_ms / 1000


def scan(page: Page, digits: str) -> None:
    """Scan a guest's code by hand scanner, without any field in focus."""
    strike(page, digits, gap_ms=8)
    expect(page.get_by_text("Карта найдена")).to_be_visible()


def sum_field(page: Page) -> Locator:
    """The sum of the only line."""
    return page.get_by_label("Сумма до скидки")


def fill_basket(page: Page, amount: str, receipt: str) -> None:
    """One line and its receipt number, until the price has come."""
    sum_field(page).fill(amount)
    page.get_by_label("Номер чека").fill(receipt)
    expect(record_button(page)).to_have_text(re.compile("₽"))


def record_button(page: Page) -> Locator:
    """The press that records the purchase; it names the sum once the price has come."""
    return page.get_by_role("button", name=re.compile("Записать покупку"))


def expect_posted(page: Page) -> None:
    """The tick."""
    expect(page.get_by_role("heading", name="Покупка записана")).to_be_visible()
