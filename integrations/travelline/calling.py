"""Calling TravelLine: how it lets us in, how it says no, and the pictures its content names."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2

from integrations.breaker import Breaker
from integrations.calling import Caller, Door, Manner, Parameters, Request, VendorRefused
from integrations.messaging.calling import LOOPBACK, whole
from integrations.pace import Pace
from integrations.ports import Refused, Unavailable

ANSWER_SECONDS: Final = 8.0
# It says 900; what a broken answer may say has no end.
LIVES_SECONDS_MAX: Final = 86_400


class NotThere(Refused):
    """The vendor knows no such thing."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the hotel's account gave us; `api_key` only for older connections."""

    client_id: str
    client_secret: str
    api_key: str | None = None


class Connection:
    """The way to one account."""

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        pace: Pace,
        breaker: Breaker,
        clock: Callable[[], datetime],
        *,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        headers = {} if credentials.api_key is None else {"X-API-KEY": credentials.api_key}
        door = _door(credentials)
        self._caller = Caller(base_url, MANNER, pace, breaker, clock, seconds=seconds, door=door, headers=headers)

    async def get(self, group: str, path: str, parameters: Parameters = ()) -> dict[str, Any]:
        """Read something. Raises `Unavailable`, `Drained`, `TooOften` or `Refused`."""
        return await self._caller.read(group, Request("GET", f"api/{path}", parameters=parameters))

    async def ask(self, group: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post a question that changes nothing."""
        return await self._caller.read(group, Request("POST", f"api/{path}", body))

    async def order(self, group: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post what changes something: without an answer nobody knows, which is `Uncertain`."""
        return await self._caller.write(group, Request("POST", f"api/{path}", body))

    async def fetch(self, url: str, *, most: int) -> bytes:
        """A file that the vendor's content names, by its own address and without our credentials."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise Refused("a picture is fetched over https")
        try:
            async with self._caller.client.stream("GET", url) as answer:
                body = bytearray()
                if answer.status_code != httpx2.codes.OK:
                    raise _no_picture(answer.status_code)
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > most:
                        raise Refused("a picture is too large")
        except httpx2.TransportError as error:
            raise Unavailable(f"no picture: {type(error).__name__}") from None
        return bytes(body)

    async def close(self) -> None:
        """Close the connections."""
        await self._caller.close()


def _door(one: Credentials) -> Door:
    form = {"grant_type": "client_credentials", "client_id": one.client_id, "client_secret": one.client_secret}
    return Door("auth/token", {"data": form}, _token)


def _token(told: Any, now: datetime) -> tuple[str, datetime] | None:
    token = told.get("access_token") if isinstance(told, dict) else None
    if not isinstance(token, str):
        return None
    seconds = min(max(whole(told.get("expires_in")) or 0, 0), LIVES_SECONDS_MAX)
    return token, now + timedelta(seconds=seconds)


def _no_picture(status: int) -> Exception:
    """A picture that is gone stays gone; of a server in trouble it is asked again."""
    passes = status >= httpx2.codes.INTERNAL_SERVER_ERROR or status == httpx2.codes.TOO_MANY_REQUESTS
    return (Unavailable if passes else Refused)(f"a picture answered {status}")


def _refused(status: int, body: Any) -> Refused:
    if status == httpx2.codes.NOT_FOUND:
        return NotThere("the vendor knows no such thing")
    errors = body.get("errors") if isinstance(body, dict) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    return VendorRefused(status, str(first.get("code") or ""), str(first.get("message") or ""))


MANNER: Final = Manner(name="TravelLine", system="travelline", refused=_refused, answer_bytes_max=8_000_000)
