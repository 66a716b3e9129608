"""How what systems outside post to us is taken: kept and answered at once, or refused so that it comes again."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.bodies import BODY_BYTES, Gone, read_body
from api.errors import Turned
from loyalty.refusals import Refusal

JSON: Final = ("application/json",)
_NO_STORE: Final = {"cache-control": "no-store"}


async def taken(
    request: Request,
    keep: Callable[[bytes], Awaitable[object]],
    *,
    kinds: Collection[str] = JSON,
    most: int = BODY_BYTES,
) -> Response:
    """Have a body kept: 200, or 415, 400, 413 and 503; after the last it has to come again, for nothing was kept."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in kinds:
        return told(415, "send JSON" if kinds == JSON else "send JSON or a form")
    try:
        await keep(await read_body(request.receive, most=most))
    except Gone:
        return told(400, "gone")
    except Turned as turned:
        return told(turned.status, "not taken")
    except Refusal:
        return Response("busy\n", 503, headers=_NO_STORE | {"retry-after": "1"})
    return told(200, "ok")


def told(status: int, text: str) -> Response:
    """A word that nobody keeps."""
    return PlainTextResponse(f"{text}\n", status, headers=_NO_STORE)
