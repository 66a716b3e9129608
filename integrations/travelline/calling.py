"""Calling TravelLine: one token for a process, its limits kept, and a verdict on every way in which it can go wrong."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx2

from integrations.messaging.calling import LOOPBACK, cut, read_json, whole
from integrations.pace import Pace
from integrations.ports import Drained, Refused, TooOften, Unavailable, Uncertain
from integrations.transport import Transport

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 8.0
ANSWER_BYTES_MAX: Final = 8_000_000
RENEWED_EARLY: Final = timedelta(seconds=60)
RETRY_SECONDS_MAX: Final = 3600
_NEVER_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
Parameters = Sequence[tuple[str, str]]


class NotThere(Refused):
    """The vendor knows no such thing."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the hotel's account gave us; `api_key` only for older connections."""

    client_id: str
    client_secret: str
    api_key: str | None = None


class VendorRefused(Refused):
    """The vendor's no. Only its code is ever logged: what it says besides may quote a guest's data."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(cut(code))
        self.said = f"{code} {message}"


class Connection:
    """The way to one account."""

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        pace: Pace,
        clock: Callable[[], datetime],
        *,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("TravelLine is called over https; http is for a stand-in on this machine")
        self._base = base_url.rstrip("/")
        self._credentials = credentials
        self._pace = pace
        self._clock = clock
        self._token: tuple[str, datetime] | None = None
        self._renewing = asyncio.Lock()
        self._client = httpx2.AsyncClient(
            headers={} if credentials.api_key is None else {"X-API-KEY": credentials.api_key},
            timeout=httpx2.Timeout(seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            transport=Transport(trust_env=False),
        )

    async def get(self, group: str, path: str, parameters: Parameters = ()) -> Any:
        """Read something. Raises `Unavailable`, `Drained`, `TooOften` or `Refused`."""
        return await self._call(group, "GET", path, parameters=parameters, may_do=False)

    async def ask(self, group: str, path: str, body: Mapping[str, Any]) -> Any:
        """Post a question that changes nothing."""
        return await self._call(group, "POST", path, body=body, may_do=False)

    async def order(self, group: str, path: str, body: Mapping[str, Any]) -> Any:
        """Post what changes something: without an answer nobody knows, which is `Uncertain`."""
        return await self._call(group, "POST", path, body=body, may_do=True)

    async def fetch(self, url: str, *, most: int) -> bytes:
        """A file that the vendor's content names, by its own address and without our credentials."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise Refused("a picture is fetched over https")
        try:
            async with self._client.stream("GET", url) as answer:
                body = bytearray()
                if answer.status_code != httpx2.codes.OK:
                    raise Unavailable(f"a picture answered {answer.status_code}")
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > most:
                        raise Refused("a picture is too large")
        except httpx2.TransportError as error:
            raise Unavailable(f"no picture: {type(error).__name__}") from None
        return bytes(body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(
        self,
        group: str,
        method: Literal["GET", "POST"],
        path: str,
        *,
        parameters: Parameters = (),
        body: Mapping[str, Any] | None = None,
        may_do: bool,
    ) -> Any:
        await self._pace.turn(group)
        token = await self._fresh_token()
        answer = await self._sent(method, path, token, parameters, body, may_do=may_do)
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            # It was taken from us early: nothing was done, and a new one is asked for once.
            token = await self._fresh_token(instead_of=token)
            answer = await self._sent(method, path, token, parameters, body, may_do=may_do)
        return self._judged(answer, group, may_do=may_do)

    async def _sent(
        self,
        method: str,
        path: str,
        token: str,
        parameters: Parameters,
        body: Mapping[str, Any] | None,
        *,
        may_do: bool,
    ) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token}"}
        try:
            return await self._client.request(
                method,
                f"{self._base}/api/{path}",
                params=list(parameters) or None,
                json=None if body is None else dict(body),
                headers=headers,
            )
        except _NEVER_SENT as error:
            raise Unavailable(f"not reached: {type(error).__name__}") from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            kind = Uncertain if may_do else Unavailable
            raise kind(f"no answer: {type(error).__name__}") from None

    def _judged(self, answer: httpx2.Response, group: str, *, may_do: bool) -> Any:
        status = answer.status_code
        if status == httpx2.codes.TOO_MANY_REQUESTS:
            wait = min(max(whole(answer.headers.get("retry-after")) or 1, 1), RETRY_SECONDS_MAX)
            self._pace.shut(group, wait)
            raise TooOften(wait)
        if status in {401, 403}:
            raise Drained(f"answered {status}: look at the connection's keys and rights")
        if status >= httpx2.codes.INTERNAL_SERVER_ERROR:
            raise (Uncertain if may_do else Unavailable)(f"answered {status}")
        if len(answer.content) > ANSWER_BYTES_MAX:
            raise (Uncertain if may_do else Unavailable)("answered more than can be read")
        body = read_json(answer.content)
        if status == httpx2.codes.NOT_FOUND:
            raise NotThere("the vendor knows no such thing")
        if status >= httpx2.codes.BAD_REQUEST:
            raise _refused(body, status)
        if not isinstance(body, dict):
            raise (Uncertain if may_do else Unavailable)("answered something that is no JSON")
        return body

    async def _fresh_token(self, instead_of: str | None = None) -> str:
        """The token of this process. However many wait for a new one, it is asked for once."""
        async with self._renewing:
            known = self._token
            if known is not None and known[0] != instead_of and self._clock() < known[1]:
                return known[0]
            await self._pace.turn("token")
            self._token = await self._asked_token()
            return self._token[0]

    async def _asked_token(self) -> tuple[str, datetime]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        try:
            answer = await self._client.post(f"{self._base}/auth/token", data=form)
        except httpx2.TransportError as error:
            raise Unavailable(f"no token: {type(error).__name__}") from None
        body = read_json(answer.content)
        if answer.status_code in {400, 401, 403}:
            raise Drained("TravelLine does not know this client: look at its id and secret")
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            raise TooOften(whole(answer.headers.get("retry-after")) or 1)
        token = body.get("access_token") if isinstance(body, dict) else None
        if answer.status_code != httpx2.codes.OK or not isinstance(token, str):
            raise Unavailable(f"no token: answered {answer.status_code}")
        lives = timedelta(seconds=whole(body.get("expires_in")) or 0)
        return token, self._clock() + max(lives - RENEWED_EARLY, lives / 2)


def _refused(body: Any, status: int) -> VendorRefused:
    errors = body.get("errors") if isinstance(body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return VendorRefused(str(first.get("code") or status), str(first.get("message") or ""))
