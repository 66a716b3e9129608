"""What the staff does with the panel at a desk, and the authenticator app on their phone."""

import os
import re
import subprocess
import sys
import time
from typing import Any, Final

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.makers.demo import ROOT, Demo
from tests.makers.patience import PATIENCE_MS

STEP_SECONDS: Final = 30
# The step each secret was last asked for: a code opens one door only, whichever test asked.
_used: dict[str, int] = {}


def office(browser: Browser, **more: Any) -> BrowserContext:
    """A computer at a desk in Russia."""
    usual: dict[str, Any] = {
        "viewport": {"width": 1280, "height": 800},
        "locale": "ru-RU",
        "timezone_id": "Europe/Moscow",
    }
    context = browser.new_context(**(usual | more))
    context.set_default_timeout(PATIENCE_MS)
    return context


def fresh_code(secret: str) -> str:
    """Six digits that nobody has used yet: of this half minute or, where those are gone, of the next one."""
    while True:
        now = int(time.time()) // STEP_SECONDS
        step = max(now, _used.get(secret, 0) + 1)
        if step <= now + 1:
            _used[secret] = step
            return str(pyotp.TOTP(secret).generate_otp(step))
        time.sleep(0.5)


def colleague(demo: Demo, login: str) -> dict[str, Any]:
    """Somebody of the demo's staff."""
    return next(one for one in demo.told["staff"] if one["login"] == login)


def give_password(page: Page, login: str, password: str) -> None:
    """The first step of signing in, on the page where the form stands."""
    page.get_by_label("E-mail").fill(login)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Дальше").click()


def give_code(page: Page, code: str) -> None:
    """The second step."""
    page.get_by_label("Код, 6 цифр").fill(code)
    page.get_by_role("button", name="Войти", exact=True).click()


def enter(page: Page, one: dict[str, Any]) -> None:
    """Sign in with both factors and wait for the start page."""
    page.goto("/admin/sign-in")
    give_password(page, one["login"], one["password"])
    give_code(page, fresh_code(one["totp"]))
    expect_start(page)


def expect_start(page: Page) -> None:
    """The first page of the panel."""
    expect(page.get_by_role("heading", name=re.compile("Здравствуйте"))).to_be_visible()


def invited(demo: Demo, email: str, *more: str) -> str:
    """The path of an invitation made by the operator at the terminal."""
    environment = os.environ | demo.environment | {"KUNAK_HOME": str(demo.home), "PORT": str(demo.port)}
    command = [sys.executable, "-m", "api.cli", "staff", "add", email, *more]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return "/admin" + said.stdout.partition("/admin")[2].split()[0]


def enrol(page: Page, link: str, password: str) -> tuple[str, list[str]]:
    """Take an invitation as far as the recovery codes; gives the app's secret and the codes."""
    page.goto(link)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Дальше").click()
    page.get_by_text("Ввести вручную").click()
    secret = page.get_by_role("group", name="Ключ").locator("code").inner_text().replace(" ", "")
    page.get_by_label("Код из приложения, 6 цифр").fill(fresh_code(secret))
    page.get_by_role("button", name="Подключить").click()
    expect(page.get_by_role("heading", name="Сохраните коды восстановления")).to_be_visible()
    return secret, [code.strip() for code in page.locator("ol code").all_inner_texts()]
