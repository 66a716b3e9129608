"""`/live`, `/ready` and `/metrics`: whether this process runs, whether it can serve, and what it counted."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from ipaddress import ip_address
from typing import Final

import prometheus_client
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.metrics import LOOP_LAG
from loyalty.refusals import Refusal
from models import database
from services.resources import Resources
from services.status.measuring import measure

BEAT_SECONDS: Final = 0.5
LAG_SECONDS_MAX: Final = 5.0
READY_SECONDS: Final = 1.0
_NO_STORE: Final = {"cache-control": "no-store"}


class Heart:
    """Beats twice a second and remembers how late the last beat was."""

    def __init__(self) -> None:
        self.lag_seconds = 0.0

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Keep beating in the background."""
        task = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + BEAT_SECONDS
            await asyncio.sleep(BEAT_SECONDS)
            self.lag_seconds = max(0.0, loop.time() - due)
            LOOP_LAG.set(self.lag_seconds)


class Measures:
    """Sets the gauges that are read from the database, when somebody asks for the counters."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._resources: Resources | None = None

    def open(self, resources: Resources | None) -> None:
        """Begin to measure, or stop."""
        self._resources = resources

    async def take(self) -> None:
        """Measure. Without a database that answers the gauges keep what they had: the counters are told all the same."""
        if self._resources is None or not database.connected():
            return
        with suppress(Refusal, TimeoutError):
            async with asyncio.timeout(READY_SECONDS):
                await measure(self._resources, self._clock())


def health_routes(heart: Heart, measures: Measures) -> list[Route]:
    """The three routes."""

    async def live(_request: Request) -> Response:
        return PlainTextResponse("live\n", headers=_NO_STORE)

    async def ready(_request: Request) -> Response:
        missing = await _missing(heart)
        return PlainTextResponse(f"{missing or 'ready'}\n", status_code=503 if missing else 200, headers=_NO_STORE)

    async def metrics(request: Request) -> Response:
        if not _is_near(request):
            return PlainTextResponse("Not found.\n", status_code=404)
        await measures.take()
        return Response(prometheus_client.generate_latest(), media_type=prometheus_client.CONTENT_TYPE_LATEST)

    return [
        Route("/live", live, methods=["GET"]),
        Route("/ready", ready, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


async def _missing(heart: Heart) -> str | None:
    if heart.lag_seconds > LAG_SECONDS_MAX:
        return "the event loop was blocked"
    try:
        async with asyncio.timeout(READY_SECONDS):
            version = await database.fetchval("SELECT max(version) FROM programme_version")
    except (Refusal, TimeoutError):
        return "the database does not answer"
    return None if version else "no programme has been applied"


def _is_near(request: Request) -> bool:
    """Whether a machine of ours asks: a public address, or a request that a proxy brought, is none of it."""
    if request.client is None or "x-forwarded-for" in request.headers:
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    return address.is_private or address.is_loopback
