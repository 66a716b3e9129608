"""A stand-in for edna Pulse: key in a header, cascades of the account, repetitions cancelled, webhooks tried again."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.standins.messaging.exchange import CaughtMessage, Exchange, Plan, read_body
from loyalty.messages import Channel, Fate

NUMBER: Final = re.compile(r"\d{11,15}")
CANCELLED_WITHIN: Final = timedelta(minutes=20)
URL_CHARACTERS_MAX: Final = 500
TEXT_MAX: Final = 1000
_STATUS: Final = {
    Fate.SENT: "SENT",
    Fate.DELIVERED: "DELIVERED",
    Fate.READ: "READ",
    Fate.UNDELIVERED: "UNDELIVERED",
    Fate.EXPIRED: "UNDELIVERED",
    Fate.FAILED: "FAILED",
}
_FIELDS: Final = {"requestId", "cascadeId", "subscriberFilter", "startTime", "comment", "content"}


class EdnaStandin:
    """One account with a cascade of one stage for each channel."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        key: str = "e" * 32,
        cascades: dict[int, Channel] | None = None,
        plan: Plan | None = None,
    ) -> None:
        self.exchange = Exchange("edna", clock, plan)
        self.key = key
        self.cascades = cascades or {210: Channel.VIBER, 211: Channel.SMS}
        self._seen: dict[tuple[str, str, str], datetime] = {}
        self._requests: dict[int, str] = {}
        self._webhook: str | None = None

    @property
    def url(self) -> str:
        """The base address that the adapter is given."""
        return f"{self.exchange.url}/api"

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["EdnaStandin"]:
        """Answer until the block ends."""
        routes = [
            Route("/api/cascade/schedule", self._schedule, methods=["POST"]),
            Route("/api/callback/set", self._set_callback, methods=["POST"]),
        ]
        async with self.exchange.open(routes, port):
            yield self

    def post_to(self, url: str) -> None:
        """Where reports go; operators set it in the account."""
        self._webhook = url

    async def _set_callback(self, request: Request) -> Response:
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        url = asked.get("statusCallbackUrl")
        if not isinstance(url, str) or not url.startswith("https://") or len(url) > URL_CHARACTERS_MAX:
            return _no("statusCallbackUrl must be https, 500 characters at most")
        self._webhook = url
        return JSONResponse({"code": "ok"})

    async def _schedule(self, request: Request) -> Response:
        asked = await self._asked(request)
        if isinstance(asked, Response):
            return asked
        fault = self._fault(asked)
        if fault is not None:
            return _no(fault)
        channel = self.cascades[asked["cascadeId"]]
        text = asked["content"]["smsContent" if channel is Channel.SMS else "viberContent"]["text"]
        to, now = asked["subscriberFilter"]["address"], self.exchange.clock()
        seen = self._seen.get((channel, to, text))
        if seen is None or now - seen >= CANCELLED_WITHIN:
            self._seen[channel, to, text] = now
            one = self.exchange.catch(channel=channel, sender="kunak", to=to, text=text)
            self._requests[one.id] = asked["requestId"]
            self.exchange.deliver(one.id, self._tell)
        return JSONResponse({"requestId": asked["requestId"]})

    async def _asked(self, request: Request) -> dict[str, Any] | Response:
        if not compare_digest(request.headers.get("x-api-key", "").encode(), self.key.encode()):
            return JSONResponse({"code": "unauthorized"}, 401)
        asked = read_body(await request.body())
        if asked is None or "json" not in request.headers.get("content-type", ""):
            return _no("the body is not JSON")
        return asked

    def _fault(self, asked: dict[str, Any]) -> str | None:
        address, content = asked.get("subscriberFilter"), asked.get("content")
        if asked.keys() - _FIELDS:
            return f"unknown fields: {sorted(asked.keys() - _FIELDS)}"
        if not isinstance(asked.get("requestId"), str) or not asked["requestId"]:
            return "requestId is required"
        if not isinstance(asked.get("cascadeId"), int) or asked["cascadeId"] not in self.cascades:
            return "no such cascade"
        if not isinstance(address, dict) or address.get("type") != "PHONE":
            return "subscriberFilter.type must be PHONE"
        if not NUMBER.fullmatch(str(address.get("address", ""))):
            return "subscriberFilter.address must be a number without a plus"
        stage = "smsContent" if self.cascades[asked["cascadeId"]] is Channel.SMS else "viberContent"
        if not isinstance(content, dict) or set(content) != {stage} or not isinstance(content[stage], dict):
            return f"content must hold {stage}, one for each stage"
        text = content[stage].get("text")
        if not isinstance(text, str) or not 0 < len(text) <= TEXT_MAX:
            return f"{stage}.text is missing or too long"
        return None

    async def _tell(self, one: CaughtMessage) -> None:
        if self._webhook is None:
            return
        body = {
            "requestId": self._requests[one.id],
            "messageId": one.id,
            "cascadeId": next(number for number, channel in self.cascades.items() if channel is one.channel),
            "cascadeStageUUID": f"st-{one.id}",
            "subject": f"{one.channel.lower()}_kunak",
            "subjectId": 31,
            "status": _STATUS[one.fate],
            "statusAt": self.exchange.clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "error": None,
            "comment": None,
        }
        await self.exchange.post(self._webhook, json=body)


def _no(message: str) -> Response:
    return JSONResponse({"code": "bad-request", "message": message}, 400)
