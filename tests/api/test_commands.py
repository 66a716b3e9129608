"""What an operator types: results on the output, trouble as a sentence, an exit code that fits."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import asyncpg
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.opening import run
from models import database
from models.migrating import pending
from services import outbox, tills
from services.callers import Caller
from services.outbox import Terms
from services.pos import menu
from services.pos.menu import MenuLine
from services.pos.plugins import Contact, Contacts
from services.work import work
from tests.makers.people import MadeMember, make_member
from tests.makers.processes import descendants, free_port, is_running
from tests.makers.resources import make_resources

ROOT = Path(__file__).parents[2]
OUTLET = "igora-restaurant"
NOW = datetime(2026, 3, 14, tzinfo=UTC)
KUNAK = [sys.executable, "-c", "from api.cli import app; app()"]


@dataclass
class Kunak:
    """The command, in an environment of its own."""

    environment: dict[str, str | None]

    def __call__(self, *words: str, **environment: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, list(words), env=self.environment | environment)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr


def apply(kunak: Kunak) -> None:
    code, _, trouble = kunak("programme", "apply", str(ROOT / "programmes" / "znak-kachestva.yaml"))
    assert code == 0, trouble


@pytest.fixture
def kunak(fresh_database: str, tmp_path: Path) -> Kunak:
    blank = {name: None for name in os.environ if name.startswith("KUNAK_")}
    return Kunak(blank | {"DATABASE_URL": fresh_database, "KUNAK_HOME": str(tmp_path / "home")})


def test_a_database_without_its_schema_is_refused_and_migrate_mends_it(kunak: Kunak, fresh_database: str) -> None:
    async def forget() -> None:
        await database.connect(fresh_database, connections=2)
        await database.execute("DROP SCHEMA public CASCADE")
        await database.execute("CREATE SCHEMA public")
        await database.close()

    run(forget)
    code, _, trouble = kunak("jobs", "dead")
    assert code == 1
    assert "the database lacks 0001_people" in trouble
    code, missing, _ = kunak("migrate", "--check")
    assert code == 1
    assert missing.splitlines()[0] == "0001_people"
    code, _, told = kunak("migrate")
    assert code == 0
    assert "0001_people" in told
    assert run(lambda: pending(fresh_database)) == []
    code, _, told = kunak("migrate")
    assert (code, "nothing to migrate" in told) == (0, True)


def test_every_wrong_setting_is_named_at_once(kunak: Kunak) -> None:
    code, _, trouble = kunak(
        "serve", PORT="http", KUNAK_BASE_URL="card.example/x", KUNAK_COLOUR="red", KUNAK_CODE_TRIES="-1"
    )
    assert code == 2
    for name in ("PORT", "KUNAK_BASE_URL", "KUNAK_COLOUR", "KUNAK_CODE_TRIES"):
        assert len([line for line in trouble.splitlines() if name in line]) == 1
    assert "Traceback" not in trouble


def test_a_database_that_is_not_there_is_said_in_a_sentence(kunak: Kunak) -> None:
    code, _, trouble = kunak("jobs", "dead", DATABASE_URL="postgresql://nobody@127.0.0.1:9/none")
    assert code == 1
    assert len(trouble.strip().splitlines()) == 1
    assert "Traceback" not in trouble


def test_a_taken_port_is_said_in_a_sentence(kunak: Kunak) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, trouble = kunak("serve", PORT=str(taken.getsockname()[1]))
    assert code == 1
    assert "set PORT" in trouble


def test_make_demo_tells_of_a_taken_port_before_it_installs_anything(tmp_path: Path) -> None:
    """A folder with nothing in it but what the question needs: an installation would leave its traces, or fail."""
    (tmp_path / "api").mkdir()
    for name in ("Makefile", "api/port.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        words = ["make", "demo", f"PORT={taken.getsockname()[1]}", f"PYTHON={sys.executable}"]
        made = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert made.returncode != 0
    assert made.stderr.startswith("kunak: cannot listen on 127.0.0.1:")
    assert "set PORT" in made.stderr
    assert not (tmp_path / ".venv").exists()


def test_an_operator_sees_plugins_and_says_what_a_menu_is(kunak: Kunak, fresh_database: str) -> None:
    """A-108."""

    async def call() -> None:
        await database.connect(fresh_database, connections=2)
        till = await tills.till_by_id(await database.fetchval("SELECT id FROM till"))
        contact = Contact("hall", "1.0.0", "9.2", 3, NOW - timedelta(seconds=90))
        await Contacts().note(till, contact, NOW)
        await menu.note_groups(till, [MenuLine(uuid4(), None, "soups", "Супы", "Уха", 1000, 100)], NOW)
        await database.close()

    apply(kunak)
    assert kunak("plugins", "list")[:2] == (0, "")
    assert kunak("till", "add", "iiko", "--partner", "igora", "--outlet", OUTLET, "--channel", "TILL")[0] == 0
    run(call)
    code, listed, _ = kunak("plugins", "list")
    assert (code, listed.split("\t")[:7]) == (
        0,
        [OUTLET, "hall", "1.0.0", "9.2", "3", "-90 s", "2026-03-14T00:00:00+00:00"],
    )
    for words in (["no-outlet", "restaurants"], [OUTLET, "no-service"], [OUTLET, "stay"]):
        code, _, trouble = kunak("plugins", "map", *words)
        assert (code, len(trouble.strip().splitlines())) == (1, 1)
    assert kunak("plugins", "map", OUTLET, "restaurants")[0] == 0
    assert kunak("plugins", "map", OUTLET, "spa", "--group", "soups")[0] == 0
    code, listed, _ = kunak("plugins", "groups", "--outlet", OUTLET)
    rows = [line.split("\t")[:4] for line in listed.splitlines()]
    assert rows == [[OUTLET, "(default)", "—", "restaurants"], [OUTLET, "soups", "Супы", "spa"]]


def test_dead_jobs_are_listed_and_replayed(kunak: Kunak, fresh_database: str) -> None:
    async def bury() -> str:
        await database.connect(fresh_database, connections=2)
        async with work() as tx:
            await tx.enqueue("letter.send", {"letter_id": "1"}, run_at=NOW)
        [job] = await outbox.lease([Terms("letter.send", 1, timedelta(seconds=60))], count=1, now=NOW)
        await outbox.give_up(job, error="refused: the relay answered 550", now=NOW)
        await database.close()
        return str(job.id)

    assert kunak("jobs", "dead")[:2] == (0, "")
    job_id = run(bury)
    code, listed, _ = kunak("jobs", "dead")
    assert code == 0
    assert listed.rstrip("\n").split("\t") == [
        job_id, "letter.send", "1", "2026-03-14T00:00:00+00:00", "refused: the relay answered 550",
    ]  # fmt: skip
    assert kunak("jobs", "replay")[0] == 2
    code, _, told = kunak("jobs", "replay", job_id)
    assert (code, "1 replayed" in told) == (0, True)
    code, _, told = kunak("jobs", "replay", job_id)
    assert (code, "is not a dead job" in told) == (1, True)
    assert kunak("jobs", "replay", "--all")[0] == 0


def test_keys_are_made_once_and_never_shown(kunak: Kunak, tmp_path: Path) -> None:
    assert kunak("keys", "check")[0] == 1
    code, told, _ = kunak("keys", "new")
    assert code == 0
    file = tmp_path / "home" / "keys"
    assert file.stat().st_mode & 0o777 == 0o600
    key = file.read_text().strip().partition(":")[2]
    assert len(key) == 44
    assert key not in told
    assert kunak("keys", "check")[:2] == (0, "key 1 seals\n")
    assert kunak("keys", "new")[0] == 1
    assert file.read_text().strip().endswith(key)
    file.chmod(0o644)
    code, _, trouble = kunak("keys", "check")
    assert (code, "chmod 600" in trouble) == (1, True)


def test_a_till_is_added_found_by_its_key_and_revoked(kunak: Kunak, fresh_database: str) -> None:
    apply(kunak)
    code, told, _ = kunak("till", "add", "Касса 1", "--partner", "igora", "--outlet", OUTLET, "--channel", "TILL")
    assert code == 0
    till, key = (line.split()[1] for line in told.splitlines())

    async def found() -> str | None:
        await database.connect(fresh_database, connections=2)
        facts = await tills.till_by_key(key)
        await database.close()
        return None if facts is None else f"{facts.id} {facts.name} {facts.kind}"

    assert run(found) == f"{till} Касса 1 ORDINARY"
    assert kunak("till", "revoke", till)[0] == 0
    assert run(found) is None
    assert kunak("till", "revoke", till)[0] == 1


def test_tills_are_listed_with_where_they_stand_and_what_became_of_them(kunak: Kunak, fresh_database: str) -> None:
    """Whoever lost the id that `till add` printed finds it again, and sees which till nobody uses."""
    apply(kunak)
    assert "there is no till" in kunak("till", "list")[2]
    add = ("till", "add", "--partner", "igora", "--outlet", OUTLET)
    first, key = (line.split()[1] for line in kunak(*add, "Касса [1]", "--channel", "TILL")[1].splitlines())
    second = kunak(*add, "Сайт", "--channel", "CABINET", "--channel", "SHOP", "--kind", "SYSTEM")[1].split()[1]
    paired_at = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)

    async def pair() -> None:
        await database.connect(fresh_database, connections=2)
        await tills.pair(key, Caller(address="192.0.2.1"), make_resources(), paired_at)
        await database.close()

    run(pair)
    assert kunak("till", "revoke", second)[0] == 0
    code, told, _ = kunak("till", "list")
    assert code == 0
    heads, _, mine, theirs = (line.split("  ") for line in told.strip().splitlines())
    cells = [[cell.strip() for cell in line if cell.strip()] for line in (heads, mine, theirs)]
    assert cells[0] == ["id", "name", "partner", "outlet", "kind", "channels", "last seen", "ended"]
    assert cells[1] == [first, "Касса [1]", "igora", OUTLET, "ORDINARY", "TILL", "2026-03-14 09:26 UTC", "—"]
    assert cells[2][:7] == [second, "Сайт", "igora", OUTLET, "SYSTEM", "CABINET, SHOP", "—"]
    assert cells[2][7].endswith(" UTC")
    assert key not in told
    assert "till list" in kunak("till", "revoke", "--help")[1]
    assert "till list" in kunak("till", "revoke", second)[2]


@pytest.mark.parametrize(
    "words",
    [
        ["--partner", "nobody", "--outlet", "igora", "--channel", "TILL"],
        ["--partner", "igora", "--outlet", "nowhere", "--channel", "TILL"],
        ["--partner", "igora", "--outlet", "OUTLET", "--channel", "SHOP"],
    ],
)
def test_a_till_that_cannot_be_is_refused_in_a_sentence(kunak: Kunak, words: list[str]) -> None:
    apply(kunak)
    code, told, trouble = kunak("till", "add", "Касса", *(OUTLET if word == "OUTLET" else word for word in words))
    assert (code, told) == (1, "")
    assert trouble.startswith("kunak: ")
    assert "Traceback" not in trouble


def test_staff_is_added_listed_and_reset(kunak: Kunak, fresh_database: str) -> None:
    """A-090, A-113: the first administrator comes from the terminal, by a link that is kept as a digest alone."""
    apply(kunak)
    assert kunak("keys", "new")[0] == 0
    told = kunak("staff", "add", "Vera@Example.ru", "--role", "owner", "--name", "Вера Озерова")
    assert told[0] == 0, told
    _, link = (line.split()[1] for line in told[1].splitlines())
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/admin/join\?token=\S{43}", link)
    assert kunak("staff", "add", "vera@example.ru", "--role", "owner")[0] == 1
    code, _, trouble = kunak("staff", "add", "x@example.ru", "--role", "nobody")
    assert (code, "no such role" in trouble) == (1, True)
    assert re.search(r"vera@example\.ru +INVITED +programme +29 rights  Вера Озерова", kunak("staff", "list")[1])
    code, again, _ = kunak("staff", "reset-totp", "vera@example.ru", "--reason", "lost phone")
    assert (code, again.startswith("link   http")) == (0, True)
    assert kunak("staff", "reset-totp", "nobody@example.ru", "--reason", "lost phone")[0] == 1
    code, checked, _ = kunak("audit", "check")
    assert code == 0
    head = checked.split()[-1]
    assert checked.startswith("3 events, the last is 3:")
    assert kunak("audit", "check", "--expect", head)[0] == 0

    async def tamper() -> None:
        connection = await asyncpg.connect(fresh_database.replace("asyncpg://", "postgresql://"))
        await connection.execute("SET session_replication_role = replica")
        await connection.execute("UPDATE audit_event SET actor = 'nobody' WHERE sequence = 2")
        await connection.close()

    run(tamper)
    code, _, trouble = kunak("audit", "check")
    assert (code, "event 2 was changed after it was written" in trouble) == (1, True)
    assert kunak("audit", "check", "--expect", "9:ab")[0] == 1
    assert kunak("audit", "check", "--expect", "nonsense")[0] == 2


def test_books_that_balance_are_said_to(kunak: Kunak) -> None:
    apply(kunak)
    code, told, _ = kunak("books", "check")
    assert (code, told) == (0, "")


def test_nobody_is_found_where_nobody_is(kunak: Kunak) -> None:
    apply(kunak)
    code, shown, trouble = kunak("member", "show", "anna@mail.test")
    assert (code, shown) == (1, "")
    assert trouble == "kunak: no member has that e-mail, phone, number or id\n"


def test_a_member_is_shown_by_each_way_to_name_one_and_without_secrets(kunak: Kunak, fresh_database: str) -> None:
    apply(kunak)

    async def join() -> MadeMember:
        await database.connect(fresh_database, connections=2)
        member = await make_member(NOW)
        await database.close()
        return member

    member = run(join)
    ways = (member.email.upper(), member.phone.replace("+7", "8 "), member.number, str(member.id))
    shown = {kunak("member", "show", way)[1] for way in ways}
    assert len(shown) == 1
    [lines] = shown
    assert f"id          {member.id}\n" in lines
    assert "argon2" not in lines


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kunak-home-") as folder:
        yield Path(folder) / "var"


@pytest.mark.torture
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_server_that_is_told_to_end_leaves_nothing_running(home: Path, told: signal.Signals) -> None:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KUNAK_")}
    environment = kept | {"KUNAK_HOME": str(home), "PORT": str(port), "SMTP_URL": "smtp://127.0.0.1:9"}
    server = subprocess.Popen([*KUNAK, "serve"], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
    try:
        wait_for(f"http://127.0.0.1:{port}/live", server)
        if told == signal.SIGINT:
            joined = subprocess.run(
                [*KUNAK, "jobs", "dead"], cwd=ROOT, env=environment, capture_output=True, check=False
            )
            assert joined.returncode == 0, joined.stderr
        below = descendants(server.pid)
        assert len(below) > 3
        server.send_signal(told)
        assert server.wait(30) == (0 if told != signal.SIGKILL else -signal.SIGKILL)
        patience = time.monotonic() + 10
        while any(is_running(pid) for pid in below) and time.monotonic() < patience:
            time.sleep(0.05)
        assert not [pid for pid in below if is_running(pid)]
    finally:
        server.kill()
        server.wait()
        assert server.stderr is not None
        server.stderr.close()


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    patience = time.monotonic() + 180  # a first start makes a database; a busy machine takes its time
    while time.monotonic() < patience:
        assert server.poll() is None
        try:
            with urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")
