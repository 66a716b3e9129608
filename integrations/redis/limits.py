"""Limits that remember a refusal in Redis, so that whoever is refused stops costing the database anything."""

import hashlib
from datetime import datetime
from typing import Final

from integrations.ports import Limits, Verdict
from integrations.redis.accelerator import Accelerator

REMEMBER_SECONDS_MAX: Final = 30
MILLIS: Final = 1000


class RememberingLimits:
    """Counts where `inner` counts. Redis can only say no earlier, and only what `inner` has said shortly before."""

    def __init__(self, inner: Limits, redis: Accelerator) -> None:
        self._inner = inner
        self._redis = redis

    async def hit(self, key: str, *, limit: int, window_seconds: int, now: datetime) -> Verdict:
        """Count one more, unless it was refused a moment ago."""
        remembered = await self._remembered(key)
        if remembered is not None:
            return remembered
        verdict = await self._inner.hit(key, limit=limit, window_seconds=window_seconds, now=now)
        await self._remember(key, verdict)
        return verdict

    async def peek(self, key: str, *, limit: int, now: datetime) -> Verdict:
        """Say whether one more would be allowed, without counting it."""
        remembered = await self._remembered(key)
        return remembered or await self._inner.peek(key, limit=limit, now=now)

    async def lock(self, key: str, *, seconds: int, now: datetime) -> None:
        """Refuse every hit of the key for some time."""
        await self._inner.lock(key, seconds=seconds, now=now)
        await self._remember(key, Verdict(allowed=False, retry_after_seconds=seconds))

    async def clear(self, key: str) -> None:
        """Forget the key, in both places."""
        await self._inner.clear(key)
        await self._redis.ask(lambda client: client.delete(_name(key)), 0)

    async def _remembered(self, key: str) -> Verdict | None:
        value = await self._redis.ask(lambda client: client.get(_name(key)), None)
        if value is None:
            return None
        left = await self._redis.ask(lambda client: client.pttl(_name(key)), 0)
        beyond = int(value)
        return Verdict(allowed=False, retry_after_seconds=beyond + max(1, -(-max(left, 0) // MILLIS)))

    async def _remember(self, key: str, verdict: Verdict) -> None:
        """Keep a refusal for at most half a minute; what is left of it then is kept as the value."""
        if verdict.allowed:
            return
        seconds = min(verdict.retry_after_seconds, REMEMBER_SECONDS_MAX)
        beyond = verdict.retry_after_seconds - seconds
        await self._redis.ask(lambda client: client.set(_name(key), beyond, ex=seconds), None)


def _name(key: str) -> str:
    """Keys name people; Redis gets a digest."""
    return "kunak:refused:" + hashlib.sha256(key.encode()).hexdigest()[:32]
