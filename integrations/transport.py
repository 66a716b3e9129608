"""The one way out over HTTP: every failure of a connection is one of the client's own errors, every answer has bounds."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx2

_TORN: Final = "getpeername"


class Transport(httpx2.AsyncHTTPTransport):
    """Transport whose connections may be torn at any moment.

    A peer that dies between the connection and its first use leaves a stream without a socket under uvloop, and
    asking it for its attributes is an `AttributeError` inside anyio (4.16). Nothing was sent then, which is what
    `ConnectError` says to callers that have to know.
    """

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it. Raises errors of `httpx2` alone."""
        try:
            return await super().handle_async_request(request)
        except AttributeError as error:
            if error.name != _TORN:
                raise
            raise httpx2.ConnectError("The connection was torn before it was used", request=request) from error


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What came back. `body` is None where it is more than was to be read."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None


async def exchanged(
    client: httpx2.AsyncClient, method: str, url: str, *, seconds: float, most: int, **sent: Any
) -> Exchanged:
    """One request and its answer, whole within so many seconds and read to so many bytes.

    The client's own time-outs are for each read, so a byte now and then would hold a call for ever. Raises `TimeoutError`
    beside the errors of `httpx2`.
    """
    async with asyncio.timeout(seconds), client.stream(method, url, **sent) as answer:
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > most:
                return Exchanged(answer.status_code, answer.headers, None)
        return Exchanged(answer.status_code, answer.headers, bytes(body))
