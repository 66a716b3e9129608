"""The check of the history sees each thing that it is there for."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.torture.history import Command, FinalRead, History, check

GRANTED = 100
POSTED = {
    "__typename": "PurchasePosted",
    "purchase": {"id": "p", "net": "30.00", "points": {"earned": 2, "spent": 10}},
}
REFUNDED = {
    "__typename": "PurchaseRefunded",
    "purchase": {"id": "p"},
    "refund": {"id": "r", "net": "10.00", "points": {"givenBack": 3, "takenBack": 1}},
}
REFUSED = {"__typename": "Problem", "code": "QUOTE_EXPIRED"}
SCENE = tuple[History, FinalRead]


def scene() -> SCENE:
    """A receipt of which a third came back, a command that was refused, and one that never heard anything."""
    history = History(
        [
            Command("post", "R1", "guest", [POSTED, POSTED]),
            Command("refund", "B1", "guest", [REFUNDED]),
            Command("post", "R2", "guest", [REFUSED]),
            Command("post", "R3", "guest", [], lost=1),
        ]
    )
    kept: dict[str, Any] = {"id": "p", "number": "R1", "member": "guest", "net": 3000, "earned": 2, "spent": 10}
    back: dict[str, Any] = {"id": "r", "number": "B1", "member": "guest", "net": 1000, "given": 3, "taken": 1}
    return history, FinalRead([kept], [back], {"guest": {"purchases": 2000, "points": 94}}, {"COMMITTED": 1})


def row(number: str, **changes: Any) -> dict[str, Any]:
    return {"id": "x", "number": number, "member": "guest", "net": 0, "earned": 0, "spent": 0} | changes


def test_what_is_there_once_is_fine() -> None:
    history, read = scene()
    assert check(history, read, granted=GRANTED).is_clean
    assert (history.answered, history.replays, history.lost_answers) == (2, 1, 1)


def test_what_was_never_answered_may_be_there() -> None:
    history, read = scene()
    unknown = row("R3", net=500)
    standing = {"guest": {"purchases": 2500, "points": 94}}
    assert check(history, FinalRead([*read.purchases, unknown], read.refunds, standing, {}), granted=GRANTED).is_clean


def without_the_receipt(history: History, read: FinalRead) -> SCENE:
    return history, FinalRead([], read.refunds, read.standings, read.holds)


def without_the_return(history: History, read: FinalRead) -> SCENE:
    return history, FinalRead(read.purchases, [], read.standings, read.holds)


def twice(history: History, read: FinalRead) -> SCENE:
    return history, FinalRead([*read.purchases, *read.purchases], read.refunds, read.standings, read.holds)


def refused_and_there(history: History, read: FinalRead) -> SCENE:
    return history, FinalRead([*read.purchases, row("R2")], read.refunds, read.standings, read.holds)


def nobody_asked(history: History, read: FinalRead) -> SCENE:
    return history, FinalRead([*read.purchases, row("R9")], read.refunds, read.standings, read.holds)


def another_sum(history: History, read: FinalRead) -> SCENE:
    return history, FinalRead([dict(read.purchases[0]) | {"net": 1}], read.refunds, read.standings, read.holds)


def another_answer(history: History, read: FinalRead) -> SCENE:
    history.commands[0].answers.append(POSTED | {"points": 7})
    return history, read


def another_balance(history: History, read: FinalRead) -> SCENE:
    standings = {"guest": {"purchases": 2000, "points": 95}}
    return history, FinalRead(read.purchases, read.refunds, standings, read.holds)


def a_hold_that_stands(history: History, read: FinalRead) -> SCENE:
    return history, FinalRead(read.purchases, read.refunds, read.standings, {"ACTIVE": 1})


def a_server_error(history: History, read: FinalRead) -> SCENE:
    history.faults.append("500")
    return history, read


@pytest.mark.parametrize(
    ("plant", "where"),
    [
        (without_the_receipt, "lost"),
        (without_the_return, "lost"),
        (twice, "doubled"),
        (refused_and_there, "doubled"),
        (nobody_asked, "doubled"),
        (another_sum, "wrong"),
        (another_answer, "wrong"),
        (another_balance, "wrong"),
        (a_hold_that_stands, "wrong"),
        (a_server_error, "wrong"),
    ],
)
def test_a_planted_fault_is_found(plant: Callable[[History, FinalRead], SCENE], where: str) -> None:
    """I-12: the checker itself is checked."""
    history, read = plant(*scene())
    assert getattr(check(history, read, granted=GRANTED), where)
