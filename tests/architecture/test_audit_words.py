"""Every action that code writes into the log of the staff has its words in both languages, and no words are left over."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from graph.staff.log import ACTIONS
from loyalty.statements import Side, StatementState, may_do
from services.control.deciding import Decision
from services.payments.waiting import Decision as MoneyDecision

ROOT = Path(__file__).parents[2]
FLOORS = ("api", "jobs", "graph", "services")
# Actions that are put together: what stands behind the point.
OPEN = {
    "signal.": {decision.lower() for decision in get_args(Decision)},
    "payment.": {decision.lower() for decision in MoneyDecision},
    "settlement.": {to.lower() for to in StatementState if may_do(to, frozenset(Side))},
}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            yield f"{path.relative_to(ROOT)}", ast.parse(path.read_text(encoding="utf-8"))


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def takers(tree: ast.Module) -> dict[str, int]:
    """The functions with a parameter `action` and its place among the arguments of a call."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [one.arg for one in [*node.args.posonlyargs, *node.args.args] if one.arg != "self"]
            if "action" in names:
                found[node.name] = names.index("action")
    return found


def given(call: ast.Call, place: int | None, tree: ast.Module) -> ast.expr | None:
    """What a call gives as the action; a constant of the module by its value."""
    value = next((word.value for word in call.keywords if word.arg == "action"), None)
    if value is None and place is not None and len(call.args) > place:
        value = call.args[place]
    constants = (node for node in tree.body if isinstance(node, ast.AnnAssign) and isinstance(value, ast.Name))
    return next((node.value for node in constants if ast.unparse(node.target) == ast.unparse(value)), value)  # type: ignore[arg-type]


def written() -> Iterator[tuple[str, str]]:
    """(where, action) of everything that is written as one, patterns spelled out."""
    everywhere = list(trees())
    shared = {name: place for _, tree in everywhere for name, place in takers(tree).items() if name == "acting"}
    assert shared, "the unit of work of the staff takes an action"
    for where, tree in everywhere:
        places = shared | takers(tree)
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = name_of(call)
            if name not in {*places, "Event", "record"}:
                continue
            value = given(call, places.get(name), tree)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield f"{where}:{call.lineno}", value.value
            elif isinstance(value, ast.JoinedStr):
                start = value.values[0]
                assert isinstance(start, ast.Constant), f"{where}:{call.lineno} begins with a word that can be read"
                yield from ((f"{where}:{call.lineno}", f"{start.value!s}{end}") for end in OPEN[str(start.value)])
            elif value is not None:
                # Passed on from a parameter, a column, or the name of a refused field, which is shown as it is.
                assert ast.unparse(value) in {"action", "action or self.action", "info.field_name"}, (
                    f"{where}:{call.lineno}"
                )


def test_every_action_has_its_words() -> None:
    """A line of the log is read by people: its code alone says nothing to them."""
    missing = {action: where for where, action in written() if action not in ACTIONS}
    assert missing == {}


def test_no_words_are_left_over() -> None:
    assert sorted(set(ACTIONS) - {action for _, action in written()}) == []


def test_both_languages_are_there() -> None:
    for action, words in ACTIONS.items():
        assert words.in_locale("ru"), action
        assert words.in_locale("en"), action
        assert words.in_locale("ru") != words.in_locale("en"), action
