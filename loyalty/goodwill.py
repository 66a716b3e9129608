"""Points that the staff give or take by hand: how many in a day, and from how many on a second person says yes."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class GoodwillTerms:
    """What is given by hand, and taken by hand, on one local day, each counted apart and in whole points.

    `day` to one member in all; `approve_above` to one member without a second person; `operator_day` by one person without
    a second one, None for no such bound.
    """

    day: int
    approve_above: int
    operator_day: int | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved by hand on this local day, in the same direction: of the member, and without a second person."""

    member: int = 0
    member_alone: int = 0
    operator_alone: int = 0


class Verdict(StrEnum):
    """What becomes of points that somebody wants to move by hand."""

    AT_ONCE = "AT_ONCE"
    WAITS = "WAITS"
    TOO_MUCH = "TOO_MUCH"


def left(terms: GoodwillTerms, moved: Moved) -> int:
    """How many points more may be moved of this member today."""
    return max(terms.day - moved.member, 0)


def judged(terms: GoodwillTerms, points: int, moved: Moved, *, seconded: bool = False) -> Verdict:
    """What becomes of so many points, above or below zero. The day's most binds those that a second person approves too."""
    size = abs(points)
    if size > left(terms, moved):
        return Verdict.TOO_MUCH
    alone = moved.member_alone + size > terms.approve_above or (
        terms.operator_day is not None and moved.operator_alone + size > terms.operator_day
    )
    return Verdict.WAITS if alone and not seconded else Verdict.AT_ONCE
