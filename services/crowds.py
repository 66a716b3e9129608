"""A line in front of each member: one command runs, a bounded number waits for a bounded time, the rest hear BUSY.

The row lock in PostgreSQL keeps the books right, also between processes; this line keeps one popular member from taking
every connection of the pool. Both waits come out of the same two seconds. Replays of answered keys never come here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal

WAITING_MAX: Final = 64
WAIT_SECONDS: Final = 2.0
LEFT_SECONDS_MIN: Final = 0.05


class _Line:
    """The one place at the counter, and how many stand for it."""

    __slots__ = ("counter", "standing")

    def __init__(self) -> None:
        self.counter = asyncio.Lock()
        self.standing = 0


_lines: dict[UUID, _Line] = {}


@asynccontextmanager
async def in_line(member_id: UUID) -> AsyncIterator[float]:
    """Wait for this member's turn in this process; gives the seconds that are left to wait for the row lock.

    Raises BUSY when the line is full or too slow.
    """
    line = _lines.setdefault(member_id, _Line())
    if line.standing > WAITING_MAX:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
    line.standing += 1
    began = asyncio.get_running_loop().time()
    try:
        try:
            if line.standing == 1:
                await line.counter.acquire()  # nobody is in front: at once, without a task to watch the clock
            else:
                await asyncio.wait_for(line.counter.acquire(), WAIT_SECONDS)
        except TimeoutError:
            raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1) from None
        try:
            yield max(WAIT_SECONDS - (asyncio.get_running_loop().time() - began), LEFT_SECONDS_MIN)
        finally:
            line.counter.release()
    finally:
        line.standing -= 1
        if line.standing == 0:
            _lines.pop(member_id, None)
