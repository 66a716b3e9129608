"""`/graphql` over WebSocket: the sub-protocol graphql-transport-ws, for subscriptions alone.

One reader, one task for each subscription, and a watch that closes the socket once its session has ended. Nobody holds
more sockets than their share, and none that listens to nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from typing import Any, Final

import orjson

from api.asgi import Receive, Scope, Send
from api.bodies import BODY_BYTES, Request, read_json, read_request
from api.desk import Desk, new_request_id
from api.errors import Turned, invalid_query
from api.metrics import SOCKETS
from api.sessions import COOKIES, Credential, check_origin, cookies_of, credential_of
from graph.context import Anonymous, Context, MemberViewer, TillViewer, Viewer
from graph.documents import DocumentRefused
from graph.faults import report
from loyalty.refusals import Refusal
from services.callers import Caller

PROTOCOL: Final = "graphql-transport-ws"
INIT_SECONDS: Final = 10.0
WATCH_SECONDS: Final = 30.0
IDLE_SECONDS: Final = 60.0
SUBSCRIPTIONS: Final = 10
SOCKETS_MAX: Final = 5000
ID_LONGEST: Final = 128


class _Closed(Exception):
    """The conversation is over, with this code and reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class _Seats:
    """Who holds how many open sockets: a member, a till, or a network address until it has said who it is."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    def take(self, holder: str) -> None:
        """Count one more. Raises `_Closed` when that is one too many, of this holder or of all."""
        if self._taken[holder] >= self._most or self._taken.total() >= SOCKETS_MAX:
            raise _Closed(1013, "Too many connections")
        self._taken[holder] += 1
        SOCKETS.inc()

    def leave(self, holder: str) -> None:
        """Count one less, and forget who has none."""
        self._taken[holder] -= 1
        if not self._taken[holder]:
            del self._taken[holder]
        SOCKETS.dec()


class Sockets:
    """The ASGI application behind the WebSocket of /graphql."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seats = _Seats(desk.resources.policy.sockets_per_caller)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold one conversation."""
        await receive()  # websocket.connect
        try:
            cookies = cookies_of(scope)
            # A browser sends cookies along from any page, and no header of ours with a handshake.
            if cookies.keys() & COOKIES:
                check_origin(scope, self._desk.origins)
            if PROTOCOL not in scope.get("subprotocols", ()):
                raise invalid_query("Speak graphql-transport-ws.")
        except Turned:
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        # Opened even where it is closed at once: a browser's page is told the code of an open socket alone.
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        await _Conversation(self._desk, self._seats, cookies, (scope, receive, send)).hold()


class _Conversation:
    def __init__(
        self, desk: Desk, seats: _Seats, cookies: Mapping[str, str], asgi: tuple[Scope, Receive, Send]
    ) -> None:
        self._desk = desk
        self._seats = seats
        self._cookies = cookies
        self._scope, self._receive, self._send = asgi
        self._holder: str | None = None
        self._credential: Credential | None = None
        self._viewer: Viewer = Anonymous()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._patience: asyncio.Timeout | None = None

    async def hold(self) -> None:
        watch: asyncio.Task[None] | None = None
        try:
            self._sit(f"address {_neighbourhood(self._scope)}")
            with _ended_by("Connection initialisation timeout"):
                async with asyncio.timeout(INIT_SECONDS):
                    await self._begin()
            watch = asyncio.create_task(self._watch())
            with _ended_by("No subscription"):
                async with asyncio.timeout(IDLE_SECONDS) as self._patience:
                    while True:
                        await self._hear(await self._message())
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
            self._patience = None
            tasks = [*self._running.values(), *([watch] if watch else [])]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._holder is not None:
                self._seats.leave(self._holder)

    def _sit(self, holder: str) -> None:
        """Count this socket as one of the holder's, and no longer as one of whoever held it before."""
        self._seats.take(holder)
        if self._holder is not None:
            self._seats.leave(self._holder)
        self._holder = holder

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
        if isinstance(self._viewer, MemberViewer):
            self._sit(f"member {self._viewer.member_id}")
        elif isinstance(self._viewer, TillViewer):
            self._sit(f"till {self._viewer.till.id}")
        await self._say({"type": "connection_ack"})

    async def _hear(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "subscribe":
                await self._subscribe(message)
            case "complete":
                if task := self._running.pop(_id_of(message), None):
                    task.cancel()
                    self._listens()
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
        self._listens()

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
                self._listens()

    def _listens(self) -> None:
        """Wait without end while there is something to listen to, and not for long otherwise."""
        if self._patience and not self._patience.expired():
            self._patience.reschedule(None if self._running else asyncio.get_running_loop().time() + IDLE_SECONDS)

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


@contextmanager
def _ended_by(reason: str) -> Iterator[None]:
    """Make the end of a wait the end of the conversation."""
    try:
        yield
    except TimeoutError:
        raise _Closed(4408, reason) from None


def _neighbourhood(scope: Scope) -> str:
    client = scope.get("client")
    return Caller(address=client[0] if client else "").neighbourhood


def _id_of(message: dict[str, Any]) -> str:
    name = message.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= ID_LONGEST:
        raise _Closed(4400, "Messages of a subscription have an id")
    return name
