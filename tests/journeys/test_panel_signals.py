"""What looks like fraud, as it is decided in the panel."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import asyncpg
import orjson
import pytest
from playwright.sync_api import expect

from api.clock import now
from api.postgres import Postgres
from tests.journeys.conftest import Opened
from tests.makers.axe import violations
from tests.makers.demo import Demo
from tests.makers.panels import colleague, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
FACTS = {
    "LIMIT": {"of": "CARD_AT_TILL", "metric": "RECEIPTS", "most": 6, "minutes": 60, "found": 9},
    "OWN_CARD": {"receipts": 2, "net": 540_000},
}


async def plant(demo: Demo) -> None:
    """A signal of each kind on the newest receipt."""
    url = Postgres(demo.home / "postgres").url().replace("asyncpg", "postgresql", 1)
    connection = await asyncpg.connect(url)
    try:
        for place, (kind, facts) in enumerate(FACTS.items()):
            await connection.execute(
                "INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts,"
                " state) SELECT $1, $2, $3, member_id, card_id, till_id, partner, outlet, $4, $4, $5::jsonb, 'OPEN'"
                " FROM purchase ORDER BY posted_at DESC LIMIT 1",
                *(uuid4(), kind, str(uuid4()), now() - timedelta(minutes=place), orjson.dumps(facts).decode()),
            )
    finally:
        await connection.close()


def planted(demo: Demo) -> None:
    """In a thread of its own: the browser has this one's loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(plant(demo))).result()


def test_a_signal_is_noted_and_decided(offices: Opened, demo: Demo) -> None:
    """A-242: two signals; a note, a decision that is made once, and a card that is blocked."""
    page = offices().new_page()
    enter(page, colleague(demo, "owner@example.ru"))
    page.get_by_role("link", name="Сигналы").first.click()
    # What other guests of this demo did on one device may stand here as well, so only the planted kinds are counted.
    planted(demo)
    page.reload()
    planted_ones = page.get_by_role("article").filter(has_not_text="Много карт на устройстве")
    expect(planted_ones).to_have_count(2)
    assert violations(page) == []
    usual = page.get_by_role("article").filter(has_text="Больше обычного")
    expect(usual).to_contain_text("чеков: 9, предел 6")
    usual.get_by_role("button", name="Добавить заметку").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("кассир болеет")
    page.get_by_role("dialog").get_by_role("button", name="Добавить заметку").click()
    expect(usual).to_contain_text("кассир болеет")
    usual.get_by_role("button", name="Ничего не случилось").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("свадьба на сто гостей")
    page.get_by_role("dialog").get_by_role("button", name="Ничего не случилось").click()
    expect(usual).to_contain_text("свадьба на сто гостей")
    expect(usual.get_by_role("button")).to_have_count(1)
    own = page.get_by_role("article").filter(has_text="Своя карта")
    own.get_by_role("button", name="Заблокировать карту").click()
    page.get_by_role("dialog").get_by_label("Причина").fill("карта кассира")
    page.get_by_role("dialog").get_by_role("button", name="Заблокировать карту").click()
    expect(own).to_contain_text("карта заблокирована")
    page.get_by_label("Решение").select_option(label="ждёт решения")
    expect(planted_ones).to_have_count(0)
