"""The application behind the real server, on a port of this machine."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from api.app import create_app, server
from api.clock import now
from api.settings import Settings
from services.resources import Resources
from tests.makers.patience import PATIENCE_SECONDS


@asynccontextmanager
async def serving(resources: Resources) -> AsyncIterator[str]:
    """The address of a server for the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(port=port, log_level="error")
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    made = server(settings, create_app(settings, resources=resources, clock=now, documents={}))
    task = asyncio.create_task(made.serve())
    try:
        while not made.started:
            assert not task.done()
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        made.should_exit = True
        async with asyncio.timeout(PATIENCE_SECONDS):
            await task
        root.handlers[:], root.level = before, level
        structlog.reset_defaults()
