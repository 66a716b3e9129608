"""Posting in company: receipts that arrive together share one transaction, and each gets its own answer.

A commit costs one flush of the disk whatever it holds, so sixteen tills that post at once are served by one. A batch
waits only a moment for its rows; when one of them is held by another process, each receipt goes on waiting by itself.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

import orjson

from models import database
from models.database import Overdue
from services.work import again

BATCH_MAX: Final = 16
BATCHES_AT_ONCE: Final = 2
BATCH_LOCK_SECONDS: Final = 0.2
# The time to wait for a lock holds for this statement alone; the batch asks for it, so that it is set before.
_POST: Final = """
SELECT place, outcome, answer FROM set_config('lock_timeout', $3, true) AS patience,
    LATERAL post_purchases(CASE WHEN patience IS NOT NULL THEN $1::jsonb END, $2)
"""

Item = Mapping[str, Any]
Outcome = tuple[str, dict[str, Any] | None]


@dataclass(slots=True)
class _Waiting:
    """A receipt on its way, when it was asked for, and until when (by the loop's clock) its row may be waited for."""

    item: Item
    moment: datetime
    ends: float
    done: asyncio.Future[Outcome]


@dataclass(slots=True)
class _Counter:
    """What waits in this process, and the tasks that carry it to the database."""

    waiting: deque[_Waiting] = field(default_factory=deque)
    carrying: int = 0
    carriers: set[asyncio.Task[None]] = field(default_factory=set)  # a task that nobody holds may vanish
    alone: set[asyncio.Task[None]] = field(default_factory=set)


_counters: WeakKeyDictionary[asyncio.AbstractEventLoop, _Counter] = WeakKeyDictionary()


async def submit(item: Item, now: datetime, *, patience: float) -> Outcome:
    """Post one receipt, together with others that wait. Gives (outcome, stored answer); see `post_purchases` in SQL.

    Raises BUSY when the member's row cannot be had within `patience` seconds.

    A caller that goes away does not take the receipt back: it may have been written already.
    """
    loop = asyncio.get_running_loop()
    counter = _counters.setdefault(loop, _Counter())
    done: asyncio.Future[Outcome] = loop.create_future()
    counter.waiting.append(_Waiting(item, now, loop.time() + patience, done))
    if counter.carrying < BATCHES_AT_ONCE:
        counter.carrying += 1
        carrier = loop.create_task(_carry(counter))
        counter.carriers.add(carrier)
        carrier.add_done_callback(counter.carriers.discard)
    return await asyncio.shield(done)


async def _carry(counter: _Counter) -> None:
    try:
        while counter.waiting:
            await _carry_once(counter)
    finally:
        # In the same breath as the look at the empty queue: who comes after it must find the place free.
        counter.carrying -= 1


async def _carry_once(counter: _Counter) -> None:
    loop = asyncio.get_running_loop()
    batch = [counter.waiting.popleft() for _ in range(min(BATCH_MAX, len(counter.waiting)))]
    # In the order of members: batches of two processes then take their row locks in the same order.
    batch.sort(key=lambda each: str(each.item["member"]))
    try:
        moment = max(each.moment for each in batch)
        outcomes = await _post([each.item for each in batch], moment, lock_seconds=BATCH_LOCK_SECONDS)
    except Exception:  # noqa: BLE001 - whatever it was, each hears of its own alone, and none waits for ever
        # Not here: whoever comes next must not wait for a row that is none of theirs.
        for each in batch:
            task = loop.create_task(_alone(each))
            counter.alone.add(task)
            task.add_done_callback(counter.alone.discard)
    else:
        for each, outcome in zip(batch, outcomes, strict=True):
            if not each.done.done():
                each.done.set_result(outcome)


async def _alone(waiting: _Waiting) -> None:
    """Post what a batch could not: its trouble was perhaps a neighbour's. Repeating is safe, the key decides."""

    async def once() -> Outcome:
        left = waiting.ends - asyncio.get_running_loop().time()
        if left <= 0:
            raise Overdue
        return (await _post([waiting.item], waiting.moment, lock_seconds=left))[0]

    try:
        outcome = await again(once)
    except Exception as fault:  # noqa: BLE001 - handed to the caller, who knows what it means
        if not waiting.done.done():
            waiting.done.set_exception(fault)
    else:
        if not waiting.done.done():
            waiting.done.set_result(outcome)


async def _post(items: list[Item], moment: datetime, *, lock_seconds: float) -> list[Outcome]:
    patience = f"{max(round(lock_seconds * 1000), 1)}ms"
    rows = await database.fetch(_POST, orjson.dumps(items, default=str).decode(), moment, patience)
    return [(row["outcome"], None if row["answer"] is None else orjson.loads(row["answer"])) for row in rows]
