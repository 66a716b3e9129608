"""The booking engine of the settings, and the addresses where hotels post events and guests see pictures."""

from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import Final, cast
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.clock import now
from api.inbox import taken, told
from api.settings import Settings
from integrations.bookings import BookingEngine
from integrations.breaker import Breaker, Tell
from integrations.pace import Pace
from integrations.travelline.calling import Connection, Credentials
from integrations.travelline.engine import TravelLine, Version
from integrations.travelline.events import HOOK_PATH
from integrations.travelline.limits import LIMITS
from services.bookings import events, hotels
from services.resources import Resources

PICTURES: Final = "/pictures/hotels"
# A thousand events at once, each with an id, a type, a moment and a number.
EVENT_BYTES: Final = 512 * 1024
_FOREVER: Final = {
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
}


@asynccontextmanager
async def open_engine(settings: Settings, tell: Tell | None = None) -> AsyncIterator[BookingEngine | None]:
    """The booking engine, or None where no keys of one are given; `tell` hears of its calls."""
    if not settings.books_hotels:
        yield None
        return
    connection = Connection(
        settings.travelline_url,
        Credentials(
            str(settings.travelline_client_id), str(settings.travelline_client_secret), settings.travelline_api_key
        ),
        Pace(LIMITS, share=settings.travelline_share, clock=monotonic),
        Breaker("hotels", monotonic, tell),
        now,
    )
    try:
        yield TravelLine(connection, version=cast("Version", settings.travelline_reservation))
    finally:
        await connection.close()


class HotelDoors:
    """Pictures for everybody, events for whoever knows the key."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._resources: Resources | None = None

    def open(self, resources: Resources | None) -> None:
        """Begin to answer, or stop."""
        self._resources = resources

    @property
    def routes(self) -> list[Route]:
        """The addresses."""
        return [
            Route(HOOK_PATH, self._take, methods=["POST"]),
            Route(f"{PICTURES}/{{picture:uuid}}", self._show, methods=["GET"]),
        ]

    async def _take(self, request: Request) -> Response:
        resources = self._resources
        if resources is None or resources.hotels is None or not events.is_key(_shown(request), resources.keyring):
            return told(401, "unknown")
        engine = resources.hotels
        return await taken(request, lambda body: events.keep(engine, body, self._clock()), most=EVENT_BYTES)

    async def _show(self, request: Request) -> Response:
        number: UUID = request.path_params["picture"]
        found = None if self._resources is None else await hotels.picture(number)
        if found is None:
            return told(404, "no such picture")
        return Response(found[0], headers=_FOREVER, media_type=found[1])


def _shown(request: Request) -> str:
    """The key as it came: in a header of its own, or as the password of Basic authentication."""
    header = request.headers.get("authorization", "")
    if not header.startswith("Basic "):
        return request.headers.get("api-key", "")
    try:
        return b64decode(header.removeprefix("Basic "), validate=True).decode("utf-8", "replace").partition(":")[2]
    except (NoBase64, ValueError):
        return ""
