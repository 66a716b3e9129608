"""How stand-ins post to us: over a client of their own, again and again until somebody takes it."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import cache
from ssl import SSLContext
from typing import Any, Final

import httpx2

POST_SECONDS: Final = 5.0


def poster(transport: httpx2.AsyncBaseTransport | None = None, **more: Any) -> httpx2.AsyncClient:
    """A client, whose `transport` may lead to an application in this process."""
    return httpx2.AsyncClient(timeout=POST_SECONDS, trust_env=False, verify=_trusted(), transport=transport, **more)


def is_ok(status: int) -> bool:
    """Whether an answer is the 200 that most vendors wait for."""
    return status == httpx2.codes.OK


async def posted(
    client: httpx2.AsyncClient,
    url: str,
    retry_seconds: Sequence[float],
    *,
    is_taken: Callable[[int], bool] = is_ok,
    **sent: Any,
) -> bool:
    """Post something, and after each of the pauses once more until its answer is taken for one; False once it is given up."""
    for seconds in (*retry_seconds, None):
        with contextlib.suppress(httpx2.TransportError):
            if is_taken((await client.post(url, **sent)).status_code):
                return True
        if seconds is not None:
            await asyncio.sleep(seconds)
    return False


@cache
def _trusted() -> SSLContext:
    """Read once: to read the authorities takes longer than to post."""
    return httpx2.create_ssl_context(trust_env=False)
