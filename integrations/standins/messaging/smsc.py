"""A stand-in for SMSC.ru: forms with a key, numbered errors under HTTP 200, states by our own id, callbacks as forms."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.standins.messaging.exchange import CaughtMessage, Exchange, Plan
from loyalty.messages import Channel, Fate
from loyalty.segments import segments

NUMBER: Final = re.compile(r"\d{11,15}")
ID_MAX: Final = 2**31 - 1
COST: Final = 410
MINUTE: Final = timedelta(minutes=1)
_STATUS: Final = {
    Fate.ACCEPTED: -1,
    Fate.SENT: 0,
    Fate.DELIVERED: 1,
    Fate.READ: 2,
    Fate.EXPIRED: 3,
    Fate.UNDELIVERED: 20,
    Fate.FAILED: 23,
}
_FIELDS: Final = {"apikey", "fmt", "phones", "mes", "sender", "charset", "id", "cost", "valid"}
_HOURS: Final = {str(hours) for hours in range(1, 25)}


class SmscStandin:
    """One account with its registered senders. `hook`, where set, is posted a form for every state."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        key: str = "s" * 24,
        senders: tuple[str, ...] = ("KUNAK",),
        plan: Plan | None = None,
    ) -> None:
        self.exchange = Exchange("smsc", clock, plan)
        self.key, self.senders = key, senders
        self.hook: str | None = None
        self.valid: list[int | None] = []
        """How many hours each message was told to live."""
        self._last: dict[tuple[str, str], datetime] = {}

    @property
    def url(self) -> str:
        """The base address that the adapter is given."""
        return f"{self.exchange.url}/sys"

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["SmscStandin"]:
        """Answer until the block ends."""
        routes = [
            Route("/sys/send.php", self._send, methods=["POST"]),
            Route("/sys/status.php", self._status, methods=["POST"]),
            Route("/sys/balance.php", self._balance, methods=["POST"]),
        ]
        async with self.exchange.open(routes, port):
            yield self

    async def _asked(self, request: Request) -> dict[str, str] | Response:
        """The form of a request that is let in. A key in an address is refused: it would stand in every log."""
        form = dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
        if request.query_params or not compare_digest(form.get("apikey", "").encode(), self.key.encode()):
            return _no(2, "authorise error")
        return form if form.get("fmt") == "3" else _no(1, "parameters error")

    async def _send(self, request: Request) -> Response:
        form = await self._asked(request)
        if isinstance(form, Response):
            return form
        fault = self._fault(form)
        if fault is not None:
            return _no(*fault)
        parts = segments(form["mes"]).parts
        cost = COST * parts
        if form["cost"] == "1":
            return JSONResponse({"cost": _roubles(cost), "cnt": parts})
        now, plan = self.exchange.clock(), self.exchange.plan
        last = self._last.get((form["phones"], form["mes"]))
        if last is not None and now - last < MINUTE:
            return _no(9, "duplicate request, wait a minute")
        if plan.balance < cost:
            return _no(3, "no money")
        self._last[form["phones"], form["mes"]] = now
        plan.balance -= cost
        self.valid.append(int(form["valid"]) if "valid" in form else None)
        one = self.exchange.catch(
            channel=Channel.SMS, sender=form["sender"], to=form["phones"], text=form["mes"], number=int(form["id"])
        )
        self.exchange.deliver(one.id, self._tell)
        return JSONResponse({"id": one.id, "cnt": parts, "cost": _roubles(cost), "balance": _roubles(plan.balance)})

    def _fault(self, form: dict[str, str]) -> tuple[int, str] | None:
        if form.keys() - _FIELDS or form.get("cost") not in {"1", "3"} or form.get("charset") != "utf-8":
            return 1, "parameters error"
        if form.get("valid", "24") not in _HOURS:
            return 1, "parameters error"
        if not NUMBER.fullmatch(form.get("phones", "")):
            return 7, "invalid number"
        if not form.get("mes") or form.get("sender") not in self.senders:
            return 6, "message is denied"
        number = form.get("id", "")
        if form["cost"] == "3" and not (number.isdigit() and 1 <= int(number) <= ID_MAX):
            return 1, "parameters error"
        return None

    async def _status(self, request: Request) -> Response:
        form = await self._asked(request)
        if isinstance(form, Response):
            return form
        if not form.get("id", "").isdigit() or not NUMBER.fullmatch(form.get("phone", "")):
            return _no(1, "parameters error")
        one = self.exchange.find(int(form["id"]))
        if one is None or one.to != form["phone"]:
            return JSONResponse({"status": -3})
        at = int(one.at.timestamp())
        told: dict[str, Any] = {"status": _STATUS[one.fate], "last_date": "", "last_timestamp": at, "err": 0}
        return JSONResponse(told)

    async def _balance(self, request: Request) -> Response:
        form = await self._asked(request)
        return form if isinstance(form, Response) else JSONResponse({"balance": _roubles(self.exchange.plan.balance)})

    async def _tell(self, one: CaughtMessage) -> None:
        if self.hook is not None:
            told = {"id": str(one.id), "phone": one.to, "status": str(_STATUS[one.fate]), "cnt": "1", "type": "0"}
            await self.exchange.post(self.hook, data=told)


def _roubles(kopecks: int) -> str:
    return f"{kopecks // 100}.{kopecks % 100:02d}"


def _no(code: int, error: str) -> Response:
    return JSONResponse({"error": error, "error_code": code})
