"""A stand-in for SMS Aero (version 2): Basic authentication, its envelope, its states, its callbacks."""

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.standins.messaging.exchange import CaughtMessage, Exchange, Plan, read_body
from loyalty.messages import Channel, Fate

NUMBER: Final = re.compile(r"7\d{10}")
URL: Final = re.compile(r"https?://\S+")
COST: Final = 5.2
PAGE: Final = 50
SIGN_LENGTH: Final = range(2, 65)
VIBER_TEXT: Final = range(2, 641)
_SMS: Final = {
    Fate.ACCEPTED: (0, "queue"),
    Fate.SENT: (4, "wait status"),
    Fate.DELIVERED: (1, "delivery"),
    Fate.READ: (1, "delivery"),
    Fate.UNDELIVERED: (2, "undelivery"),
    Fate.EXPIRED: (2, "undelivery"),
    Fate.FAILED: (6, "reject"),
}
_VIBER: Final = {
    Fate.ACCEPTED: (0, "send"),
    Fate.SENT: (0, "send"),
    Fate.DELIVERED: (1, "delivery"),
    Fate.READ: (2, "read"),
    Fate.UNDELIVERED: (3, "undelivery"),
    Fate.EXPIRED: (3, "undelivery"),
    Fate.FAILED: (4, "error"),
}
_SENT_FIELDS: Final = {"number", "text", "sign", "dateSend", "callbackUrl", "callbackFormat", "channel", "marker"}
_Handler = Callable[["SmsAeroStandin", dict[str, Any]], Awaitable[Response]]


class SmsAeroStandin:
    """One account with its registered signs."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        login: str = "demo@example.ru",
        key: str = "k" * 24,
        signs: tuple[str, ...] = ("KUNAK",),
        plan: Plan | None = None,
    ) -> None:
        self.exchange = Exchange("smsaero", clock, plan)
        self.login, self.key, self.signs = login, key, signs
        self.blacklist: dict[int, str] = {}
        self._callbacks: dict[int, str] = {}

    @property
    def url(self) -> str:
        """The base address that the adapter is given."""
        return f"{self.exchange.url}/v2"

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["SmsAeroStandin"]:
        """Answer until the block ends."""
        handlers: dict[str, _Handler] = {
            "sms/send": SmsAeroStandin._send,
            "sms/status": SmsAeroStandin._status,
            "sms/list": SmsAeroStandin._list,
            "viber/send": SmsAeroStandin._send_viber,
            "viber/statistic": SmsAeroStandin._statistic,
            "balance": SmsAeroStandin._balance,
            "blacklist/add": SmsAeroStandin._stop,
            "blacklist/list": SmsAeroStandin._stopped,
            "blacklist/delete": SmsAeroStandin._resume,
        }
        routes = [Route(f"/v2/{path}", self._guarded(handler), methods=["POST"]) for path, handler in handlers.items()]
        async with self.exchange.open(routes, port):
            yield self

    def _guarded(self, handler: _Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if not self._is_let_in(request.headers.get("authorization", "")):
                return _no("Your request was made with invalid credentials.", 401)
            asked = read_body(await request.body() or b"{}")
            if asked is None or "json" not in request.headers.get("content-type", ""):
                return _no("The body is not JSON.", 400)
            return await handler(self, asked)

        return answer

    def _is_let_in(self, header: str) -> bool:
        try:
            told = b64decode(header.removeprefix("Basic "), validate=True)
        except (NoBase64, ValueError):
            return False
        return header.startswith("Basic ") and compare_digest(told, f"{self.login}:{self.key}".encode())

    async def _send(self, asked: dict[str, Any]) -> Response:
        faults = self._faults(asked, _SENT_FIELDS, text_length=range(1, 1001))
        if faults:
            return _no("Validation error.", 400, faults)
        if self.exchange.plan.balance < COST * 100:
            return JSONResponse({"result": "no credits"})
        one = self._catch(asked, Channel.SMS)
        return _yes(self._row(one))

    async def _send_viber(self, asked: dict[str, Any]) -> Response:
        faults = self._faults(asked, _SENT_FIELDS, text_length=VIBER_TEXT)
        if asked.get("channel") not in {"INFO", "OFFICIAL"}:
            faults["channel"] = ["INFO or OFFICIAL; CASCADE needs signSms and textSms."]
        if faults:
            return _no("Validation error.", 400, faults)
        one = self._catch(asked, Channel.VIBER)
        told = {"id": one.id, "count": 1, "sign": one.sender, "channel": asked["channel"], "text": one.text}
        return _yes(told | {"cost": COST, "status": 1, "extendStatus": "moderation", "countSend": 0})

    async def _status(self, asked: dict[str, Any]) -> Response:
        one = self._own(asked.get("id"), Channel.SMS)
        return _no("Not found.", 404) if one is None else _yes(self._row(one))

    async def _statistic(self, asked: dict[str, Any]) -> Response:
        one = self._own(asked.get("sendingId"), Channel.VIBER)
        if one is None:
            return _no("Not found.", 404)
        status, told = _VIBER[one.fate]
        row = {"number": one.to, "status": status, "extendStatus": told, "dateSend": int(one.at.timestamp())}
        return _yes({"0": row})

    async def _list(self, asked: dict[str, Any]) -> Response:
        found = [
            self._row(one)
            for one in reversed(self.exchange.caught)
            if one.channel is Channel.SMS
            and asked.get("number", one.to) == one.to
            and str(asked.get("text", one.text)) == one.text
        ]
        return _yes({str(place): row for place, row in enumerate(found[:PAGE])} | {"totalCount": len(found)})

    async def _balance(self, _asked: dict[str, Any]) -> Response:
        return _yes({"balance": self.exchange.plan.balance / 100})

    async def _stop(self, asked: dict[str, Any]) -> Response:
        number = str(asked.get("number", ""))
        if asked.keys() != {"number"} or not NUMBER.fullmatch(number):
            return _no("Validation error.", 400, {"number": ["The number must be 7XXXXXXXXXX."]})
        entry = max(self.blacklist, default=0) + 1
        self.blacklist[entry] = number
        return _yes({"id": entry, "number": number})

    async def _stopped(self, asked: dict[str, Any]) -> Response:
        found = [{"id": str(entry), "number": number} for entry, number in self.blacklist.items()]
        rows = [row for row in found if asked.get("number", row["number"]) == row["number"]]
        return _yes({str(place): row for place, row in enumerate(rows[:PAGE])} | {"totalCount": str(len(rows))})

    async def _resume(self, asked: dict[str, Any]) -> Response:
        if self.blacklist.pop(asked.get("id", 0), None) is None:
            return _no("Not found.", 404)
        return _yes(None)

    def _faults(self, asked: dict[str, Any], known: set[str], *, text_length: range) -> dict[str, list[str]]:
        faults: dict[str, list[str]] = {}
        if not NUMBER.fullmatch(str(asked.get("number", ""))):
            faults["number"] = ["The number must be 7XXXXXXXXXX."]
        if str(asked.get("number", "")) in self.blacklist.values():
            faults["number"] = ["The number is in the blacklist."]
        text = asked.get("text")
        if not isinstance(text, str) or len(text) not in text_length:
            faults["text"] = ["The text is missing or too long."]
        sign = asked.get("sign")
        if not isinstance(sign, str) or len(sign) not in SIGN_LENGTH or sign not in self.signs:
            faults["sign"] = ["The sign is not registered."]
        if "callbackUrl" in asked and not URL.fullmatch(str(asked["callbackUrl"])):
            faults["callbackUrl"] = ["Not an address."]
        if "dateSend" in asked and not isinstance(asked["dateSend"], int):
            faults["dateSend"] = ["Unix seconds."]
        return faults | {name: ["Unknown field."] for name in asked.keys() - known}

    def _catch(self, asked: dict[str, Any], channel: Channel) -> CaughtMessage:
        number = str(asked["number"])
        one = self.exchange.catch(channel=channel, sender=asked["sign"], to=number, text=asked["text"])
        self.exchange.plan.balance -= int(COST * 100)
        if url := asked.get("callbackUrl"):
            self._callbacks[one.id] = url
        self.exchange.deliver(one.id, self._tell)
        return one

    async def _tell(self, one: CaughtMessage) -> None:
        url = self._callbacks.get(one.id)
        if url is not None:
            status, told = (_SMS if one.channel is Channel.SMS else _VIBER)[one.fate]
            await self.exchange.post(url, json={"id": one.id, "status": status, "extendStatus": told})

    def _own(self, number: object, channel: Channel) -> CaughtMessage | None:
        one = self.exchange.find(number) if isinstance(number, int) else None
        return one if one is not None and one.channel is channel else None

    @staticmethod
    def _row(one: CaughtMessage) -> dict[str, Any]:
        status, told = _SMS[one.fate]
        at = int(one.at.timestamp())
        row = {"id": one.id, "from": one.sender, "number": one.to, "text": one.text, "status": status}
        return row | {"extendStatus": told, "channel": "DIRECT", "cost": COST, "dateCreate": at, "dateSend": at}


def _yes(data: object) -> Response:
    return JSONResponse({"success": True, "data": data, "message": None})


def _no(message: str, status: int, data: object = None) -> Response:
    return JSONResponse({"success": False, "data": data, "message": message}, status_code=status)
