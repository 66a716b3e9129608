"""A closed loop of keep-alive connections: each sends its next request when its answer is there; every answer is looked at."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final, cast

import httptools
import orjson

ANSWER_SECONDS: Final = 30.0
OK: Final = 200


class WrongAnswer(Exception):
    """An answer was not the one that the figure is about: its rate would be the rate of something else."""


@dataclass(slots=True)
class Lap:
    """One stretch of requests: how long it took, and how long each answer did."""

    seconds: float
    millis: list[float]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.millis) / self.seconds

    def percentile(self, share: int) -> float:
        """The milliseconds within which this many of a hundred answers came."""
        ordered = sorted(self.millis)
        return ordered[min(len(ordered) - 1, len(ordered) * share // 100)]


Look = Callable[[bytes], None]


@dataclass(slots=True)
class _Stretch:
    """What the connections of a lap share."""

    requests: Iterator[bytes]
    look: Look
    deadline: float
    millis: list[float] = field(default_factory=list)


class _Connection(asyncio.Protocol):
    """One connection. Answers are read by a parser in C, so that the measuring takes little from the measured."""

    def __init__(self, stretch: _Stretch) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stretch = stretch
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.Transport | None = None
        self._body = bytearray()
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """A server that hangs up in the middle spoils the lap."""
        if not self.done.done():
            self.done.set_exception(exc or WrongAnswer("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        """Hand on what came."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as fault:
            self._fail(WrongAnswer(str(fault)))

    def on_body(self, body: bytes) -> None:
        """Gather the answer."""
        self._body += body

    def on_message_complete(self) -> None:
        """Note the time, look at the answer, send the next request."""
        self._stretch.millis.append((perf_counter() - self._sent) * 1000)
        body = bytes(self._body)
        self._body.clear()
        status = self._parser.get_status_code()
        try:
            if status != OK:
                raise WrongAnswer(f"status {status}: {body[:400].decode(errors='replace')}")
            self._stretch.look(body)
        except Exception as fault:  # noqa: BLE001 - handed to the one who waits for the lap
            self._fail(fault)
            return
        self.send()

    def send(self) -> None:
        """Send the next request, or be done."""
        stretch = self._stretch
        now = perf_counter()
        request = next(stretch.requests, None) if now < stretch.deadline else None
        if request is None or self._transport is None:
            if not self.done.done():
                self.done.set_result(None)
            return
        self._sent = now
        self._transport.write(request)

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def _fail(self, fault: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(fault)
        self.close()


async def drive(
    port: int, requests: Iterator[bytes], *, look: Look, connections: int = 16, seconds: float = 60.0
) -> Lap:
    """Send requests over `connections` until there are no more or the time is over. Raises `WrongAnswer`."""
    loop = asyncio.get_running_loop()
    stretch = _Stretch(requests, look, float("inf"))
    opened = [
        (await loop.create_connection(lambda: _Connection(stretch), "127.0.0.1", port))[1] for _ in range(connections)
    ]
    try:
        started = perf_counter()
        stretch.deadline = started + seconds
        for connection in opened:
            connection.send()
        async with asyncio.timeout(seconds + ANSWER_SECONDS):
            await asyncio.gather(*(connection.done for connection in opened))
        return Lap(perf_counter() - started, stretch.millis)
    finally:
        for connection in opened:
            connection.close()
        await asyncio.gather(*(connection.done for connection in opened), return_exceptions=True)


def get(path: str, *, authorization: str) -> bytes:
    """A GET request as it goes over the wire."""
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: {authorization}\r\n\r\n".encode()


def post(body: Mapping[str, Any], *, authorization: str = "") -> bytes:
    """A request to /graphql as it goes over the wire."""
    content = orjson.dumps(body)
    head = f"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n"
    if authorization:
        head += f"authorization: {authorization}\r\n"
    return head.encode() + b"\r\n" + content


def proof(field_name: str, kind: str, keep: Callable[[dict[str, Any]], None] | None = None) -> Look:
    """Look for an outcome of a mutation by its type; `keep` gets the whole of it."""
    needle = f'"__typename":"{kind}"'.encode()

    def look(body: bytes) -> None:
        if needle not in body:
            raise WrongAnswer(f"{kind} was expected: {body[:600].decode(errors='replace')}")
        if keep is not None:
            keep(orjson.loads(body)["data"][field_name])

    return look
