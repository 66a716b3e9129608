"""Calling iikoCloud: how it lets us in, and how it says no."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from integrations.breaker import Breaker
from integrations.calling import Caller, Door, Manner, Request, VendorRefused
from integrations.pace import Pace

TERMINAL_SECONDS: Final = 15
ANSWER_SECONDS: Final = 20.0
LIVES: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The API key; with an application's id and secret it is shown by the second version of the token."""

    api_key: str
    app_id: str | None = None
    client_secret: str | None = None


class Connection:
    """The way to one API key."""

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
        headers = {"Timeout": str(TERMINAL_SECONDS)}
        door = _door(credentials)
        self._caller = Caller(base_url, MANNER, pace, breaker, clock, seconds=seconds, door=door, headers=headers)

    async def read(self, group: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask something that changes nothing. Raises `Unavailable`, `Drained`, `TooOften` or `VendorRefused`."""
        return await self._caller.read(group, Request("POST", f"api/{path}", body))

    async def write(self, group: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change something, by one call; may also raise `Uncertain`."""
        return await self._caller.write(group, Request("POST", f"api/{path}", body))

    async def close(self) -> None:
        """Close the connections."""
        await self._caller.close()


def _door(one: Credentials) -> Door:
    if one.app_id and one.client_secret:
        body = {"apiKey": one.api_key, "appId": one.app_id, "clientSecret": one.client_secret}
        return Door("api/v2/access_token", {"json": body}, _token)
    return Door("api/1/access_token", {"json": {"apiLogin": one.api_key}}, _token)


def _token(told: Any, now: datetime) -> tuple[str, datetime] | None:
    token = told.get("token") if isinstance(told, dict) else None
    return (token, _ends(token, now)) if isinstance(token, str) else None


def _ends(token: str, now: datetime) -> datetime:
    """When a token ends, as it says itself; an hour from now where it does not."""
    try:
        part = token.split(".")[1]
        ends = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))["exp"]
        return min(datetime.fromtimestamp(int(ends), UTC), now + LIVES)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError):
        return now + LIVES


def _refused(status: int, body: Any) -> VendorRefused:
    told = body if isinstance(body, dict) else {}
    return VendorRefused(status, str(told.get("error") or ""), str(told.get("errorDescription") or ""))


MANNER: Final = Manner(
    name="iikoCloud",
    system="iiko",
    refused=_refused,
    answer_bytes_max=64_000_000,
    wait_seconds=60,
    is_patient=True,
    young=timedelta(seconds=60),
)
