"""Where gateways post what became of messages: kept and answered at once, whatever it says."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.inbox import taken, told
from services.keyring import Keyring
from services.messages import hooks, reports

KINDS: Final = ("application/json", "application/x-www-form-urlencoded")


class MessageHooks:
    """The one address a gateway; who does not know its unguessable part hears 401 and leaves nothing behind."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._keyring: Keyring | None = None

    def open(self, keyring: Keyring | None) -> None:
        """Begin to answer, or stop."""
        self._keyring = keyring

    @property
    def routes(self) -> list[Route]:
        """Where they post."""
        return [Route(f"{hooks.PATH}/{{gateway}}/{{token}}", self._take, methods=["POST"])]

    async def _take(self, request: Request) -> Response:
        gateway, token = request.path_params["gateway"], request.path_params["token"]
        if self._keyring is None or not hooks.is_token(gateway, token, self._keyring):
            return told(401, "unknown")
        kind = request.headers.get("content-type", "").lower()
        return await taken(request, lambda body: reports.keep(gateway, body, kind, self._clock()), kinds=KINDS)
