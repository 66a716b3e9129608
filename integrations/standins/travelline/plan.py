"""How the stand-in is to behave: faults by operation, prices that change, answers to a token used twice."""

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal

from integrations.standins.faults import Fault, drawn

_OPERATIONS: Final = (
    ("token", re.compile(r"/auth/token")),
    ("content", re.compile(r"/api/content/v1/properties(/\w+)?")),
    ("lowest", re.compile(r"/api/search/v1/properties/room-stays/search")),
    ("search", re.compile(r"/api/search/v1/properties/\w+/room-stays")),
    ("verify", re.compile(r"/api/reservation/v[12]/bookings/verify")),
    ("create", re.compile(r"/api/reservation/v[12]/bookings")),
    ("penalty", re.compile(r"/api/reservation/v[12]/bookings/[\w-]+/calculate-cancellation-penalty")),
    ("cancel", re.compile(r"/api/reservation/v[12]/bookings/[\w-]+/cancel")),
    ("list", re.compile(r"/api/read-reservation/v1/properties/\w+/bookings")),
    ("details", re.compile(r"/api/read-reservation/v1/properties/\w+/bookings/[\w-]+")),
)


@dataclass
class Plan:
    """Orders for the stand-in. A fault in a list takes one request of its operation; the rest goes well, or by `often`.

    `often` is how many of a hundred requests meet each fault; `chance` draws.

    `dearer` raises a room type's price, in roubles, between a search and the first verify of it. `repeated` says what
    a token answers that was used already. `event_times` sends each event so many times. `gone` are pictures, such as
    `41007-1`, that the content names and nobody has.
    """

    faults: Mapping[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    often: Mapping[Fault, int] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - faults that a seed repeats, no secrets
    slow_seconds: float = 1.0
    dearer: dict[str, int] = field(default_factory=dict)
    repeated: Literal["same", "refused"] = "refused"
    token_seconds: int = 900
    event_times: int = 1
    gone: set[str] = field(default_factory=set)
    retry_seconds: Sequence[float] = (0.05, 0.2, 1.0)

    def ordered(self, path: str) -> Fault | None:
        """The fault of the next request of this path."""
        waiting = self.faults[operation_of(path)]
        return waiting.popleft() if waiting else drawn(self.chance, self.often)


def operation_of(path: str) -> str:
    """What a path asks for."""
    return next((name for name, shape in _OPERATIONS if shape.fullmatch(path)), "other")
