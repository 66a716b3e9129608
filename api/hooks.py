"""Where gateways post what became of messages: kept and answered at once, whatever it says."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from api.bodies import Gone, read_body
from api.errors import Turned
from loyalty.refusals import Refusal
from services.keyring import Keyring
from services.messages import hooks, reports

KINDS: Final = ("application/json", "application/x-www-form-urlencoded")
_NO_STORE: Final = {"cache-control": "no-store"}


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
            return _told(401, "unknown")
        content_type = request.headers.get("content-type", "").lower()
        if content_type.partition(";")[0].strip() not in KINDS:
            return _told(415, "send JSON or a form")
        try:
            body = await read_body(request.receive)
            await reports.keep(gateway, body, content_type, self._clock())
        except Gone:
            return _told(400, "gone")
        except Turned as turned:
            return _told(turned.status, "not taken")
        except Refusal:
            # Not kept, so it has to come again: no gateway stops after one 503.
            return Response("busy\n", 503, headers=_NO_STORE | {"retry-after": "1"})
        return _told(200, "ok")


def _told(status: int, text: str) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers=_NO_STORE)
