"""Points in whole numbers: what a receipt earns, what of it they may pay, how both are spread over lines, how long they live.

Exact throughout: one division at the end of each sum, and what remains of it goes to the largest remainders.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from loyalty.business_days import business_date
from loyalty.goodwill import GoodwillTerms
from loyalty.money import PERCENT_WHOLE
from loyalty.texts import Text


class Rounding(StrEnum):
    """What becomes of the part of a point that a receipt earns."""

    DOWN = "DOWN"
    HALF_UP = "HALF_UP"


@dataclass(frozen=True, slots=True)
class Unit:
    """What a point is called: a heading, and the forms that Russian takes after 1, 2 and 5."""

    name: Text
    one: Text
    few: Text
    many: Text


@dataclass(frozen=True, slots=True)
class PointsTerms:
    """The points of a programme. `worth` is in kopecks, factors and shares in basis points; None means no limit.

    `announce_days`: how many days before points end their owner is told. `confirm_new_device_hours`: for how long after it
    was paired a phone spends nothing without a yes. `goodwill`: None where the staff moves none by hand.
    """

    unit: Unit
    worth: int
    rounding: Rounding
    life_days: int | None
    activation_days: int
    hold_minutes: int
    return_grace_days: int
    tender_factors: tuple[tuple[str, int], ...]
    earn_max_receipt: int | None
    earn_max_day: int | None
    balance_max: int | None
    confirm_above: int | None
    confirm_share: int | None
    announce_days: tuple[int, ...] = ()
    confirm_new_device_hours: int | None = None
    goodwill: GoodwillTerms | None = None

    def factor(self, tender: str) -> int:
        """How much of what a payment of this kind would earn it does earn: paying with points earns nothing."""
        return 0 if tender == "POINTS" else dict(self.tender_factors).get(tender, PERCENT_WHOLE)


@dataclass(frozen=True, slots=True)
class PointsLine:
    """What points need to know of a priced line: kopecks to pay, the rates of its rule in basis points, gifts in points."""

    net: int
    earns: int
    redeem_cap: int
    gift: int = 0

    @property
    def payable(self) -> int:
        """Kopecks of the line that points may pay."""
        return self.net * self.redeem_cap // PERCENT_WHOLE


@dataclass(frozen=True, slots=True)
class LinePoints:
    """Points of one line: kopecks paid with them, how many that took, and how many the line earns."""

    paid: int = 0
    spent: int = 0
    earned: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """When points become usable and when they end; None for at once and for never."""

    activates_at: datetime | None
    expires_at: datetime | None


def shares(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """`total` spread in proportion to `weights` by largest remainder, the first of equals first; adds up exactly.

    While `total` is at most the sum of the weights, no share is above its weight.
    """
    whole = sum(weights)
    if whole <= 0:
        if total:
            raise ValueError("nothing to spread over")
        return (0,) * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return tuple(parts)


def spendable(terms: PointsTerms, lines: Sequence[PointsLine]) -> int:
    """The most points that may pay for these lines, whatever the guest has."""
    return sum(line.payable for line in lines) // terms.worth


def apply_points(
    terms: PointsTerms,
    lines: Sequence[PointsLine],
    *,
    spent: int,
    tenders: Sequence[tuple[str, int]] | None,
    room: int | None = None,
) -> tuple[LinePoints, ...]:
    """Spread `spent` points over the lines and compute what the rest earns, at most `room` where there is a limit.

    `tenders` are (kind, kopecks) of everything that is not paid with points; None stands for kinds that earn in full.
    """
    paid = shares(spent * terms.worth, [line.payable for line in lines])
    counts = shares(spent, paid)
    weights, total = _earned(terms, lines, paid, tenders)
    total = min(total, *(limit for limit in (terms.earn_max_receipt, room) if limit is not None), total)
    earned = shares(total, weights)
    # A gift has bounds of its own in its campaign; those of a programme are for what rates bring.
    return tuple(
        LinePoints(part, count, gained + line.gift)
        for part, count, gained, line in zip(paid, counts, earned, lines, strict=True)
    )


def _earned(
    terms: PointsTerms, lines: Sequence[PointsLine], paid: Sequence[int], tenders: Sequence[tuple[str, int]] | None
) -> tuple[list[int], int]:
    bases = [line.net - part for line, part in zip(lines, paid, strict=True)]
    base = sum(bases)
    payments = [("", base)] if tenders is None else tenders  # a kind nobody lowers earns in full
    counted = sum(amount * terms.factor(kind) for kind, amount in payments)
    # A line's share of the receipt is its share of every payment: base_i / base of the counted sum, times its own rate.
    weights = [part * line.earns for part, line in zip(bases, lines, strict=True)]
    whole = base * PERCENT_WHOLE * PERCENT_WHOLE * terms.worth
    if not base:
        return weights, 0
    exact = sum(weights) * counted
    return weights, exact // whole if terms.rounding is Rounding.DOWN else (2 * exact + whole) // (2 * whole)


def life(terms: PointsTerms, at: datetime, time_zone: str) -> Life:
    """When points earned at a moment can be used, and the end of the local day on which they end."""
    first = business_date(at, time_zone) + timedelta(days=terms.activation_days)
    return Life(
        activates_at=day_begins(first, time_zone) if terms.activation_days else None,
        expires_at=None if terms.life_days is None else day_ends(first + timedelta(days=terms.life_days), time_zone),
    )


def returned_life(terms: PointsTerms, at: datetime, time_zone: str) -> datetime | None:
    """Until when spent points that come back after their own end may be used; None where the programme gives no grace."""
    if not terms.return_grace_days:
        return None
    return day_ends(business_date(at, time_zone) + timedelta(days=terms.return_grace_days), time_zone)


def day_begins(day: date, time_zone: str) -> datetime:
    """The first moment of a local day, in UTC: where clocks are put forward at midnight, the moment they are."""
    return datetime.combine(day, time.min, ZoneInfo(time_zone)).astimezone(UTC)


def day_ends(day: date, time_zone: str) -> datetime:
    """The first moment after a local day, in UTC."""
    return day_begins(day + timedelta(days=1), time_zone)


def last_day(ends: datetime, time_zone: str) -> date:
    """The last local day on which points can be used that end at a moment."""
    return business_date(ends - timedelta(microseconds=1), time_zone)


def announcement(days: Sequence[int], *, left: int, whole: int) -> int | None:
    """Which of the announcements `days` ahead stands for points with `left` days to their last one; None if none does.

    The latest that has come: one that was missed is made up for until the next one comes. Points that came after its day
    (`whole`: how many days before the last one they were there) had nothing to be announced then.
    """
    reached = [ahead for ahead in days if left <= ahead]
    return min(reached) if reached and min(reached) <= whole else None


def needs_yes(terms: PointsTerms, *, wanted: int, spent_today: int, balance: int) -> bool:
    """Whether a guest must confirm a spending on the phone: more a day than a number, or than a share of the balance.

    `balance` is what could be spent when the day began: available, held, and spent since.
    """
    whole = wanted + spent_today
    if terms.confirm_above is not None and whole > terms.confirm_above:
        return True
    return terms.confirm_share is not None and whole * PERCENT_WHOLE > balance * terms.confirm_share


def is_new_phone(terms: PointsTerms, *, paired_at: datetime | None, is_first: bool, now: datetime) -> bool:
    """Whether the phone that showed the code was paired so lately that any spending needs a yes.

    The first phone of a member is not: there is no other whose owner could say no. One that nobody knows, None, is.
    """
    if terms.confirm_new_device_hours is None:
        return False
    if paired_at is None:
        return True
    return not is_first and now < paired_at + timedelta(hours=terms.confirm_new_device_hours)


def form(unit: Unit, number: int) -> Text:
    """The word after a number."""
    number = abs(number)
    if number % 10 == 1 and number % 100 != 11:  # noqa: PLR2004 - the grammar of Russian; English words do not tell few from many
        return unit.one
    return unit.few if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else unit.many


class PointsReasonCode(StrEnum):
    """Why a guest can spend so many points and not more."""

    NONE = "points_none"
    SHORT = "points_short"
    CAP = "points_cap"
    NOT_HERE = "points_not_here"
    PENDING = "points_pending"
    DEBT = "points_debt"
    BY_PHONE = "points_by_phone"
    TOGETHER = "points_together"
    FAMILY_CHILD = "points_family_child"
    FAMILY_LATER = "points_family_later"


@dataclass(frozen=True, slots=True)
class PointsReason:
    """One reason with its number, and the day it is about."""

    code: PointsReasonCode
    points: int = 0
    day: date | None = None


def why_fewer(
    *,
    wished: int | None,
    allowed: int,
    available: int,
    debt: int,
    pending: int,
    usable_from: date | None,
    together: bool = False,
) -> tuple[PointsReason, ...]:
    """Everything that stands between a guest and spending more: the rules of the basket, the balance, the calendar.

    `available` counts what a family would add where the guest wished for it, `together`.
    """
    reasons = []
    if not allowed:
        reasons.append(PointsReason(PointsReasonCode.NOT_HERE))
    elif wished is not None and wished > allowed and allowed <= available:
        reasons.append(PointsReason(PointsReasonCode.CAP, allowed))
    if not available:
        reasons.append(PointsReason(PointsReasonCode.NONE))
    elif wished is not None and wished > available and available < allowed:
        reasons.append(PointsReason(PointsReasonCode.TOGETHER if together else PointsReasonCode.SHORT, available))
    if pending:
        reasons.append(PointsReason(PointsReasonCode.PENDING, pending, usable_from))
    if debt:
        reasons.append(PointsReason(PointsReasonCode.DEBT, debt))
    return tuple(reasons)
