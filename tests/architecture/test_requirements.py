"""docs/requirements.md says the truth: tests that exist, states with proofs, and no row that a test knows and the page does not."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "requirements.md"
ROW: Final = re.compile(r"^\| ([ABC]-\d+) \| (.+?) \| (done|part|not yet) \| (.+) \|$", re.MULTILINE)
NAMED: Final = re.compile(r"\b([ABC])-(\d{2,3})(?:\.\.(?:[ABC]-)?(\d{2,3}))?\b")
FRONT: Final = [
    path
    for folder in ("admin", "cabinet", "till", "shared", "landing", "widget")
    for path in (ROOT / "frontend" / folder).rglob("*.test.ts*")
]


@cache
def named_in(file: Path) -> frozenset[str]:
    """The names of the test functions of a file, those in classes too."""
    tree = ast.parse(file.read_text())
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def rows() -> list[tuple[str, str, list[str]]]:
    """(row, state, tests) of every row of the page."""
    return [(row, state, re.findall(r"`([^`]+)`", proof)) for row, _, state, proof in ROW.findall(PAGE.read_text())]


def ids_in(text: str) -> set[str]:
    """Every row that a text names, with the rows between the ends of a range."""
    found = set()
    for letter, first, last in NAMED.findall(text):
        for number in range(int(first), int(last or first) + 1):
            found.add(f"{letter}-{number:0{len(first)}d}")
    return found


def test_every_line_of_the_tables_is_read() -> None:
    lines = re.findall(r"^\| [ABC]-\d+ ", PAGE.read_text(), re.MULTILINE)
    assert len(lines) == len(rows()) > 133


def test_a_row_stands_once() -> None:
    names = [row for row, _, _ in rows()]
    assert len(names) == len(set(names))
    assert {f"A-{number:03d}" for number in range(1, 134)} <= set(names)


def test_every_test_that_is_named_exists() -> None:
    missing = []
    for row, _, tests in rows():
        for test in tests:
            path, _, name = test.partition("::")
            file = ROOT / path
            if not file.exists() or (name and name not in named_in(file)):
                missing.append(f"{row}: {test}")
    assert not missing


def test_nothing_is_called_done_without_a_proof_and_nothing_proven_is_called_missing() -> None:
    assert [row for row, state, tests in rows() if state in {"done", "part"} and not tests] == []
    assert [row for row, state, tests in rows() if state == "not yet" and tests] == []


def test_what_a_test_names_stands_in_the_page_and_is_not_called_missing() -> None:
    states = {row: state for row, state, _ in rows()}
    here = Path(__file__)
    files = [file for file in [*(ROOT / "tests").rglob("test_*.py"), *FRONT] if file != here]
    lost = {}
    for file in files:
        unknown = {row for row in ids_in(file.read_text()) if states.get(row, "not yet") == "not yet"}
        if unknown:
            lost[str(file.relative_to(ROOT))] = sorted(unknown)
    assert not lost
