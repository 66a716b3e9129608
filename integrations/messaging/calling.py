"""Calling a vendor over HTTP: short time-outs, no redirects, and a verdict on every way in which it can go wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2

from integrations.ports import Drained, Unavailable, Uncertain
from integrations.transport import Transport, exchanged

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 10.0
ANSWER_BYTES_MAX: Final = 1_000_000
RAW_CHARACTERS_MAX: Final = 200
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
NOT_LET_IN: Final = frozenset({401, 402, 403})
TOO_MANY: Final = 429
FAULT: Final = 500
# The request never reached the vendor, so nothing was done.
_NEVER_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a vendor answered: the status, and the body as JSON, None where it is none."""

    status: int
    body: Any


class Line:
    """The way to one vendor. Keys travel in headers or bodies, never in an address, and only encrypted."""

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("a gateway is called over https; http is for a stand-in on this machine")
        self._base = base_url.rstrip("/")
        self._whole_seconds = CONNECT_SECONDS + seconds
        self._client = httpx2.AsyncClient(
            headers=dict(headers or {}),
            auth=None if auth is None else httpx2.BasicAuth(*auth),
            timeout=httpx2.Timeout(seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            transport=Transport(trust_env=False),
        )

    async def post(self, path: str, body: Mapping[str, Any], *, form: bool = False) -> Answer:
        """Post JSON, or a form, and give the answer below 500.

        Raises `Unavailable` when nothing was done, `Uncertain` when that cannot be known, `Drained` when the vendor
        lets us in no more.
        """
        sent: dict[str, Any] = {"data": dict(body)} if form else {"json": dict(body)}
        try:
            answer = await exchanged(
                self._client,
                "POST",
                f"{self._base}/{path}",
                seconds=self._whole_seconds,
                most=ANSWER_BYTES_MAX,
                **sent,
            )
        except _NEVER_SENT as error:
            raise Unavailable(f"not reached: {type(error).__name__}") from None
        except (TimeoutError, httpx2.TransportError, httpx2.DecodingError) as error:
            raise Uncertain(f"no answer: {type(error).__name__}") from None
        if answer.status == TOO_MANY:
            raise Unavailable("asked too often: 429")
        if answer.status >= FAULT:
            raise Uncertain(f"answered {answer.status}")
        if answer.status in NOT_LET_IN:
            raise Drained(f"answered {answer.status}: look at the key, the account and the list of addresses")
        if answer.body is None:
            raise Uncertain("answered more than can be read")
        return Answer(answer.status, read_json(answer.body))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def read_json(body: bytes) -> Any:
    """JSON with exact decimals, or None: what is no JSON is nothing we know."""
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError, InvalidOperation):
        return None


def kopecks(value: object) -> int | None:
    """A price such as `5.2` or `"4.10"` in kopecks, rounded up: a part of a kopeck is paid too."""
    if value is None or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value)) * 100
    except InvalidOperation:
        return None
    return int(amount.to_integral_value(ROUND_CEILING)) if amount.is_finite() and amount >= 0 else None


def whole(value: object) -> int | None:
    """A whole number, written as a number or as digits."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None  # noqa: PLR2004 - 64 bits


def cut(text: object) -> str:
    """A vendor's words as we keep them."""
    return "".join(letter for letter in str(text)[: 4 * RAW_CHARACTERS_MAX] if letter.isprintable())[
        :RAW_CHARACTERS_MAX
    ]
