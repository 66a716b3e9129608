"""Waiting in tests: for what must come though nothing promises when, and coming again after BUSY as its answer says."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from loyalty.refusals import Code, Refusal
from models import database

T = TypeVar("T")
# A guard against hanging and no measure of speed: what has a promised time is measured by the test that proves it.
PATIENCE_SECONDS: Final = 30.0
PATIENCE_MS: Final = PATIENCE_SECONDS * 1000
# A machine that stalls for some seconds lets a statement run out of its time. What is at fault is so every time.
TRIES: Final = 5


async def answered(command: Callable[[], Awaitable[T]]) -> T:
    """The answer of a command that comes again, as often as a guest would, while it hears BUSY.

    Not for tests whose point is that nobody hears it.
    """
    for left in reversed(range(TRIES)):
        try:
            return await command()
        except Refusal as refusal:
            if refusal.code is not Code.BUSY or not left:
                raise
            await asyncio.sleep(refusal.retry_after_seconds or 1)
    raise AssertionError


async def rivals(*commands: Callable[[], Awaitable[T]]) -> list[T]:
    """What commands given at once are answered, each coming again after BUSY."""
    return await asyncio.gather(*(answered(command) for command in commands))


async def rivals_told(*commands: Callable[[], Awaitable[T]]) -> list[T | BaseException]:
    """The same, with refusals among the answers."""
    return await asyncio.gather(*(answered(command) for command in commands), return_exceptions=True)


async def until(reached: Callable[[], object]) -> None:
    """Let others go on until something is so."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not reached():
            await asyncio.sleep(0.01)


async def planted(sql: str, *args: object) -> None:
    """Write very many rows by one statement, in the time that takes: what a test proves comes afterwards."""
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        await connection.execute(sql, *args, timeout=2 * PATIENCE_SECONDS)


def awaited(look: Callable[[], T | None], what: str) -> T:
    """What a look finds, once it finds something. For tests without a loop of their own."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (found := look()) is None:
        assert time.monotonic() < end, f"{what} did not come"
        time.sleep(0.05)
    return found
