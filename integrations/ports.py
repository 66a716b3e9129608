"""What Kunak asks of the outside world, as protocols and value types. No vendor is named here."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one address, as plain text and as HTML."""

    to: str
    subject: str
    text: str
    html: str | None = None


class Refused(Exception):
    """The other side understood and said no for good: asking again would change nothing."""


class Unavailable(Exception):
    """The other side did not answer, or asked us to come back later."""


class Mailer(Protocol):
    """Sends letters. Raises `Refused` or `Unavailable`."""

    async def send(self, letter: Letter) -> None:
        """Hand one letter over; when this returns, the other side has taken it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one more is allowed, and if not, how long to wait."""

    allowed: bool
    retry_after_seconds: int = 0


class Limits(Protocol):
    """Counters of how often somebody did something. One key always goes with one limit and one window."""

    async def hit(self, key: str, *, limit: int, window_seconds: int, now: datetime) -> Verdict:
        """Count one more and say whether it is within `limit` for the running window."""

    async def peek(self, key: str, *, limit: int, now: datetime) -> Verdict:
        """Say whether one more would be allowed, without counting it."""

    async def lock(self, key: str, *, seconds: int, now: datetime) -> None:
        """Refuse every hit of the key for some time, whatever its count."""

    async def clear(self, key: str) -> None:
        """Forget the key: its count and its lock."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened to a member's card: SCANNED, PURCHASE_POSTED or PURCHASE_REFUNDED."""

    kind: str
    purchase_id: UUID | None
    at: datetime


class Courier(Protocol):
    """Carries hints between processes: "look at these members". A hint that gets lost costs a second, never a fact."""

    async def send(self, members: Collection[UUID]) -> None:
        """Tell every process. Failing is allowed, and is not raised."""

    def arrivals(self) -> AsyncIterator[UUID]:
        """Members that some process hinted at, until closed; comes back by itself after a broken connection."""
