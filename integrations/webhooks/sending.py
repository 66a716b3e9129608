"""One signed request to a partner's address: pinned to what its name resolved to, bounded in time and in size.

Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature` over `id.timestamp.body`.
"""

import asyncio
import base64
import hmac
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import httpx2

from integrations.messaging.calling import cut
from integrations.ports import Knock, Knocked
from integrations.transport import Transport
from integrations.webhooks.addresses import Networks, NotAllowed, allowed

CONNECT_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 15.0
ANSWER_BYTES_MAX: Final = 2_000
PORTS: Final = {"https": 443, "http": 80}
RETRY_AFTER_DIGITS: Final = 6


class HttpAnnouncer:
    """Sends webhooks over HTTP. No connection is kept: those of two names on one address must not be mixed up."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        private: Sequence[str] = (),
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """`private`: networks besides the public ones, also without encryption; `trusted`: other roots than the usual."""
        self._clock = clock
        self._private = Networks(private)
        self._client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(WHOLE_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            transport=Transport(
                verify=trusted or True, limits=httpx2.Limits(max_keepalive_connections=0), trust_env=False
            ),
        )

    async def knock(self, knock: Knock) -> Knocked:
        """Make one request and say what came of it."""
        began = self._elapsed()
        status, fault, answer, retry_after = None, None, "", None
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                status, answer, retry_after = await self._send(knock)
        except NotAllowed:
            fault = "ADDRESS_NOT_ALLOWED"
        except (TimeoutError, httpx2.TimeoutException):
            fault = "TIMEOUT"
        except socket.gaierror:
            fault = "NAME_UNKNOWN"
        except (httpx2.ConnectError, OSError) as error:
            fault = "TLS" if _is_tls(error) else "NOT_REACHED"
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError, ValueError):
            fault = "NO_ANSWER"
        millis = round((self._elapsed() - began) * 1000)
        return Knocked(status=status, fault=fault, millis=millis, answer=answer, retry_after_seconds=retry_after)

    async def close(self) -> None:
        """Close what is open."""
        await self._client.aclose()

    async def _send(self, knock: Knock) -> tuple[int, str, int | None]:
        parts = urlsplit(knock.url)
        host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
        address = await self._resolved(host, port, is_plain=parts.scheme == "http")
        literal = f"[{address}]" if ":" in address else address
        pinned = parts._replace(netloc=f"{literal}:{port}").geturl()
        headers = signed(knock, int(self._clock().timestamp())) | {"host": parts.netloc}
        # The name that is certified stays the one that was entered, whatever address it has now.
        with_name = {"sni_hostname": host}
        async with self._client.stream(
            "POST", pinned, content=knock.body, headers=headers, extensions=with_name
        ) as response:
            read = b""
            async for chunk in response.aiter_raw():
                read += chunk
                if len(read) >= ANSWER_BYTES_MAX:
                    break
            asked = response.headers.get("retry-after", "")
            seconds = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= RETRY_AFTER_DIGITS else None
            return response.status_code, cut(read[:ANSWER_BYTES_MAX].decode("utf-8", "replace")), seconds

    async def _resolved(self, host: str, port: int, *, is_plain: bool) -> str:
        """One of the addresses of a name; none at all where any of them may not be called."""
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(one[4][0]) for one in found]
        if not addresses or not all(allowed(address, self._private, is_plain=is_plain) for address in addresses):
            raise NotAllowed
        return addresses[0]

    @staticmethod
    def _elapsed() -> float:
        return asyncio.get_running_loop().time()


def signed(knock: Knock, moment: int) -> dict[str, str]:
    """The headers of an attempt at a moment (Unix seconds): one signature by each secret, the newest first."""
    text = f"{knock.id}.{moment}.".encode() + knock.body
    signatures = [base64.b64encode(hmac.digest(secret, text, "sha256")).decode() for secret in knock.secrets]
    return {
        "content-type": "application/json",
        "user-agent": "Kunak-Webhooks/1",
        "accept-encoding": "identity",
        "webhook-id": knock.id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
