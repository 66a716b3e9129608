"""Connections that are torn while they are made, against a real listener in the loop that servers run in."""

import asyncio

import anyio
import httpx2
import pytest

from api.opening import run
from integrations.transport import Transport
from tests.makers.patience import PATIENCE_SECONDS


@pytest.fixture
def torn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every connection is lost after it was made and before its first use: what a dying peer does once in thousands."""
    connect = anyio.connect_tcp

    async def lost(*args: object, **kwargs: object) -> object:
        stream = await connect(*args, **kwargs)  # type: ignore[call-overload]
        stream._transport.abort()
        await asyncio.sleep(0.05)
        return stream

    monkeypatch.setattr(anyio, "connect_tcp", lost)


async def _ask(transport: httpx2.AsyncHTTPTransport) -> httpx2.Response:
    server = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with server, httpx2.AsyncClient(transport=transport) as client, asyncio.timeout(PATIENCE_SECONDS):
        return await client.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")


@pytest.mark.usefixtures("torn")
def test_a_connection_torn_before_its_first_use_was_never_made() -> None:
    """The library alone lets an error of its own inside through, which no caller takes for an outage."""
    with pytest.raises(AttributeError, match="getpeername"):
        run(lambda: _ask(httpx2.AsyncHTTPTransport(trust_env=False)))
    with pytest.raises(httpx2.ConnectError, match="torn"):
        run(lambda: _ask(Transport(trust_env=False)))
