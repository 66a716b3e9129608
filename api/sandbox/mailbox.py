"""The messages of a sandbox for a browser, and as JSON for everybody else."""

from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from integrations.standins.mailbox import SHOWN_MAX, Caught, links_of, moment, page_headers, page_of
from integrations.standins.messaging.exchange import CaughtMessage
from loyalty.messages import Channel, Fate
from services import sandbox

TITLE: Final = "Письма и сообщения песочницы"


def mailbox_routes() -> list[BaseRoute]:
    """Where what would have been sent is read."""
    return [Route("/mailbox", messages_page)]


async def messages_page(request: Request) -> Response:
    """The newest messages; `?to=` leaves those for one address."""
    found = await sandbox.recorded(rows=SHOWN_MAX, to=request.query_params.get("to"))
    if "text/html" not in request.headers.get("accept", ""):
        body = [
            {
                "channel": one.channel.value,
                "to": one.address,
                "subject": one.subject,
                "text": one.text,
                "links": links_of(one.text),
                "at": moment(one.at),
            }
            for one in found
        ]
        return Response(orjson.dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})
    letters = [
        Caught(one.address, one.subject, one.text, links_of(one.text), one.at)
        for one in found
        if one.channel is Channel.EMAIL
    ]
    texts = [
        CaughtMessage(0, one.channel, "sandbox", "—", one.address.lstrip("+"), one.text, one.at, Fate.DELIVERED)
        for one in found
        if one.channel is not Channel.EMAIL
    ]
    return HTMLResponse(page_of(TITLE, letters, texts), headers=page_headers())
