"""`POST /graphql`: a pure ASGI shell that lets nothing through to GraphQL but one well-formed request at a time."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

import orjson

from api.asgi import JSON, NO_STORE, Header, Receive, Scope, Send, header_of, respond
from api.bodies import Gone, check_head, read_body
from api.desk import Desk, new_request_id
from api.errors import METHOD_NOT_ALLOWED, TOO_LARGE, UNSUPPORTED_TYPE, Turned
from api.metrics import observe
from api.playground import playground
from api.rates import TooOften
from api.sessions import check_forgery, cookies_of, credential_of
from graph.context import Cookie
from graph.documents import DocumentRefused
from graph.execution import not_run
from graph.faults import report
from graph.words import locale_of, sentence
from loyalty.refusals import Code, Refusal

_UNREAD: Final = frozenset({METHOD_NOT_ALLOWED, TOO_LARGE, UNSUPPORTED_TYPE})
"""Refused while the body may still be on its way: the connection cannot be used again."""
# What a page of a partner's site may send; never cookies, so there is no `allow-credentials`.
_PREFLIGHT: Final[tuple[Header, ...]] = (
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"authorization, content-type"),
    (b"access-control-max-age", b"7200"),
)


@dataclass(slots=True)
class _Reply:
    status: int
    body: dict[str, Any]
    headers: list[Header] = field(default_factory=list)
    kind: str = "turned"


class Shell:
    """The ASGI application behind /graphql."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] in {"GET", "HEAD"} and "text/html" in (header_of(scope, b"accept") or ""):
            await playground(send, is_open=self._desk.open_schema)
            return
        request_id, started, site = new_request_id(), perf_counter(), None
        rates: list[Header] = []
        try:
            site = await self._desk.site_origin(scope)
            if site is not None and scope["method"] == "OPTIONS":
                await respond(send, 204, b"", (*_open_to(site), *_PREFLIGHT))
                return
            reply = await self._reply(scope, receive, request_id, site, rates)
        except Gone:
            return
        except Turned as turned:
            reply = _turned(turned)
        except DocumentRefused as refusal:
            reply = _Reply(400, not_run(refusal.told).body)
        except Refusal as refusal:
            status = 429 if isinstance(refusal, TooOften) else 503
            reply = _turned_away(status, refusal, scope, request_id)
        except Exception as fault:  # noqa: BLE001 - the last wall: whatever broke, its sender gets an answer
            reply = _fault(fault, scope, request_id)
        observe(reply.kind, reply.status, perf_counter() - started)
        named = (b"x-request-id", request_id.encode())
        told = (*rates, *(() if site is None else _open_to(site)), *reply.headers)
        await respond(send, reply.status, orjson.dumps(reply.body), (JSON, NO_STORE, named, *told))

    async def _reply(
        self, scope: Scope, receive: Receive, request_id: str, site: str | None, rates: list[Header]
    ) -> _Reply:
        desk = self._desk
        check_head(scope)
        cookies = cookies_of(scope)
        credential = credential_of(scope, cookies)
        if credential.by_cookie:
            check_forgery(scope, desk.origins)
        request = await desk.read(await read_body(receive))
        open_schema = desk.is_open_to(scope)
        document = await desk.document(request, open_schema=open_schema)
        viewer = await desk.sessions.viewer(credential, desk.clock(), site_origin=site)
        desk.count(credential, viewer, rates)
        context = desk.context(scope, viewer, cookies, request_id, site_origin=site)
        answer = await desk.executing.run(document, request.variables, context, open_schema=open_schema)
        if not answer.ran:
            return _Reply(400, answer.body)
        headers = [_set_cookie(cookie) for cookie in context.written_cookies]
        return _Reply(200, answer.body, headers, document.kind.value)


def _open_to(site: str) -> tuple[Header, ...]:
    return (b"access-control-allow-origin", site.encode("latin-1")), (b"vary", b"Origin")


def _set_cookie(cookie: Cookie) -> Header:
    kept = f"{cookie.name}={cookie.value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={cookie.max_age_seconds}"
    return b"set-cookie", kept.encode("ascii")


def _turned(turned: Turned) -> _Reply:
    headers: list[Header] = [(b"allow", b"POST")] if turned.code == METHOD_NOT_ALLOWED else []
    if turned.code in _UNREAD:
        headers.append((b"connection", b"close"))
    return _Reply(turned.status, not_run(turned.error).body, headers)


def _turned_away(status: int, refusal: Refusal, scope: Scope, request_id: str) -> _Reply:
    # Nobody could be asked who is calling: better no answer than one for a stranger. Or a key asks too often.
    wait = refusal.retry_after_seconds or 1
    told = {
        "code": refusal.code.value,
        "retryable": True,
        "retryAfterSeconds": wait,
        "requestId": request_id,
    }
    words = sentence(refusal.words, locale_of(header_of(scope, b"accept-language")), refusal.facts)
    body = not_run({"message": words, "extensions": told}).body
    return _Reply(status, body, [(b"retry-after", str(wait).encode())])


def _fault(fault: Exception, scope: Scope, request_id: str) -> _Reply:
    report(fault, request=request_id)
    words = sentence("internal", locale_of(header_of(scope, b"accept-language")))
    told = {"code": Code.INTERNAL.value, "requestId": request_id}
    return _Reply(500, not_run({"message": words, "extensions": told}).body)
