"""The application in this process, opened and closed as a server would, and a client that talks to it over ASGI."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from api.app import Kunak

ORIGIN = "http://kunak.test"


@asynccontextmanager
async def opened(app: Kunak) -> AsyncIterator[None]:
    """Run the lifespan of the application around the block."""
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    outbox: asyncio.Queue[Any] = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    begun = await outbox.get()
    assert begun["type"] == "lifespan.startup.complete", begun
    try:
        yield
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        await outbox.get()
        await task


@asynccontextmanager
async def client_of(app: Kunak, **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the opened application."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=True)
    async with (
        opened(app),
        httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client,
    ):
        yield client
