"""Calling iikoCloud: one token for a process, our pace kept, a breaker, and a verdict on every way it can go wrong."""

import asyncio
import json
import random
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from prometheus_client import Counter

from integrations.breaker import Breaker, RetryBudget
from integrations.messaging.calling import LOOPBACK, cut, read_json, whole
from integrations.pace import Pace
from integrations.ports import Drained, Refused, TooOften, Unavailable, Uncertain
from integrations.transport import Transport

CONNECT_SECONDS: Final = 3.0
TERMINAL_SECONDS: Final = 15
ANSWER_SECONDS: Final = 20.0
ANSWER_BYTES_MAX: Final = 64_000_000
LIVES: Final = timedelta(hours=1)
RENEWED_EARLY: Final = timedelta(seconds=60)
# A token this young that is not taken lacks a right: another one would lack it too.
YOUNG: Final = timedelta(seconds=60)
READS_MAX: Final = 3
PAUSE_SECONDS: Final = 0.3
WAIT_SECONDS: Final = 60
WAIT_SECONDS_MAX: Final = 3600
CALLS: Final = Counter(
    "kunak_iiko_calls", "Calls of iikoCloud by what they are for and how they ended.", ["group", "outcome"]
)
_NEVER_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The API key; with an application's id and secret it is shown by the second version of the token."""

    api_key: str
    app_id: str | None = None
    client_secret: str | None = None


class VendorRefused(Refused):
    """The vendor's no. Only its code is ever logged: what it says besides may quote a guest's data."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(cut(code or status))
        self.status = status
        self.said = f"{code} {message}"


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
        parts = urlsplit(base_url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("iikoCloud is called over https; http is for a stand-in on this machine")
        self._base = base_url.rstrip("/")
        self._credentials = credentials
        self._pace = pace
        self._breaker = breaker
        self._budget = RetryBudget()
        self._clock = clock
        self._token: tuple[str, datetime, datetime] | None = None
        self._renewing = asyncio.Lock()
        self._client = httpx2.AsyncClient(
            headers={"Timeout": str(TERMINAL_SECONDS)},
            timeout=httpx2.Timeout(seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            transport=Transport(trust_env=False),
        )

    async def read(self, group: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Ask something that changes nothing; a passing trouble is tried anew while the budget of repeats lasts.

        Raises `Unavailable`, `Drained`, `TooOften` or `VendorRefused`.
        """
        self._budget.earn()
        for attempt in range(1, READS_MAX + 1):
            try:
                return await self._call(group, path, body, may_do=False)
            except (TooOften, Drained):
                raise
            except Unavailable:
                if attempt == READS_MAX or self._breaker.is_shut or not self._budget.spend():
                    raise
            await asyncio.sleep(PAUSE_SECONDS * attempt * random.uniform(0.5, 1.5))  # noqa: S311 - spreads load
        raise AssertionError  # the last attempt has raised

    async def write(self, group: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change something, by one call: without an answer nobody knows whether it was, which is `Uncertain`."""
        return await self._call(group, path, body, may_do=True)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(self, group: str, path: str, body: Mapping[str, Any], *, may_do: bool) -> dict[str, Any]:
        await self._pace.turn(group)
        self._breaker.check()
        outcome = "no answer"
        try:
            token = await self._fresh_token()
            answer = await self._sent(path, body, token, may_do=may_do)
            if answer.status_code == httpx2.codes.UNAUTHORIZED and self._is_old(token):
                # It was taken from us early: nothing was done, and a new one is asked for once.
                token = await self._fresh_token(instead_of=token)
                answer = await self._sent(path, body, token, may_do=may_do)
            outcome = str(answer.status_code)
            told = self._judged(answer, group, may_do=may_do)
        except (TooOften, Drained, Refused):
            self._breaker.note(is_well=True)
            raise
        except Unavailable:
            self._breaker.note(is_well=False)
            raise
        except BaseException:
            self._breaker.leave()
            raise
        else:
            self._breaker.note(is_well=True)
            return told
        finally:
            CALLS.labels(group, outcome).inc()

    async def _sent(self, path: str, body: Mapping[str, Any], token: str, *, may_do: bool) -> httpx2.Response:
        headers = {"authorization": f"Bearer {token}"}
        try:
            return await self._client.post(f"{self._base}/api/{path}", json=dict(body), headers=headers)
        except _NEVER_SENT as error:
            raise Unavailable(f"not reached: {type(error).__name__}") from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise (Uncertain if may_do else Unavailable)(f"no answer: {type(error).__name__}") from None

    def _judged(self, answer: httpx2.Response, group: str, *, may_do: bool) -> dict[str, Any]:
        status, unknown = answer.status_code, Uncertain if may_do else Unavailable
        if status == httpx2.codes.TOO_MANY_REQUESTS:
            raise self._too_often(answer, group)
        if status in {401, 403}:
            raise Drained(f"answered {status}: look at the API key and its rights")
        if status == httpx2.codes.REQUEST_TIMEOUT or status >= httpx2.codes.INTERNAL_SERVER_ERROR:
            raise unknown(f"answered {status}")
        if len(answer.content) > ANSWER_BYTES_MAX:
            raise unknown("answered more than can be read")
        body = read_json(answer.content)
        if status >= httpx2.codes.BAD_REQUEST:
            raise _refused(body, status)
        if not isinstance(body, dict):
            raise unknown("answered something that is no JSON")
        return body

    def _too_often(self, answer: httpx2.Response, group: str) -> TooOften:
        wait = min(max(whole(answer.headers.get("retry-after")) or WAIT_SECONDS, 1), WAIT_SECONDS_MAX)
        self._pace.shut(group, wait)
        return TooOften(wait)

    def _is_old(self, token: str) -> bool:
        known = self._token
        return known is None or known[0] != token or self._clock() - known[2] >= YOUNG

    async def _fresh_token(self, instead_of: str | None = None) -> str:
        """The token of this process. However many wait for a new one, it is asked for once."""
        async with self._renewing:
            known = self._token
            if known is not None and known[0] != instead_of and self._clock() < known[1]:
                return known[0]
            await self._pace.turn("token")
            token = await self._asked_token()
            lives = _ends(token, self._clock()) - self._clock()
            self._token = (token, self._clock() + max(lives - RENEWED_EARLY, lives / 2), self._clock())
            return token

    async def _asked_token(self) -> str:
        one = self._credentials
        if one.app_id and one.client_secret:
            path, body = "v2", {"apiKey": one.api_key, "appId": one.app_id, "clientSecret": one.client_secret}
        else:
            path, body = "1", {"apiLogin": one.api_key}
        try:
            answer = await self._client.post(f"{self._base}/api/{path}/access_token", json=body)
        except httpx2.TransportError as error:
            raise Unavailable(f"no token: {type(error).__name__}") from None
        if answer.status_code in {400, 401, 403}:
            raise Drained("iikoCloud does not know this API key: look at it, and at the application's id and secret")
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            raise self._too_often(answer, "token")
        told = read_json(answer.content)
        token = told.get("token") if isinstance(told, dict) else None
        if answer.status_code != httpx2.codes.OK or not isinstance(token, str):
            raise Unavailable(f"no token: answered {answer.status_code}")
        return token


def _ends(token: str, now: datetime) -> datetime:
    """When a token ends, as it says itself; an hour from now where it does not."""
    try:
        part = token.split(".")[1]
        ends = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))["exp"]
        return min(datetime.fromtimestamp(int(ends), UTC), now + LIVES)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError):
        return now + LIVES


def _refused(body: Any, status: int) -> VendorRefused:
    told = body if isinstance(body, dict) else {}
    return VendorRefused(status, str(told.get("error") or ""), str(told.get("errorDescription") or ""))
