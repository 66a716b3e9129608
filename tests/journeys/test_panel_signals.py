"""What looks like fraud, as it is decided in the panel."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest
from playwright.sync_api import Locator, Page, expect

from api.clock import now
from api.postgres import Postgres
from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import KEY, joined, scanned, till_of
from tests.journeys.test_pages import Walk
from tests.journeys.test_panel_members import find, in_english
from tests.makers.axe import violations
from tests.makers.demo import Demo
from tests.makers.panels import colleague, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
TILL_RECEIPTS = 6


def facts_of(found: int) -> dict[str, dict[str, Any]]:
    """A signal of each kind, with a number that no other has."""
    return {
        "LIMIT": {"of": "CARD_AT_TILL", "metric": "RECEIPTS", "most": TILL_RECEIPTS, "minutes": 60, "found": found},
        "OWN_CARD": {"receipts": found, "net": 540_000},
    }


async def plant(demo: Demo, email: str, found: int) -> None:
    """A signal of each kind about somebody's card at a till of the resort."""
    till = demo.till("igora")
    url = Postgres(demo.home / "postgres").url().replace("asyncpg", "postgresql", 1)
    connection = await asyncpg.connect(url)
    try:
        for place, (kind, facts) in enumerate(facts_of(found).items()):
            tag = await connection.execute(
                "INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts,"
                " state) SELECT $1, $2, $3, k.member_id, k.id, $7, $8, $9, $4, $4, $5::jsonb, 'OPEN' FROM card AS k"
                " JOIN contact AS c ON c.member_id = k.member_id AND c.value = $6",
                *(uuid4(), kind, str(uuid4()), now() - timedelta(minutes=place), orjson.dumps(facts).decode(), email),
                *(UUID(till["id"]), till["partner"], till["outlet"]),
            )
            assert tag == "INSERT 0 1"
    finally:
        await connection.close()


def planted(demo: Demo, email: str, found: int) -> None:
    """In a thread of its own: the browser has this one's loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(plant(demo, email, found))).result()


def told(page: Page, kind: str, found: int) -> Locator:
    """The planted signal of a kind, among whatever else was noticed in this demo."""
    return page.get_by_role("article").filter(has_text=kind).filter(has_text=re.compile(rf"\b{found}\b"))


def test_a_signal_is_noted_and_decided(offices: Opened, demo: Demo) -> None:
    """A-242: two signals; a note, a decision that is made once, and a card that is blocked."""
    found = uuid4().int % 90_000 + 10_000
    _, filled = joined(demo, f"signal{uuid4().hex[:8]}")
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.get_by_role("link", name="Сигналы").first.click()
    planted(demo, filled["email"], found)
    page.reload()
    usual, own = told(page, "Больше обычного", found), told(page, "Своя карта", found)
    for one in (usual, own):
        expect(one).to_have_count(1)
    assert violations(page) == []
    expect(usual).to_contain_text(f"чеков: {found}, предел {TILL_RECEIPTS}")
    usual.get_by_role("button", name="Добавить заметку").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("кассир болеет")
    page.get_by_role("dialog").get_by_role("button", name="Добавить заметку").click()
    expect(usual).to_contain_text("кассир болеет")
    usual.get_by_role("button", name="Ничего не случилось").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("свадьба на сто гостей")
    page.get_by_role("dialog").get_by_role("button", name="Ничего не случилось").click()
    expect(usual).to_contain_text("свадьба на сто гостей")
    expect(usual.get_by_role("button")).to_have_count(1)
    own.get_by_role("button", name="Заблокировать карту").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("карта кассира")
    page.get_by_role("dialog").get_by_role("button", name="Заблокировать карту").click()
    expect(own).to_contain_text("карта заблокирована")
    page.get_by_label("Решение").select_option(label="ждёт решения")
    for one in (usual, own):
        expect(one).to_have_count(0)


def confirm(page: Page, action: str, reason: str) -> None:
    """Give a reason in the open dialog and go on."""
    asked = page.get_by_role("dialog")
    asked.get_by_label("Причина").fill(reason)
    asked.get_by_role("button", name=action, exact=True).click()
    expect(asked).to_have_count(0)


def test_a_card_blocked_by_mistake_is_given_back(offices: Opened, demo: Demo) -> None:
    """A-098, A-242: at the signal that blocked it, and on the member's page after another one did; a till takes it again."""
    found = uuid4().int % 90_000 + 10_000
    member, filled = joined(demo, f"back{uuid4().hex[:8]}")
    planted(demo, filled["email"], found)
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    walk = Walk(page)
    page.goto("/admin/signals")
    usual, own = told(page, "Больше обычного", found), told(page, "Своя карта", found)
    own.get_by_role("button", name="Заблокировать карту").click()
    confirm(page, "Заблокировать карту", "карта кассира")
    expect(own).to_contain_text("карта заблокирована")
    expect(usual.get_by_role("button", name="Вернуть карту")).to_have_count(0)
    own.get_by_role("button", name="Вернуть карту").click()
    expect(page.get_by_role("dialog")).to_contain_text("Все кассы снова примут её")
    walk.look("a card is given back")
    confirm(page, "Вернуть карту", "карта гостя, а не кассира")
    expect(own).to_contain_text("карта возвращена")
    expect(own).to_contain_text("карта гостя, а не кассира")
    expect(own.get_by_role("button")).to_have_count(1)
    page.get_by_label("Решение").select_option(label="карта возвращена")
    expect(usual).to_have_count(0)
    expect(own).to_have_count(1)
    walk.look("signals of cards given back")

    page.goto("/admin/signals")
    usual.get_by_role("button", name="Заблокировать карту").click()
    confirm(page, "Заблокировать карту", "слишком много чеков")
    expect(usual).to_contain_text("карта заблокирована")
    page.goto("/admin/members")
    find(page, filled["email"])
    page.get_by_role("row").get_by_role("link").click()
    card = page.get_by_role("listitem").filter(has_text="Виртуальная")
    expect(card).to_contain_text("заблокирована")
    expect(card.get_by_role("button", name="Вернуть карту")).to_be_visible()
    walk.look("a member with a blocked card")
    in_english(page, walk, page.url, "History of tiers")
    expect(page.get_by_role("button", name="Give the card back")).to_be_visible()
    page.reload()
    card.get_by_role("button", name="Вернуть карту").click()
    confirm(page, "Вернуть карту", "свадьба на сто гостей")
    expect(card).to_contain_text("действует")
    expect(card.get_by_role("button")).to_have_count(0)
    scanned(till_of(demo), member.ask(KEY, device="phone"))
    page.goto("/admin/journal?right=card.manage")
    expect(page.get_by_text("Карта возвращена").first).to_be_visible()
    walk.end()
