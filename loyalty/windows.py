"""For how long a counted purchase supports a tier: for ever, for a number of days or months, or through calendar years.

Everything follows from the days of purchases, so no order in which they arrive can bend it. A purchase is dated by its
own day in the programme's zone; what was returned of it is taken off that same day. Where a programme lets a tier hold to
its end in spite of a return, the day of the return begins a second life, in which it never happened: `kept`.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, TypeAlias

MONTHS: Final = 12

Days: TypeAlias = Mapping[date, int]
"""Kopecks that count, by the local day of the purchase, less what was returned of it."""


class WindowKind(StrEnum):
    """What sort of stretch of time supports a tier."""

    LIFETIME = "LIFETIME"
    ROLLING = "ROLLING"
    CALENDAR = "CALENDAR"


class Fall(StrEnum):
    """How a tier ends that is not supported any more: to what the facts say, or one step at a time."""

    TO_FACTS = "TO_FACTS"
    ONE_STEP = "ONE_STEP"


class AfterRefund(StrEnum):
    """When a return that takes a member below a threshold is felt: in its own transaction, or when the tier would have ended."""

    AT_ONCE = "AT_ONCE"
    PERIOD_END = "PERIOD_END"


@dataclass(frozen=True, slots=True)
class Return:
    """Kopecks that a purchase of one day counted, given back on another."""

    bought: date
    day: date
    amount: int


@dataclass(frozen=True, slots=True)
class TierWindow:
    """The terms of a programme: a kind, its length (rolling: days or months; calendar: years from a month), and the end.

    A rolling window supports a tier while the purchases of its length reach the threshold. A year supports what it
    reached until the end of the year after it. Both hold the tier `grace_days` longer. `announce_days`: how many days before
    a tier ends its owner is told, the earliest first.
    """

    kind: WindowKind = WindowKind.LIFETIME
    days: int | None = None
    months: int | None = None
    from_month: int = 1
    grace_days: int = 0
    fall: Fall = Fall.TO_FACTS
    after_refund: AfterRefund = AfterRefund.AT_ONCE
    announce_days: tuple[int, ...] = ()

    @property
    def has_end(self) -> bool:
        """Whether time takes tiers back."""
        return self.kind is not WindowKind.LIFETIME

    def counts_until(self, day: date) -> date:
        """The first day on which a purchase of `day` counts no more. Of a calendar window: the first day of the next year."""
        if self.kind is WindowKind.CALENDAR:
            return self.year_begins(self.year_of(day) + 1)
        if self.days is not None:
            return day + timedelta(days=self.days)
        return _months_later(day, self.months or 0)

    def counted(self, days: Days, on: date) -> int:
        """What counts on a day, of purchases up to it. Kopecks."""
        return sum(amount for day, amount in days.items() if day <= on < self.counts_until(day))

    def year_of(self, day: date) -> int:
        """The calendar window's year of a day, by the year it begins in."""
        return day.year if day.month >= self.from_month else day.year - 1

    def year_begins(self, year: int) -> date:
        """The first day of a year of the calendar window."""
        return date(year, self.from_month, 1)

    def oldest_day(self, on: date, tiers: int) -> date:
        """The oldest day whose purchases may still be felt on a day, in a programme of so many tiers."""
        steps = 1 if self.fall is Fall.TO_FACTS else tiers
        if self.kind is WindowKind.CALENDAR:
            return self.year_begins(self.year_of(on) - steps - 1)
        felt = on - timedelta(days=self.grace_days * steps)
        if self.days is not None:
            return felt - timedelta(days=self.days)
        # A month back may be a shorter one: a week more reads a few rows too many and never one too few.
        return _months_later(felt, -(self.months or 0)) - timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Support:
    """A stretch of days, the last one not included, in which the facts hold a member at a level (the place of a tier)."""

    level: int
    begins: date
    ends: date


def supports(window: TierWindow, thresholds: Sequence[int], days: Days) -> tuple[Support, ...]:
    """Every stretch in which facts hold a level above the first. On a day the highest of them counts."""
    found = _of_years if window.kind is WindowKind.CALENDAR else _of_rolling
    return tuple(found(window, thresholds, days)) if window.has_end else ()


def kept(window: TierWindow, thresholds: Sequence[int], days: Days, returns: Sequence[Return]) -> tuple[Support, ...]:
    """The stretches in which a tier outlives a return, where the programme says so: to the end it had without it.

    A return leaves alone what the purchases of earlier days held when its day began. Those of that day and of later ones
    count as they are, less what came back: nothing is reached, and nothing held longer, with what was returned.
    """
    if not window.has_end or window.after_refund is AfterRefund.AT_ONCE:
        return ()
    found: list[Support] = []
    for day in sorted({one.day for one in returns}):
        before = {bought: amount for bought, amount in days.items() if bought < day}
        for one in returns:
            if one.bought < day <= one.day:
                before[one.bought] = before.get(one.bought, 0) + one.amount
        found += [
            replace(one, begins=max(one.begins, day)) for one in supports(window, thresholds, before) if one.ends > day
        ]
    return tuple(found)


def level_of(thresholds: Sequence[int], amount: int) -> int:
    """The place of the highest threshold that a sum has reached (at ≥)."""
    return max(bisect_right(thresholds, amount) - 1, 0)


def _of_rolling(window: TierWindow, thresholds: Sequence[int], days: Days) -> Iterator[Support]:
    moves: dict[date, int] = {}
    for day, amount in days.items():
        gone = window.counts_until(day)
        moves[day] = moves.get(day, 0) + amount
        moves[gone] = moves.get(gone, 0) - amount
    amount, level, since = 0, 0, date.min
    for day in sorted(moves):
        amount += moves[day]
        reached = level_of(thresholds, amount)
        if reached != level:
            yield from _falling(window, level, since, _graces(day, window.grace_days))
            level, since = reached, day


def _of_years(window: TierWindow, thresholds: Sequence[int], days: Days) -> Iterator[Support]:
    amount, level, year = 0, 0, date.min.year
    for day in sorted(days):
        if window.year_of(day) != year:
            amount, level, year = 0, 0, window.year_of(day)
        amount += days[day]
        reached = level_of(thresholds, amount)
        if reached > level:
            level = reached
            yield from _falling(window, level, day, _years(window, year + 2))


def _falling(window: TierWindow, level: int, since: date, ends: Iterator[date]) -> Iterator[Support]:
    """The level from its day to its end, and the steps below it where the programme falls by one."""
    if level == 0:
        return
    last = 1 if window.fall is Fall.ONE_STEP else level
    bounds = [since, *(next(ends) for _ in range(level, last - 1, -1))]
    for step, (begins, end) in enumerate(pairwise(bounds)):
        yield Support(level - step, begins, end)


def _graces(unsupported: date, grace_days: int) -> Iterator[date]:
    end = unsupported
    while True:
        end += timedelta(days=grace_days)
        yield end


def _years(window: TierWindow, first: int) -> Iterator[date]:
    year = first
    while True:
        yield window.year_begins(year) + timedelta(days=window.grace_days)
        year += 1


def _months_later(day: date, months: int) -> date:
    """The same day of another month, or its last one where it is shorter."""
    month = day.month - 1 + months
    year, month = day.year + month // MONTHS, month % MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
