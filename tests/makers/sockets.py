"""A WebSocket to an application in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson

from api.app import Kunak
from tests.makers.patience import PATIENCE_SECONDS

PROTOCOL = "graphql-transport-ws"


class Refused(Exception):
    """The handshake was refused."""


class Closed(Exception):
    """The server closed the socket with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """One open connection."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outbox: asyncio.Queue[Any] = asyncio.Queue()

    async def say(self, message: Any, *, raw: bool = False, binary: bool = False) -> None:
        text = message if raw else orjson.dumps(message).decode()
        await self.inbox.put({"type": "websocket.receive", **({"bytes": text.encode()} if binary else {"text": text})})

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            event = await self.outbox.get()
        if event["type"] == "websocket.close":
            raise Closed(event["code"])
        assert isinstance(event["text"], str), "browsers' clients read texts"
        message: dict[str, Any] = orjson.loads(event["text"])
        return message

    async def begin(self, payload: Any = None) -> None:
        await self.say(
            {"type": "connection_init"} if payload is None else {"type": "connection_init", "payload": payload}
        )
        assert await self.hear() == {"type": "connection_ack"}

    async def subscribe(self, text: str, name: str = "1", **more: Any) -> None:
        await self.say({"id": name, "type": "subscribe", "payload": {"query": text, **more}})


@asynccontextmanager
async def socket_of(
    app: Kunak, *headers: tuple[str, str], protocols: tuple[str, ...] = (PROTOCOL,)
) -> AsyncIterator[Socket]:
    """A connection to the opened application; hung up after the block."""
    socket = Socket()
    raw = [(b"host", b"kunak.test"), *((name.encode(), value.encode()) for name, value in headers)]
    scope = {"type": "websocket", "path": "/graphql", "headers": raw, "subprotocols": list(protocols), "client": None}
    await socket.inbox.put({"type": "websocket.connect"})
    task = asyncio.create_task(app(scope, socket.inbox.get, socket.outbox.put))
    first = await socket.outbox.get()
    try:
        if first["type"] != "websocket.accept":
            raise Refused
        assert first["subprotocol"] == PROTOCOL
        yield socket
    finally:
        await socket.inbox.put({"type": "websocket.disconnect", "code": 1000})
        async with asyncio.timeout(PATIENCE_SECONDS):
            await task
