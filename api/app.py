"""The application: an explicit list of routes, opened and closed with its resources; and the server that runs it."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from api.asgi import Receive, Scope, Send
from api.bodies import BODY_BYTES
from api.clock import now
from api.desk import Desk
from api.exports import Exports
from api.heads import Heads
from api.health import Heart, Measures, health_routes
from api.hooks import MessageHooks
from api.hotels import HotelDoors
from api.logs import configure_logs
from api.payments import PaymentDoors
from api.pos.door import PREFIX, Pos
from api.previews import LetterPreviews
from api.rates import Rates
from api.restaurants import RestaurantDoors
from api.sessions import Sessions
from api.settings import Settings
from api.shell import Shell
from api.sockets import Sockets
from api.trusted import load_trusted
from api.wiring import open_resources
from graph.documents import Documents
from graph.execution import Executing
from graph.schema import House, schema
from services.resources import Resources

DOCUMENTS: Final = Path(__file__).parents[1] / "frontend" / "dist" / "documents.json"
GRACE_SECONDS: Final = 25
KEEP_ALIVE_SECONDS: Final = 30


class Kunak:
    """The ASGI application. /graphql is answered at once, everything else goes through the list of routes."""

    def __init__(
        self,
        settings: Settings,
        *,
        house: House,
        clock: Callable[[], datetime],
        resources: Resources | None,
        routes: Sequence[BaseRoute],
        documents: Mapping[str, str],
    ) -> None:
        self._settings = settings
        self._resources = resources
        self._clock = clock
        self._schema = house._schema  # noqa: SLF001 - strawberry gives graphql-core's schema no other name
        self._documents = documents
        self._heart, self._measures = Heart(), Measures(clock)
        self._hooks, self._exports, self._hotels = MessageHooks(clock), Exports(), HotelDoors(clock)
        self._restaurants, self._previews = RestaurantDoors(clock), LetterPreviews(clock)
        self._payments = PaymentDoors(clock, settings.yookassa_networks)
        ours = [
            *health_routes(self._heart, self._measures),
            *self._hooks.routes,
            *self._exports.routes,
            *self._hotels.routes,
        ]
        ours += [*self._restaurants.routes, *self._payments.routes, *self._previews.routes]
        self._routed = Starlette(routes=[*ours, *routes], lifespan=self._open)
        self._shell: Shell | None = None
        self._sockets: Sockets | None = None
        self._pos: Pos | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, hold a conversation, or open and close with the server."""
        kind = scope["type"]
        if kind != "lifespan" and scope["path"] == "/graphql" and self._shell and self._sockets:
            await (self._shell if kind == "http" else self._sockets)(scope, receive, send)
        elif kind == "http" and scope["path"].startswith(PREFIX) and self._pos:
            await self._pos(scope, receive, send)
        else:
            await self._routed(scope, receive, send)

    @asynccontextmanager
    async def _open(self, _app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            resources = self._resources
            if resources is None:
                resources = await stack.enter_async_context(open_resources(self._settings))
            await stack.enter_async_context(self._heart.beating())
            desk = Desk(
                documents=Documents(self._schema, self._documents),
                executing=Executing(self._schema),
                sessions=Sessions(),
                resources=resources,
                rates=Rates(resources.policy),
                clock=self._clock,
                origins=frozenset({self._settings.origin}),
                open_schema=self._settings.introspection,
                developer_key=self._settings.developer_key,
            )
            self._shell, self._sockets, self._pos = Shell(desk), Sockets(desk), Pos(desk)
            self._hooks.open(resources.keyring)
            self._exports.open(desk)
            self._hotels.open(resources)
            self._restaurants.open(resources)
            self._payments.open(resources)
            self._previews.open(resources)
            self._measures.open(resources)
            try:
                yield
            finally:
                self._hooks.open(None)
                self._exports.open(None)
                self._hotels.open(None)
                self._restaurants.open(None)
                self._payments.open(None)
                self._previews.open(None)
                self._measures.open(None)
                self._shell = self._sockets = self._pos = None


def create_app(
    settings: Settings,
    *,
    house: House | None = None,
    clock: Callable[[], datetime] = now,
    resources: Resources | None = None,
    routes: Sequence[BaseRoute] = (),
    documents: Mapping[str, str] | None = None,
) -> Kunak:
    """The application of these settings. `resources`, where given, belong to the caller, who closes them."""
    return Kunak(
        settings,
        house=house or schema(),
        clock=clock,
        resources=resources,
        routes=routes,
        documents=load_trusted(DOCUMENTS) if documents is None else documents,
    )


def server(settings: Settings, app: Kunak) -> uvicorn.Server:
    """A server for the application; its `serve()` returns after SIGTERM or SIGINT, once open requests are answered."""
    configure_logs(settings.log_level)
    # Modules and schema stay for good: the collector walks through them no more, which was a sixth of a posting's cost.
    gc.collect()
    gc.freeze()
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            http=Heads,
            ws="websockets-sansio",
            ws_max_size=BODY_BYTES,
            ws_max_queue=8,
            lifespan="on",
            interface="asgi3",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies) or None,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
