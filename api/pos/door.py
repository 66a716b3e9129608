"""`POST /pos/v1/…`: calls of plugins, let in by a till's key, answered with JSON or a problem of the closed list."""

import asyncio
import logging
from time import perf_counter
from typing import Any, Final

import orjson
from prometheus_client import Histogram

from api.asgi import JSON, NO_STORE, Header, Receive, Scope, Send, header_of, respond
from api.bodies import Gone, check_head, read_body, read_json
from api.desk import Desk, new_request_id
from api.errors import METHOD_NOT_ALLOWED, TOO_LARGE, UNSUPPORTED_TYPE, Turned
from api.pos.calls import CALLS, Call, read_contact
from api.pos.reading import body_of
from api.pos.telling import problem
from api.sessions import cookies_of, credential_of
from graph.context import TillViewer
from graph.faults import report
from graph.words import Locale, locale_of
from loyalty.refusals import Code, Refusal
from services.pos.plugins import Contacts
from services.tills import TillFacts

PREFIX: Final = "/pos/v1/"
ANSWER_SECONDS: Final = 8.0
BATCH_SECONDS: Final = 30.0
_UNREAD: Final = frozenset({METHOD_NOT_ALLOWED, TOO_LARGE, UNSUPPORTED_TYPE})
_PROBLEM: Final[Header] = (b"content-type", b"application/problem+json")
_SECONDS: Final = Histogram(
    "kunak_pos_seconds",
    "Time to answer a call of a plugin.",
    ["call", "status"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
log = logging.getLogger(__name__)


class Pos:
    """The ASGI application behind /pos/v1/."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._contacts = Contacts()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        request_id, started = new_request_id(), perf_counter()
        locale = locale_of(header_of(scope, b"accept-language"))
        headers: list[Header] = [NO_STORE, (b"x-request-id", request_id.encode())]
        name = scope["path"].removeprefix(PREFIX)
        try:
            till = await self._till(scope, headers)
            status, body, kind = 200, await self._answer(name, till, receive, locale, request_id), JSON
        except Gone:
            return
        except Turned as turned:
            status, kind = turned.status, _PROBLEM
            body = {"status": status, "code": turned.code, "message": turned.message, "requestId": request_id}
            headers += [(b"connection", b"close")] if turned.code in _UNREAD else []
            headers += [(b"allow", b"POST")] if turned.code == METHOD_NOT_ALLOWED else []
        except Refusal as refusal:
            body, kind = problem(refusal, locale, request_id), _PROBLEM
            status = body["status"]
            if refusal.retry_after_seconds is not None:
                headers.append((b"retry-after", str(refusal.retry_after_seconds).encode()))
        except Exception as fault:  # noqa: BLE001 - the last wall: whatever broke, its sender gets an answer
            report(fault, request=request_id, operation=f"pos.{name if name in CALLS else 'unknown'}")
            body, kind, status = problem(Refusal(Code.INTERNAL, "internal"), locale, request_id), _PROBLEM, 500
        _SECONDS.labels(name if name in CALLS else "unknown", str(status)).observe(perf_counter() - started)
        await respond(send, status, orjson.dumps(body), (kind, *headers))

    async def _answer(
        self, name: str, till: TillFacts, receive: Receive, locale: Locale, request_id: str
    ) -> dict[str, Any]:
        desk = self._desk
        now = desk.clock()
        if name not in CALLS:
            raise Refusal(Code.NOT_FOUND, "pos.no_such_call")
        body = body_of(read_json(await read_body(receive)))
        contact = read_contact(body, now)
        call = Call(till, body, contact, now, locale, request_id, desk.resources)
        try:
            async with asyncio.timeout(BATCH_SECONDS if name == "batch" else ANSWER_SECONDS):
                told = await CALLS[name](call)
                if contact is not None:
                    await self._note(call)
        except TimeoutError:
            raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1) from None
        return told

    async def _till(self, scope: Scope, headers: list[Header]) -> TillFacts:
        """The till of the key. A cookie is a browser's: no plugin has one."""
        check_head(scope)
        credential = credential_of(scope, cookies_of(scope))
        viewer = await self._desk.sessions.viewer(credential, self._desk.clock())
        if credential.kind != "TILL_KEY" or not isinstance(viewer, TillViewer):
            raise Refusal(Code.UNAUTHENTICATED, "till_unauthenticated")
        self._desk.count(credential, viewer, headers)
        return viewer.till

    async def _note(self, call: Call) -> None:
        """Keep what the plugin said of itself; the answer is there already and does not depend on it."""
        if call.contact is None:
            return
        try:
            await self._contacts.note(call.till, call.contact, call.now)
        except Refusal:
            log.warning("a plugin's contact was not written down", extra={"till": str(call.till.id)})
