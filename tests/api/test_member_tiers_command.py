"""`kunak member tier`: what the operator gives and takes back."""

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import clock
from api.cli import app
from api.opening import run
from models import database
from tests.makers.people import MadeMember, make_member

TODAY = Path(__file__).parents[2] / "programmes" / "znak-kachestva.yaml"


def kunak(*words: str) -> tuple[int, str, str]:
    """How the command ends, and what it says."""
    result = CliRunner().invoke(app, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def joined(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MadeMember:
    """A member of an installation with keys and a programme."""
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setenv("KUNAK_HOME", str(tmp_path / "home"))
    assert kunak("programme", "apply", str(TODAY))[0] == 0
    assert kunak("keys", "new")[0] == 0

    async def join() -> MadeMember:
        await database.connect(fresh_database, connections=2)
        member = await make_member(clock.now())
        await database.close()
        return member

    return run(join)


def test_a_tier_is_given_and_taken_back_from_the_terminal(joined: MadeMember) -> None:
    """A-105: the operator's name and the reason stand in the log."""
    last, number = (clock.now() + timedelta(days=90)).date().isoformat(), joined.number
    given = kunak("member", "tier", "grant", number, "traveller", "--until", last, "--reason", "перенос уровня")
    assert (given[0], given[1].splitlines()[0]) == (0, "tier   traveller")
    lines = kunak("member", "tier", "show", joined.email)[1].splitlines()
    assert [line.split()[0] for line in lines] == ["traveller", "dreamer", "given"]
    assert kunak("member", "tier", "grant", number, "collector", "--until", last, "--reason", "ещё выше")[0] == 1
    assert kunak("member", "tier", "withdraw", number, "--reason", "по ошибке")[1] == "tier   dreamer\n"
    code, _, trouble = kunak("member", "tier", "withdraw", number, "--reason", "ещё раз")
    assert (code, trouble) == (1, "kunak: There is no such given tier. Open the page anew.\n")
    assert kunak("books", "check")[:2] == (0, "")
