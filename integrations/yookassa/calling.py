"""Calling YooKassa: how it lets the shop in, how it says no, and the key of idempotence on whatever changes something."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import httpx2

from integrations.breaker import Breaker
from integrations.calling import Caller, Manner, Parameters, Request, VendorRefused
from integrations.pace import Pace
from integrations.payments import KeySpent
from integrations.ports import Refused

ANSWER_SECONDS: Final = 15.0
_KEY: Final = "Idempotence-Key"


class NotThere(Refused):
    """The acquirer has no such object."""


class Connection:
    """The way to one shop."""

    def __init__(
        self,
        base_url: str,
        shop: tuple[str, str],
        pace: Pace,
        breaker: Breaker,
        clock: Callable[[], datetime],
        *,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        """`shop` is its id and its secret key."""
        basic = b64encode(":".join(shop).encode()).decode("ascii")
        headers = {"authorization": f"Basic {basic}"}
        self._caller = Caller(base_url, MANNER, pace, breaker, clock, seconds=seconds, headers=headers)

    async def get(self, group: str, path: str, parameters: Parameters = ()) -> dict[str, Any]:
        """Read something. Raises `Unavailable`, `Drained`, `TooOften` or `Refused`."""
        return await self._caller.read(group, Request("GET", path, parameters=parameters))

    async def post(self, group: str, path: str, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        """Change something. Without an answer nobody knows, which is `Uncertain`: the same key finds what came of it."""
        return await self._caller.write(group, Request("POST", path, body, headers={_KEY: key}))

    async def close(self) -> None:
        """Close the connections."""
        await self._caller.close()


def _refused(status: int, body: Any) -> Refused:
    if status == httpx2.codes.NOT_FOUND:
        return NotThere("the acquirer has no such object")
    told = body if isinstance(body, dict) else {}
    if told.get("parameter") == _KEY:
        # Ours are never missing and never too long: this one stands for another body.
        return KeySpent(f"{_KEY} stands for another request")
    code = f"{told.get('code') or status} {told.get('parameter') or ''}".strip()
    return VendorRefused(status, code, str(told.get("description") or ""))


# It says nothing of when to come again after too many questions.
MANNER: Final = Manner(
    name="YooKassa", system="yookassa", refused=_refused, answer_bytes_max=1_000_000, wait_seconds=30
)
