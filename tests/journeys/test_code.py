"""The card's code on a phone: it changes, works without a network, reads in every setting and is taken once."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from playwright.sync_api import BrowserContext, expect

from api.postgres import Postgres
from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import IDENTIFY, till_of
from tests.makers.browser import watched
from tests.makers.demo import Client, Demo
from tests.makers.phones import drawn, expect_code, note_speech, open_code, sign_in, spoken, wrong_clock
from tests.makers.pictures import QUIET, symbol

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

WATCHED_SECONDS = 95


def scan(till: Client, digits: str) -> dict[str, Any]:
    answer: dict[str, Any] = till.ask(IDENTIFY, scanId=str(uuid4()), code=digits)
    return answer


def accepted(till: Client, digits: str) -> bool:
    """Whether a till takes this code now; a code that it does not take is refused without a reason."""
    answer = scan(till, digits)
    if answer["__typename"] == "Problem":
        assert answer["code"] == "CARD_NOT_ACCEPTED", answer
    return bool(answer["__typename"] == "Identified")


def in_database(demo: Demo, sql: str, *args: object) -> None:
    """Change what only time changes. In a thread of its own: the browser's loop runs in this one."""

    home = demo.home if demo.programme == "znak-kachestva" else demo.home / demo.programme

    async def change() -> None:
        connection = await asyncpg.connect(Postgres(home / "postgres").url().replace("asyncpg", "postgresql"))
        try:
            await connection.execute(sql, *args)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(change())).result()


def ready_offline(context: BrowserContext, member: dict[str, Any]) -> None:
    """Signed in, the key fetched, the whole cabinet kept by its service worker."""
    page = context.new_page()
    sign_in(page, member)
    open_code(page)
    # Asked again and again: the page's policy forbids the polling that Playwright would put into it.
    while not page.evaluate("navigator.serviceWorker.controller !== null"):
        page.wait_for_timeout(50)
    page.close()


def test_every_code_is_taken_once(phones: Opened, demo: Demo) -> None:
    """Q1, A-048: 95 seconds of screenshots show at least three codes; each is accepted and then never again.

    Q4: meanwhile a screen reader on another phone hears one sentence.
    """
    page = phones(device_scale_factor=1).new_page()
    complaints = watched(page)
    sign_in(page, demo.member("traveller"))
    open_code(page)
    quiet = phones().new_page()
    sign_in(quiet, demo.member("collector"))
    note_speech(quiet)
    quiet.goto("/card/code")
    expect_code(quiet)

    till = till_of(demo)
    taken: list[str] = []
    end = time.monotonic() + WATCHED_SECONDS
    while time.monotonic() < end:
        seen = symbol(page.screenshot())
        if seen is not None and seen.digits not in taken:
            assert accepted(till, seen.digits), f"{seen.digits} after {taken}"
            assert not accepted(till, seen.digits)
            taken.append(seen.digits)
        time.sleep(0.8)
    assert len(taken) >= 3
    assert not any(accepted(till, digits) for digits in taken)
    assert spoken(quiet) == ["QR-код карты открыт"]
    assert complaints == []


def test_without_a_network_a_fresh_page_still_draws_an_accepted_code(phones: Opened, demo: Demo) -> None:
    """Q2, A-048: an offline cold start, and the card around the code with it."""
    context = phones()
    ready_offline(context, demo.member("pioneer"))
    context.set_offline(True)
    page = context.new_page()
    page.goto("/card")
    expect(page.get_by_text("Первооткрыватель").first).to_be_visible()
    expect(page.get_by_text("Нет сети. Данные на")).to_be_visible()
    open_code(page)
    assert accepted(till_of(demo), drawn(page, density=2).digits)


def test_a_key_lives_for_72_hours_without_a_network(phones: Opened, demo: Demo) -> None:
    """Q2: after 71 hours a code stands, after 73 the page says what to do."""
    context = phones()
    ready_offline(context, demo.member("pioneer", 1))
    context.set_offline(True)
    page = context.new_page()
    page.add_init_script(wrong_clock(71))
    page.goto("/card/code")
    assert len(drawn(page, density=2).digits) == 24
    late = context.new_page()
    late.add_init_script(wrong_clock(73))
    late.goto("/card/code")
    expect(late.get_by_text("Подключитесь к интернету один раз")).to_be_visible()
    assert symbol(late.screenshot()) is None


@pytest.mark.parametrize("hours", [6, -6])
def test_a_phone_with_a_wrong_clock_shows_codes_of_the_right_moment(phones: Opened, demo: Demo, hours: int) -> None:
    """Q2: the server's clock counts, online and after a cold start without a network."""
    context = phones()
    context.add_init_script(wrong_clock(hours))
    ready_offline(context, demo.member("dreamer", 2 if hours > 0 else 3))
    context.set_offline(True)
    page = context.new_page()
    page.goto("/card/code")
    assert accepted(till_of(demo), drawn(page, density=2).digits)


SETTINGS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active", "color_scheme": "dark"},
    "320 px": {"viewport": {"width": 320, "height": 568}},
    "landscape": {"viewport": {"width": 844, "height": 390}},
    "small landscape": {"viewport": {"width": 568, "height": 320}},
    "desk": {"viewport": {"width": 1440, "height": 900}, "is_mobile": False},
}
ENLARGED = ("light", "landscape", "desk")


def test_the_code_reads_in_every_setting(phones: Opened, demo: Demo) -> None:
    """Q3: dark on white, a quiet zone of four modules, at least 200 CSS pixels, whatever the phone is set to."""
    first = phones()
    sign_in(first.new_page(), demo.member("collector", 1))
    kept = first.storage_state()
    found = {}
    for name, setting in SETTINGS.items():
        page = phones(storage_state=kept, **setting).new_page()
        page.goto("/card/code")
        found[name] = drawn(page, density=2)
        if name in ENLARGED:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            found[f"{name}, text twice as large"] = drawn(page, density=2)
        page.context.close()
    poor = {name: seen for name, seen in found.items() if seen.side < 200 or seen.quiet < QUIET or not seen.inked}
    assert poor == {}, poor


def test_the_code_outlives_the_session(phones: Opened, demo: Demo) -> None:
    """L2: nobody is asked to sign in at a counter; the history asks."""
    member = demo.member("dreamer", 4)
    page = phones().new_page()
    sign_in(page, member)
    open_code(page)
    page.get_by_role("button", name="Закрыть").click()
    in_database(
        demo,
        "UPDATE session SET expires_at = now() - interval '1 hour', created_at = now() - interval '2 hours' WHERE member_id"
        " = (SELECT member_id FROM contact WHERE value = $1)",
        member["login"],
    )
    page.goto("/card")
    expect(page.get_by_text("Войдите, чтобы увидеть покупки")).to_be_visible()
    open_code(page)
    assert accepted(till_of(demo), drawn(page, density=2).digits)
    page.get_by_role("button", name="Закрыть").click()
    page.get_by_role("link", name="Покупки").click()
    expect(page.get_by_role("heading", name="Вход")).to_be_visible()
    page.get_by_label("Телефон или e-mail").fill(member["login"])
    page.get_by_label("Пароль", exact=True).fill(member["password"])
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name="Покупки")).to_be_visible()
