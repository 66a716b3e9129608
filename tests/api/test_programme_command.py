"""`kunak programme`: tables for right files, lines and mends for others, and exit codes that scripts can trust."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.commands.programme import app
from tests.makers.programme_files import FILES, SMALL, text_of

TODAY = str(FILES / "znak-kachestva.yaml")
PLASTIC = str(FILES / "znak-kachestva-2022.yaml")


def kunak_programme(*words: str) -> Result:
    """What the command says and how it ends."""
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


@pytest.fixture
def installed(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migrated database that the settings name."""
    monkeypatch.setenv("DATABASE_URL", fresh_database)


def test_a_right_file_is_shown_as_a_table() -> None:
    """A-076, A-077: every partner and service with the tiers, the way a guest would read it."""
    told = kunak_programme("check", TODAY)
    assert told.exit_code == 0
    rows = [" ".join(line.split()) for line in told.stdout.splitlines()]
    assert "Игора Проживание PHONE, EMAIL, DESK 0 % 5 % 10 % 15 % no" in rows
    assert "Проживание CABINET 0 % 5 % 10 % 15 % yes" in rows
    assert "Мясной Блок Все услуги TILL, SHOP 0 % 5 % 10 % 10 % yes" in rows
    assert rows[-1].endswith("4 tiers, 7 partners, 19 outlets, 88 cells with one answer each.")


def test_a_faulty_file_is_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    text = text_of("znak-kachestva.yaml").replace("channels: [PHONE, EMAIL, DESK]\n", "channels: [PHONE, EMAIL]\n", 1)
    file.write_text(text, encoding="utf-8")
    told = kunak_programme("check", str(file))
    line = text[: text.index("- {id: stay")].count("\n") + 1
    assert told.exit_code == 1
    assert told.stdout == (
        f'{file}:{line}: partner "igora": service "stay" through DESK has no answer for any tier. '
        "Mend: add it to a rule of this partner, or take DESK out of the service's channels.\n"
    )
    assert "1 thing to mend" in told.stderr


def test_a_faulty_file_is_told_without_its_hints_and_a_right_one_with_them(tmp_path: Path) -> None:
    """Hints between faults look like more to mend."""
    file = tmp_path / "small.yaml"
    hinted = SMALL.replace("first: 0, second: 7.5", "first: 8, second: 7.5")
    file.write_text(hinted, encoding="utf-8")
    assert "second gets less than first" in kunak_programme("check", str(file)).stdout
    file.write_text(hinted.replace("currency: RUB", "currency: EUR"), encoding="utf-8")
    told = kunak_programme("check", str(file))
    assert [line.partition(": ")[0] for line in told.stdout.splitlines()] == [f"{file}:3"]
    assert "1 thing to mend" in told.stderr


def test_one_of_a_kind_is_counted_as_one(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    told = kunak_programme("check", str(file))
    assert told.stdout.splitlines()[-1].endswith("2 tiers, 1 partner, 1 outlet, 6 cells with one answer each.")


@pytest.mark.parametrize(
    ("content", "message"), [("a: b: c", "this is no YAML"), ("", "the file is empty"), (None, "cannot be read")]
)
def test_what_is_no_programme_ends_with_one_line(tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "file[1].yaml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    told = kunak_programme("check", str(file))
    assert told.exit_code == 1
    assert len(told.stdout.splitlines()) == 1
    assert told.stdout.startswith(f"{file}:1: ")
    assert message in told.stdout


@pytest.mark.usefixtures("installed")
def test_files_are_applied_one_after_the_other(tmp_path: Path) -> None:
    """D7: the plastic past, today, today again, and a slip that changes nothing."""
    first = kunak_programme("apply", PLASTIC)
    assert (first.exit_code, "is version 1 now: 2 tiers, 7 partners" in first.stdout) == (0, True)

    second = kunak_programme("apply", TODAY)
    assert (second.exit_code, "is version 2 now: 4 tiers, 7 partners" in second.stdout) == (0, True)
    assert "tiers white, silver end with this version" in second.stdout

    again = kunak_programme("apply", TODAY)
    assert (again.exit_code, again.stdout) == (0, "Nothing has changed: version 2 has this content already.\n")

    slip = tmp_path / "slip.yaml"
    slip.write_text(
        text_of("znak-kachestva.yaml").replace("{id: favorit, name", "{id: favorite, name"), encoding="utf-8"
    )
    refused = kunak_programme("apply", str(slip))
    assert refused.exit_code == 1
    assert 'outlet "favorit" of favorit was in the version in force and is gone' in refused.stdout

    alone, against = kunak_programme("check", str(slip)), kunak_programme("check", str(slip), "--against-current")
    assert (alone.exit_code, against.exit_code) == (0, 1)
    assert kunak_programme("apply", TODAY).stdout.startswith("Nothing has changed: version 2")


@pytest.mark.usefixtures("installed")
def test_without_a_version_in_force_there_is_nothing_to_compare_with() -> None:
    assert kunak_programme("check", TODAY, "--against-current").exit_code == 0
