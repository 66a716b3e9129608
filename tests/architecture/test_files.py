"""Files stay small, are named after what they hold, and speak of the project alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES_MAX = 400
FUNCTION_LINES_MAX = 60
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers", "stuff"}
SOURCE = {".py", ".ts", ".tsx", ".mjs", ".css", ".sql", ".html"}
TEXT = SOURCE | {".md", ".toml", ".yaml", ".yml", ".json", ".txt", ".in", ".lock", ".graphql", ".example", ".sh", ""}
AWAY = {".git", ".venv", "node_modules", "dist", "var", "made", "__pycache__", "test-results", "playwright-report"}
# Written by machines, from what is checked already.
GENERATED = re.compile(r"^frontend/(admin|cabinet|till)/graph/.*$")
MACHINE = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/")
REGISTRY = re.compile(r"https?://[^\s\"']*(pypi|npmjs|pythonhosted|registry)[^\s\"']*", re.IGNORECASE)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MOCKS = re.compile(r"unittest\.mock|mocker\.patch")


def files(suffixes: set[str]) -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        hidden = any(part.startswith(".") and part not in {".ci", ".env.example"} for part in inside.parts)
        if not hidden and path.is_file() and path.suffix in suffixes and AWAY.isdisjoint(inside.parts):
            yield inside


WRITTEN = [path for path in files(SOURCE) if not GENERATED.match(path.as_posix())]
PYTHON = [path for path in WRITTEN if path.suffix == ".py"]


def test_there_is_something_to_look_at() -> None:
    assert len(PYTHON) > 100


def test_files_are_small() -> None:
    long = {path.as_posix(): count for path in WRITTEN if (count := lines_of(path)) > LINES_MAX}
    assert not long, "split by subject, not by kind"


def test_files_are_named_after_what_they_hold() -> None:
    assert [path.as_posix() for path in WRITTEN if path.stem.lower() in VAGUE] == []


def test_functions_are_small() -> None:
    long = []
    for path in PYTHON:
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES_MAX:
                    long.append(f"{path}:{node.lineno} {node.name} {length}")
    assert not long


@pytest.mark.parametrize(
    ("what", "pattern", "where"),
    [
        ("a path of somebody's machine", MACHINE, TEXT),
        ("the address of a package registry", REGISTRY, TEXT),
        ("something left unfinished", UNFINISHED, SOURCE),
        ("a mock", MOCKS, {".py"}),
    ],
)
def test_nothing_in_the_tree_holds(what: str, pattern: re.Pattern[str], where: set[str]) -> None:
    found = []
    for path in files(where):
        if path.as_posix() == "tests/architecture/test_files.py" or path.name == "package-lock.json":
            continue
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        found += [f"{path}: {match.group()}" for match in pattern.finditer(text)]
    assert not found, what


def lines_of(path: Path) -> int:
    return (ROOT / path).read_text(encoding="utf-8").count("\n")
