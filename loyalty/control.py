"""What a programme watches for: limits on cards, members, tills and outlets, and patterns that look like fraud."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class LimitOf(StrEnum):
    """Whose doings a limit counts. CARD_AT_TILL is one card at one till.

    CASHIER is one at all tills of an outlet, by the sign that the tills give; whoever a till does not name is one there.
    """

    CARD = "CARD"
    MEMBER = "MEMBER"
    TILL = "TILL"
    CASHIER = "CASHIER"
    OUTLET = "OUTLET"
    CARD_AT_TILL = "CARD_AT_TILL"


class Metric(StrEnum):
    """What a limit counts: receipts, kopecks of their net, points spent, or returns."""

    RECEIPTS = "RECEIPTS"
    AMOUNT = "AMOUNT"
    POINTS = "POINTS"
    REFUNDS = "REFUNDS"


class Response(StrEnum):
    """What happens above a limit: somebody is asked to look (soft), or the till hears no (hard)."""

    SIGNAL = "SIGNAL"
    REFUSE = "REFUSE"


class SignalKind(StrEnum):
    """Why somebody is asked to look."""

    LIMIT = "LIMIT"
    OWN_CARD = "OWN_CARD"
    DISTANT_OUTLETS = "DISTANT_OUTLETS"
    REFUND_AFTER_SPEND = "REFUND_AFTER_SPEND"
    CARDS_ON_DEVICE = "CARDS_ON_DEVICE"
    SPENT_AT_ONCE = "SPENT_AT_ONCE"
    DEPOSIT_USED_UP = "DEPOSIT_USED_UP"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` of a metric within any `minutes`."""

    of: LimitOf
    metric: Metric
    most: int
    minutes: int
    then: Response

    @property
    def name(self) -> str:
        """The limit among others: what it counts, of whom, for how long."""
        return f"{self.of}:{self.metric}:{self.minutes}"


@dataclass(frozen=True, slots=True)
class RefundAfterSpend:
    """A return that takes back points which were spent since, of at least so many, within so many minutes of the sale."""

    points: int
    minutes: int


@dataclass(frozen=True, slots=True)
class SpentAtOnce:
    """At least so many points that a purchase earned, spent within so many minutes after it."""

    points: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Control:
    """Everything a programme watches for; None where it does not."""

    limits: tuple[Limit, ...] = ()
    own_card: Response | None = None
    distant_minutes: int | None = None
    refund_after_spend: RefundAfterSpend | None = None
    cards_on_device: int | None = None
    spent_at_once: SpentAtOnce | None = None

    def hard(self, metrics: Sequence[Metric]) -> tuple[Limit, ...]:
        """The limits of these metrics that a till hears of, in the order of the file."""
        return tuple(limit for limit in self.limits if limit.then is Response.REFUSE and limit.metric in metrics)

    @property
    def soft(self) -> tuple[Limit, ...]:
        """The limits above which somebody looks."""
        return tuple(limit for limit in self.limits if limit.then is Response.SIGNAL)


NOTHING = Control()
