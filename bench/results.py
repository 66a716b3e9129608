"""What a run found: series of rounds, set beside their limits and targets, printed as one table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

from bench.laps import Lap

_THOUSAND: Final = 1000
_TEN: Final = 10


@dataclass(slots=True)
class Series:
    """One number a round."""

    values: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return median(self.values)

    def over(self, other: "Series") -> "Series":
        """Round by round against another: what disturbed the machine in a round disturbed both."""
        return Series([mine / theirs for mine, theirs in zip(self.values, other.values, strict=True)])

    def told(self) -> str:
        """The median with the least and the most."""
        return f"{number(self.median)} [{number(min(self.values))}-{number(max(self.values))}]"


@dataclass(frozen=True, slots=True)
class Target:
    """What must be reached: a ratio or a value that may not be below, or above."""

    bound: float
    at_most: bool = False

    def met(self, value: float) -> bool:
        """Whether a value is good enough."""
        return value <= self.bound if self.at_most else value >= self.bound

    def told(self) -> str:
        """The target as the table shows it."""
        return f"{'≤' if self.at_most else '≥'} {number(self.bound)}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. With a limit the target is held against the ratio, without one against the value."""

    what: str
    value: Series
    unit: str
    limit: str = ""
    best: Series | None = None
    target: Target | None = None
    note: str = ""

    @property
    def ratio(self) -> Series | None:
        """Ours over the limit's, round by round."""
        return None if self.best is None else self.value.over(self.best)

    @property
    def is_missed(self) -> bool:
        """Whether a target was set and not reached."""
        held = self.ratio or self.value
        return self.target is not None and not self.target.met(held.median)

    def cells(self) -> list[str]:
        """The texts of this line's columns."""
        ratio = self.ratio
        verdict = "" if self.target is None else "NOT met" if self.is_missed else "met"
        return [
            self.what,
            f"{self.value.told()} {self.unit}",
            "" if self.best is None else f"{self.limit}: {self.best.told()}",
            "" if ratio is None else ratio.told(),
            "" if self.target is None else self.target.told(),
            verdict,
            self.note,
        ]


@dataclass(slots=True)
class Pace:
    """The rounds of one kind of request: answers a second, how soon they came, and what they cost the server."""

    rate: Series = field(default_factory=Series)
    p50: Series = field(default_factory=Series)
    p99: Series = field(default_factory=Series)
    cpu_millis: Series = field(default_factory=Series)

    def add(self, lap: Lap, cpu_seconds: float) -> None:
        """One more round, with the processor time that the server took for it."""
        self.rate.values.append(lap.rate)
        self.p50.values.append(lap.percentile(50))
        self.p99.values.append(lap.percentile(99))
        self.cpu_millis.values.append(cpu_seconds * 1000 / len(lap.millis))

    def row(self, what: str, limit: str = "", best: Series | None = None, target: Target | None = None) -> Row:
        """These rounds as a line of the table."""
        cost = f"server {number(self.cpu_millis.median)} ms CPU"
        note = f"{cost}, p50 {number(self.p50.median)} ms, p99 {number(self.p99.median)} ms"
        return Row(what, self.rate, "/s", limit=limit, best=best, target=target, note=note)


HEADS: Final = ["figure", "median [min-max]", "limit", "ratio", "target", "", "of which"]


def table(rows: Sequence[Row]) -> str:
    """The lines under their heads, as Markdown, so that a run can be kept in the documents as it is."""
    cells = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADS))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def number(value: float) -> str:
    """A number with as many digits as it deserves."""
    if value >= _THOUSAND:
        return f"{value:,.0f}".replace(",", " ")
    if value >= _TEN:
        return f"{value:.0f}" if value >= _TEN**2 else f"{value:.1f}"
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"
