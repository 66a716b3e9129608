"""Telling phones what happened to their card. The truth is the table card_activity; messages only say when to look."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.ports import Activity, Courier
from loyalty.refusals import Refusal
from models import database

__all__ = ["Activity", "Bus"]

POLL_SECONDS: Final = 1.0
BETWEEN_HINTS_SECONDS: Final = 0.05
AGAIN_SECONDS: Final = 1.0
HINTS_MAX: Final = 10_000
QUEUE_MAX: Final = 100
SEEN_MAX: Final = 1_000
# A row becomes visible at its COMMIT and not in the order of its number: look this far back for late ones.
SLACK: Final = 1_000

_NEWEST: Final = "SELECT coalesce(max(id), 0) FROM card_activity"
_SINCE: Final = """
SELECT id, member_id, kind, purchase_id, at FROM card_activity WHERE member_id = ANY($1) AND id > $2 ORDER BY id
"""
_SWEEP: Final = "DELETE FROM card_activity WHERE id IN (SELECT id FROM card_activity WHERE at < $1 LIMIT $2)"
KEPT: Final = timedelta(days=7)
log = logging.getLogger(__name__)


async def sweep(now: datetime) -> int:
    """Forget what happened long ago and was heard or never will be; say how much. Receipts keep the facts."""
    return await database.sweep(_SWEEP, now - KEPT)


class Listener:
    """One phone that waits, and what it was told already."""

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self.queue: asyncio.Queue[Activity] = asyncio.Queue(QUEUE_MAX)
        self.seen: OrderedDict[int, None] = OrderedDict()

    def is_new(self, number: int) -> bool:
        """Whether the row was not delivered yet; remembers it."""
        if number <= self.floor or number in self.seen:
            return False
        self.seen[number] = None
        while len(self.seen) > SEEN_MAX:
            oldest, _ = self.seen.popitem(last=False)
            self.floor = max(self.floor, oldest)
        return True

    def deliver(self, activity: Activity) -> None:
        """Put it in the queue; a phone that does not keep up loses the oldest, and its next page shows all."""
        if self.queue.full():
            self.queue.get_nowait()
        self.queue.put_nowait(activity)


class Bus:
    """Hints out, hints in, and one look at the table for all listeners of the process."""

    def __init__(self, courier: Courier | None = None, *, poll_seconds: float = POLL_SECONDS) -> None:
        self._courier = courier
        self._poll_seconds = poll_seconds
        self._listeners: dict[UUID, set[Listener]] = {}
        self._outgoing: set[UUID] = set()
        self._dirty: set[UUID] = set()
        self._something = asyncio.Event()
        self._to_send = asyncio.Event()

    def publish(self, member_id: UUID, kind: str, purchase_id: UUID | None, at: datetime) -> None:
        """Hint that something happened, after its COMMIT: returns at once, and many hints travel as one."""
        del kind, purchase_id, at  # listeners read the row itself
        if database.in_work():
            msg = "publish after the commit, never inside a unit of work"
            raise RuntimeError(msg)
        self._hint(member_id)
        if self._courier is not None and len(self._outgoing) < HINTS_MAX:
            self._outgoing.add(member_id)
            self._to_send.set()

    async def listen(self, member_id: UUID) -> AsyncIterator[Activity]:
        """Everything that happens to a member's card from now on, in order, each once."""
        newest = await database.fetchval(_NEWEST)
        listener = Listener(max(0, newest - SLACK))
        for row in await database.fetch(_SINCE, [member_id], listener.floor):
            listener.is_new(row["id"])
        self._listeners.setdefault(member_id, set()).add(listener)
        self._hint(member_id)  # what was committed since the statement above
        try:
            while True:
                yield await listener.queue.get()
        finally:
            others = self._listeners[member_id]
            others.discard(listener)
            if not others:
                del self._listeners[member_id]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the bus going in the background."""
        tasks = [asyncio.create_task(self._look())]
        if self._courier is not None:
            tasks += [asyncio.create_task(self._send(self._courier)), asyncio.create_task(self._hear(self._courier))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _hint(self, member_id: UUID) -> None:
        if member_id in self._listeners:
            self._dirty.add(member_id)
            self._something.set()

    async def _look(self) -> None:
        """Read what is new: for the members hinted at as soon as may be, for all who listen once a second."""
        loop = asyncio.get_running_loop()
        polled = loop.time()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, polled + self._poll_seconds - loop.time())):
                    await self._something.wait()
            self._something.clear()
            if loop.time() - polled >= self._poll_seconds:
                polled = loop.time()
                members = list(self._listeners)
            else:
                members = [member for member in self._dirty if member in self._listeners]
            self._dirty.clear()
            if members:
                try:
                    await self._deliver(members)
                except Refusal:
                    log.info("card activity was not read; the next poll will")
                except Exception:
                    log.exception("card activity was not read")
            await asyncio.sleep(BETWEEN_HINTS_SECONDS)

    async def _deliver(self, members: list[UUID]) -> None:
        floor = min(listener.floor for member in members for listener in self._listeners[member])
        newest = await database.fetchval(_NEWEST)
        for row in await database.fetch(_SINCE, members, floor):
            activity = Activity(row["kind"], row["purchase_id"], row["at"])
            for listener in self._listeners.get(row["member_id"], ()):
                if listener.is_new(row["id"]):
                    listener.deliver(activity)
        for member in members:
            for listener in self._listeners.get(member, ()):
                listener.floor = max(listener.floor, newest - SLACK)

    async def _send(self, courier: Courier) -> None:
        while True:
            await self._to_send.wait()
            self._to_send.clear()
            members, self._outgoing = self._outgoing, set()
            try:
                await courier.send(members)
            except Exception:
                log.exception("hints were not sent; listeners poll")
            await asyncio.sleep(BETWEEN_HINTS_SECONDS)

    async def _hear(self, courier: Courier) -> None:
        """Hear for as long as the process lives: a courier that fails in a way of its own is listened to anew."""
        while True:
            try:
                async for member_id in courier.arrivals():
                    self._hint(member_id)
            except Exception:
                log.exception("hints are not heard; listeners poll")
            await asyncio.sleep(AGAIN_SECONDS)
