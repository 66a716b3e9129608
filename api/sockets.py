"""`/graphql` over WebSocket: the sub-protocol graphql-transport-ws, for subscriptions alone.

One reader, one task for each subscription, and a watch that closes the socket once its session has ended.
"""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from typing import Any, Final

import orjson

from api.asgi import Receive, Scope, Send
from api.bodies import BODY_BYTES, Request, read_json, read_request
from api.desk import Desk, new_request_id
from api.errors import Turned, invalid_query
from api.metrics import SOCKETS
from api.sessions import Credential, check_origin, cookies_of, credential_of
from graph.context import SESSION_COOKIE, TILL_COOKIE, Anonymous, Context, Viewer
from graph.documents import DocumentRefused
from graph.faults import report
from loyalty.refusals import Refusal

PROTOCOL: Final = "graphql-transport-ws"
INIT_SECONDS: Final = 10.0
WATCH_SECONDS: Final = 30.0
SUBSCRIPTIONS: Final = 10
SOCKETS_MAX: Final = 5000
ID_LONGEST: Final = 128


class _Closed(Exception):
    """The conversation is over, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Sockets:
    """The ASGI application behind the WebSocket of /graphql."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold one conversation."""
        await receive()  # websocket.connect
        try:
            cookies = cookies_of(scope)
            # A browser sends cookies along from any page, and no header of ours with a handshake.
            if cookies.keys() & {SESSION_COOKIE, TILL_COOKIE}:
                check_origin(scope, self._desk.origins)
            if PROTOCOL not in scope.get("subprotocols", ()) or self._open >= SOCKETS_MAX:
                raise invalid_query("Speak graphql-transport-ws.")
        except Turned:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        self._open += 1
        SOCKETS.inc()
        try:
            await _Conversation(self._desk, scope, cookies, receive, send).hold()
        finally:
            self._open -= 1
            SOCKETS.dec()


class _Conversation:
    def __init__(self, desk: Desk, scope: Scope, cookies: Mapping[str, str], receive: Receive, send: Send) -> None:
        self._desk = desk
        self._scope = scope
        self._cookies = cookies
        self._receive = receive
        self._send = send
        self._credential: Credential | None = None
        self._viewer: Viewer = Anonymous()
        self._running: dict[str, asyncio.Task[None]] = {}

    async def hold(self) -> None:
        watch: asyncio.Task[None] | None = None
        try:
            async with asyncio.timeout(INIT_SECONDS):
                await self._begin()
            watch = asyncio.create_task(self._watch())
            while True:
                await self._hear(await self._message())
        except TimeoutError:
            await self._close(4408, "Connection initialisation timeout")
        except _Closed as closed:
            await self._close(closed.code, closed.reason)
        except _HungUp:
            pass
        except Refusal:
            await self._close(1013, "Try again later")
        except Exception as fault:  # noqa: BLE001 - the last wall of a conversation
            report(fault)
            await self._close(1011, "Internal error")
        finally:
            tasks = [*self._running.values(), *([watch] if watch else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _message(self) -> dict[str, Any]:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise _HungUp
        text = event.get("text")
        if text is None or len(text) > BODY_BYTES:
            raise _Closed(4400, "Messages are texts of 64 KB at most")
        try:
            message = read_json(text.encode("utf-8", "surrogatepass"))
        except Turned:
            raise _Closed(4400, "Messages are valid JSON") from None
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            raise _Closed(4400, "Messages have a type")
        return message

    async def _begin(self) -> None:
        message = await self._message()
        while message["type"] == "ping":
            await self._say({"type": "pong"})
            message = await self._message()
        if message["type"] != "connection_init":
            raise _Closed(4401, "Unauthorized")
        payload = message.get("payload")
        said = payload.get("authorization") if isinstance(payload, dict) else None
        if not isinstance(said, str | None):
            raise _Closed(4400, "`authorization` is a string")
        try:
            self._credential = credential_of(self._scope, self._cookies, authorization=said)
        except Turned as turned:
            raise _Closed(4400, turned.message) from None
        self._viewer = await self._desk.sessions.viewer(self._credential, self._desk.clock())
        await self._say({"type": "connection_ack"})

    async def _hear(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                if task := self._running.pop(_id_of(message), None):
                    task.cancel()
            case "ping":
                await self._say({"type": "pong"})
            case "pong":
                pass
            case "connection_init":
                raise _Closed(4429, "Too many initialisation requests")
            case _:
                raise _Closed(4400, "Unknown type of message")

    async def _subscribe(self, message: dict[str, Any]) -> None:
        name = _id_of(message)
        if name in self._running:
            raise _Closed(4409, "Subscriber already exists")
        try:
            if len(self._running) >= SUBSCRIPTIONS:
                raise invalid_query("Too many subscriptions on one connection.")
            request = read_request(message.get("payload"))
        except Turned as turned:
            await self._say({"id": name, "type": "error", "payload": [turned.error]})
            return
        task = asyncio.create_task(self._run(name, request))
        self._running[name] = task

    async def _run(self, name: str, request: Request) -> None:
        request_id = new_request_id()
        try:
            open_schema = self._desk.is_open_to(self._scope)
            document = await self._desk.document(request, open_schema=open_schema)
            if document.kind.value != "subscription":
                raise DocumentRefused(invalid_query("Queries and mutations go by POST.").error)
            answers = self._desk.executing.events(
                document, request.variables, lambda: self._context(request_id), open_schema=open_schema
            )
            async with aclosing(answers):
                async for answer in answers:
                    if not answer.ran:
                        await self._say({"id": name, "type": "error", "payload": answer.body["errors"]})
                        return
                    if not await self._still_open():
                        await self._close(4401, "Unauthorized")
                        return
                    await self._say({"id": name, "type": "next", "payload": answer.body})
            await self._say({"id": name, "type": "complete"})
        except DocumentRefused as refused:
            await self._say({"id": name, "type": "error", "payload": [refused.told]})
        except Refusal:
            await self._close(1013, "Try again later")
        except Exception as fault:  # noqa: BLE001 - a fault of ours ends one subscription, not the process
            report(fault, request=request_id)
            await self._close(1011, "Internal error")
        finally:
            if self._running.get(name) is asyncio.current_task():
                del self._running[name]

    def _context(self, request_id: str) -> Context:
        return self._desk.context(self._scope, self._viewer, self._cookies, request_id)

    async def _watch(self) -> None:
        """Close the socket when the credential it was opened with opens nothing any more."""
        while not isinstance(self._viewer, Anonymous):
            await asyncio.sleep(WATCH_SECONDS)
            with suppress(Refusal):
                if not await self._still_open():
                    await self._close(4401, "Unauthorized")
                    return

    async def _still_open(self) -> bool:
        """Whether the credential of this socket opens what it opened at first; who came as nobody stays nobody."""
        if isinstance(self._viewer, Anonymous) or self._credential is None:
            return True
        viewer = await self._desk.sessions.viewer(self._credential, self._desk.clock())
        return not isinstance(viewer, Anonymous)

    async def _say(self, message: dict[str, Any]) -> None:
        await self._send({"type": "websocket.send", "text": orjson.dumps(message).decode()})

    async def _close(self, code: int, reason: str) -> None:
        with suppress(Exception):  # the other side may have gone first
            await self._send({"type": "websocket.close", "code": code, "reason": reason})


class _HungUp(Exception):
    """The other side has gone."""


def _id_of(message: dict[str, Any]) -> str:
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= ID_LONGEST:
        raise _Closed(4400, "Messages of a subscription have an id")
    return name
