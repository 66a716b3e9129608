"""Holding back from a side that fails: a breaker that lets nothing through for a while, and a budget of repeats."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from prometheus_client import Gauge

from integrations.ports import Unavailable

FAILURES_MAX: Final = 5
SHUT_SECONDS: Final = 15.0
SHUT_SECONDS_MAX: Final = 240.0
BUDGET: Final = 10.0
SHARE: Final = 0.1
SHUT: Final = Gauge(
    "kunak_breaker_shut", "Whether calls of an outside system are held back: 1 while they are.", ["system"]
)
Tell: TypeAlias = Callable[[str, Exception | None, float], None]
"""Hears of every call that ended: (system, how it failed or None, seconds for which calls are held back from now on)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many failures in a row calls are held back, for how many seconds at first, and at most."""

    failures: int = FAILURES_MAX
    seconds: float = SHUT_SECONDS
    seconds_max: float = SHUT_SECONDS_MAX


USUAL: Final = Patience()


class Breaker:
    """Opens by itself: after a pause that doubles, one call is let through, and what becomes of it decides.

    Every call that enters holds a pass. While calls are held back only the pass of the one that tries counts: how a call ended
    that began before, in better times, neither opens nor shuts anything.
    """

    def __init__(
        self, system: str, clock: Callable[[], float], tell: Tell | None = None, *, patience: Patience = USUAL
    ) -> None:
        self._system = system
        self._clock = clock
        self._tell = tell
        self._patience = patience
        self._failures = 0
        self._shut_until = 0.0
        self._pause = patience.seconds
        self._is_tried = False
        self._pass = 0
        SHUT.labels(system).set(0)

    @property
    def is_shut(self) -> bool:
        """Whether the next call would be held back, or is the one that tries."""
        return self._failures >= self._patience.failures

    @property
    def lets_through(self) -> bool:
        """Whether a call that entered now would be let through."""
        return not self.is_shut or (not self._is_tried and self._clock() >= self._shut_until)

    @property
    def held_seconds(self) -> float:
        """For how long no call is let through from now on."""
        return max(0.0, self._shut_until - self._clock()) if self.is_shut else 0.0

    def enter(self) -> int:
        """The pass of a call that may be made. Raises `Unavailable` while calls are held back."""
        if not self.lets_through:
            raise Unavailable(f"{self._system} fails and is left alone for a while")
        if self.is_shut:
            self._is_tried = True
            self._pass += 1
        return self._pass

    def note(self, entry: int, *, is_well: bool, error: Exception | None = None, at_least: float = 0.0) -> None:
        """How the call of a pass ended, and by what. What was understood and refused is well.

        After a failure that nothing but a person mends, calls are held back at once, `at_least` for so many seconds.
        """
        if entry == self._pass:
            if is_well:
                self._failures, self._pause = 0, self._patience.seconds
            else:
                self._failed(at_least)
            self._is_tried = False
        SHUT.labels(self._system).set(int(self.is_shut))
        if self._tell is not None:
            self._tell(self._system, error or (None if is_well else Unavailable("no answer")), self.held_seconds)

    def leave(self, entry: int) -> None:
        """The call of a pass ended without saying anything about the other side."""
        if entry == self._pass:
            self._is_tried = False

    def _failed(self, at_least: float) -> None:
        self._failures = max(self._failures + 1, self._patience.failures if at_least else 0)
        if self._is_tried:
            self._pause = min(self._pause * 2, self._patience.seconds_max)
        self._shut_until = self._clock() + max(self._pause, at_least)
        if self.is_shut:
            # Passes of calls that are still under way end here.
            self._pass += 1


class RetryBudget:
    """Lets a tenth of the calls be repeated: a side that fails is not asked twice as often for it."""

    def __init__(self) -> None:
        self._left = BUDGET

    def earn(self) -> None:
        """A first call was made."""
        self._left = min(BUDGET, self._left + SHARE)

    def spend(self) -> bool:
        """Whether one call may be repeated."""
        if self._left < 1:
            return False
        self._left -= 1
        return True
