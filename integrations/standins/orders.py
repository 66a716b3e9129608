"""What every stand-in can be told: how often which request fails, and what becomes of the events that it posts to us."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, Generic, Literal, TypeAlias, TypeVar

Fault: TypeAlias = Literal["slow", "late", "500", "503", "429", "lose", "odd"]
HookFault: TypeAlias = Literal["duplicate", "reorder", "drop"]
COPIES: Final = 10
Drawn = TypeVar("Drawn", bound=str)
Event = TypeVar("Event")


def drawn(chance: Random, often: Mapping[Drawn, int]) -> Drawn | None:
    """What happens to the next of a hundred, by how many meet each fault."""
    place = chance.randrange(100) if often else 100
    for fault, percent in often.items():
        place -= percent
        if place < 0:
            return fault
    return None


@dataclass
class Orders:
    """How a stand-in is to behave by chance: nothing goes wrong unless it is told.

    `often` and `hooks` are how many of a hundred requests, or of events on their way to us, meet each fault; `chance`
    draws. `slow` waits so many seconds before the work is done, `late` after it, and `lose` never answers what was done.
    What we do not take is posted again after each of `retry_seconds`.
    """

    often: Mapping[Fault, int] = field(default_factory=dict)
    hooks: Mapping[HookFault, int] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - faults that a seed repeats, no secrets
    slow_seconds: float = 1.0
    retry_seconds: Sequence[float] = (0.05, 0.2, 1.0)


@dataclass
class ByOperation(Orders):
    """The same by what is asked for: a fault in a list takes one request of its operation; the rest goes by `often`."""

    faults: Mapping[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def ordered(self, operation: str) -> Fault | None:
        """The fault of the next request of an operation."""
        waiting = self.faults[operation]
        return waiting.popleft() if waiting else drawn(self.chance, self.often)


class Astray(Generic[Event]):
    """Events on their way to us: ten times, behind a later one, or never. `lost` counts those nobody hears of again."""

    def __init__(self, orders: Orders) -> None:
        self.lost = 0
        self._orders = orders
        self._held: list[Event] = []

    def sent(self, event: Event) -> list[Event]:
        """What is posted now that an event happened, in its order: copies of it, and behind it what was held back."""
        fault = drawn(self._orders.chance, self._orders.hooks)
        if fault == "drop":
            self.lost += 1
            return []
        if fault == "reorder":
            self._held.append(event)
            return []
        return [event] * (COPIES if fault == "duplicate" else 1) + self.held()

    def held(self) -> list[Event]:
        """What was held back, the newest first; it is held no more."""
        waiting, self._held = self._held, []
        return waiting[::-1]
