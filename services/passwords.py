"""Hashing passwords off the event loop, in a pool with an end, so that a crowd at the door costs time and not memory."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from loyalty.refusals import Code, Refusal

T = TypeVar("T")
MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
WAITING_MAX: Final = 64
WAIT_SECONDS: Final = 2.0
RETRY_AFTER_SECONDS: Final = 1
# The hash of thirty-two random bytes that were thrown away. A test holds its parameters against today's.
NOBODYS_HASH: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$cen8KNKZmj33uGaapFicrg$HvzPuItZOIpyu2NLgwvbjTWV1GQcSHmk2MTixtvGXc0"
)


class Hasher:
    """Argon2id with OWASP's parameters. At most `threads` hashes run and `waiting` wait; the next is told BUSY.

    Each answer costs one hash whoever asks: `verify(None, …)` works on the hash of a password nobody has, so an
    unknown login takes as long as a known one.
    """

    def __init__(
        self, *, threads: int | None = None, waiting: int = WAITING_MAX, seconds: float = WAIT_SECONDS
    ) -> None:
        self.threads = threads or os.cpu_count() or 1
        self.room = self.threads + waiting
        self.seconds = seconds
        self.hashes = 0  # how many were ever computed: the measure of equal work
        self._inside = 0
        self._turns = asyncio.Semaphore(self.threads)
        self._argon2 = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
        )
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        """The hash to keep for a password."""
        return await self._in_turn(lambda: self._argon2.hash(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password is the one behind the hash; without a hash the same work ends in no."""
        right = await self._in_turn(lambda: self._is_right(password_hash or NOBODYS_HASH, password))
        return right and password_hash is not None

    def is_stale(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than today's and should be made anew."""
        return self._argon2.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _in_turn(self, task: Callable[[], T]) -> T:
        if self._inside >= self.room:
            raise _busy()
        self._inside += 1
        try:
            try:
                async with asyncio.timeout(self.seconds):
                    await self._turns.acquire()
            except TimeoutError:
                raise _busy() from None
            self.hashes += 1
            # The turn is given back by the thread's end, not by ours: a caller who hangs up frees no thread.
            running = asyncio.get_running_loop().run_in_executor(self._pool, task)
            running.add_done_callback(lambda _: self._turns.release())
            return await asyncio.shield(running)
        finally:
            self._inside -= 1

    def _is_right(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


@cache
def common_passwords() -> frozenset[str]:
    """The thirty thousand passwords that guessers try first."""
    return frozenset(FREQUENCY_LISTS["passwords"])


def _busy() -> Refusal:
    return Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=RETRY_AFTER_SECONDS)
