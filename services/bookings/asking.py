"""Questions to a booking engine: the same question of many guests is asked once, and its answer serves for a while."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from integrations.bookings import BookingEngine

KEPT_MAX: Final = 500
Told = TypeVar("Told")


class _Desk:
    """Answers of an engine that may still serve, and questions that are being asked."""

    def __init__(self) -> None:
        self.known: dict[Hashable, tuple[datetime, Any]] = {}
        self.asking: dict[Hashable, asyncio.Task[Any]] = {}


_DESKS: Final[WeakKeyDictionary[BookingEngine, _Desk]] = WeakKeyDictionary()


async def ask(
    engine: BookingEngine,
    question: Hashable,
    call: Callable[[], Coroutine[Any, Any, Told]],
    *,
    fresh: timedelta,
    now: datetime,
) -> Told:
    """The answer to a question: one that is younger than `fresh`, the one that others wait for already, or a new one."""
    desk = _DESKS.setdefault(engine, _Desk())
    known = desk.known.get(question)
    if known is not None and now - known[0] < fresh:
        told: Told = known[1]
        return told
    task: asyncio.Task[Told] | None = desk.asking.get(question)
    if task is None:
        task = asyncio.create_task(call())
        desk.asking[question] = task
        task.add_done_callback(lambda done: _keep(desk, question, done, now))
    # A guest who leaves takes nothing from the others who wait for the same answer.
    return await asyncio.shield(task)


def forget(engine: BookingEngine) -> None:
    """Ask anew next time, also what is being asked now: something was booked or is gone."""
    if desk := _DESKS.get(engine):
        desk.known.clear()
        desk.asking.clear()


def _keep(desk: _Desk, question: Hashable, done: asyncio.Task[Any], now: datetime) -> None:
    failed = done.cancelled() or done.exception() is not None
    if desk.asking.get(question) is not done:
        return
    del desk.asking[question]
    if failed:
        return
    desk.known.pop(question, None)
    while len(desk.known) >= KEPT_MAX:
        desk.known.pop(next(iter(desk.known)))
    desk.known[question] = (now, done.result())
