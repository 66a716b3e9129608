"""Time in a sandbox: played up to now beside its server, and moved ahead by whoever advances it. One process at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final

from api import clock
from api.wiring import Unready
from jobs.playing import play
from jobs.registry import Tools
from loyalty.refusals import Refusal
from services import sandbox
from services.sandbox import SandboxTime

LOOK_SECONDS: Final = 1.0
TURN_SECONDS: Final = 0.1
log = logging.getLogger(__name__)


@asynccontextmanager
async def keeping_time(tools: Tools) -> AsyncIterator[None]:
    """Follow the clock of the sandbox and do what falls due, in the background of the block."""
    stop = asyncio.Event()
    task = asyncio.create_task(_keep(tools, stop), name="time of the sandbox")
    try:
        yield
    finally:
        stop.set()
        await task


async def advance(tools: Tools, days: int | None, told: Callable[[datetime], None]) -> tuple[datetime, int]:
    """Move the clock ahead by whole days, or on to where a killed advance was going; gives (where it is, jobs that ran).

    Everything due on the way is done in the order of time, each at its own moment.
    """
    while True:
        async with sandbox.turn() as is_mine:
            if is_mine:
                return await _advanced(tools, days, told)
        await asyncio.sleep(TURN_SECONDS)


async def _advanced(tools: Tools, days: int | None, told: Callable[[datetime], None]) -> tuple[datetime, int]:
    time = await _time()
    clock.move(time.ahead)
    target = time.target if days is None else clock.now() + timedelta(days=days)
    if target is None:
        raise Unready("nothing was left half way: say how far with --days")
    await sandbox.aim(target)

    async def moved(moment: datetime) -> None:
        # What fell due while nobody served is played at its moment; the clock itself never goes back for it.
        if moment > clock.now():
            clock.move(clock.ahead_of_real(moment))
        await sandbox.reached(moment, max(time.ahead, clock.ahead_of_real(moment)))
        told(moment)

    return target, await play(tools, time.played_to, target, moved)


async def _keep(tools: Tools, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            time = await _time()
            clock.move(time.ahead)
            async with sandbox.turn() as is_mine:
                if is_mine:
                    await _play_on(tools, time)
        except Refusal:
            log.info("the database does not answer; trying again")
        except Exception:
            log.exception("time stands still in the sandbox")
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await stop.wait()


async def _play_on(tools: Tools, time: SandboxTime) -> None:
    """Do what fell due since somebody played last. The clock runs on by itself."""

    async def moved(moment: datetime) -> None:
        await sandbox.reached(moment, time.ahead)

    await play(tools, time.played_to, clock.now(), moved)


async def _time() -> SandboxTime:
    time = await sandbox.time_of()
    if time is None:
        raise Unready("this database is no sandbox")
    return time
