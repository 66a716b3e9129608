"""Whether a system works, from what is known of it: the rules behind every colour of the status page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SHARE_PERCENT: Final = 10
CALLS_MIN: Final = 10
# An answer this fresh says that the last failure was a single one.
FRESH: Final = timedelta(minutes=10)


class Kind(StrEnum):
    """What a system is to us."""

    PLUGINS = "PLUGINS"
    RESTAURANTS = "RESTAURANTS"
    HOTELS = "HOTELS"
    ACQUIRER = "ACQUIRER"
    GATEWAY = "GATEWAY"
    MAIL = "MAIL"
    WEBHOOKS = "WEBHOOKS"
    INBOX = "INBOX"
    JOBS = "JOBS"
    OTHER = "OTHER"


class State(StrEnum):
    """How a system is, the gravest first. UNUSED: nothing was ever asked of it."""

    FAILING = "FAILING"
    ATTENTION = "ATTENTION"
    WORKING = "WORKING"
    UNUSED = "UNUSED"


class Trouble(StrEnum):
    """What is wrong, the gravest first."""

    NOT_LET_IN = "NOT_LET_IN"
    UNAVAILABLE = "UNAVAILABLE"
    TOO_OFTEN = "TOO_OFTEN"
    LATE = "LATE"
    BALANCE_LOW = "BALANCE_LOW"
    BALANCE_UNKNOWN = "BALANCE_UNKNOWN"
    ASIDE = "ASIDE"
    UNSTEADY = "UNSTEADY"


# Older than this, what waits is late: nobody works it off, or it is held back.
LATE: Final[Mapping[Kind, timedelta]] = {
    Kind.PLUGINS: timedelta(minutes=15),
    Kind.RESTAURANTS: timedelta(minutes=15),
    Kind.HOTELS: timedelta(minutes=15),
    Kind.ACQUIRER: timedelta(minutes=5),
    Kind.GATEWAY: timedelta(minutes=15),
    Kind.MAIL: timedelta(minutes=5),
    Kind.WEBHOOKS: timedelta(hours=1),
    Kind.INBOX: timedelta(minutes=15),
    Kind.JOBS: timedelta(minutes=5),
    Kind.OTHER: timedelta(minutes=15),
}
# Without these nothing of ours goes on: what stands for letters and jobs stands for everybody.
_FAILING: Final = frozenset({Trouble.NOT_LET_IN, Trouble.UNAVAILABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a system: calls of a day, the newest answer and failure, what waits and what was put aside.

    `held_until`: a process leaves it alone till then. `balance` and `alarm` are kopecks; an account that was read and
    told nothing has an `alarm` alone.
    """

    answered: int = 0
    failed: int = 0
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    fault: str | None = None
    detail: str | None = None
    held_until: datetime | None = None
    waiting: int = 0
    waiting_since: datetime | None = None
    aside: int = 0
    balance: int | None = None
    alarm: int | None = None

    @property
    def has_failed_last(self) -> bool:
        """Whether the newest call is one that failed."""
        return self.failed_at is not None and (self.answered_at is None or self.failed_at > self.answered_at)

    def is_held(self, now: datetime) -> bool:
        """Whether it is left alone now. An answer since then says that it is asked again."""
        return self.has_failed_last and self.held_until is not None and self.held_until > now


def judged(kind: Kind, facts: Facts, now: datetime) -> tuple[State, tuple[Trouble, ...]]:
    """(state, troubles) of a system."""
    troubles = tuple(sorted(_troubles(kind, facts, now), key=list(Trouble).index))
    if not troubles:
        is_ours = kind in {Kind.INBOX, Kind.JOBS}
        return (State.WORKING if facts.answered_at or is_ours else State.UNUSED), ()
    is_stuck = kind in {Kind.JOBS, Kind.MAIL} and Trouble.LATE in troubles
    is_down = bool(_FAILING & set(troubles)) and (facts.is_held(now) or not _is_fresh(facts, now))
    return (State.FAILING if is_stuck or is_down else State.ATTENTION), troubles


def _troubles(kind: Kind, facts: Facts, now: datetime) -> Iterator[Trouble]:
    if facts.has_failed_last and facts.fault is not None:
        yield Trouble(facts.fault)
    elif facts.answered + facts.failed >= CALLS_MIN and _share(facts) >= SHARE_PERCENT:
        yield Trouble.UNSTEADY
    if facts.waiting_since is not None and now - facts.waiting_since > LATE[kind]:
        yield Trouble.LATE
    if facts.alarm is not None and facts.balance is None:
        yield Trouble.BALANCE_UNKNOWN
    elif facts.alarm is not None and facts.balance is not None and facts.balance < facts.alarm:
        yield Trouble.BALANCE_LOW
    if facts.aside:
        yield Trouble.ASIDE


def _share(facts: Facts) -> int:
    """The percent of a day's calls that failed."""
    return facts.failed * 100 // (facts.answered + facts.failed)


def _is_fresh(facts: Facts, now: datetime) -> bool:
    return facts.answered_at is not None and now - facts.answered_at <= FRESH
