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

from tests.journeys.conftest import Opened
from tests.journeys.test_family import FOUND, INVITE, JOIN, at_family, person
from tests.journeys.test_main_job import IDENTIFY, KEY, POST, QUOTE, code_now, joined, till_of
from tests.journeys.test_pages import Walk
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import ROOT, Client, Demo
from tests.makers.phones import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

FILE = ROOT / "programmes" / "znak-kachestva.yaml"
TOGETHER = "\nfamily: {seats: 4, progress: true}\n"
SPACE = r"[\s\u00a0\u202f]"


@contextmanager
def together(demo: Demo, folder: Path) -> Iterator[None]:
    """For the block the programme's families share their way to a tier; then the file of before is in force again."""
    shared = folder / FILE.name
    shared.write_text(FILE.read_text(encoding="utf-8") + TOGETHER, encoding="utf-8")
    apply(demo, shared)
    try:
        yield
    finally:
        apply(demo, FILE)


def apply(demo: Demo, file: Path) -> None:
    """What an operator does, while the demo runs."""
    command = [sys.executable, "-m", "api.cli", "programme", "apply", str(file)]
    environment = os.environ | {"KUNAK_HOME": str(demo.home)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def buy(demo: Demo, member: Client, roubles: int) -> None:
    """A dinner that counts towards a tier."""
    till, line = till_of(demo), {"service": "restaurants", "name": "Ужин", "quantity": "1", "amount": f"{roubles}.00"}
    code = code_now(member.ask(KEY, device="phone"))
    ticket = till.ask(IDENTIFY, scanId=str(uuid4()), code=code)["ticket"]
    quote = till.ask(QUOTE, input={"ticket": ticket, "lines": [line]})
    at = subprocess.run(["date", "-Is"], capture_output=True, text=True, check=True).stdout.strip()
    paid: dict[str, Any] = {"idempotencyKey": str(uuid4()), "quote": quote["id"], "receiptNumber": uuid4().hex[:9]}
    paid |= {"closedAt": at, "tenders": [{"kind": "CARD", "amount": quote["net"]}]}
    assert till.ask(POST, input=paid)["__typename"] == "PurchasePosted"


def newcomer(demo: Demo) -> tuple[Client, dict[str, str]]:
    member, filled = joined(demo, f"kin{uuid4().hex[:8]}")
    return member, {"login": filled["email"], "password": filled["password"]}


def look_at_both(walk: Walk, page: Page, name: str) -> None:
    """The family's page and home, in every width and theme."""
    at_family(page)
    walk.look(f"{name}: the family")
    page.goto("/card")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    walk.look(f"{name}: home")


def test_a_family_reaches_the_next_tier_together(phones: Opened, demo: Demo, tmp_path: Path) -> None:
    """A-053: what each buys counts for all; the tier rises for both, says whose it is, and falls for who leaves."""
    (head, known), (kin, theirs) = newcomer(demo), newcomer(demo)
    with together(demo, tmp_path):
        page, other = phones(is_mobile=False).new_page(), phones().new_page()
        walk, complaints = Walk(page), watched(other)
        sign_in(page, known)
        at_family(page)
        walk.look("no family")
        head.ask(FOUND, key=str(uuid4()))
        token = head.ask(INVITE, key=str(uuid4()), role="ADULT")["invite"]["token"]
        other.goto(f"/family/join?token={token}")
        expect(other.get_by_text(re.compile("покупки каждого приближают всех", re.IGNORECASE))).to_be_visible()
        assert violations(other) == []
        kin.ask(JOIN, key=str(uuid4()), token=token)
        look_at_both(walk, page, "nothing bought")
        buy(demo, head, 60_000)
        buy(demo, kin, 30_000)
        at_family(page)
        expect(page.get_by_role("heading", name="Общий путь к уровню")).to_be_visible()
        expect(page.get_by_text(re.compile(rf"вместе осталось 10{SPACE}000"))).to_be_visible()
        expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "90")
        expect(page.get_by_text(re.compile(rf"покупок на 60{SPACE}000"))).to_be_visible()
        expect(page.get_by_text(re.compile(rf"покупок на 30{SPACE}000"))).to_be_visible()
        look_at_both(walk, page, "nine tenths")
        expect(page.get_by_text(re.compile(rf"Учтено покупок семьи на 90{SPACE}000"))).to_be_visible()

        sign_in(other, theirs)
        buy(demo, head, 15_000)
        other.goto("/card")
        expect(other.get_by_text(re.compile(rf"Учтено покупок семьи на 105{SPACE}000"))).to_be_visible()
        expect(other.get_by_text("Первооткрыватель").first).to_be_visible()
        look_at_both(walk, page, "a tier together")
        walk.end()
        at_family(other)
        other.get_by_role("button", name=re.compile("Выйти")).click()
        leaving = other.get_by_role("dialog")
        expect(leaving.get_by_text("Уровень дальше считается только по вашим покупкам")).to_be_visible()
        assert violations(other) == []
        leaving.get_by_role("button", name="Выйти").click()
        other.goto("/card")
        expect(other.get_by_text(re.compile(rf"Учтено покупок на 30{SPACE}000"))).to_be_visible()
        at_family(page)
        expect(person(page, "Алёна В.")).to_have_count(0)
        assert complaints == []


def test_a_familys_progress_in_english_and_dark(phones: Opened, demo: Demo, tmp_path: Path) -> None:
    """A-053, X1: the same page in the other language."""
    head, known = newcomer(demo)
    head.ask("mutation { changeProfile(input: {language: EN}) { __typename } }")
    with together(demo, tmp_path):
        head.ask(FOUND, key=str(uuid4()))
        buy(demo, head, 25_000)
        page = phones(is_mobile=False, locale="en-GB", color_scheme="dark").new_page()
        page.goto("/sign-in")
        page.get_by_label("Phone or e-mail").fill(known["login"])
        page.get_by_label("Password", exact=True).fill(known["password"])
        page.keyboard.press("Enter")
        page.wait_for_url("**/card")
        at_family(page)
        expect(page.get_by_role("heading", name="The way to a tier, together")).to_be_visible()
        walk = Walk(page)
        walk.look("progress in English")
        walk.end()
        lines = page.locator("main").inner_text().splitlines()
        assert [one for one in lines if re.search("[А-Яа-яЁё]", one.replace("Алёна В.", ""))] == []
