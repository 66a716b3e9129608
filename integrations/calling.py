"""Calling a vendor: one token for a process, our pace kept, a breaker, and a verdict on every way it can go wrong.

What one vendor does unlike another stands in its `Manner` and, where it asks for a token, its `Door`.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx2
from prometheus_client import Counter

from integrations.breaker import Breaker, RetryBudget
from integrations.messaging.calling import LOOPBACK, cut, read_json, whole
from integrations.pace import Pace
from integrations.ports import Drained, Refused, TooOften, Unavailable, Uncertain
from integrations.transport import Exchanged, Transport, exchanged

CONNECT_SECONDS: Final = 3.0
RENEWED_EARLY: Final = timedelta(seconds=60)
# A whole answer where nobody waits for it, in times of how long the first of it may take: a menu has megabytes.
PATIENCE: Final = 3
READS_MAX: Final = 3
PAUSE_SECONDS: Final = 0.3
WAIT_SECONDS_MAX: Final = 3600
CALLS: Final = Counter(
    "kunak_vendor_calls",
    "Calls of outside systems by what they are for and how they ended.",
    ["system", "group", "outcome"],
)
# The request never reached the vendor, so nothing was done.
_NEVER_SENT: Final = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
_NO_ANSWER: Final = (TimeoutError, httpx2.TransportError, httpx2.DecodingError)
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Parameters = Sequence[tuple[str, str]]


class VendorRefused(Refused):
    """The vendor's no. Only its code is ever logged: what it says besides may quote a guest's data."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(cut(code or status))
        self.status = status
        self.said = f"{code} {message}"


class _Passing(Unavailable):
    """A trouble behind which the same question may be asked once more at once."""


class _NotAsked(Exception):
    """The vendor was not asked by this call, which therefore says nothing about it; `why` is what the caller hears."""

    def __init__(self, why: Unavailable) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What one vendor does unlike another.

    `name` is what people call it, `system` its label among figures. `refused` makes a no of (status, body). A 429 that says no
    time means `wait_seconds`. `is_patient`: what hangs or answers 5xx is asked again, because no guest waits for the answer.
    A token younger than `young` that is not taken lacks a right: another one would lack it too.
    """

    name: str
    system: str
    refused: Callable[[int, Any], Refused]
    answer_bytes_max: int
    wait_seconds: int = 1
    is_patient: bool = False
    young: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Door:
    """Where a vendor gives tokens. `sent` goes with the question as httpx names it (`json` or `data`).

    `read` finds (token, end) in (answer, now), None where there is none.
    """

    path: str
    sent: Mapping[str, Any]
    read: Callable[[Any, datetime], tuple[str, datetime] | None]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `path` follows the base address."""

    method: Method
    path: str
    body: Mapping[str, Any] | None = None
    parameters: Parameters = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    given: datetime
    renewed: datetime


class Caller:
    """The way to one account of a vendor."""

    def __init__(
        self,
        base_url: str,
        manner: Manner,
        pace: Pace,
        breaker: Breaker,
        clock: Callable[[], datetime],
        *,
        seconds: float,
        door: Door | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`headers` go with every question; `seconds` is how long an answer may take. Raises ValueError without https.

        An answer that comes drop by drop is cut off, too: what never ends would hold the one call that tries for ever.
        """
        parts = urlsplit(base_url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError(f"{manner.name} is called over https; http is for a stand-in on this machine")
        self._base = base_url.rstrip("/")
        self._manner = manner
        self._pace = pace
        self._breaker = breaker
        self._budget = RetryBudget()
        self._clock = clock
        self._door = door
        self._headers = dict(headers or {})
        self._token: _Token | None = None
        self._renewing = asyncio.Lock()
        self._refused_tokens = 0
        self._no_token: Unavailable | None = None
        self._whole_seconds = CONNECT_SECONDS + seconds * (PATIENCE if manner.is_patient else 1)
        self.client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            transport=Transport(trust_env=False),
        )
        """It knows no credentials: for what is fetched elsewhere, such as a picture."""

    async def read(self, group: str, request: Request) -> dict[str, Any]:
        """Ask something that changes nothing; a passing trouble is tried anew while the budget of repeats lasts.

        Raises `Unavailable`, `Drained`, `TooOften`, or what the manner makes of a no.
        """
        for attempt in range(1, READS_MAX + 1):
            try:
                return await self._call(group, request, may_do=False, is_first=attempt == 1)
            except _Passing as trouble:
                if attempt == READS_MAX or self._breaker.is_shut or not self._budget.spend():
                    raise Unavailable(str(trouble)) from None
            await asyncio.sleep(PAUSE_SECONDS * attempt * random.uniform(0.5, 1.5))  # noqa: S311 - spreads load
        raise AssertionError  # the last attempt has raised

    async def write(self, group: str, request: Request) -> dict[str, Any]:
        """Change something, by one call: without an answer nobody knows whether it was, which is `Uncertain`."""
        try:
            return await self._call(group, request, may_do=True)
        except _Passing as trouble:
            raise Unavailable(str(trouble)) from None

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()

    async def _call(self, group: str, request: Request, *, may_do: bool, is_first: bool = True) -> dict[str, Any]:
        entry = self._breaker.enter()
        outcome = None
        try:
            await self._turn(group)
            if is_first:
                self._budget.earn()
            outcome = "no answer"
            answer = await self._let_in(group, request, may_do=may_do)
            outcome = str(answer.status)
            told = self._judged(answer, group, may_do=may_do)
        except _NotAsked as unasked:
            outcome = None
            self._breaker.leave(entry)
            raise unasked.why from None
        except (TooOften, Drained, Refused) as error:
            self._breaker.note(entry, is_well=True, error=error)
            raise
        except Unavailable as error:
            self._breaker.note(entry, is_well=False, error=error)
            raise
        except BaseException:
            self._breaker.leave(entry)
            raise
        else:
            self._breaker.note(entry, is_well=True)
            return told
        finally:
            if outcome is not None:
                CALLS.labels(self._manner.system, group, outcome).inc()

    async def _turn(self, group: str) -> None:
        """Keep our own pace. To be held back by it is nothing that the vendor did."""
        try:
            await self._pace.turn(group)
        except TooOften as wait:
            raise _NotAsked(wait) from None

    async def _let_in(self, group: str, request: Request, *, may_do: bool) -> Exchanged:
        if self._door is None:
            return await self._sent(request, {}, may_do=may_do)
        token = await self._fresh_token(self._door)
        answer = await self._sent(request, _bearer(token), may_do=may_do)
        if answer.status == httpx2.codes.UNAUTHORIZED and self._is_old(token):
            # It was taken from us early: nothing was done, and a new one is asked for once.
            token = await self._fresh_token(self._door, instead_of=token)
            await self._turn(group)
            answer = await self._sent(request, _bearer(token), may_do=may_do)
        return answer

    async def _sent(self, request: Request, headers: Mapping[str, str], *, may_do: bool) -> Exchanged:
        try:
            return await self._exchanged(
                request.method,
                request.path,
                params=list(request.parameters) or None,
                json=None if request.body is None else dict(request.body),
                headers={**self._headers, **headers, **request.headers},
            )
        except _NEVER_SENT as error:
            raise _Passing(f"not reached: {type(error).__name__}") from None
        except _NO_ANSWER as error:
            raise self._nothing(f"no answer: {type(error).__name__}", may_do=may_do, is_dear=_is_slow(error)) from None

    async def _exchanged(self, method: Method, path: str, **sent: Any) -> Exchanged:
        seconds, most = self._whole_seconds, self._manner.answer_bytes_max
        return await exchanged(self.client, method, f"{self._base}/{path}", seconds=seconds, most=most, **sent)

    def _judged(self, answer: Exchanged, group: str, *, may_do: bool) -> dict[str, Any]:
        status = answer.status
        if status == httpx2.codes.TOO_MANY_REQUESTS:
            raise self._too_often(answer, group)
        if status in {401, 403}:
            raise Drained(f"answered {status}: look at the keys and their rights")
        if status == httpx2.codes.REQUEST_TIMEOUT or status >= httpx2.codes.INTERNAL_SERVER_ERROR:
            raise self._nothing(f"answered {status}", may_do=may_do)
        if answer.body is None:
            raise self._nothing("answered more than can be read", may_do=may_do)
        body = read_json(answer.body)
        if status >= httpx2.codes.BAD_REQUEST:
            raise self._manner.refused(status, body)
        if status >= httpx2.codes.MULTIPLE_CHOICES or not isinstance(body, dict):
            raise self._nothing("answered something that is no JSON of its own", may_do=may_do)
        return body

    def _nothing(self, what: str, *, may_do: bool, is_dear: bool = True) -> Unavailable:
        """There is no answer to use. `is_dear`: asking again at once costs a guest's time, or a vendor in trouble."""
        if may_do:
            return Uncertain(what)
        return Unavailable(what) if is_dear and not self._manner.is_patient else _Passing(what)

    def _too_often(self, answer: Exchanged, group: str) -> TooOften:
        said = whole(answer.headers.get("retry-after"))
        wait = min(max(said or self._manner.wait_seconds, 1), WAIT_SECONDS_MAX)
        self._pace.shut(group, wait)
        return TooOften(wait)

    def _is_old(self, token: str) -> bool:
        known = self._token
        # By a clock that was set back it was given in the future, and nobody knows its age.
        return (
            known is None or known.text != token or not timedelta(0) <= self._clock() - known.given < self._manner.young
        )

    async def _fresh_token(self, door: Door, instead_of: str | None = None) -> str:
        """The token of this process. However many wait for a new one, it is asked for once, and what came of it is everybody's."""
        before = self._refused_tokens
        async with self._renewing:
            known = self._token
            if known is not None and known.text != instead_of and known.given <= self._clock() < known.renewed:
                return known.text
            if self._no_token is not None and self._refused_tokens != before:
                # To ask anew, one behind the other, would let the last of them wait as many times as long.
                raise _NotAsked(self._no_token)
            await self._turn("token")
            try:
                text, ends = await self._asked_token(door)
            except Unavailable as trouble:
                self._no_token, self._refused_tokens = trouble, self._refused_tokens + 1
                raise
            given, self._no_token = self._clock(), None
            self._token = _Token(text, given, given + max(ends - given - RENEWED_EARLY, (ends - given) / 2))
            return text

    async def _asked_token(self, door: Door) -> tuple[str, datetime]:
        try:
            answer = await self._exchanged("POST", door.path, headers=self._headers, **door.sent)
        except _NEVER_SENT as error:
            raise _Passing(f"no token: {type(error).__name__}") from None
        except _NO_ANSWER as error:
            raise self._nothing(f"no token: {type(error).__name__}", may_do=False, is_dear=_is_slow(error)) from None
        if answer.status in {400, 401, 403}:
            raise Drained(f"{self._manner.name} does not let these keys in: look at them")
        if answer.status == httpx2.codes.TOO_MANY_REQUESTS:
            raise self._too_often(answer, "token")
        is_read = answer.status == httpx2.codes.OK and answer.body is not None
        found = door.read(read_json(answer.body or b""), self._clock()) if is_read else None
        if found is None:
            raise self._nothing(f"no token: answered {answer.status}", may_do=False)
        return found


def _is_slow(error: Exception) -> bool:
    return isinstance(error, TimeoutError | httpx2.TimeoutException)


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
