"""How every stand-in fails: it is slow, breaks, refuses, or does the work and loses the answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import uvicorn
from starlette.responses import HTMLResponse, JSONResponse

from integrations.standins.orders import Fault

Scope: TypeAlias = MutableMapping[str, Any]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


class Faulty:
    """Lets the ordered faults happen before or after the stand-in has done its work.

    `ordered` is asked once a request, with its path; `seconds` says how long `slow` and `late` take.
    """

    def __init__(self, app: App, ordered: Callable[[str], Fault | None], seconds: Callable[[], float]) -> None:
        self._app = app
        self._ordered = ordered
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request in the way that was ordered."""
        fault = self._ordered(scope["path"])
        if fault in {"500", "503"}:
            await JSONResponse({"message": "Internal error"}, status_code=int(fault))(scope, receive, send)
        elif fault == "429":
            limited = {"Retry-After": "1", "X-RateLimit-Remaining": "0"}
            await JSONResponse({"message": "Too many requests"}, 429, headers=limited)(scope, receive, send)
        elif fault == "odd":
            # What a proxy in between says in its own words: a success that is no answer.
            await HTMLResponse("<title>Welcome</title>")(scope, receive, send)
        elif fault == "lose":
            await self._app(scope, receive, _nowhere)
            # An answer that is announced and never comes: the connection breaks off, and the caller cannot know.
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"99")]})
        else:
            if fault == "slow":
                await asyncio.sleep(self._seconds())
            await self._app(scope, receive, _late(send, self._seconds()) if fault == "late" else send)


@asynccontextmanager
async def answering(app: App, port: int = 0) -> AsyncIterator[int]:
    """Answer on a port of this machine, a free one unless it is named; gives the port."""
    serving = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=port, lifespan="off", log_config=None, access_log=False)
    )
    # Without `serve()`, which takes the signals that end the process round it.
    task = asyncio.create_task(serving._serve())  # noqa: SLF001 - it has no other name
    while not serving.started and not task.done():  # noqa: ASYNC110 - uvicorn tells by a flag alone
        await asyncio.sleep(0.01)
    try:
        yield int(serving.servers[0].sockets[0].getsockname()[1])
    finally:
        serving.should_exit = serving.force_exit = True
        await task


def _late(send: Send, seconds: float) -> Send:
    """Answer later than the work was done."""

    async def answer(event: MutableMapping[str, Any]) -> None:
        if event["type"] == "http.response.start":
            await asyncio.sleep(seconds)
        await send(event)

    return answer


async def _nowhere(_event: MutableMapping[str, Any]) -> None:
    """Swallow an answer."""
