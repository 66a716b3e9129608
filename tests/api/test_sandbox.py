"""C-17: a second database of the same programme, whose clock is moved; nothing of it leaves, and the real one stays."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from tortoise.exceptions import DBConnectionError

from api import clock
from api.sandbox import opening
from api.sandbox.banner import LETTERS, WORDS
from models import database
from models.ids import uuid7
from services import sandbox
from tests.conftest import Server
from tests.makers.people import MadeMember, make_member
from tests.makers.points import POINTS, grant, stored
from tests.makers.sandbox import House, house_of, on


def ready(house: House) -> MadeMember:
    """A sandbox with a member who has points of two ends, and a profile that nobody confirms."""
    house.done("sandbox", "create")
    return house.inside(furnish)


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
    told = POINTS.replace("  hold_minutes: 10\n", "  hold_minutes: 10\n  announce_days: [30, 7, 1]\n")
    with house_of(fresh_database, server, tmp_path, told) as made:
        yield made


@pytest.mark.torture
def test_a_killed_advance_goes_on_to_where_it_was_going(house: House) -> None:
    """C-17: SIGKILL on the way; the clock stands where it was, and the rest is played without doing anything twice."""
    member = ready(house)
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
    ready(house)
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
