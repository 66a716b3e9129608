"""Serving until a signal comes: the application, and the worker beside it where the settings say so."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from types import FrameType

from starlette.routing import BaseRoute

from api import port
from api.app import DOCUMENTS, create_app, server
from api.clock import now
from api.messaging import open_gateways
from api.pages import page_routes
from api.sandbox.mailbox import mailbox_routes
from api.sandbox.time import keeping_time
from api.settings import Settings
from api.trusted import load_trusted, with_earlier
from api.wiring import Unready, open_announcer, open_mailer, open_resources
from jobs.registry import Tools
from jobs.running import working


def check_port(settings: Settings) -> None:
    """Say in a sentence that the port is taken, before anything is started."""
    if said := port.trouble(settings.host, settings.port):
        raise Unready(said)


async def serve(settings: Settings, *, routes: Sequence[BaseRoute] = ()) -> None:
    """Open everything, answer until SIGTERM or SIGINT, close everything."""
    async with AsyncExitStack() as stack:
        resources = await stack.enter_async_context(open_resources(settings))
        # A sandbox has one clock, which the process that serves it follows and plays.
        if settings.sandbox or settings.worker == "inside":
            mailer = open_mailer(settings)
            gateways = await stack.enter_async_context(open_gateways(settings, mailer))
            announcer = await stack.enter_async_context(open_announcer(settings))
            tools = Tools(resources=resources, mailer=mailer, gateways=gateways, announcer=announcer)
            await stack.enter_async_context(at_work(settings, tools))
        documents = with_earlier(load_trusted(DOCUMENTS), settings.home / "documents", now())
        pages = [*routes, *(mailbox_routes() if settings.sandbox else ()), *page_routes(settings)]
        await server(settings, create_app(settings, resources=resources, routes=pages, documents=documents)).serve()


def at_work(settings: Settings, tools: Tools) -> AbstractAsyncContextManager[None]:
    """Jobs in the background of the block: by our clock, or by that of the sandbox."""
    return keeping_time(tools) if settings.sandbox else working(tools, now)


@contextmanager
def leaving_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into an orderly exit: whatever is open is closed on the way out."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
