"""A receipt that waits for a bank: what it brings when the bank has confirmed, whatever was returned of it meanwhile.

What a line would have counted and earned is computed once, by the rules of the purchase, and held back. When the bank's yes
comes, each line gets what would be left of it had it counted from the beginning: the parts that were returned meanwhile
are taken off by the formula of returns (`loyalty/refunds.py`). So the order of yes and returns changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What a bank says of an instalment."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


class InstalmentState(StrEnum):
    """How the payment of a receipt stands."""

    WAITING = "WAITING"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A line that waits: whether it counts, what it earns, and what of it came back: kopecks, and the part of the whole."""

    id: str
    net: int
    counts: bool
    earned: int
    refunded_net: int = 0
    refunded_part: int = 0
    whole: int = 1


@dataclass(frozen=True, slots=True)
class Credit:
    """What a confirmed receipt brings: kopecks that count and points, each in full and what of it is back already.

    `points_back` has a line's id and the points of it that are not given.
    """

    counted: int
    counted_back: int
    points: int
    points_back: tuple[tuple[str, int], ...]

    @property
    def counts(self) -> int:
        """The kopecks that begin to count."""
        return self.counted - self.counted_back

    @property
    def earns(self) -> int:
        """The points that are given."""
        return self.points - sum(back for _, back in self.points_back)


def credit(lines: Sequence[HeldBack]) -> Credit:
    """What lines that waited bring now."""
    return Credit(
        counted=sum(line.net for line in lines if line.counts),
        counted_back=sum(line.refunded_net for line in lines if line.counts),
        points=sum(line.earned for line in lines),
        points_back=tuple((line.id, line.earned * line.refunded_part // line.whole) for line in lines),
    )


def after(state: InstalmentState, decision: Decision) -> bool | None:
    """Whether a decision changes a state: True to carry it out, False where it was, None where it comes against another."""
    if state is InstalmentState.WAITING:
        return True
    return False if state.value == decision.value else None
