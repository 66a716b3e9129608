"""Which colour a system has, and why."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.status.judging import Facts, Kind, State, Trouble, judged

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


def ago(now: datetime, **facts: Any) -> Facts:
    """Facts whose moments are said as spans before now."""
    told: dict[str, Any] = {name: now - fact if isinstance(fact, timedelta) else fact for name, fact in facts.items()}
    return Facts(**told)


WELL = {"answered": 100, "answered_at": MINUTE}
DOWN = {"failed_at": SECOND, "fault": "UNAVAILABLE"}
CASES: list[tuple[Kind, dict[str, Any], State, list[Trouble]]] = [
    (Kind.GATEWAY, {}, State.UNUSED, []),
    (Kind.JOBS, {}, State.WORKING, []),
    (Kind.INBOX, {}, State.WORKING, []),
    (Kind.GATEWAY, WELL, State.WORKING, []),
    # A single failure among answers asks for a look; one that lasts is an outage.
    (Kind.GATEWAY, WELL | DOWN | {"failed": 1}, State.ATTENTION, [Trouble.UNAVAILABLE]),
    (Kind.GATEWAY, WELL | DOWN | {"failed": 1, "answered_at": 11 * MINUTE}, State.FAILING, [Trouble.UNAVAILABLE]),
    (Kind.GATEWAY, DOWN | {"failed": 1}, State.FAILING, [Trouble.UNAVAILABLE]),
    (Kind.GATEWAY, WELL | DOWN | {"failed": 5, "held_until": -MINUTE}, State.FAILING, [Trouble.UNAVAILABLE]),
    (Kind.GATEWAY, DOWN | {"failed": 1, "fault": "NOT_LET_IN"}, State.FAILING, [Trouble.NOT_LET_IN]),
    (Kind.GATEWAY, DOWN | {"failed": 1, "fault": "TOO_OFTEN"}, State.ATTENTION, [Trouble.TOO_OFTEN]),
    # It has answered since: the hold of one process is over for the others.
    (Kind.HOTELS, {**WELL, **DOWN, "failed": 5, "failed_at": 2 * MINUTE, "held_until": -MINUTE}, State.WORKING, []),
    (Kind.HOTELS, WELL | {"failed": 11}, State.WORKING, []),
    (Kind.HOTELS, WELL | {"failed": 12}, State.ATTENTION, [Trouble.UNSTEADY]),
    (Kind.HOTELS, {"answered": 5, "failed": 4, "answered_at": MINUTE}, State.WORKING, []),
    (Kind.RESTAURANTS, WELL | {"waiting": 3, "waiting_since": 14 * MINUTE}, State.WORKING, []),
    (Kind.RESTAURANTS, WELL | {"waiting": 3, "waiting_since": 16 * MINUTE}, State.ATTENTION, [Trouble.LATE]),
    (Kind.JOBS, {"waiting": 1, "waiting_since": 6 * MINUTE}, State.FAILING, [Trouble.LATE]),
    (Kind.MAIL, WELL | {"waiting": 1, "waiting_since": 6 * MINUTE}, State.FAILING, [Trouble.LATE]),
    (Kind.WEBHOOKS, WELL | {"waiting": 1, "waiting_since": 59 * MINUTE}, State.WORKING, []),
    (Kind.INBOX, {"aside": 1}, State.ATTENTION, [Trouble.ASIDE]),
    (Kind.GATEWAY, WELL | {"balance": 100, "alarm": 100}, State.WORKING, []),
    (Kind.GATEWAY, WELL | {"balance": 99, "alarm": 100}, State.ATTENTION, [Trouble.BALANCE_LOW]),
    (Kind.GATEWAY, WELL | {"alarm": 100}, State.ATTENTION, [Trouble.BALANCE_UNKNOWN]),
    (
        Kind.GATEWAY,
        DOWN | {"failed": 3, "fault": "NOT_LET_IN", "balance": 0, "alarm": 100, "waiting": 2, "waiting_since": HOUR},
        State.FAILING,
        [Trouble.NOT_LET_IN, Trouble.LATE, Trouble.BALANCE_LOW],
    ),
]


@pytest.mark.parametrize(("kind", "facts", "state", "troubles"), CASES)
def test_facts_have_one_state(
    now: datetime, kind: Kind, facts: dict[str, Any], state: State, troubles: list[Trouble]
) -> None:
    """A-106: what the status page says follows from what is known, at the edge of each rule."""
    assert judged(kind, ago(now, **facts), now) == (state, tuple(troubles))
