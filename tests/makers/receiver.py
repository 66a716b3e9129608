"""A partner's server on this machine: it answers as it is told, keeps what it heard, and verifies signatures by itself."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from api import clock

NETWORKS = ("127.0.0.0/8",)
TOLERANCE_SECONDS = 300


@dataclass
class Heard:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    def verified(self, secret: str) -> bool:
        """By the words of the standard, written anew: any signature of version 1, in constant time, not too old."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        stamp = self.headers["webhook-timestamp"]
        if abs(clock.real().timestamp() - int(stamp)) > TOLERANCE_SECONDS:
            return False
        signed = b".".join((self.id.encode(), stamp.encode(), self.body))
        wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
        shown = (part.split(",", 1) for part in self.headers["webhook-signature"].split(" "))
        return any(version == "v1" and hmac.compare_digest(told.encode(), wanted) for version, told in shown)


@dataclass
class Receiver:
    """Answers `statuses` in turn, the last one for ever; `delay` seconds later, and never before it is let."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [204])
    delay: float = 0.0
    lets: asyncio.Event | None = None
    more: str = ""
    answer: bytes = b""
    heard: list[Heard] = field(default_factory=list)
    open_now: int = 0
    open_most: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._answer(reader, writer)
        self.open_now -= 1
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.heard.append(Heard(head[0].split(" ")[1], headers, body))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        await asyncio.sleep(self.delay)
        if self.lets is not None:
            await self.lets.wait()
        length = f"content-length: {len(self.answer)}\r\n"
        writer.write(
            f"HTTP/1.1 {status} Whatever\r\n{length}{self.more}connection: close\r\n\r\n".encode() + self.answer
        )
        await writer.drain()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A partner's server for the block."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.take, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
