"""How often a key may ask: a window of a minute for each, counted in this process, told with every answer.

The fields are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` and `RateLimit`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from api.asgi import Header
from loyalty.refusals import Code, Refusal
from services.resources import Policy
from services.tills import TillFacts

WINDOW: Final = timedelta(minutes=1)
NAME: Final = "key"


class TooOften(Refusal):
    """The key has asked as often as it may."""


@dataclass(slots=True)
class _Window:
    ends: datetime
    asked: int = 0


class Rates:
    """The windows of the keys that have asked within the last minute."""

    def __init__(self, policy: Policy) -> None:
        self._by_kind: Mapping[str, int] = {
            "ORDINARY": policy.requests_per_till_minute,
            "SYSTEM": policy.requests_per_system_minute,
        }
        self._windows: dict[UUID, _Window] = {}
        self._sweep_at: datetime | None = None

    def count(self, till: TillFacts, headers: list[Header], now: datetime) -> None:
        """Count one request of a key and add to the headers of its answer. Raises `TooOften`."""
        self._sweep(now)
        most = till.per_minute or self._by_kind[till.kind]
        window = self._windows.get(till.id)
        if window is None or window.ends <= now:
            window = self._windows[till.id] = _Window(now + WINDOW)
        left = max(0, most - window.asked - 1)
        wait = ceil((window.ends - now).total_seconds())
        headers += [
            (b"ratelimit-policy", f'"{NAME}";q={most};w={WINDOW.seconds}'.encode()),
            (b"ratelimit", f'"{NAME}";r={left};t={wait}'.encode()),
        ]
        if window.asked >= most:
            raise TooOften(Code.LIMIT_REACHED, "till.too_often", retryable=True, retry_after_seconds=wait, seconds=wait)
        window.asked += 1

    def _sweep(self, now: datetime) -> None:
        if self._sweep_at is not None and now < self._sweep_at:
            return
        self._sweep_at = now + WINDOW
        self._windows = {key: window for key, window in self._windows.items() if window.ends > now}
