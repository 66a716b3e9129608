"""The one way out over HTTP: every failure of a connection is one of the client's own errors."""

from typing import Final

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
