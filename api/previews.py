"""Samples of letters as pages, for a frame of the panel: markup of letters, and nothing that could run or reach out."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.messages import samples
from services.resources import Resources

_CLOSED: Final = {
    "cache-control": "private, no-store",
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
}


class LetterPreviews:
    """Shows a letter to whoever was told its address by the panel."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._resources: Resources | None = None

    def open(self, resources: Resources | None) -> None:
        """Begin to answer, or stop."""
        self._resources = resources

    @property
    def routes(self) -> list[Route]:
        """The address."""
        return [Route(f"{samples.PATH}/{{name}}/{{locale}}/{{token}}", self._show, methods=["GET"])]

    async def _show(self, request: Request) -> Response:
        resources, now = self._resources, self._clock()
        name, locale, token = (request.path_params[part] for part in ("name", "locale", "token"))
        letter = None
        if resources is not None and samples.is_token(token, name, locale, resources.keyring, now):
            letter = await samples.letter_of(name, locale, resources, now)
        if letter is None or letter.html is None:
            return PlainTextResponse("Not found.\n", status_code=404, headers=_CLOSED)
        return HTMLResponse(letter.html, headers=_CLOSED)
