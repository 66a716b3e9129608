"""Posting in company: receipts that arrive together share one transaction, and each gets its own answer.

A commit costs one flush of the disk whatever it holds, so sixteen tills that post at once are served by one.
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
from models.database import Contention, Unreachable
from services.work import again

BATCH_MAX: Final = 16
BATCHES_AT_ONCE: Final = 2
_POST: Final = "SELECT place, outcome, answer FROM post_purchases($1::jsonb, $2)"

Item = Mapping[str, Any]
Outcome = tuple[str, dict[str, Any] | None]


@dataclass(slots=True)
class _Counter:
    """What waits in this process, and the tasks that carry it to the database."""

    waiting: deque[tuple[Item, datetime, asyncio.Future[Outcome]]] = field(default_factory=deque)
    carriers: set[asyncio.Task[None]] = field(default_factory=set)


_counters: WeakKeyDictionary[asyncio.AbstractEventLoop, _Counter] = WeakKeyDictionary()


async def submit(item: Item, now: datetime) -> Outcome:
    """Post one receipt, together with others that wait. Gives (outcome, stored answer); see `post_purchases` in SQL.

    A caller that goes away does not take the receipt back: it may have been written already.
    """
    loop = asyncio.get_running_loop()
    counter = _counters.setdefault(loop, _Counter())
    done: asyncio.Future[Outcome] = loop.create_future()
    counter.waiting.append((item, now, done))
    if len(counter.carriers) < BATCHES_AT_ONCE:
        carrier = loop.create_task(_carry(counter))
        counter.carriers.add(carrier)
        carrier.add_done_callback(counter.carriers.discard)
    return await asyncio.shield(done)


async def _carry(counter: _Counter) -> None:
    while counter.waiting:
        batch = [counter.waiting.popleft() for _ in range(min(BATCH_MAX, len(counter.waiting)))]
        # In the order of members: batches of two processes then take their row locks in the same order.
        batch.sort(key=lambda each: str(each[0]["member"]))
        try:
            outcomes = await _post([item for item, _, _ in batch], max(moment for _, moment, _ in batch))
        except (Contention, Unreachable):
            await asyncio.gather(*(_alone(*each) for each in batch))
        except Exception as fault:  # noqa: BLE001 - every caller of the batch must hear of it, none may wait for ever
            for _, _, done in batch:
                if not done.done():
                    done.set_exception(fault)
        else:
            for (_, _, done), outcome in zip(batch, outcomes, strict=True):
                if not done.done():
                    done.set_result(outcome)


async def _alone(item: Item, moment: datetime, done: asyncio.Future[Outcome]) -> None:
    """Post what a batch could not: its trouble was perhaps a neighbour's. Repeating is safe, the key decides."""

    async def once() -> Outcome:
        return (await _post([item], moment))[0]

    try:
        outcome = await again(once)
    except Exception as fault:  # noqa: BLE001 - handed to the caller, who knows what it means
        if not done.done():
            done.set_exception(fault)
    else:
        if not done.done():
            done.set_result(outcome)


async def _post(items: list[Item], moment: datetime) -> list[Outcome]:
    rows = await database.fetch(_POST, orjson.dumps(items, default=str).decode(), moment)
    return [(row["outcome"], None if row["answer"] is None else orjson.loads(row["answer"])) for row in rows]
