"""What the stand-ins of all gateways share: phones that receive, faults to order, and reports that are tried again."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import httpx2
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from integrations.standins.faults import Faulty, answering
from integrations.standins.orders import Astray, Fault, Orders, drawn
from integrations.standins.posting import posted, poster
from loyalty.messages import Channel, Fate

KEPT_MAX: Final = 5_000


@dataclass(frozen=True, slots=True)
class CaughtMessage:
    """A message as it reached the phone that nobody holds."""

    id: int
    channel: Channel
    gateway: str
    sender: str
    to: str
    text: str
    at: datetime
    fate: Fate


@dataclass
class Plan(Orders):
    """How a gateway is to behave. A fault in the list takes one request; the rest goes by `often`.

    `fates` are what a message goes through, per number or for all; each of them is told, unless it goes astray.
    """

    faults: deque[Fault] = field(default_factory=deque)
    fates: dict[str, Sequence[Fate]] = field(default_factory=dict)
    usual: Sequence[Fate] = (Fate.SENT, Fate.DELIVERED)
    step_seconds: float = 0.02
    balance: int = 1_000_00

    def ordered(self) -> Fault | None:
        """The fault of the next request."""
        return self.faults.popleft() if self.faults else drawn(self.chance, self.often)


class Exchange:
    """The phones and the reports of one stand-in."""

    def __init__(self, name: str, clock: Callable[[], datetime], plan: Plan | None = None) -> None:
        self.name = name
        self.clock = clock
        self.plan = plan or Plan()
        self.caught: deque[CaughtMessage] = deque(maxlen=KEPT_MAX)
        self.requests: list[str] = []
        self.port = 0
        self.transport: httpx2.AsyncBaseTransport | None = None
        """Leads somewhere else than over the network: to an application in this process."""
        self.lost = 0
        """How many reports nobody hears of again."""
        self._tasks: set[asyncio.Task[None]] = set()
        # No gateway gives an id twice, and one that is started anew stands beside a database that knows the old ones.
        self._next = int(clock().timestamp())

    @property
    def url(self) -> str:
        """Where the stand-in answers."""
        return f"http://127.0.0.1:{self.port}"

    def catch(self, *, channel: Channel, sender: str, to: str, text: str, number: int | None = None) -> CaughtMessage:
        """Take a message in."""
        self._next += 1
        one = CaughtMessage(number or self._next, channel, self.name, sender, to, text, self.clock(), Fate.ACCEPTED)
        self.caught.append(one)
        return one

    def find(self, number: int) -> CaughtMessage | None:
        """The message of an id."""
        return next((one for one in self.caught if one.id == number), None)

    def turn(self, number: int, fate: Fate) -> CaughtMessage:
        """Let a message go on; what it was before is forgotten."""
        place, one = next((place, one) for place, one in enumerate(self.caught) if one.id == number)
        self.caught[place] = replace(one, fate=fate)
        return self.caught[place]

    def deliver(self, number: int, tell: Callable[[CaughtMessage], Awaitable[None]]) -> None:
        """Let a message go through its fates in the background, and tell of each in the way that was ordered."""
        task = asyncio.create_task(self._deliver(number, tell))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until every message has gone through its fates, and every report was told."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, number: int, tell: Callable[[CaughtMessage], Awaitable[None]]) -> None:
        one = self.find(number)
        assert one is not None  # noqa: S101 - it was caught a moment ago
        astray = Astray[CaughtMessage](self.plan)
        for fate in self.plan.fates.get(one.to, self.plan.usual):
            await asyncio.sleep(self.plan.step_seconds)
            for each in astray.sent(self.turn(number, fate)):
                await tell(each)
        for each in astray.held():
            await tell(each)
        self.lost += astray.lost

    async def post(self, url: str, **sent: Any) -> None:
        """Post a report until it is answered with 200, as often as the plan says."""
        async with poster(self.transport) as client:
            await posted(client, url, self.plan.retry_seconds, **sent)

    @asynccontextmanager
    async def open(self, routes: Sequence[BaseRoute], port: int = 0) -> AsyncIterator[None]:
        """Answer on a port of this machine, a free one unless it is named."""
        app = Faulty(Starlette(routes=routes), self._ordered, lambda: self.plan.slow_seconds)
        async with answering(app, port) as self.port:
            try:
                yield
            finally:
                for each in self._tasks:
                    each.cancel()
                await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ordered(self, path: str) -> Fault | None:
        self.requests.append(path)
        return self.plan.ordered()


def read_body(body: bytes) -> dict[str, Any] | None:
    """The JSON object of a request, or None."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
