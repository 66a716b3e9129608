"""The whole panel in English, on a phone and on a desk: no Russian word but what people wrote, nothing too wide, no fault of axe."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from playwright.sync_api import Page, expect

from api.clock import now
from api.postgres import Postgres
from tests.journeys.conftest import Opened
from tests.journeys.test_main_job import joined
from tests.journeys.test_panel_signals import planted
from tests.journeys.test_panel_systems import plant
from tests.journeys.test_panel_twins import twin
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.panels import colleague, enter

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

# On every page both widths and both themes; which goes with which changes from page to page.
LOOKS = (((390, "light"), (1440, "dark")), ((390, "dark"), (1440, "light")))
HEIGHT = 900
ELSEWHERE = ("/admin/me", "/admin/people/new", "/admin/roles/new", "/admin/tills/new", "/admin/webhooks/new")
# All that is read and heard but what is marked as Russian: the name of the other language, the other text of a message.
READ = """() => {
  const lines = [document.title]
  for (const one of document.querySelectorAll('[aria-label], [placeholder], [title]'))
    if (!one.closest('[lang=ru]')) for (const name of ['aria-label', 'placeholder', 'title']) lines.push(one.getAttribute(name) ?? '')
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('[lang=ru], script, style, noscript')) lines.push(walk.currentNode.data)
  return lines
}"""
CYRILLIC = re.compile("[А-Яа-яЁё]")
# What people wrote is nobody's to translate: their names, their reasons, the names of their tills and dishes.
WRITTEN = """
SELECT DISTINCT word FROM (
    SELECT unnest(ARRAY[last_name, first_name, patronymic, left(last_name, 1) || '.']) AS word FROM member
    UNION ALL SELECT unnest(ARRAY[name, comment]) FROM staff
    UNION ALL SELECT name FROM till
    UNION ALL SELECT name FROM purchase_line
    UNION ALL SELECT unnest(ARRAY[reason, before::text, after::text]) FROM audit_event
    UNION ALL SELECT unnest(ARRAY[reason, undo_reason]) FROM merge_case
    UNION ALL SELECT reason FROM dismissed_pair
    UNION ALL SELECT unnest(ARRAY[reason, decision_reason]) FROM grant_request
    UNION ALL SELECT description FROM payment
    UNION ALL SELECT reason FROM tier_grant
    UNION ALL SELECT name FROM restaurant UNION ALL SELECT name FROM restaurant_place UNION ALL SELECT unnest(ARRAY[name, group_name]) FROM restaurant_dish
) AS said WHERE word ~ '[А-Яа-яЁё]'
"""


async def rows_of_every_kind(connection: asyncpg.Connection) -> None:
    """What pages show that an honest year leaves empty: a refund that was refused, a claim, two who are two people."""
    moment, made = now() - timedelta(hours=2), uuid4()
    one, other = [
        row["id"] for row in await connection.fetch("SELECT id FROM member WHERE status = 'ACTIVE' ORDER BY id LIMIT 2")
    ]
    await connection.execute(
        "INSERT INTO payment (id, subject_kind, subject_id, member_id, amount, refunded, description, return_path, lines, state,"
        " provider_id, tries, opened_at, expires_at, paid_at, changed_at) VALUES ($1, 'booking', $2, $3, 432100, 0,"
        " 'Проживание', '/', '[]', 'SUCCEEDED', $4, 1, $5, $5, $5, $5)",
        *(made, uuid4(), one, made.hex, moment),
    )
    await connection.execute(
        "INSERT INTO payment_refund (id, payment_id, amount, reason, state, fault, tries, asked_at, first_sent_at, changed_at)"
        " VALUES ($1, $2, 432100, 'CANCELLED', 'CANCELED', 'insufficient_funds', 1, $3, $3, $3)",
        *(uuid4(), made, moment),
    )
    await connection.execute(
        "INSERT INTO purchase_claim (id, body_sha256, member_id, partner, outlet, receipt_number, business_date, closed_at, net,"
        " status, created_at) VALUES ($1, '', $2, 'myasnoy-blok', 'myasnoy-blok', $3, $4, $5, 125050, 'OPEN', $5)",
        *(made, one, made.hex[:8], moment.date(), moment),
    )
    await connection.execute(
        "INSERT INTO merge_case (id, survivor_id, duplicate_id, state, evidence, reason, merged_at, undoable_until, moved,"
        " undone_at, undo_reason) VALUES ($1, $2, $3, 'UNDONE', '[]', 'две почты', $4, $5, '{}', $5, 'две сестры')",
        *(made, one, other, moment, now()),
    )
    await connection.execute(
        "INSERT INTO dismissed_pair (id, older_id, newer_id, signs, reason, dismissed_at) VALUES ($1, $2, $3, '[\"NAMES\"]', 'тёзки', $4)"
        " ON CONFLICT DO NOTHING",
        *(made, one, other, moment),
    )


def written(demo: Demo) -> list[str]:
    """Every such word, the longest first."""

    async def read() -> list[str]:
        connection = await asyncpg.connect(Postgres(demo.home / "postgres").url().replace("asyncpg", "postgresql"))
        try:
            return [row["word"] for row in await connection.fetch(WRITTEN)]
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        return sorted(thread.submit(lambda: asyncio.run(read())).result(), key=len, reverse=True)


class Reader:
    """Reads one page after the other and gathers what an English stranger would stumble over."""

    def __init__(self, page: Page, theirs: list[str]) -> None:
        self.page, self.theirs = page, theirs
        self.found: list[str] = []
        self.visited: list[str] = []
        self._looks = cycle(LOOKS)

    def visit(self, path: str, *, is_deep: bool = False) -> None:
        """Open an address, and read it once nothing is on its way; one behind a section is drawn in one theme."""
        self.page.goto(path)
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)
        self.visited.append(path)
        assert self.page.evaluate("document.documentElement.lang") == "en", path
        for line in self._lines():
            if CYRILLIC.search(line):
                self.found.append(f"{path}: Russian: {line}")
        for place, (width, scheme) in enumerate(next(self._looks)):
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.found.append(f"{path}: {wide} px wide at {width}")
            if is_deep and place:
                continue
            self.found += [f"{path}, {width} px, {scheme}: {one}" for one in violations(self.page)]

    def first_behind(self, path: str) -> str | None:
        """The first page that the list at an address leads to."""
        found = self.page.locator(f'main a[href^="{path}/"]:not([href$="/new"])')
        return found.first.get_attribute("href") if found.count() else None

    def _lines(self) -> list[str]:
        """What is to be read and heard, without what people wrote."""
        text = "\n".join(self.page.evaluate(READ))
        for word in self.theirs:
            text = text.replace(word, "")
        return text.splitlines()


def test_every_page_of_the_panel_is_read_in_english(offices: Opened, demo: Demo) -> None:
    """A-089, A-120, X1: each section of the rail, the first page behind each, with rows in them; en-GB, 390 and 1440 px."""
    twin(demo, "100.00"), twin(demo, "100.00")
    _, filled = joined(demo, f"english{uuid4().hex[:8]}")
    planted(demo, filled["email"], uuid4().int % 90_000 + 10_000)
    plant(demo, rows_of_every_kind)
    context = offices()
    enter(context.new_page(), colleague(demo, "owner@example.ru"))
    signed_in: Any = context.storage_state()
    page = offices(locale="en-GB").new_page()
    reader = Reader(page, written(demo))
    reader.visit("/admin/sign-in")
    page = offices(locale="en-GB", storage_state=signed_in).new_page()
    page.set_viewport_size({"width": 1440, "height": HEIGHT})
    complaints, reader.page = watched(page), page
    page.on("response", lambda got: reader.found.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    reader.visit("/admin")
    page.set_viewport_size({"width": 1440, "height": HEIGHT})
    sections = [link.get_attribute("href") for link in page.get_by_role("navigation").get_by_role("link").all()]
    assert len(set(sections)) >= 22
    for section in dict.fromkeys(sections):
        assert section is not None
        reader.visit(section)
        if behind := reader.first_behind(section):
            reader.visit(behind, is_deep=True)
    for path in ELSEWHERE:
        reader.visit(path, is_deep=True)
    page.goto("/admin/members")
    page.get_by_role("searchbox").fill(filled["email"])
    page.keyboard.press("Enter")
    behind = page.get_by_role("row").get_by_role("link").get_attribute("href")
    assert behind is not None
    reader.visit(behind, is_deep=True)
    assert reader.found == [], "\n".join(reader.found)
    assert complaints == []
