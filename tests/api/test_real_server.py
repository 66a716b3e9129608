"""The application behind the real server: frames of text, slow senders, two requests on one line, and a calm end."""

import asyncio
import io
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from datetime import datetime
from time import monotonic

import httpx2
import orjson
import pytest
import structlog
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from api import app as application
from api import bodies, clock, heads, sockets
from api.app import create_app, server
from api.settings import Settings
from tests.makers.credentials import make_token
from tests.makers.patience import PATIENCE_SECONDS
from tests.makers.people import make_member
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.toy_schema import toy_schema

PROTOCOL = Subprotocol("graphql-transport-ws")
SEATS = 4


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
async def running(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[uvicorn.Server]:
    monkeypatch.setattr(bodies, "READ_SECONDS", 0.3)
    monkeypatch.setattr(application, "GRACE_SECONDS", 3)
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    settings = Settings(introspection=True, port=free_port(), log_level="error")
    made = server(
        settings,
        create_app(settings, house=toy_schema(), resources=make_resources(sockets_per_caller=SEATS), documents={}),
    )
    root.handlers[:] = [logging.StreamHandler(io.StringIO())]
    task = asyncio.create_task(made.serve())
    while not made.started:
        assert not task.done()
        await asyncio.sleep(0.01)
    yield made
    made.should_exit = True
    async with asyncio.timeout(PATIENCE_SECONDS):
        await task
    root.handlers[:], root.level = before, level
    structlog.reset_defaults()


def address(of: uvicorn.Server) -> str:
    return f"127.0.0.1:{of.config.port}"


async def test_requests_and_conversations(running: uvicorn.Server) -> None:
    async with httpx2.AsyncClient(base_url=f"http://{address(running)}") as client:
        assert (await client.post("/graphql", json={"query": "{ hello }"})).json() == {
            "data": {"hello": "Hello, guest"}
        }
        assert (await client.get("/graphql")).status_code == 405
        assert "server" not in (await client.get("/live")).headers
    async with connect(f"ws://{address(running)}/graphql", subprotocols=[PROTOCOL]) as talk:
        await talk.send('{"type": "connection_init"}')
        assert await talk.recv() == '{"type":"connection_ack"}'
        await talk.send('{"id": "1", "type": "subscribe", "payload": {"query": "subscription { ticks(upto: 1) }"}}')
        assert await talk.recv() == '{"id":"1","type":"next","payload":{"data":{"ticks":0}}}'
        assert await talk.recv() == '{"id":"1","type":"complete"}'


async def speak(running: uvicorn.Server, *parts: bytes, pause: float = 0.0) -> bytes:
    host, _, port = address(running).partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(pause)
    async with asyncio.timeout(PATIENCE_SECONDS):
        answer = await reader.read(4096)
    writer.close()
    return answer


HEAD = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
HELLO = b'Content-Length: 21\r\n\r\n{"query":"{ hello }"}'


async def test_a_slow_sender_is_told_that_time_is_up(running: uvicorn.Server) -> None:
    """security.md 6.4: a slow body ends with 408."""
    answer = await speak(running, HEAD + b"Content-Length: 20\r\n\r\n", b'{"que', pause=0.2)
    assert answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    "parts",
    [
        [b"POST /graphql HTTP/1.1\r\nX: ", *[b"a" * 8192] * 64],
        [b"POST /graphql HTTP/1.1\r\n", *[b"X: 1\r\n" * 1024] * 64],
        [b"POST /" + b"a" * 8192, *[b"a" * 8192] * 64],
        [HEAD + b"X: 1\r\n" * 8192 + HELLO],
    ],
    ids=["one header", "many headers", "a long address", "in one piece"],
)
async def test_a_head_has_an_end(running: uvicorn.Server, parts: list[bytes]) -> None:
    """security.md 5: headers of 16 KB; whoever sends on finds nobody there and nothing kept."""
    try:
        answer = await speak(running, *parts)
    except ConnectionError:
        answer = b""
    assert answer.startswith(b"HTTP/1.1 400") or answer == b""
    assert (await speak(running, HEAD + HELLO)).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [b"", b"POST /graphql HTTP/1.1\r\nX:"])
async def test_a_head_that_does_not_come_is_not_waited_for(
    running: uvicorn.Server, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(heads, "HEAD_SECONDS", 0.2)
    assert await speak(running, sent) == b"", "the connection was closed"


async def test_a_body_in_pieces_is_one_body(running: uvicorn.Server) -> None:
    answer = await speak(
        running, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b'9\r\n{"query":\r\nc\r\n"{ hello }"}\r\n', b"0\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "bad",
    [
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        HEAD + b"Content-Length: abc\r\n\r\n{}",
        b"POST /graphql HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_a_broken_request_is_a_client_s_mistake(running: uvicorn.Server, bad: bytes) -> None:
    answer = await speak(running, bad)
    assert answer.startswith(b"HTTP/1.1 400") or answer == b""


async def ended(talk: ClientConnection) -> int:
    """The code a conversation ends with."""
    with pytest.raises(ConnectionClosed) as closed:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                await talk.recv()
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


async def begin(talk: ClientConnection, token: str | None = None) -> None:
    payload = {"authorization": f"Bearer {token}"} if token else {}
    await talk.send(orjson.dumps({"type": "connection_init", "payload": payload}), text=True)
    assert await talk.recv() == '{"type":"connection_ack"}'


async def test_one_address_holds_so_many_conversations_and_gets_new_ones_for_those_it_ends(
    running: uvicorn.Server, db: None, now: datetime
) -> None:
    """Nobody we know takes the sockets of everybody else; a member behind the same address is counted apart."""
    where, protocols = f"ws://{address(running)}/graphql", [PROTOCOL]
    await make_programme(now)
    token = await make_token(await make_member(now), clock.now())
    async with AsyncExitStack() as stack:
        held = [await stack.enter_async_context(connect(where, subprotocols=protocols)) for _ in range(SEATS)]
        async with connect(where, subprotocols=protocols) as one_too_many:
            assert await ended(one_too_many) == 1013
        await begin(held[0], token)
        await stack.enter_async_context(connect(where, subprotocols=protocols))
        async with connect(where, subprotocols=protocols) as one_too_many:
            assert await ended(one_too_many) == 1013
        await held[1].close()
        async with connect(where, subprotocols=protocols) as next_one:
            await begin(next_one)


async def test_one_member_holds_so_many_conversations(running: uvicorn.Server, db: None, now: datetime) -> None:
    where, protocols = f"ws://{address(running)}/graphql", [PROTOCOL]
    await make_programme(now)
    token = await make_token(await make_member(now), clock.now())
    async with AsyncExitStack() as stack:
        for _ in range(SEATS):
            await begin(await stack.enter_async_context(connect(where, subprotocols=protocols)), token)
        async with connect(where, subprotocols=protocols) as one_too_many:
            await one_too_many.send(f'{{"type":"connection_init","payload":{{"authorization":"Bearer {token}"}}}}')
            assert await ended(one_too_many) == 1013
        async with connect(where, subprotocols=protocols) as nobody:
            await begin(nobody)


async def test_a_conversation_about_nothing_ends(
    running: uvicorn.Server, db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pings keep nobody's place: only a subscription does, for as long as it lasts."""
    monkeypatch.setattr(sockets, "IDLE_SECONDS", 0.4)
    await make_programme(now)
    token = await make_token(await make_member(now), clock.now())
    async with connect(f"ws://{address(running)}/graphql", subprotocols=[PROTOCOL]) as talk:
        await begin(talk, token)
        await talk.send(
            '{"id": "1", "type": "subscribe", "payload": {"query": "subscription { beats(seconds: 0.3) }"}}'
        )
        heard = [str(await talk.recv()) for _ in range(4)]
        assert all('"type":"next"' in one for one in heard), "0.9 s, and we said nothing"
        await talk.send('{"id": "1", "type": "complete"}')
        begun = monotonic()
        for _ in range(3):
            await asyncio.sleep(0.1)
            await talk.send('{"type": "ping"}')
        assert await ended(talk) == 4408
        assert monotonic() - begun < 2


async def test_a_conversation_ends_with_the_server(running: uvicorn.Server) -> None:
    async with connect(f"ws://{address(running)}/graphql", subprotocols=[PROTOCOL]) as talk:
        await talk.send('{"type": "connection_init"}')
        await talk.recv()
        running.should_exit = True
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await talk.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012, "come back to the next process"
