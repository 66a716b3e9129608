"""The restaurants' cloud of the settings, and the address where it posts events."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.clock import now
from api.inbox import taken, told
from api.settings import Settings
from integrations.breaker import Breaker, Tell
from integrations.iiko.calling import Connection, Credentials
from integrations.iiko.cloud import HOOK_PATH, GroupField, IikoCloud
from integrations.iiko.limits import LIMITS, PATIENCE_SECONDS
from integrations.pace import Pace
from integrations.restaurants import RestaurantCloud
from services.resources import Resources
from services.restaurants import events

# An order with everything on it is some kilobytes; how many come at once, nobody says.
EVENT_BYTES: Final = 4 * 1024 * 1024


@asynccontextmanager
async def open_cloud(settings: Settings, tell: Tell | None = None) -> AsyncIterator[RestaurantCloud | None]:
    """The restaurants' cloud, or None where no key of one is given; `tell` hears of its calls."""
    if settings.iiko_api_key is None:
        yield None
        return
    connection = Connection(
        settings.iiko_url,
        Credentials(settings.iiko_api_key, settings.iiko_app_id, settings.iiko_client_secret),
        Pace(LIMITS, share=settings.iiko_share, clock=monotonic, patience=PATIENCE_SECONDS),
        Breaker("restaurants", monotonic, tell),
        now,
    )
    try:
        group = cast("GroupField", settings.iiko_group)
        yield IikoCloud(connection, group=group, sees_tills=settings.iiko_tables)
    finally:
        await connection.close()


class RestaurantDoors:
    """Events for whoever knows the key."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._resources: Resources | None = None

    def open(self, resources: Resources | None) -> None:
        """Begin to answer, or stop."""
        self._resources = resources

    @property
    def routes(self) -> list[Route]:
        """The address."""
        return [Route(HOOK_PATH, self._take, methods=["POST"])]

    async def _take(self, request: Request) -> Response:
        resources, shown = self._resources, request.headers.get("authorization", "")
        if resources is None or resources.restaurants is None or not events.is_key(shown, resources.keyring):
            return told(401, "unknown")
        cloud = resources.restaurants
        # What was not kept comes again by the round of orders, within ten minutes.
        return await taken(request, lambda body: events.keep(cloud, body, self._clock()), most=EVENT_BYTES)
