"""A vendor's limits as sliding windows, told in its headers."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from math import ceil
from typing import Final

Rates = Mapping[str, tuple[int, int, int]]
SPANS: Final = (("second", 1), ("minute", 60), ("hour", 3600))


class Windows:
    """How often each group was asked of late, by a clock that only runs forward."""

    def __init__(self, rates: Rates, monotonic: Callable[[], float]) -> None:
        self.rates = dict(rates)
        self._monotonic = monotonic
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def ask(self, group: str) -> tuple[int | None, dict[str, str]]:
        """(seconds to wait or None, the headers that tell what is left)."""
        now, seen = self._monotonic(), self._seen[group]
        while seen and now - seen[0] > SPANS[-1][1]:
            seen.popleft()
        headers: dict[str, str] = {}
        wait = 0.0
        for (name, span), limit in zip(SPANS, self.rates[group], strict=True):
            recent = [at for at in seen if now - at < span]
            if len(recent) >= limit:
                wait = max(wait, span - (now - recent[-limit]))
            headers[f"x-ratelimit-remaining-{name}"] = str(max(0, limit - len(recent) - 1))
        if wait > 0:
            return ceil(wait), headers
        seen.append(now)
        return None, headers

    def wait_for(self, group: str, count: int) -> float:
        """Seconds until so many more would be let in at once, for whoever shares the windows and wants to fit in."""
        now, seen, wait = self._monotonic(), self._seen[group], 0.0
        for (name, span), limit in zip(SPANS, self.rates[group], strict=True):
            if count > limit:
                raise ValueError(f"{count} never fit into a {name} of {group}: {limit}")
            recent = [at for at in seen if now - at < span]
            if len(recent) + count > limit:
                wait = max(wait, span - (now - recent[len(recent) + count - limit - 1]))
        return wait

    def busiest(self, group: str) -> tuple[int, int, int]:
        """The most that a group was asked in any second, minute and hour."""
        seen = list(self._seen[group])
        return tuple(  # type: ignore[return-value]
            max((sum(1 for at in seen[place:] if at - first < span) for place, first in enumerate(seen)), default=0)
            for _, span in SPANS
        )
