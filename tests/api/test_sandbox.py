"""C-17: a second database of the same programme, whose clock is moved; nothing of it leaves, and the real one stays."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest
from tortoise.exceptions import DBConnectionError
from typer.testing import CliRunner

from api import clock
from api.cli import app
from api.opening import run
from api.sandbox import opening
from api.sandbox.banner import LETTERS, WORDS
from models import database
from models.ids import uuid7
from services import programmes, sandbox
from services.ledger import check_books
from tests.conftest import Server
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import POINTS, goods, grant, stored
from tests.makers.processes import free_port
from tests.makers.purchases import make_purchase
from tests.makers.resources import make_resources
from tests.makers.state import state

ROOT = Path(__file__).parents[2]
KUNAK = [sys.executable, "-c", "from api.cli import app; app()"]
T = TypeVar("T")


class Outside:
    """Everything that the settings of the real house lead to: one port that counts who comes."""

    def __init__(self) -> None:
        self.came = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _count(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.came += 1
                connection.close()


@dataclass
class House:
    """A real house with a programme of points, and the command."""

    url: str
    environment: dict[str, str]
    outside: Outside

    def __call__(self, *words: str, **more: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, list(words), env=self.environment | more)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr

    def done(self, *words: str, **more: str) -> str:
        code, said, trouble = self(*words, **more)
        assert code == 0, trouble
        return said

    def start(self, *words: str, **more: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*KUNAK, *words], cwd=ROOT, env={**os.environ, **self.environment, **more})

    def inside(self, task: Callable[[], Awaitable[T]]) -> T:
        """Something done in the sandbox's database."""
        return on(opening.url_beside(self.url), task)

    def ready(self) -> MadeMember:
        """A sandbox with a member who has points of two ends, and a profile that nobody confirms."""
        self.done("sandbox", "create")
        return self.inside(furnish)


def on(url: str, task: Callable[[], Awaitable[T]]) -> T:
    async def connected() -> T:
        await database.connect(url, connections=4)
        try:
            return await task()
        finally:
            programmes.forget()
            await database.close()

    return run(connected)


async def furnish() -> MadeMember:
    now = clock.now()
    member = await make_member(now)
    await database.execute("UPDATE contact SET verified_at = $1, value = '+79211234567' WHERE kind = 'PHONE'", now)
    await grant(member.id, 100, now, days=100)
    await grant(member.id, 7, now, days=500)
    await database.execute(
        "INSERT INTO member (id, number, status, last_name, first_name, birth_date, locale, created_at)"
        " VALUES ($1, '7012000000000000', 'PENDING_CONFIRMATION', 'П', 'П', $2, 'ru', $3)",
        *(uuid7(), date(1990, 1, 1), now),
    )
    return member


@pytest.fixture
def house(fresh_database: str, server: Server, tmp_path: Path) -> Iterator[House]:
    outside = Outside()
    at = f"127.0.0.1:{outside.port}"
    environment = {
        "DATABASE_URL": fresh_database,
        "KUNAK_HOME": str(tmp_path / "home"),
        "SMTP_URL": f"smtp://{at}",
        "KUNAK_SMTP_PLAIN": "yes",
        "REDIS_URL": f"redis://{at}/0",
        "KUNAK_SMS_GATEWAYS": "smsaero",
        "KUNAK_SMSAERO_URL": f"http://{at}",
        "KUNAK_SMSAERO_LOGIN": "operator@card.test",
        "KUNAK_SMSAERO_KEY": "key",
        "KUNAK_SMSAERO_SIGN": "CARD",
        "PORT": str(free_port()),
    }
    made = House(fresh_database, environment, outside)
    file = tmp_path / "points.yaml"
    file.write_text(POINTS.replace("  hold_minutes: 10\n", "  hold_minutes: 10\n  announce_days: [30, 7, 1]\n"))
    made.done("programme", "apply", str(file))
    on(fresh_database, lambda: make_member(datetime.now(UTC)))  # noqa: TID251 - commands have the real clock
    yield made
    outside.close()
    clock.move(timedelta(0))
    name = urlsplit(opening.url_beside(fresh_database)).path.removeprefix("/")
    run(lambda: server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def test_400_days_pass_and_everything_that_is_due_is_done(house: House) -> None:
    """C-17: points end, notices are written, profiles purged, every night run, in the order of time; nothing is sent."""
    real = on(house.url, lambda: state(everything=True))
    member = house.ready()
    house.done("sandbox", "advance", "--days", "400")

    async def found() -> None:
        now = clock.now()
        assert await stored(member.id) == (7, 0, 0, 0)
        assert await database.fetchval("SELECT count(*) FROM member") == 1
        nights = await database.fetch("SELECT day, started_at, trouble FROM nightly_run ORDER BY started_at")
        assert len(nights) in {401, 402}
        assert [night["day"] for night in nights] == sorted(night["day"] for night in nights)
        assert {night["trouble"] for night in nights} == {None}
        assert await check_books(now) == []
        texts = [one.text for one in reversed(await sandbox.recorded(rows=100))]
        assert len(texts) == 3
        assert {text.partition(",")[0] for text in texts} == {"Баллы: 100\u00a0бонусов"}
        assert await database.fetchval("SELECT count(*) FROM job WHERE status = 'DEAD'") == 0

    house.inside(found)
    status = house.done("sandbox", "status")
    assert re.search(r"ahead +(399|400) days", status)
    assert len(house.done("sandbox", "messages", "--to", "+79211234567").splitlines()) == 3
    assert on(house.url, lambda: state(everything=True)) == real, "the house beside it is as it was"
    assert house.outside.came == 0


def test_a_tier_falls_there_after_its_reminders(house: House, tmp_path: Path) -> None:
    """C-17, C-08: a tier of half a year is told of a month and a week ahead, falls in its midnight, and nothing is sent."""
    file = tmp_path / "tiers.yaml"
    window = "tier_window: {kind: ROLLING, months: 6, announce_days: [30, 7]}"
    file.write_text(POINTS.replace("tier_window: LIFETIME", window), encoding="utf-8")
    house.done("programme", "apply", str(file))
    real = on(house.url, lambda: state(everything=True))
    house.done("sandbox", "create")

    async def risen() -> MadeMember:
        now, resources = clock.now(), make_resources()
        member, (till, _) = await make_member(now), await make_till(now, partner="shop", outlet="shop-one")
        await database.execute("UPDATE contact SET verified_at = $1, value = '+79211234567' WHERE kind = 'PHONE'", now)
        await make_purchase(resources, till, member, [goods(120_000)], now)
        return member

    member = house.inside(risen)
    house.done("sandbox", "advance", "--days", "190")

    async def found() -> None:
        rows = await database.fetch(
            "SELECT tier, reason, since, until FROM tier_period WHERE member_id = $1 ORDER BY since", member.id
        )
        assert [(row["tier"], row["reason"]) for row in rows][1:] == [("friend", "PURCHASE"), ("guest", "WINDOW")]
        fell = rows[-1]["since"].astimezone(ZoneInfo("Europe/Moscow"))
        assert (fell - rows[-2]["since"]).days in range(180, 185)
        assert fell.time() == time_of_day.min
        texts = [one for one in reversed(await sandbox.recorded(rows=100)) if "уровень «Друг»" in one.text]
        assert ["100\u00a0000\u00a0₽" in one.text for one in texts] == [True, True]
        assert [(fell.date() - one.at.astimezone(fell.tzinfo).date()).days for one in texts] == [31, 8]
        letters = [one for one in await sandbox.recorded(rows=100) if one.subject == "Ваш уровень теперь — Гость"]
        assert [one.at >= fell for one in letters] == [True]
        assert await check_books(clock.now()) == []

    house.inside(found)
    assert on(house.url, lambda: state(everything=True)) == real, "the house beside it is as it was"
    assert house.outside.came == 0


@pytest.mark.torture
def test_a_killed_advance_goes_on_to_where_it_was_going(house: House) -> None:
    """C-17: SIGKILL on the way; the clock stands where it was, and the rest is played without doing anything twice."""
    member = house.ready()
    victim = house.start("sandbox", "advance", "--days", "110")
    patience = time.monotonic() + 120
    while house.inside(lambda: database.fetchval("SELECT count(*) FROM nightly_run")) < 20:
        assert time.monotonic() < patience
        assert victim.poll() is None
        time.sleep(0.2)
    victim.kill()
    victim.wait()
    there = house.inside(sandbox.time_of)
    assert there is not None
    assert there.target is not None
    assert there.played_to < there.target
    assert "goes on" in house.done("sandbox", "status")
    house.done("sandbox", "advance")
    arrived = house.inside(sandbox.time_of)
    assert arrived is not None
    assert (arrived.target, arrived.played_to) == (None, there.target)
    assert house.inside(lambda: stored(member.id)) == (7, 0, 0, 0)
    assert len(house.done("sandbox", "messages").splitlines()) == 3
    code, _, trouble = house("sandbox", "advance")
    assert (code, "nothing was left half way" in trouble) == (1, True)


def test_nothing_is_taken_for_something_else(house: House) -> None:
    """A house is no sandbox, a sandbox no house, and what is not there cannot be entered or dropped."""
    for words in (("status",), ("advance", "--days", "1"), ("messages",), ("drop",)):
        code, _, trouble = house("sandbox", *words)
        assert (code, "kunak sandbox create" in trouble) == (1, True), words
    house.done("sandbox", "create")
    code, _, trouble = house("sandbox", "create")
    assert (code, "already" in trouble) == (1, True)
    code, _, trouble = house("jobs", "dead", DATABASE_URL=opening.url_beside(house.url))
    assert (code, "is a sandbox" in trouble) == (1, True)
    house.done(
        "till", "add", "--partner", "shop", "--outlet", "shop-one", "--channel", "TILL", "Касса", KUNAK_SANDBOX="yes"
    )
    assert house.inside(lambda: database.fetchval("SELECT count(*) FROM till")) == 1
    assert on(house.url, lambda: database.fetchval("SELECT count(*) FROM till")) == 0
    house.done("sandbox", "drop")
    with pytest.raises(DBConnectionError):
        house.inside(sandbox.time_of)
    assert on(house.url, lambda: database.fetchval("SELECT count(*) FROM member")) == 1


def test_its_server_says_so_on_every_page_and_follows_the_clock(house: House) -> None:
    """C-17: a banner on each page in both languages, letters that stay, and the moment of the sandbox for its guests."""
    house.ready()
    house.done("sandbox", "advance", "--days", "10")
    serving = house.start("serve", "--sandbox")
    try:
        address = f"http://127.0.0.1:{house.environment['PORT']}"
        wait_for(f"{address}/live", serving)
        for page in ("/", "/card", "/till", "/admin", "/nowhere"):
            for language in ("ru", "en"):
                body, headers = read(f"{address}{page}", language)
                assert WORDS[language] in body
                assert LETTERS[language] in body
                assert "style-src 'self' 'sha256-" in headers["content-security-policy"]
        assert read(f"{address}/mailbox", "ru")[0] == "[]"
        assert "<html" in read(f"{address}/mailbox", "ru", accept="text/html")[0]
        house.done("sandbox", "advance", "--days", "80")
        assert "100" in read(f"{address}/mailbox", "ru")[0]
        moved = clock.now()
        asked = Request(  # noqa: S310 - our own server
            f"{address}/graphql",
            data=b'{"query":"{ programme { version } }"}',
            headers={"content-type": "application/json"},
        )
        with urlopen(asked, timeout=10) as answer:  # noqa: S310
            assert answer.status == 200
        patience = time.monotonic() + 20
        while (there := house.inside(sandbox.time_of)) is None or there.played_to <= moved:
            assert time.monotonic() < patience, "what falls due is played beside the server"
            time.sleep(0.3)
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(40)
    assert house.outside.came == 0


def wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    patience = time.monotonic() + 180
    while True:
        assert process.poll() is None
        with suppress(OSError), urlopen(address, timeout=2):  # noqa: S310 - our own server
            return
        assert time.monotonic() < patience
        time.sleep(0.2)


def read(address: str, language: str, *, accept: str = "*/*") -> tuple[str, dict[str, str]]:
    """(body, headers) of a page, whatever its status."""
    asked = Request(address, headers={"accept-language": language, "accept": accept})  # noqa: S310 - our own server
    try:
        answer = urlopen(asked, timeout=10)  # noqa: S310
    except OSError as error:
        answer = error
    with answer:
        return answer.read().decode(), {name.lower(): value for name, value in answer.headers.items()}
