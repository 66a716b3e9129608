"""What campaigns may know: the place and the moment, the guest, what was used up, and what came of each campaign."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from loyalty.promotions.campaigns import Birthday, Bounds, Fact
from loyalty.reasons import Reason

LEAP_DAY = 29


@dataclass(frozen=True, slots=True)
class Guest:
    """What campaigns may know of a member; dates are local. `purchases` were made before this one.

    `has_grant` says that a tier was given until a moment that has not come. It is read where a campaign gives one.
    """

    id: str
    joined: date
    purchases: int = 0
    accumulated: int = 0
    born: date | None = None
    last_purchase: date | None = None
    has_grant: bool = False


@dataclass(frozen=True, slots=True)
class Used:
    """What a campaign has given so far: kopecks, points and receipts in all, and receipts of this guest."""

    discount: int = 0
    points: int = 0
    uses: int = 0
    by_member: int = 0


NOTHING_USED = Used()


@dataclass(frozen=True, slots=True)
class Occasion:
    """A basket's place, local moment and guest. `codes` are the campaigns that a promo code of the guest opens.

    With `is_paid` the guest has paid already: only what adds points is tried, since nothing can be taken off any more.
    With `waits` a bank has still to confirm the payment, and no tier is given for it.
    """

    partner: str
    outlet: str
    channel: str
    tier: str
    local: datetime
    guest: Guest
    used: Mapping[str, Used] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    is_paid: bool = False
    waits: bool = False


class State(StrEnum):
    """What came of a campaign that was tried."""

    APPLIED = "APPLIED"
    LOST = "LOST"
    MISSING = "MISSING"
    OVER = "OVER"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A campaign that was tried: what it gave, or why not.

    `more` are the points that a multiplier brings beyond the usual ones if all is paid with money: told by back-tests alone.
    """

    campaign: str
    state: State
    reasons: tuple[Reason, ...]
    discount: int = 0
    points: int = 0
    more: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Part:
    """What one campaign gave on one line: kopecks off and gift points; neither where it multiplied points."""

    campaign: str
    amount: int = 0
    points: int = 0


def belongs(bounds: tuple[Bounds, ...], guest: Guest, today: date) -> bool:
    """Whether a guest is in a segment. A fact that is not known is in no bounds."""
    for asked in bounds:
        value = _fact(asked.fact, guest, today)
        if value is None or (asked.low is not None and value < asked.low):
            return False
        if asked.high is not None and value > asked.high:
            return False
    return True


def is_near_birthday(window: Birthday, born: date | None, today: date) -> bool:
    """Whether a day lies within the window round a birthday; who was born on 29 February has it on the 28th otherwise."""
    if born is None:
        return False
    for year in (today.year - 1, today.year, today.year + 1):
        day = _birthday(born, year)
        if day - timedelta(days=window.before) <= today <= day + timedelta(days=window.after):
            return True
    return False


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return born.replace(year=year, day=LEAP_DAY - 1)


def _fact(fact: Fact, guest: Guest, today: date) -> int | None:
    if fact is Fact.AGE:
        return None if guest.born is None else _age(guest.born, today)
    if fact is Fact.ABSENT_DAYS:
        return None if guest.last_purchase is None else (today - guest.last_purchase).days
    if fact is Fact.MEMBER_DAYS:
        return (today - guest.joined).days
    return guest.purchases if fact is Fact.PURCHASES else guest.accumulated


def _age(born: date, today: date) -> int:
    return today.year - born.year - (today < _birthday(born, today.year))
