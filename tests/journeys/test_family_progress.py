"""A family on its way to the next tier together: in a version of the programme that says so, on the phones of both."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from api.postgres import Postgres
from tests.journeys.conftest import Opened
from tests.journeys.test_family import FOUND, JOIN, at_family, invite, person
from tests.journeys.test_main_job import KEY, POST, joined, posting, quoted, scanned, till_of
from tests.journeys.test_pages import Walk
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import ROOT, Client, Demo
from tests.makers.patience import awaited
from tests.makers.phones import enter, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

FILE = ROOT / "programmes" / "znak-kachestva.yaml"
TOGETHER = "\nfamily: {seats: 4, progress: true}\n"
RULES = "{ programme { family { sharesProgress } } }"
SPACE = r"[\s\u00a0\u202f]"


@contextmanager
def together(demo: Demo, folder: Path) -> Iterator[None]:
    """For the block the programme's families share their way to a tier; then the file of before is in force again."""
    shared = folder / FILE.name
    shared.write_text(FILE.read_text(encoding="utf-8") + TOGETHER, encoding="utf-8")
    apply(demo, shared, {"family": {"sharesProgress": True}})
    try:
        yield
    finally:
        apply(demo, FILE, {"family": None})


def apply(demo: Demo, file: Path, rules: dict[str, Any]) -> None:
    """What an operator does while the demo runs, until every reader sees it."""
    url = Postgres(demo.home / "postgres").url()
    environment = os.environ | {"KUNAK_HOME": str(demo.home), "DATABASE_URL": url}
    command = [sys.executable, "-m", "api.cli", "programme", "apply", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    anybody = demo.client()
    awaited(lambda: anybody.ask(RULES) == rules or None, "the version in force")


def buy(demo: Demo, member: Client, roubles: int) -> None:
    """A dinner that counts towards a tier."""
    till = till_of(demo)
    ticket = scanned(till, member.ask(KEY, device=f"phone {uuid4()}"))["ticket"]
    paid = till.ask(POST, input=posting(quoted(till, ticket, f"{roubles}.00")))
    assert paid["__typename"] == "PurchasePosted", paid


def newcomer(demo: Demo) -> tuple[Client, dict[str, str]]:
    """Somebody who has just joined and sits in no family."""
    member, filled = joined(demo, f"kin{uuid4().hex[:8]}")
    return member, {"login": filled["email"], "password": filled["password"]}


def at_home(page: Page, *said: str) -> None:
    """The card, which says these things."""
    page.goto("/card")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    for each in said:
        expect(page.get_by_text(re.compile(each)).first).to_be_visible()


def expect_english(page: Page) -> None:
    """Nothing of the other language but a name that somebody has, and its first letter."""
    lines = page.locator("main").inner_text().splitlines()
    assert [one for one in lines if re.search("[А-Яа-яЁё]", re.sub(r"Алёна В\.|^А$", "", one))] == []


def test_a_family_reaches_the_next_tier_together(phones: Opened, demo: Demo, tmp_path: Path) -> None:
    """A-053, C-10, X1: what each buys counts for all; the tier rises for both, says whose it is, and falls for who leaves."""
    (head, known), (kin, theirs) = newcomer(demo), newcomer(demo)
    with together(demo, tmp_path):
        page, other = phones(is_mobile=False).new_page(), phones(locale="en-GB", color_scheme="dark").new_page()
        walk, complaints = Walk(page), watched(other)
        sign_in(page, known)
        at_family(page)
        expect(page.get_by_text("Покупки каждого приближают всех к следующему уровню")).to_be_visible()
        walk.look("no family")
        head.ask(FOUND, key=str(uuid4()))
        token = invite(head)["token"]
        other.goto(f"/family/join?token={token}")
        expect(other.get_by_text("Purchases of each bring all closer to the next tier")).to_be_visible()
        assert violations(other) == []
        kin.ask(JOIN, key=str(uuid4()), token=token)

        buy(demo, head, 60_000)
        buy(demo, kin, 30_000)
        at_family(page)
        expect(page.get_by_role("heading", name="Общий путь к уровню")).to_be_visible()
        expect(
            page.get_by_text(re.compile(f"До уровня «Первооткрыватель» вместе осталось 10{SPACE}000"))
        ).to_be_visible()
        expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "90")
        for roubles in (60, 30):
            expect(page.get_by_text(re.compile(f"покупок на {roubles}{SPACE}000"))).to_be_visible()
        walk.look("nine tenths: the family")
        at_home(page, f"Учтено покупок семьи на 90{SPACE}000")
        walk.look("nine tenths: home")

        enter(other, theirs)
        buy(demo, head, 15_000)
        at_home(other, "105,000", "Pioneer")
        at_family(other)
        expect(other.get_by_role("heading", name="The way to a tier, together")).to_be_visible()
        expect(other.get_by_text("purchases of 75,000")).to_be_visible()
        expect_english(other)
        assert violations(other) == []
        at_family(page)
        walk.look("a tier together")
        walk.end()

        other.get_by_role("button", name="Leave the family account").click()
        leaving = other.get_by_role("dialog")
        expect(leaving.get_by_text("From then on the tier follows from your own purchases alone.")).to_be_visible()
        assert violations(other) == []
        leaving.get_by_role("button", name="Leave").click()
        expect(other.get_by_text("Save up and pay together")).to_be_visible()
        at_home(other, "30,000", "Dreamer")
        at_home(page, f"Учтено покупок семьи на 75{SPACE}000", "Мечтатель")
        at_family(page)
        expect(person(page, "Алёна В.")).to_have_count(1)
        expect(page.get_by_text(re.compile(f"вместе осталось 25{SPACE}000"))).to_be_visible()
        assert complaints == []
