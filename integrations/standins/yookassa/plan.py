"""How the stand-in is to behave: faults by operation, refunds that take their time, notifications that go astray."""

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal

from integrations.standins.faults import Fault, drawn

_OPERATIONS: Final = (
    ("payments", re.compile(r"/v3/payments")),
    ("payment", re.compile(r"/v3/payments/[\w-]+")),
    ("capture", re.compile(r"/v3/payments/[\w-]+/capture")),
    ("cancel", re.compile(r"/v3/payments/[\w-]+/cancel")),
    ("refunds", re.compile(r"/v3/refunds")),
    ("refund", re.compile(r"/v3/refunds/[\w-]+")),
    ("page", re.compile(r"/checkout/[\w-]+")),
)


@dataclass
class Plan:
    """Orders for the stand-in. A fault in a list takes one request of its operation; the rest goes well, or by `often`.

    `receipts`: whether the shop must send them. `refunds` is what a new refund stands at. `told_times` sends each
    notification so many times, `kept_back` of them not at all, and `turned` sends what waits newest first.
    """

    faults: Mapping[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    often: Mapping[Fault, int] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - faults that a seed repeats, no secrets
    slow_seconds: float = 1.0
    receipts: bool = False
    refunds: Literal["succeeded", "pending", "canceled"] = "succeeded"
    told_times: int = 1
    kept_back: int = 0
    turned: bool = False
    retry_seconds: Sequence[float] = (0.05, 0.2, 1.0)

    def ordered(self, path: str) -> Fault | None:
        """The fault of the next request of this path."""
        waiting = self.faults[operation_of(path)]
        return waiting.popleft() if waiting else drawn(self.chance, self.often)


def operation_of(path: str) -> str:
    """What a path asks for."""
    return next((name for name, shape in _OPERATIONS if shape.fullmatch(path)), "other")
