"""What the stand-ins of all gateways share: phones that receive, faults to order, and reports that are tried again."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute

from loyalty.messages import Channel, Fate

KEPT_MAX: Final = 5_000
REPORT_SECONDS: Final = 5.0
Fault: TypeAlias = Literal["slow", "late", "500", "503", "429", "lose"]
Scope: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]


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
class Plan:
    """How a gateway is to behave. A fault in the list takes one request; the rest goes well.

    `slow` waits before the work is done, `late` after it, and `lose` never answers what was done.

    `fates` are what a message goes through, per number or for all; `reports` says how each of them is told: once, ten
    times, in the wrong order, or not at all.
    """

    faults: deque[Fault] = field(default_factory=deque)
    slow_seconds: float = 1.0
    fates: dict[str, Sequence[Fate]] = field(default_factory=dict)
    usual: Sequence[Fate] = (Fate.SENT, Fate.DELIVERED)
    reports: Literal["once", "ten times", "reversed", "never"] = "once"
    step_seconds: float = 0.02
    retry_seconds: Sequence[float] = (0.05, 0.2, 1.0)
    balance: int = 1_000_00


class Exchange:
    """The phones and the reports of one stand-in."""

    def __init__(self, name: str, clock: Callable[[], datetime], plan: Plan | None = None) -> None:
        self.name = name
        self.clock = clock
        self.plan = plan or Plan()
        self.caught: deque[CaughtMessage] = deque(maxlen=KEPT_MAX)
        self.requests: list[str] = []
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._next = 100_000

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
        seen = []
        for fate in self.plan.fates.get(one.to, self.plan.usual):
            await asyncio.sleep(self.plan.step_seconds)
            seen.append(self.turn(number, fate))
            if self.plan.reports in {"once", "ten times"}:
                for _ in range(10 if self.plan.reports == "ten times" else 1):
                    await tell(seen[-1])
        if self.plan.reports == "reversed":
            for one in reversed(seen):
                await tell(one)

    async def post(self, url: str, **sent: Any) -> None:
        """Post a report until it is answered with 200, as often as the plan says."""
        async with httpx2.AsyncClient(timeout=REPORT_SECONDS, trust_env=False) as client:
            for seconds in (*self.plan.retry_seconds, None):
                with contextlib.suppress(httpx2.TransportError):
                    if (await client.post(url, **sent)).status_code == httpx2.codes.OK:
                        return
                if seconds is not None:
                    await asyncio.sleep(seconds)

    @asynccontextmanager
    async def open(self, routes: Sequence[BaseRoute], port: int = 0) -> AsyncIterator[None]:
        """Answer on a port of this machine, a free one unless it is named."""
        app = _Faulty(Starlette(routes=routes), self)
        serving = uvicorn.Server(
            uvicorn.Config(app, host="127.0.0.1", port=port, lifespan="off", log_config=None, access_log=False)
        )
        # Without `serve()`, which takes the signals that end the process round it.
        task = asyncio.create_task(serving._serve())  # noqa: SLF001 - it has no other name
        while not serving.started and not task.done():  # noqa: ASYNC110 - uvicorn tells by a flag alone
            await asyncio.sleep(0.01)
        self.port = serving.servers[0].sockets[0].getsockname()[1]
        try:
            yield
        finally:
            for each in self._tasks:
                each.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            serving.should_exit = serving.force_exit = True
            await task


class _Faulty:
    """Lets the ordered faults happen before or after the stand-in has done its work."""

    def __init__(self, app: Starlette, exchange: Exchange) -> None:
        self._app = app
        self._exchange = exchange

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        plan = self._exchange.plan
        self._exchange.requests.append(scope["path"])
        fault = plan.faults.popleft() if plan.faults else None
        if fault in {"500", "503"}:
            await JSONResponse({"message": "Internal error"}, status_code=int(fault))(scope, receive, send)
        elif fault == "429":
            limited = {"Retry-After": "1", "X-RateLimit-Remaining": "0"}
            await JSONResponse({"message": "Too many requests"}, 429, headers=limited)(scope, receive, send)
        elif fault == "lose":
            await self._app(scope, receive, _nowhere)
            # An answer that is announced and never comes: the connection breaks off, and the caller cannot know.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})
        else:
            if fault == "slow":
                await asyncio.sleep(plan.slow_seconds)
            await self._app(scope, receive, _late(send, plan.slow_seconds) if fault == "late" else send)


def _late(send: Send, seconds: float) -> Send:
    """Answer later than the work was done."""

    async def answer(event: MutableMapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            await asyncio.sleep(seconds)
        await send(event)

    return answer


async def _nowhere(_event: MutableMapping[str, Any]) -> None:
    """Swallow an answer."""


def read_body(body: bytes) -> dict[str, Any] | None:
    """The JSON object of a request, or None."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
