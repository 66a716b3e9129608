"""The stand-in itself: who is let in, how often, which path asks for what, and what happens in the restaurants."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from integrations.standins.faults import Faulty, answering
from integrations.standins.iiko_cloud import guests, reading, telling
from integrations.standins.iiko_cloud.hooks import Hooks
from integrations.standins.iiko_cloud.plan import Plan, operation_of
from integrations.standins.iiko_cloud.venue import Chain, Item, Kind, Order, Organization, restaurants
from integrations.standins.iiko_cloud.wanted import Shape, Wrong, body_of
from integrations.standins.orders import Fault
from integrations.standins.windows import Rates, Windows

GROUPS: Final[Mapping[str, str]] = {
    "token": "token",
    "orders": "Orders: receiving",
    "tables": "Orders: receiving",
    "deliveries": "Orders: receiving",
    "history": "Orders: receiving",
    "revision": "Orders: receiving by revision",
    "menu": "Data: menu",
    "hook": "Organizations: settings",
    "set_hook": "WebHooks: settings",
    "guest": "Guests: info",
    "set_guest": "Guests: creating",
}
DICTIONARIES: Final = "Data: dictionaries"
# No figure is published: wide enough for any test that does not narrow it.
UNKNOWN: Final[Rates] = dict.fromkeys({*GROUPS.values(), DICTIONARIES}, (10**6, 10**6, 10**6))
_ONE: Final[Shape] = {"organizationId": "uuid*"}
_MANY: Final[Shape] = {"organizationIds": "uuids*"}
_Answer = Callable[[dict[str, Any]], dict[str, Any]]


class IikoCloudStandin:
    """One API key with its restaurants, and everything behind them."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        organizations: Sequence[Organization] | None = None,
        plan: Plan | None = None,
        rates: Rates = UNKNOWN,
    ) -> None:
        self.clock = clock
        self.api_key, self.app_id, self.client_secret = "k_demo", str(uuid4()), "s" * 32
        self.plan = plan or Plan()
        self.chain = Chain(clock, organizations or restaurants())
        self.hooks = Hooks(self.plan)
        self.requests: list[str] = []
        self.windows = Windows(rates, time.monotonic)
        self._tokens: dict[str, datetime] = {}
        self._port = 0

    @property
    def url(self) -> str:
        """The base address that the adapter is given."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def organizations(self) -> list[Organization]:
        """The restaurants in their order."""
        return list(self.chain.organizations.values())

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["IikoCloudStandin"]:
        """Answer until the block ends."""
        app = Faulty(Starlette(routes=self._routes()), self._ordered, lambda: self.plan.slow_seconds)
        async with answering(app, port) as self._port:
            try:
                yield self
            finally:
                await self.hooks.close()

    def revoke_tokens(self) -> None:
        """Let every token end early."""
        self._tokens.clear()

    def ordered(self, house: Organization, kind: Kind, items: Sequence[Item], **more: Any) -> Order:
        """An order was opened; the till has an id of its own for it."""
        place = len(self.chain.orders) + 1
        order = Order(str(uuid4()), str(uuid4()), house, kind, place, self.clock(), list(items))
        for name, value in more.items():
            setattr(order, name, value)
        return self.changed(order)

    def closed(self, order: Order) -> Order:
        """It was paid."""
        order.closed = self.clock()
        return self.changed(order, status="Closed")

    def changed(self, order: Order, **more: Any) -> Order:
        """It was changed: the cloud counts on and tells of it."""
        for name, value in more.items():
            setattr(order, name, value)
        self.chain.change(order)
        self.hooks.tell(order.organization, telling.event(order, self.clock()))
        return order

    def _ordered(self, path: str) -> Fault | None:
        operation = operation_of(path)
        self.requests.append(operation)
        return self.plan.ordered(operation)

    def _routes(self) -> list[Route]:
        chain, window = self.chain, {"statuses": "list", "dateFrom": "moment", "dateTo": "moment"}
        ids: Shape = {"orderIds": "uuids", "posOrderIds": "uuids"}
        days: Shape = {"deliveryDateFrom": "moment*", "deliveryDateTo": "moment", "statuses": "list"}
        guarded: list[tuple[str, Shape, _Answer]] = [
            ("organizations", {"organizationIds": "uuids"}, lambda body: reading.organizations(chain, body)),
            ("terminal_groups", _MANY, lambda body: reading.groups(chain, body)),
            ("discounts", _MANY, lambda body: reading.discounts(chain, body)),
            ("nomenclature", _ONE, lambda body: reading.menu(chain, body)),
            ("reserve/available_restaurant_sections", {"terminalGroupIds": "uuids*"}, lambda body: reading.sections(chain, body)),
            ("order/by_id", {**_MANY, **ids}, lambda body: reading.by_id(chain, body, "table")),
            ("order/by_table", {**_MANY, "tableIds": "uuids*", **window}, lambda body: reading.by_table(chain, body)),
            ("deliveries/by_id", {**_ONE, **ids}, lambda body: reading.by_id(chain, body, "delivery")),
            ("deliveries/by_revision", {**_MANY, "startRevision": "integer*"}, lambda body: reading.by_revision(chain, body)),
            ("deliveries/by_delivery_date_and_status", {**_MANY, **days}, lambda body: reading.by_date(chain, body)),
            ("webhooks/settings", _ONE, self._hook),
            ("webhooks/update_settings", {**_ONE, "webHooksUri": "text*", "authToken": "text", "webHooksFilter": "object"}, self._set_hook),
        ]  # fmt: skip
        loyal: list[tuple[str, Shape, _Answer]] = [
            ("customer/info", {**_ONE, "type": "text*"}, self._guest),
            ("customer/create_or_update", _ONE, self._set_guest),
        ]
        return [
            Route("/api/1/access_token", self._old_token, methods=["POST"]),
            Route("/api/v2/access_token", self._token, methods=["POST"]),
            *(
                Route(f"/api/1/{path}", self._guarded(shape, answer), methods=["POST"])
                for path, shape, answer in guarded
            ),
            *(
                Route(f"/api/1/loyalty/iiko/{path}", self._guarded(shape, answer, is_told=False), methods=["POST"])
                for path, shape, answer in loyal
            ),
            # A path that is not there looks like a right that is not given.
            Route("/{path:path}", self._no_path, methods=["GET", "POST", "PUT", "DELETE"]),
        ]

    def _guarded(
        self, shape: Shape, answer: _Answer, *, is_told: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if token not in self._tokens or self._tokens[token] <= self.clock():
                return _no(Wrong("Token is invalid or has expired", status=401))
            operation = operation_of(request.url.path)
            wait, headers = self.windows.ask(GROUPS.get(operation, DICTIONARIES))
            if wait is not None:
                return self._too_many(wait, headers)
            try:
                told = answer(await body_of(request, shape))
            except Wrong as wrong:
                return _no(wrong)
            return JSONResponse(({"correlationId": str(uuid4())} if is_told else {}) | told, headers=headers)

        return respond

    def _too_many(self, wait: int, headers: dict[str, str]) -> Response:
        told = headers | ({"retry-after": str(wait)} if self.plan.tells_when else {})
        return _no(Wrong("Too many requests within allowed period of time", status=429), told)

    async def _old_token(self, request: Request) -> Response:
        try:
            body = await body_of(request, {"apiLogin": "text*"})
        except Wrong as wrong:
            return _no(wrong)
        if not self.plan.is_old_key:
            return _no(Wrong("This API key needs /api/v2/access_token with appId and clientSecret"))
        return self._let_in(is_known=body["apiLogin"] == self.api_key)

    async def _token(self, request: Request) -> Response:
        try:
            body = await body_of(request, {"apiKey": "text*", "appId": "uuid*", "clientSecret": "text*"})
        except Wrong as wrong:
            return _no(wrong)
        shown = (body["apiKey"], body["appId"], body["clientSecret"])
        return self._let_in(is_known=shown == (self.api_key, self.app_id, self.client_secret))

    def _let_in(self, *, is_known: bool) -> Response:
        if not is_known:
            return _no(Wrong("Login is not authorized", status=401))
        wait, headers = self.windows.ask("token")
        if wait is not None:
            return self._too_many(wait, headers)
        ends = self.clock() + timedelta(seconds=self.plan.token_seconds)
        token = ".".join((_part({"alg": "none"}), _part({"exp": int(ends.timestamp()), "jti": str(uuid4())}), "x"))
        self._tokens[token] = ends
        return JSONResponse({"correlationId": str(uuid4()), "token": token})

    async def _no_path(self, request: Request) -> Response:
        return _no(Wrong(f"Right {request.url.path.lstrip('/')} is not allowed for this ApiLogin", status=401))

    def _house(self, body: Mapping[str, Any]) -> Organization:
        return reading.named(self.chain, [body["organizationId"]])[0]

    def _hook(self, body: dict[str, Any]) -> dict[str, Any]:
        house = self._house(body)
        told = {"webHooksUri": house.hook_uri, "authToken": house.hook_token, "webHooksFilter": house.hook_filter}
        return {"apiLoginName": "demo"} | told

    def _set_hook(self, body: dict[str, Any]) -> dict[str, Any]:
        """The whole of it is written over."""
        house = self._house(body)
        house.hook_uri, house.hook_token = body["webHooksUri"], body.get("authToken")
        house.hook_filter = body.get("webHooksFilter")
        return {}

    def _guest(self, body: dict[str, Any]) -> dict[str, Any]:
        return guests.info(self.chain, self._house(body), body, self.clock(), self.plan.guest_lag_seconds)

    def _set_guest(self, body: dict[str, Any]) -> dict[str, Any]:
        return guests.put(self.chain, self._house(body), body, self.clock())


def _part(facts: Mapping[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


def _no(wrong: Wrong, headers: Mapping[str, str] | None = None) -> Response:
    told = {"correlationId": str(uuid4()), "errorDescription": wrong.message, "error": wrong.code}
    return JSONResponse(told, wrong.status, headers=dict(headers or {}))
