"""Keeping to a vendor's limits: sliding windows of ours, and a door that stays shut for as long as the vendor said."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from math import ceil
from typing import Final

from integrations.ports import TooOften

Limits = Mapping[str, tuple[int, int, int]]
"""Calls of a group in a second, a minute and an hour."""
SPANS: Final = (1, 60, 3600)
PATIENCE_SECONDS: Final = 2.0
JITTER_SECONDS: Final = 0.2
"""What was sent at the ends of a window may arrive closer together, and the vendor counts what arrives."""


class Pace:
    """Lets a call through, or makes it wait a moment, or refuses it. `share` processes divide the limits among them.

    `patience` is how many seconds anybody waits for a turn.
    """

    def __init__(
        self, limits: Limits, *, share: int = 1, clock: Callable[[], float], patience: float = PATIENCE_SECONDS
    ) -> None:
        self._limits = {group: tuple(max(1, limit // share) for limit in windows) for group, windows in limits.items()}
        self._clock = clock
        self._patience = patience
        self._seen: dict[str, deque[float]] = defaultdict(deque)
        self._shut_until: dict[str, float] = {}

    async def turn(self, group: str) -> None:
        """Return when one more call may be made. Raises `TooOften` where that takes longer than anybody waits."""
        ends = self._clock() + self._patience
        while wait := self._wait(group):
            if self._clock() + wait > ends:
                raise TooOften(max(1, ceil(wait)))
            await asyncio.sleep(wait)
        self._seen[group].append(self._clock())

    def shut(self, group: str, seconds: int) -> None:
        """The vendor asked to be left alone for some time. The longest word holds: two answers may pass each other."""
        self._shut_until[group] = max(self._clock() + seconds, self._shut_until.get(group, 0.0))

    def _wait(self, group: str) -> float:
        now, seen = self._clock(), self._seen[group]
        while seen and now - seen[0] >= SPANS[-1] + JITTER_SECONDS:
            seen.popleft()
        waits = [self._shut_until.get(group, now) - now]
        for seconds, limit in zip(SPANS, self._limits[group], strict=True):
            span = seconds + JITTER_SECONDS
            if len(seen) >= limit and now - seen[-limit] < span:
                waits.append(span - (now - seen[-limit]))
        return max(0.0, *waits)
