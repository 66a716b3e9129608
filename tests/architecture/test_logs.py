"""Facts that a line of the log is given are facts that the log writes: any other name is dropped without a word."""

import ast
from collections.abc import Iterator
from pathlib import Path

from api.logs import FACTS

ROOT = Path(__file__).parents[2]
FLOORS = ("api", "integrations", "jobs", "graph", "services")


def given() -> Iterator[tuple[str, str]]:
    """(where, name) of every fact in the code."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            # A line is written by a logger's method; a plain name that is called may have an `extra` of its own.
            calls = (
                node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            )
            for call in calls:
                for facts in (word.value for word in call.keywords if word.arg == "extra"):
                    yield from ((f"{path.name}:{call.lineno}", name) for name in names_in(facts, tree))


def names_in(facts: ast.expr, tree: ast.AST) -> Iterator[str]:
    """The names of a dictionary that is written out, there or where its variable is given."""
    written: list[ast.expr] = [facts]
    if isinstance(facts, ast.Name):
        assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
        written = [node.value for node in assigned if ast.unparse(node.targets[0]) == facts.id]
        assert written
    for one in written:
        assert isinstance(one, ast.Dict), "facts are written out, so that their names can be read"
        for key in one.keys:
            assert isinstance(key, ast.Constant)
            yield str(key.value)


def test_every_fact_of_a_line_is_written() -> None:
    found = list(given())
    assert len(found) >= 20
    assert [(where, name) for where, name in found if name not in FACTS] == []
    assert FACTS - {name for _, name in found} == set(), "and nothing is let through that nobody says"
