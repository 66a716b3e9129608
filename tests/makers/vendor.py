"""A vendor of nothing in particular: gives tokens, answers what is asked, and misbehaves over real HTTP when it is told to."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from integrations.breaker import Breaker
from integrations.calling import Caller, Door, Manner, VendorRefused
from integrations.pace import Pace
from integrations.standins.faults import Receive, Scope, Send, answering

TOKEN: Final = "/token"
GROUP: Final = "things"
WIDE: Final = (10**6, 10**6, 10**6)
START: Final = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
FLOOD_CHUNK: Final = b" " * 65_536
FLOOD_BYTES: Final = 200_000_000
DRIP_SECONDS: Final = 0.05


@dataclass
class Vendor:
    """`next` are the ways in which the next questions are answered, `token_next` those of tokens; then all is well.

    Ways: hang, drip, flood, lose, garbled, or a status such as 503. `flooded` counts what an endless answer has sent.
    """

    requests: list[str] = field(default_factory=list)
    next: deque[str] = field(default_factory=deque)
    token_next: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    flooded: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        self.requests.append(path)
        waiting = self.token_next if path.endswith(TOKEN) else self.next
        way = waiting.popleft() if waiting else "well"
        if way == "well":
            await self._well(path, dict(scope["headers"]), send)
        elif way.isdigit():
            await _told(send, int(way), {})
        else:
            gone = asyncio.create_task(_gone(receive))
            await getattr(self, f"_{way}")(send, gone)
            gone.cancel()

    async def _well(self, path: str, headers: dict[bytes, bytes], send: Send) -> None:
        if path.endswith(TOKEN):
            token = f"t{len(self.requests)}"
            self.known.add(token)
            await _told(send, 200, {"access_token": token, "expires_in": 10**17})
        elif headers.get(b"authorization", b"").decode().removeprefix("Bearer ") in self.known:
            await _told(send, 200, {"things": []})
        else:
            await _told(send, 401, {})

    async def _hang(self, _send: Send, gone: asyncio.Task[None]) -> None:
        await gone

    async def _drip(self, send: Send, gone: asyncio.Task[None]) -> None:
        await send(START)
        while not gone.done():
            await send({"type": "http.response.body", "body": b" ", "more_body": True})
            await asyncio.sleep(DRIP_SECONDS)

    async def _flood(self, send: Send, gone: asyncio.Task[None]) -> None:
        await send(START)
        while not gone.done() and self.flooded < FLOOD_BYTES:
            await send({"type": "http.response.body", "body": FLOOD_CHUNK, "more_body": True})
            self.flooded += len(FLOOD_CHUNK)
            await asyncio.sleep(0)

    async def _lose(self, send: Send, _gone: asyncio.Task[None]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})

    async def _garbled(self, send: Send, _gone: asyncio.Task[None]) -> None:
        headers = [(b"content-encoding", b"gzip")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"this is no gzip"})


@dataclass
class Line:
    """A caller, its vendor, and the clocks of both: `at` runs forward, `wall` may go back."""

    vendor: Vendor
    caller: Caller
    pace: Pace
    breaker: Breaker
    at: list[float]
    wall: list[datetime]
    told: list[str | None]


@asynccontextmanager
async def line_to_vendor(
    wall: datetime,
    *,
    seconds: float = 2.0,
    tokens: tuple[int, int, int] = WIDE,
    young: timedelta = timedelta(0),
    is_patient: bool = False,
    answer_bytes_max: int = 1_000_000,
) -> AsyncIterator[Line]:
    """A caller with a door for tokens of an hour, before a vendor that does as it is told."""
    vendor, at, walls = Vendor(), [0.0], [wall]
    told: list[str | None] = []
    manner = Manner(
        name="Vendor",
        system="vendor",
        refused=lambda status, _body: VendorRefused(status, "", ""),
        answer_bytes_max=answer_bytes_max,
        young=young,
        is_patient=is_patient,
    )
    pace = Pace({"token": tokens, GROUP: WIDE}, clock=lambda: at[0])
    breaker = Breaker(
        "vendor", lambda: at[0], lambda _system, error, _held: told.append(None if error is None else str(error))
    )
    door = Door(TOKEN.removeprefix("/"), {"data": {"key": "k"}}, _read)
    async with answering(vendor) as vendor.port:
        caller = Caller(vendor.url, manner, pace, breaker, lambda: walls[0], seconds=seconds, door=door)
        try:
            yield Line(vendor, caller, pace, breaker, at, walls, told)
        finally:
            await caller.close()


def _read(told: Any, now: datetime) -> tuple[str, datetime] | None:
    token = told.get("access_token") if isinstance(told, dict) else None
    return None if token is None else (token, now + timedelta(hours=1))


async def _gone(receive: Receive) -> None:
    """Come back when the caller has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _told(send: Send, status: int, body: dict[str, Any]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": orjson.dumps(body)})
