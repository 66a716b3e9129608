"""The stand-in itself: who is let in, how often, and which path asks for what."""

import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from hmac import compare_digest
from html import escape
from typing import Any, Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from integrations.standins.faults import Faulty, answering
from integrations.standins.orders import Fault
from integrations.standins.travelline import telling
from integrations.standins.travelline.desk import Reservations
from integrations.standins.travelline.houses import HOUSES, House, property_card
from integrations.standins.travelline.pictures import landscape
from integrations.standins.travelline.plan import Plan, operation_of
from integrations.standins.travelline.selling import Selling
from integrations.standins.travelline.wanted import Wrong
from integrations.standins.travelline.windows import PUBLISHED
from integrations.standins.windows import Rates, Windows

PAGE_MAX: Final = 1000
CARDS_MAX: Final = 200
_GROUPS: Final = {"verify": "reservation", "create": "reservation", "penalty": "reservation"}
_Handler = Callable[[Request], Awaitable[Response]]


class TravelLineStandin:
    """One API connection with its client, and everything behind it."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        client_id: str = "kunak-demo",
        client_secret: str = "s" * 32,
        plan: Plan | None = None,
        rates: Rates = PUBLISHED,
        monotonic: Callable[[], float] = time.monotonic,
        houses: tuple[House, ...] = HOUSES,
    ) -> None:
        self.clock = clock
        self.client_id, self.client_secret = client_id, client_secret
        self.plan = plan or Plan()
        self.reservations = Reservations(houses)
        self.selling = Selling(self.reservations, self.plan)
        self.webhook = telling.Webhook(self.plan)
        self.requests: list[str] = []
        self.limited: list[str] = []
        self.windows = Windows(rates, monotonic)
        self._tokens: dict[str, datetime] = {}
        self._port = 0

    @property
    def url(self) -> str:
        """The base address that the adapter is given."""
        return f"http://127.0.0.1:{self._port}"

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["TravelLineStandin"]:
        """Answer until the block ends."""
        app = Faulty(Starlette(routes=self._routes()), self._ordered, lambda: self.plan.slow_seconds)
        async with answering(app, port) as self._port:
            try:
                yield self
            finally:
                await self.webhook.close()

    def post_to(self, url: str, key: str | None) -> None:
        """Where events go; a hotel writes it into its account."""
        self.webhook.url, self.webhook.key = url, key

    def revoke_tokens(self) -> None:
        """Let every token end early."""
        self._tokens.clear()

    def happens(self, number: str, kind: str) -> dict[str, Any]:
        """Something at the hotel's desk, such as `check_in` or `check_out`; gives the event as it is sent."""
        booking = self.reservations.change(self.selling.booking(number), self.clock())
        return self.webhook.tell(kind, booking, f"{self.clock():%Y-%m-%dT%H:%M:%S}.000Z")

    def _ordered(self, path: str) -> Fault | None:
        operation = operation_of(path)
        self.requests.append(operation)
        return self.plan.ordered(operation)

    def _routes(self) -> list[Route]:
        content, search = "/api/content/v1/properties", "/api/search/v1/properties"
        read = "/api/read-reservation/v1/properties/{house}/bookings"
        guarded: list[tuple[str, str, _Handler]] = [
            ("GET", content, self._properties),
            ("GET", f"{content}/{{house}}", self._property),
            ("POST", f"{search}/room-stays/search", self._lowest),
            ("GET", f"{search}/{{house}}/room-stays", self._search),
            ("POST", "/api/reservation/{version}/bookings/verify", self._verify),
            ("POST", "/api/reservation/{version}/bookings", self._create),
            ("GET", "/api/reservation/v1/bookings/{number}", self._booking),
            ("GET", "/api/reservation/{version}/bookings/{number}/calculate-cancellation-penalty", self._penalty),
            ("POST", "/api/reservation/{version}/bookings/{number}/cancel", self._cancel),
            ("GET", read, self._list),
            ("GET", f"{read}/{{number}}", self._details),
        ]
        return [
            Route("/auth/token", self._token, methods=["POST"]),
            Route("/pictures/{name}.png", self._picture),
            Route("/pay/{number}", self._pay, methods=["GET", "POST"]),
            *(Route(path, self._guarded(handler), methods=[method]) for method, path, handler in guarded),
        ]

    def _guarded(self, handler: _Handler) -> _Handler:
        async def answer(request: Request) -> Response:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if self._tokens.get(token, datetime.min.replace(tzinfo=self.clock().tzinfo)) <= self.clock():
                return JSONResponse({"message": "Unauthorized"}, 401)
            operation = operation_of(request.url.path)
            wait, headers = self.windows.ask(_GROUPS.get(operation, operation if operation != "other" else "booking"))
            if wait is not None:
                self.limited.append(operation)
                limited = headers | {"retry-after": str(wait)}
                return JSONResponse({"message": "API calls quota exceeded"}, 429, headers=limited)
            if request.path_params.get("version", "v1") not in {"v1", "v2"}:
                return _no(Wrong("NotFound", "no such path"))
            try:
                response = await handler(request)
            except Wrong as wrong:
                response = _no(wrong)
            response.headers.update(headers)
            return response

        return answer

    async def _token(self, request: Request) -> Response:
        wait, headers = self.windows.ask("token")
        if wait is not None:
            self.limited.append("token")
            limited = headers | {"retry-after": str(wait)}
            return JSONResponse({"message": "API calls quota exceeded"}, 429, headers=limited)
        if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return JSONResponse({"error": "invalid_request", "error_description": "send a form"}, 400)
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        known = compare_digest(form.get("client_id", "").encode(), self.client_id.encode()) and compare_digest(
            form.get("client_secret", "").encode(), self.client_secret.encode()
        )
        if form.get("grant_type") != "client_credentials" or not known:
            return JSONResponse({"error": "unauthorized_client", "error_description": "Invalid client"}, 401)
        token = f"jwt.{secrets.token_urlsafe(24)}"
        self._tokens[token] = self.clock() + timedelta(seconds=self.plan.token_seconds)
        told = {"access_token": token, "expires_in": self.plan.token_seconds, "refresh_expires_in": 0}
        return JSONResponse(told | {"token_type": "Bearer", "not-before-policy": 0, "scope": ""})

    async def _properties(self, request: Request) -> Response:
        asked = request.query_params
        count, since = int(asked.get("count", CARDS_MAX)), asked.get("since", "")
        houses = [house for house in self.reservations.houses.values() if house.id > since]
        page = houses[: min(count, CARDS_MAX)]
        full = asked.get("include") == "all"
        cards = [property_card(house, self.url) if full else {"id": house.id} for house in page]
        more = page[-1].id if len(page) < len(houses) else None
        return JSONResponse({"properties": cards, "next": more, "warnings": []})

    async def _property(self, request: Request) -> Response:
        house = self.reservations.houses.get(request.path_params["house"])
        if house is None:
            return _no(Wrong("NotFound", "no such property"))
        return JSONResponse(property_card(house, self.url))

    async def _search(self, request: Request) -> Response:
        asked = {name: request.query_params.getlist(name) for name in request.query_params}
        found = self.selling.offers(request.path_params["house"], asked, self.clock())
        return JSONResponse({"roomStays": found, "services": [], "content": None, "warnings": []})

    async def _lowest(self, request: Request) -> Response:
        return JSONResponse({"roomStays": self.selling.lowest(await _body(request), self.clock()), "warnings": []})

    async def _verify(self, request: Request) -> Response:
        return JSONResponse(self.selling.verify(await _body(request), request.path_params["version"], self.clock()))

    async def _create(self, request: Request) -> Response:
        version = request.path_params["version"]
        made = self.selling.create(await _body(request), version, self.clock(), pay_url=self.url)
        self._tell("create_booking", made["booking"]["number"])
        return JSONResponse(made)

    async def _booking(self, request: Request) -> Response:
        return JSONResponse({"booking": telling.created(self.selling.booking(request.path_params["number"]))})

    async def _penalty(self, request: Request) -> Response:
        at = request.query_params.get("cancellationDateTimeUtc")
        return JSONResponse(self.selling.penalty(request.path_params["number"], at, self.clock()))

    async def _cancel(self, request: Request) -> Response:
        booking = self.selling.cancel(request.path_params["number"], await _body(request), self.clock())
        self._tell("cancel_booking", booking.number)
        return JSONResponse({"booking": telling.created(booking)})

    async def _list(self, request: Request) -> Response:
        asked, house = request.query_params, request.path_params["house"]
        token, since = asked.get("continueToken"), asked.get("lastModification")
        if token is not None and since is not None:
            return _no(Wrong("InvalidParameter", "continueToken and lastModification exclude each other"))
        rows = [
            one
            for one in self.reservations.since(_place(token))
            if one.stays[0].house.id == house and (since is None or one.modified >= datetime.fromisoformat(since))
        ]
        page = rows[: min(int(asked.get("count", PAGE_MAX)), PAGE_MAX)]
        last = page[-1].sequence if page else _place(token)
        mark = urlsafe_b64encode(f"after {last}".encode()).decode()
        told = [telling.summary(one) for one in page]
        return JSONResponse({"continueToken": mark, "hasMoreData": len(page) < len(rows), "bookingSummaries": told})

    async def _details(self, request: Request) -> Response:
        booking = self.selling.booking(request.path_params["number"])
        if booking.stays[0].house.id != request.path_params["house"] or booking.status == "Unconfirmed":
            return _no(Wrong("NotFound", "no such booking"))
        return JSONResponse({"booking": telling.details(booking)})

    async def _picture(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name in self.plan.gone:
            return _no(Wrong("NotFound", "no such picture"))
        houses = self.reservations.houses.values()
        hues = [each.hue for each in houses if any(one in name for one in (each.id, *(room.id for room in each.rooms)))]
        return Response(landscape(name, hues[0] if hues else 30), media_type="image/png")

    async def _pay(self, request: Request) -> Response:
        """The vendor's page of payment: here a button that pays nothing."""
        booking = self.reservations.by_number.get(request.path_params["number"])
        if booking is None or not booking.pays:
            return HTMLResponse("<p>Нет такого счёта.</p>", 404)
        if request.method == "POST":
            if booking.status == "Unconfirmed":
                self.reservations.change(booking, self.clock(), status="Confirmed")
            return RedirectResponse(booking.pays.get("successUrl", "/"), 303)
        return HTMLResponse(_PAGE.format(number=escape(booking.number), sum=booking.price))

    def _tell(self, kind: str, number: str) -> None:
        booking = self.reservations.by_number[number]
        self.webhook.tell(kind, booking, f"{self.clock():%Y-%m-%dT%H:%M:%S}.000Z")


_PAGE: Final = (
    '<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Оплата</title><h1>Учебная оплата</h1><p>Бронирование {number}, {sum} ₽. Деньги не списываются.</p>"
    '<form method="post"><button>Оплатить</button></form></html>'
)


async def _body(request: Request) -> Any:
    if "json" not in request.headers.get("content-type", ""):
        raise Wrong("UnsupportedMediaType", "send JSON")
    try:
        return json.loads(await request.body())
    except ValueError:
        raise Wrong("InvalidJson", "the body is not JSON") from None


def _place(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(urlsafe_b64decode(token).decode().removeprefix("after "))
    except ValueError:
        raise Wrong("InvalidContinueToken", "continueToken is not ours") from None


def _no(wrong: Wrong) -> Response:
    status = 404 if wrong.code == "NotFound" else 400
    return JSONResponse({"errors": [{"code": wrong.code, "message": wrong.message}]}, status)
