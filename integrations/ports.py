"""What Kunak asks of the outside world, as protocols and value types. No vendor is named here."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

from loyalty.messages import Channel, Fate


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


class Uncertain(Unavailable):
    """The other side did not answer after we had asked: it may have done it. Asking again needs a look first."""


class TooOften(Unavailable):
    """The other side's own limit is reached; `seconds` says when to come again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"asked too often: wait {seconds} s")
        self.seconds = seconds


class Drained(Unavailable):
    """The other side does nothing for us until somebody acts: no money, a blocked account, a wrong key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text to one person by one channel. `id` is ours, and the same whenever this attempt is tried again.

    `to` is E.164 or an e-mail address; `html` and `subject` are for e-mail. `lives_seconds` is how long delivering it makes sense,
    for gateways that give up by themselves; None where it is asked about and not sent.
    """

    id: UUID
    channel: Channel
    to: str
    text: str
    subject: str = ""
    html: str | None = None
    callback_url: str | None = None
    lives_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a gateway says about a message: its own id, what became of it, in its words too; parts and kopecks if it says so."""

    provider_id: str
    fate: Fate
    raw: str = ""
    segments: int | None = None
    cost: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report that a gateway sent us. `fate` None: the body is no proof, so the gateway has to be asked.

    `is_opt_out` says that the reader has blocked the sender, or unsubscribed from it, in the messenger itself.
    """

    provider_id: str | None = None
    attempt_id: UUID | None = None
    fate: Fate | None = None
    raw: str = ""
    is_opt_out: bool = False


class Unreadable(Exception):
    """A report that is not what this gateway sends; the text says what is wrong with it."""


class Gateway(Protocol):
    """Sends messages by one or several channels and tells what became of them.

    Every method but `read` may raise `Unavailable` (surely not done), `Drained` or `Uncertain` (perhaps done).
    """

    name: str
    channels: frozenset[Channel]

    async def send(self, message: Message) -> Told:
        """Hand a message over, once. Raises `Refused` when this message can never go by this gateway."""

    async def resolve(self, message: Message, *, handed_at: datetime, known: Collection[str]) -> Told | None:
        """Find a message whose hand-over had no answer; None: surely not taken. `known` are ids that are other messages'.

        Where the vendor recognises a repeated id, this repeats.
        """

    async def ask(self, provider_id: str, message: Message) -> Told | None:
        """What became of a message by now; None where the gateway cannot say."""

    async def price(self, message: Message) -> int | None:
        """Kopecks that sending would cost, or None where the gateway does not say it beforehand."""

    async def balance(self) -> int | None:
        """Kopecks that are left, or None where nothing is paid."""

    def read(self, body: bytes, content_type: str) -> list[Report]:
        """The reports of a body that was posted to us. Raises `Unreadable`."""


@runtime_checkable
class StopList(Protocol):
    """A gateway that keeps a list of numbers to which it sends nothing. Raises what a `Gateway` raises; a repeat changes nothing."""

    name: str

    async def stop(self, number: str) -> None:
        """Have it send nothing to a number, codes and notices too."""

    async def resume(self, number: str) -> None:
        """Have it send to a number again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """An event for one address: `id` and `body` are the same in every attempt; it is signed by each of the secrets."""

    url: str
    id: str
    body: bytes
    secrets: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knocked:
    """What came of one request: a status, or in `fault` why there is none; the beginning of what was answered."""

    status: int | None
    fault: str | None
    millis: int
    answer: str = ""
    retry_after_seconds: int | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the other side has it now: any 2xx."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - by the standard


class Announcer(Protocol):
    """Carries webhooks to partners' addresses, and nowhere else."""

    async def knock(self, knock: Knock) -> Knocked:
        """Make one request. It never raises: whatever goes wrong out there is an answer too."""
