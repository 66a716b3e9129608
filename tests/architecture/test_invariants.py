"""docs/invariants.md says the truth: every invariant once, tests that exist and name it, checks that the books know."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "invariants.md"
ROW: Final = re.compile(r"^\| (INV-\d\d|I-\d\d) \| (.+?) \| (proven|part: .+?|not yet) \| (.+) \|$", re.MULTILINE)
NAMED: Final = re.compile(r"\b(INV|I)-(\d\d)(?:\.\.(?:INV-|I-)?(\d\d))?\b")
ALL: Final = [*(f"INV-{number:02d}" for number in range(1, 28)), *(f"I-{number:02d}" for number in range(1, 38))]


@cache
def docstrings(file: Path) -> dict[str, str]:
    """The docstring of every test of a file."""
    return {
        node.name: ast.get_docstring(node) or ""
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def ids_in(text: str) -> set[str]:
    """Every invariant that a text names, with those between the ends of a range."""
    return {
        f"{kind}-{number:02d}"
        for kind, first, last in NAMED.findall(text)
        for number in range(int(first), int(last or first) + 1)
    }


def test_every_invariant_stands_once_and_in_order() -> None:
    assert [row for row, *_ in ROW.findall(PAGE.read_text(encoding="utf-8"))] == ALL


def test_every_test_that_is_named_exists_and_names_the_invariant() -> None:
    wrong = []
    for row, _, _, proof in ROW.findall(PAGE.read_text(encoding="utf-8")):
        for test in re.findall(r"`([^`]+)`", proof):
            path, _, name = test.partition("::")
            file = ROOT / path
            if not file.exists() or name not in docstrings(file):
                wrong.append(f"{row}: {test} is not there")
            elif row not in ids_in(docstrings(file)[name]):
                wrong.append(f"{row}: {test} does not name it")
    assert wrong == []


def test_what_is_proven_has_a_proof_and_what_is_not_promised_has_none() -> None:
    for row, _, state, proof in ROW.findall(PAGE.read_text(encoding="utf-8")):
        assert ("`" in proof) is (state != "not yet"), row


def test_every_check_that_is_named_is_one_of_the_books() -> None:
    told = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
    checks = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "models" / "sql").glob("check_*.sql"))
    checks += (ROOT / "services" / "tiers" / "checking.py").read_text(encoding="utf-8")
    for row, _, _, proof in ROW.findall(PAGE.read_text(encoding="utf-8")):
        for check in re.findall(r"\*([^*]+)\*", proof):
            assert f"`{check}`" in told, (row, check)
            assert check.replace("'", "''") in checks or check in checks, (row, check)


def test_what_tests_name_is_in_the_table() -> None:
    known = set(ALL)
    lost = {
        f"{file.relative_to(ROOT)}::{name}": sorted(ids_in(text) - known)
        for file in (ROOT / "tests").rglob("test_*.py")
        for name, text in docstrings(file).items()
        if ids_in(text) - known
    }
    assert lost == {}
