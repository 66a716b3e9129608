"""Calling YooKassa: a key of idempotence on whatever changes something, a breaker, and a verdict on every failure."""

from collections.abc import Mapping
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx2
from prometheus_client import Counter

from integrations.breaker import Breaker
from integrations.messaging.calling import LOOPBACK, cut, read_json, whole
from integrations.ports import Drained, Refused, TooOften, Unavailable, Uncertain

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 15.0
ANSWER_BYTES_MAX: Final = 1_000_000
# It says nothing of when to come again.
WAIT_SECONDS: Final = 30
WAIT_SECONDS_MAX: Final = 3600
CALLS: Final = Counter(
    "kunak_acquirer_calls", "Calls of the acquirer by what they are for and how they ended.", ["operation", "outcome"]
)
_NEVER_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


class NotThere(Refused):
    """The acquirer has no such object."""


class VendorRefused(Refused):
    """The acquirer's no. Only its code and the field are ever logged: what it says besides may quote a payer's data."""

    def __init__(self, code: str, parameter: str, description: str) -> None:
        super().__init__(cut(f"{code} {parameter}".strip()))
        self.description = description


class Connection:
    """The way to one shop."""

    def __init__(
        self, base_url: str, shop_id: str, secret_key: str, breaker: Breaker, *, seconds: float = ANSWER_SECONDS
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("YooKassa is called over https; http is for a stand-in on this machine")
        self._base = base_url.rstrip("/")
        self._breaker = breaker
        self._client = httpx2.AsyncClient(
            auth=httpx2.BasicAuth(shop_id, secret_key),
            timeout=httpx2.Timeout(seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )

    async def get(self, operation: str, path: str) -> dict[str, Any]:
        """Read something. Raises `Unavailable`, `Drained`, `TooOften` or `Refused`."""
        return await self._call(operation, "GET", path, None, {})

    async def post(self, operation: str, path: str, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        """Change something. Without an answer nobody knows, which is `Uncertain`: the same key finds what came of it."""
        return await self._call(operation, "POST", path, body, {"idempotence-key": key})

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(
        self,
        operation: str,
        method: Literal["GET", "POST"],
        path: str,
        body: Mapping[str, Any] | None,
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        self._breaker.check()
        outcome = "no answer"
        try:
            answer = await self._sent(method, path, body, headers)
            outcome = str(answer.status_code)
            told = _judged(answer, may_do=method == "POST")
        except (TooOften, Drained, Refused) as error:
            self._breaker.note(is_well=True, error=error)
            raise
        except Unavailable as error:
            self._breaker.note(is_well=False, error=error)
            raise
        except BaseException:
            self._breaker.leave()
            raise
        else:
            self._breaker.note(is_well=True)
            return told
        finally:
            CALLS.labels(operation, outcome).inc()

    async def _sent(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> httpx2.Response:
        try:
            return await self._client.request(
                method, f"{self._base}/{path}", json=None if body is None else dict(body), headers=dict(headers)
            )
        except _NEVER_SENT as error:
            raise Unavailable(f"not reached: {type(error).__name__}") from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            kind = Uncertain if method == "POST" else Unavailable
            raise kind(f"no answer: {type(error).__name__}") from None


def _judged(answer: httpx2.Response, *, may_do: bool) -> dict[str, Any]:
    status, unknown = answer.status_code, Uncertain if may_do else Unavailable
    if status == httpx2.codes.TOO_MANY_REQUESTS:
        wait = whole(answer.headers.get("retry-after")) or WAIT_SECONDS
        raise TooOften(min(max(wait, 1), WAIT_SECONDS_MAX))
    if status in {401, 403}:
        raise Drained(f"answered {status}: look at the shop's id, its key and what it may do")
    if status >= httpx2.codes.INTERNAL_SERVER_ERROR:
        raise unknown(f"answered {status}")
    if len(answer.content) > ANSWER_BYTES_MAX:
        raise unknown("answered more than can be read")
    body = read_json(answer.content)
    if status == httpx2.codes.NOT_FOUND:
        raise NotThere("the acquirer has no such object")
    if status >= httpx2.codes.BAD_REQUEST:
        raise _refused(body, status)
    if status != httpx2.codes.OK or not isinstance(body, dict) or body.get("type") == "processing":
        # Older pages of its documentation know 202: it works on it, and the same key asks for the end of it.
        raise unknown(f"answered {status} without an object")
    return body


def _refused(body: Any, status: int) -> VendorRefused:
    told = body if isinstance(body, dict) else {}
    code, parameter = str(told.get("code") or status), str(told.get("parameter") or "")
    return VendorRefused(code, parameter, str(told.get("description") or ""))
