"""The stand-in itself: who is let in, what a key of idempotence finds again, and which path asks for what."""

import json
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from integrations.standins.faults import Faulty, answering
from integrations.standins.orders import Fault
from integrations.standins.yookassa import wanted
from integrations.standins.yookassa.page import ended_page, open_page
from integrations.standins.yookassa.plan import Plan, operation_of
from integrations.standins.yookassa.telling import Notifications, payment_object, refund_object
from integrations.standins.yookassa.till import Books, Payment, Refund
from integrations.standins.yookassa.wanted import Wrong

KEY_CHARACTERS_MAX: Final = 64
KEY_LIVES: Final = timedelta(hours=24)
_Done = Callable[[dict[str, Any], Request], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a key of idempotence answered, to which request, and when."""

    digest: bytes
    told: dict[str, Any]
    at: datetime


class YooKassaStandin:
    """One shop with its key, and everything behind it."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        shop_id: str = "100500",
        secret_key: str = "test_" + "s" * 32,
        plan: Plan | None = None,
    ) -> None:
        self.clock = clock
        self.shop_id, self.secret_key = shop_id, secret_key
        self.plan = plan or Plan()
        self.books = Books()
        self.notifications = Notifications(self.plan)
        self.requests: list[str] = []
        self.keys: list[str] = []
        self._kept: dict[tuple[str, str], Kept] = {}
        self._port = 0

    @property
    def origin(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The base address that the adapter is given."""
        return f"{self.origin}/v3"

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["YooKassaStandin"]:
        """Answer until the block ends."""
        app = Faulty(Starlette(routes=self._routes()), self._ordered, lambda: self.plan.slow_seconds)
        async with answering(app, port) as self._port:
            try:
                yield self
            finally:
                await self.notifications.close()

    def post_to(self, url: str) -> None:
        """Where notifications go; an operator writes it into the shop's account."""
        self.notifications.url = url

    def pay(self, number: str) -> None:
        """The payer pays on the page."""
        payment = self.books.pay(self.books.payment(number, self.clock()), self.clock())
        self._tell(payment)

    def decline(self, number: str, reason: str = "insufficient_funds") -> None:
        """The payer's bank says no."""
        self._tell(self.books.end(self.books.payment(number, self.clock()), "payment_network", reason))

    def finish(self, number: str, *, succeeded: bool = True) -> None:
        """A refund that was pending ends. Only its success is told."""
        refund = self.books.settle(self.books.refunds[number], "succeeded" if succeeded else "canceled")
        if succeeded:
            self.notifications.tell("refund.succeeded", refund_object(refund))

    def told(self, payment: Payment) -> dict[str, Any]:
        """A payment as it is told now."""
        refunded = payment.amount - self.books.left(payment)
        return payment_object(payment, shop=self.shop_id, origin=self.origin, refunded=refunded)

    def _ordered(self, path: str) -> Fault | None:
        operation = operation_of(path)
        self.requests.append(operation)
        return self.plan.ordered(operation)

    def _tell(self, payment: Payment) -> None:
        self.notifications.tell(f"payment.{payment.status}", self.told(payment))

    def _routes(self) -> list[Route]:
        payment, refund = "/v3/payments/{number}", "/v3/refunds/{number}"
        return [
            Route("/v3/payments", self._changing(self._open), methods=["POST"]),
            Route(payment, self._guarded(self._show), methods=["GET"]),
            Route(f"{payment}/capture", self._changing(self._capture), methods=["POST"]),
            Route(f"{payment}/cancel", self._changing(self._cancel), methods=["POST"]),
            Route("/v3/refunds", self._changing(self._refund), methods=["POST"]),
            Route("/v3/refunds", self._guarded(self._list_refunds), methods=["GET"]),
            Route(refund, self._guarded(self._show_refund), methods=["GET"]),
            Route("/checkout/{number}", self._page, methods=["GET", "POST"]),
        ]

    def _guarded(self, handler: Callable[[Request], Awaitable[dict[str, Any]]]) -> Any:
        async def answer(request: Request) -> Response:
            try:
                if not self._is_shop(request.headers.get("authorization", "")):
                    raise Wrong("Basic authentication failed", status=401, code="invalid_credentials")
                return JSONResponse(await handler(request))
            except Wrong as wrong:
                return _no(wrong)

        return answer

    def _changing(self, done: _Done) -> Any:
        """What changes something: done once for a key, and answered again to whoever repeats it."""

        async def handler(request: Request) -> dict[str, Any]:
            if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                raise Wrong("Unsupported media type", status=415)
            key = request.headers.get("idempotence-key", "")
            if not 0 < len(key) <= KEY_CHARACTERS_MAX:
                raise Wrong("Idempotence key is missing or too long", "Idempotence-Key")
            self.keys.append(key)
            raw = await request.body()
            body, digest = _read(raw), sha256(raw).digest()
            kept = self._kept.get((request.url.path, key))
            if kept is not None and self.clock() - kept.at < KEY_LIVES:
                if kept.digest != digest:
                    raise Wrong("Idempotence key duplicated", "Idempotence-Key")
                return kept.told
            told = done(body, request)
            self._kept[request.url.path, key] = Kept(digest, told, self.clock())
            return told

        return self._guarded(handler)

    def _is_shop(self, header: str) -> bool:
        try:
            shown = b64decode(header.removeprefix("Basic "), validate=True).decode("utf-8", "replace")
        except (NoBase64, ValueError):
            return False
        mine = f"{self.shop_id}:{self.secret_key}"
        return header.startswith("Basic ") and compare_digest(shown.encode(), mine.encode())

    def _open(self, body: dict[str, Any], _request: Request) -> dict[str, Any]:
        wanted.PAYMENT.check(body, "")
        amount = wanted.amount_of(body)
        wanted.check_receipt(body, amount, required=self.plan.receipts)
        return self.told(self.books.open(body, amount, self.clock()))

    async def _show(self, request: Request) -> dict[str, Any]:
        return self.told(self._payment(request))

    def _capture(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        wanted.CAPTURE.check(body, "")
        payment = self.books.capture(self._payment(request), self.clock())
        self._tell(payment)
        return self.told(payment)

    def _cancel(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        wanted.CANCEL.check(body, "")
        payment = self.books.cancel(self._payment(request))
        self._tell(payment)
        return self.told(payment)

    def _refund(self, body: dict[str, Any], _request: Request) -> dict[str, Any]:
        wanted.REFUND.check(body, "")
        amount = wanted.amount_of(body)
        wanted.check_receipt(body, amount, required=False)
        payment = self.books.payment(body["payment_id"], self.clock())
        made = self.books.refund(payment, body, amount, self.plan.refunds, self.clock())
        if made.status == "succeeded":
            self.notifications.tell("refund.succeeded", refund_object(made))
        return refund_object(made)

    async def _show_refund(self, request: Request) -> dict[str, Any]:
        found: Refund | None = self.books.refunds.get(request.path_params["number"])
        if found is None:
            raise Wrong("Refund doesn't exist or access denied", "refund_id", status=404, code="not_found")
        return refund_object(found)

    async def _list_refunds(self, request: Request) -> dict[str, Any]:
        wanted.REFUNDS.check(dict(request.query_params), "")
        return self.books.listed(request.query_params, refund_object)

    async def _page(self, request: Request) -> Response:
        """Pay, or have the bank say no; then back to where the payer came from."""
        try:
            payment = self._payment(request)
        except Wrong:
            return HTMLResponse(ended_page("Нет такого платежа."), 404)
        if payment.status != "pending":
            return HTMLResponse(ended_page("Этот платёж уже завершён."))
        if request.method == "GET":
            return HTMLResponse(open_page(payment.asked.get("description", ""), payment.amount))
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        (self.decline if form.get("how") == "decline" else self.pay)(payment.id)
        return RedirectResponse(payment.asked["confirmation"]["return_url"], 303)

    def _payment(self, request: Request) -> Payment:
        return self.books.payment(request.path_params["number"], self.clock())


def _read(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError:
        raise Wrong("Incorrect JSON") from None
    if not isinstance(body, dict):
        raise Wrong("An object is expected")
    return body


def _no(wrong: Wrong) -> Response:
    told = {"type": "error", "id": str(uuid4()), "code": wrong.code, "description": wrong.description}
    return JSONResponse(told | ({} if wrong.parameter is None else {"parameter": wrong.parameter}), wrong.status)
