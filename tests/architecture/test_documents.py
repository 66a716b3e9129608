"""What the documents say can be done can be done: links lead somewhere, commands and targets are there."""

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from tests.makers.commands import command_of

ROOT: Final = Path(__file__).parents[2]
DOCUMENTS: Final = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s#]+)(?:#[^)]*)?\)")
COMMAND: Final = re.compile(r"(?:^|[\s`(])(?:docker compose run --rm )?kunak ((?:[a-z]+)(?: [^`\n]*)?)")
CODE: Final = re.compile(r"```\w*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
MADE_HERE: Final = ("var/", "frontend/dist", "ops/secrets", ".env", ".venv")
FILE: Final = re.compile(r"^(?:[\w.-]+/)*[\w.-]+\.(?:py|sql|yaml|md|ts|tsx|toml|graphql|lock|svg)$")
FOLDERS: Final = {one.name for one in ROOT.iterdir() if one.is_dir()}


def code(document: Path) -> list[str]:
    """Every line of code in a document, in blocks and in sentences."""
    found = [block or word for block, word in CODE.findall(document.read_text())]
    return [line.strip() for text in found for line in text.splitlines() if line.strip()]


def name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_to_something(document: Path) -> None:
    lost = [
        link
        for link in LINK.findall(document.read_text())
        if "://" not in link and not link.startswith("mailto:") and not (document.parent / link).exists()
    ]
    assert not lost


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_commands_exist(document: Path) -> None:
    unknown = []
    for line in code(document):
        for words in COMMAND.findall(f" {line}"):
            read = shlex.split(re.split(r"\s[|>&;#]|…", words)[0], comments=True)
            if read and command_of(read) is None and command_of([*read, "--help"]) is None:
                unknown.append(words)
    assert not unknown


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {word for line in code(document) for word in re.findall(r"\bmake ([a-z][\w-]*)", line)}
    assert named <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_files_that_are_named_are_there(document: Path) -> None:
    missing = []
    for word in (word.partition("::")[0] for _, word in CODE.findall(document.read_text())):
        is_ours = FILE.match(word) and word.split("/")[0] in FOLDERS and not word.startswith(MADE_HERE)
        if is_ours and not (ROOT / word).exists():
            missing.append(word)
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_documents_name_no_machine(document: Path) -> None:
    assert not re.findall(r"(?<![\w.])/(?:work|root|home|farm)/\w+", document.read_text())


def test_the_ledgers_page_names_every_check_of_the_books() -> None:
    folder = ROOT / "models" / "sql"
    statement = "\n".join(
        (folder / name).read_text()
        for name in ("check_books.sql", "check_points.sql", "check_families.sql", "check_settlement.sql")
    )
    checks = {found.replace("''", "'") for found in re.findall(r"^SELECT '((?:[^']|'')+)'", statement, re.MULTILINE)}
    assert len(checks) >= 27
    page = (ROOT / "docs" / "ledger.md").read_text()
    assert checks == set(
        re.findall(r"^\| `([^`]+)` \| [^|]+ \|$", page.partition("## `kunak books check`")[2], re.MULTILINE)
    )


def test_every_decision_stands_in_the_index_once_under_its_number() -> None:
    folder = ROOT / "docs" / "decisions"
    index = re.findall(r"^\| (\d+) \| \[[^\]]+\]\(([^)]+)\) \|$", (folder / "README.md").read_text(), re.MULTILINE)
    files = sorted(file.name for file in folder.glob("[0-9]*.md"))
    assert [name for _, name in index] == files
    for number, name in index:
        assert int(name.partition("-")[0]) == int(number)
        text = (folder / name).read_text()
        assert text.startswith(f"# {number}. ")
        assert [line for line in text.splitlines() if line.startswith("## ")] == [
            "## Context",
            "## Decision",
            "## Consequences",
            "## Alternatives",
        ]


def test_the_cashiers_guide_quotes_the_page_word_for_word() -> None:
    till = ROOT / "frontend" / "till"
    page = "".join(
        (till / words).read_text()
        for words in ("words/ru.ts", "entry/words.ts", "entry/spendWords.ts", "voucher/words.ts")
    )
    guide = " ".join((ROOT / "docs" / "till-guide.md").read_text().split())
    quoted = set(re.findall(r"«([^»]+)»", guide)) - {"Добавить на главный экран", "печатает как клавиатура"}
    assert len(quoted) > 25
    lost = [quote for quote in quoted if any(part.strip() not in page for part in quote.split("…"))]
    assert not lost
