"""What a guest does with the cabinet on a phone."""

import re
from typing import Any, Final

from playwright.sync_api import Page, expect

from tests.makers.patience import awaited
from tests.makers.pictures import Symbol, symbol

STEP_SECONDS: Final = 30
# A phone whose clock is wrong: the page's own time runs as ever, the date is another one.
_WRONG_CLOCK: Final = """(() => {
  const Right = Date
  class Wrong extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + AHEAD) }
    static now() { return Right.now() + AHEAD }
  }
  globalThis.Date = Wrong
})()"""
_SPOKEN: Final = """(() => {
  const spoken = globalThis.spoken = []
  const last = new Map()
  const listen = () => document.querySelectorAll('[role=status], [role=alert], [aria-live]').forEach(region => {
    const text = region.textContent.trim()
    if (text && last.get(region) !== text) spoken.push(text)
    last.set(region, text)
  })
  new MutationObserver(listen).observe(document, {subtree: true, childList: true, characterData: true})
})()"""


def sign_in(page: Page, member: dict[str, Any]) -> None:
    """Sign in by the form and wait for the card."""
    page.goto("/sign-in")
    page.get_by_label("Телефон или e-mail").fill(member["login"])
    page.get_by_label("Пароль", exact=True).fill(member["password"])
    page.get_by_role("button", name="Войти").click()
    page.wait_for_url("**/card")


def open_code(page: Page) -> None:
    """Tap the button on the card and wait for a code."""
    page.get_by_role("button", name="Показать QR-код").first.click()
    expect_code(page)


def expect_code(page: Page) -> None:
    """The digits stand under the symbol."""
    expect(page.get_by_label("Цифры кода")).to_have_text(re.compile(r"(\d{4}\s+){5}\d{4}"))


def drawn(page: Page, *, density: float = 1) -> Symbol:
    """The code as a scanner sees it, which is the code the guest would read out."""

    def read() -> Symbol | None:
        expect_code(page)
        said = page.get_by_label("Цифры кода").inner_text()
        seen = symbol(page.screenshot(), density=density)
        return seen if seen is not None and re.sub(r"\D", "", said) == seen.digits else None

    return awaited(read, "a code that says what stands under it")


def wrong_clock(hours: float) -> str:
    """A script for `add_init_script`: the phone's clock is ahead by so many hours."""
    return _WRONG_CLOCK.replace("AHEAD", str(int(hours * 3_600_000)))


def note_speech(page: Page) -> None:
    """Write down from the next load on what a screen reader would say by itself."""
    page.add_init_script(_SPOKEN)


def spoken(page: Page) -> list[str]:
    """Every sentence said by itself since the load, repetitions included."""
    said: list[str] = page.evaluate("globalThis.spoken")
    return said


def enter(page: Page, member: dict[str, Any]) -> None:
    """Sign in by keyboard on a phone that speaks English."""
    page.goto("/sign-in")
    page.get_by_label("Phone or e-mail").fill(member["login"])
    page.get_by_label("Password", exact=True).fill(member["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/card")
