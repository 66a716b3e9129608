"""One client of Redis that never makes anybody wait: short time-outs, no retries, and a breaker."""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

T = TypeVar("T")
TIMEOUT_SECONDS: Final = 0.2
FAILURES_MAX: Final = 3
REST_SECONDS: Final = 1.0
CONNECTIONS_MAX: Final = 32
log = logging.getLogger(__name__)


class Accelerator:
    """Asks Redis, or gives the default at once while Redis is left alone.

    redis-py's own retries are off: with them a dead server cost seconds a call. After three failures in a row it is
    not asked for a second; then one question probes whether it is back.
    """

    def __init__(self, url: str) -> None:
        self.client = client(url)
        self.failures = 0
        self._rest_until = 0.0

    @property
    def is_resting(self) -> bool:
        """Whether Redis is being left alone."""
        return time.monotonic() < self._rest_until

    async def ask(self, question: Callable[["Redis"], Awaitable[T]], default: T) -> T:
        """The answer of Redis, or the default."""
        if self.is_resting:
            return default
        if self.failures >= FAILURES_MAX:
            # One caller probes; the others go on resting meanwhile.
            self._rest_until = time.monotonic() + REST_SECONDS
        try:
            answer = await question(self.client)
        except (RedisError, OSError) as error:
            self.failures += 1
            if self.failures == FAILURES_MAX:
                log.warning("redis does not answer (%s); going on without it", type(error).__name__)
            if self.failures >= FAILURES_MAX:
                self._rest_until = time.monotonic() + REST_SECONDS
            return default
        if self.failures >= FAILURES_MAX:
            log.warning("redis answers again")
        self.failures = 0
        self._rest_until = 0.0
        return answer

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()


def client(url: str, *, timeout_seconds: float | None = TIMEOUT_SECONDS) -> "Redis":
    """A client with our manners."""
    return Redis.from_url(
        url,
        socket_timeout=timeout_seconds,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
        retry_on_error=[],
        max_connections=CONNECTIONS_MAX,
        health_check_interval=0,
    )
