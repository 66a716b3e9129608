"""Questions that come in the same moment are put to the database together, and each asker gets its own answer."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

Asked = TypeVar("Asked")
Told = TypeVar("Told")

TOGETHER_MAX: Final = 64
AT_ONCE: Final = 2


@dataclass(slots=True)
class _Round(Generic[Asked, Told]):
    """What waits on one event loop, and the tasks that carry it to the database."""

    waiting: deque[tuple[Asked, asyncio.Future[Told]]] = field(default_factory=deque)
    carrying: int = 0
    carriers: set[asyncio.Task[None]] = field(default_factory=set)  # a task that nobody holds may vanish


class Gathering(Generic[Asked, Told]):
    """Asks `answer`, which takes many questions and gives as many answers in their order.

    Nobody hears of a state older than the question: what is under way is never joined. A fault reaches all who asked
    together.
    """

    def __init__(self, answer: Callable[[list[Asked]], Awaitable[Sequence[Told]]]) -> None:
        self._answer = answer
        self._rounds: WeakKeyDictionary[asyncio.AbstractEventLoop, _Round[Asked, Told]] = WeakKeyDictionary()

    async def ask(self, question: Asked) -> Told:
        """The answer to one question. Whoever goes away takes nothing from the others."""
        loop = asyncio.get_running_loop()
        current = self._rounds.setdefault(loop, _Round())
        told: asyncio.Future[Told] = loop.create_future()
        current.waiting.append((question, told))
        if current.carrying < AT_ONCE:
            # A task begins with the next turn of the loop: whoever asks in this one goes along.
            current.carrying += 1
            carrier = loop.create_task(self._carry(current))
            current.carriers.add(carrier)
            carrier.add_done_callback(current.carriers.discard)
        return await told

    async def _carry(self, current: _Round[Asked, Told]) -> None:
        try:
            while current.waiting:
                await self._carry_once(current)
        finally:
            # In the same breath as the look at the empty queue: who asks after it must find the place free.
            current.carrying -= 1

    async def _carry_once(self, current: _Round[Asked, Told]) -> None:
        together = [current.waiting.popleft() for _ in range(min(TOGETHER_MAX, len(current.waiting)))]
        try:
            answers = await self._answer([question for question, _ in together])
        except Exception as fault:  # noqa: BLE001 - everybody must hear of it, nobody may wait for ever
            for _, told in together:
                if not told.done():
                    told.set_exception(fault)
        else:
            for (_, told), answer in zip(together, answers, strict=True):
                if not told.done():
                    told.set_result(answer)
