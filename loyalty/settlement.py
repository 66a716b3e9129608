"""Settlement between partners: who owes whom for points, month by month, and what each of them still stands for.

Exact throughout: whole points times whole kopecks, so there is nothing to round. Points are followed lot by lot; a lot
is a promise of whoever issued it, until it is spent, ends or is taken back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from loyalty.business_days import business_date
from loyalty.money import PERCENT_WHOLE
from loyalty.points import day_begins

PROGRAMME: Final = ""
"""The issuer of points that the programme itself gave, in place of a partner's slug."""
CLOSE_AFTER_DAYS: Final = 3


class SettlementMode(StrEnum):
    """How a partner pays for its points that others took: after the month, from a sum paid ahead, or not at all."""

    POSTPAID = "POSTPAID"
    PREPAID = "PREPAID"
    NONE = "NONE"


class FactKind(StrEnum):
    """What happened to points of a lot; `OWED` is of no lot: a return found nothing to take back."""

    ISSUED = "ISSUED"
    REDEEMED = "REDEEMED"
    GIVEN_BACK = "GIVEN_BACK"
    EXPIRED = "EXPIRED"
    RETURNED = "RETURNED"
    REPAID = "REPAID"
    OWED = "OWED"


# Taken from one issuer's lots in favour of a partner: by a purchase, by a return, or by what a member owed after one.
TAKEN: Final = frozenset({FactKind.REDEEMED, FactKind.RETURNED, FactKind.REPAID})


@dataclass(frozen=True, slots=True)
class SettlementTerms:
    """How a programme, or a partner where it differs, settles: `price` in kopecks for a point that another one took."""

    mode: SettlementMode
    price: int
    close_after_days: int = CLOSE_AFTER_DAYS


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """What a partner settles by otherwise than the programme says; None where it does not differ.

    `deposit` is what a PREPAID one has paid ahead, in kopecks; None where nobody watches it.
    """

    mode: SettlementMode | None = None
    price: int | None = None
    deposit: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """From when on an issuer pays how many kopecks for a point. `since` None: from the beginning."""

    issuer: str
    since: datetime | None
    kopecks: int


@dataclass(frozen=True, slots=True)
class Flow:
    """A sum of facts of one kind in a month. `due` is what the issuer owes the partner for it, in kopecks."""

    month: date
    kind: FactKind
    issuer: str
    partner: str | None
    points: int
    due: int
    facts: int = 1
    late: int = 0


@dataclass(frozen=True, slots=True)
class Liability:
    """Points one issuer stands for: opening + issued - redeemed - expired - reversed = closing.

    `redeemed` is net of what returns gave back, `reversed` is what returns took from this issuer's lots, at once or
    later. `owed` is what members owe this partner after returns that found nothing to take.
    """

    issuer: str
    month: date
    opening: int = 0
    issued: int = 0
    redeemed: int = 0
    expired: int = 0
    reversed: int = 0
    owed: int = 0

    @property
    def closing(self) -> int:
        """What is left at the end of the month."""
        return self.opening + self.issued - self.redeemed - self.expired - self.reversed


@dataclass(slots=True)
class Cell:
    """Points of an issuer that a partner took in a month, net of what was given back, and what is due for them."""

    issuer: str
    partner: str
    redeemed: int = 0
    given_back: int = 0
    reversed: int = 0
    due: int = 0
    facts: int = 0
    late: int = 0

    @property
    def points(self) -> int:
        """What counts."""
        return self.redeemed - self.given_back + self.reversed


@dataclass(frozen=True, slots=True)
class Breakage:
    """How much of what was issued ends unused, in basis points, from points whose fate is known. None: none is yet."""

    ended: int
    expired: int
    rate: int | None
    expected: int


@dataclass(slots=True)
class _Sums:
    of: dict[FactKind, int] = field(default_factory=lambda: defaultdict(int))


def due(kind: FactKind, *, issuer: str, partner: str | None, points: int, price: int) -> int:
    """What the issuer owes the partner for a fact, in kopecks: nobody owes themselves, and what came back is negative."""
    if partner is None or issuer == partner:
        return 0
    if kind is FactKind.GIVEN_BACK:
        return -points * price
    return points * price if kind in TAKEN else 0


def prices(
    versions: Iterable[tuple[datetime, SettlementTerms | None, Mapping[str, PartnerTerms]]],
) -> tuple[Price, ...]:
    """What each issuer pays, from the versions of a programme in their order; the first reaches back to the beginning.

    A version is (when it came into force, the programme's terms, those of each partner). Only changes are listed.
    """
    found: list[Price] = []
    last: dict[str, int] = {}
    for place, (since, terms, partners) in enumerate(versions):
        for issuer, own in {PROGRAMME: PartnerTerms(), **partners}.items():
            kopecks = price_of(terms, own)
            if last.get(issuer) != kopecks:
                found.append(Price(issuer, None if place == 0 or issuer not in last else since, kopecks))
                last[issuer] = kopecks
    return tuple(found)


def mode_of(terms: SettlementTerms | None, own: PartnerTerms) -> SettlementMode:
    """How a partner settles."""
    return own.mode or (SettlementMode.NONE if terms is None else terms.mode)


def price_of(terms: SettlementTerms | None, own: PartnerTerms) -> int:
    """What a partner pays for a point, in kopecks."""
    if mode_of(terms, own) is SettlementMode.NONE:
        return 0
    return own.price if own.price is not None else 0 if terms is None else terms.price


def month_of(at: datetime, time_zone: str) -> date:
    """The first day of the local month of a moment."""
    return business_date(at, time_zone).replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def month_begins(month: date, time_zone: str) -> datetime:
    """The first moment of a local month, in UTC."""
    return day_begins(month, time_zone)


def closes_at(month: date, time_zone: str, days: int) -> datetime:
    """When a month may be closed: some days after its end, since receipts come late."""
    return day_begins(next_month(month) + timedelta(days=days), time_zone)


def months(first: date, last: date) -> tuple[date, ...]:
    """Every month from one to another, both inclusive."""
    found = []
    while first <= last:
        found.append(first)
        first = next_month(first)
    return tuple(found)


def liabilities(flows: Iterable[Flow], shown: Sequence[date], issuers: Sequence[str]) -> tuple[Liability, ...]:
    """What each issuer stands for in each month that is shown; flows of all earlier months make the opening."""
    by_month: dict[date, dict[str, _Sums]] = defaultdict(lambda: defaultdict(_Sums))
    for flow in flows:
        by_month[flow.month][flow.issuer].of[flow.kind] += flow.points
        if flow.kind is FactKind.REPAID and flow.partner is not None:
            # Who is owed need not be who issued: what was paid back to one came out of the other's lots.
            by_month[flow.month][flow.partner].of[FactKind.OWED] -= flow.points
    closing: dict[str, int] = defaultdict(int)
    owed: dict[str, int] = defaultdict(int)
    told: list[Liability] = []
    for month in sorted({*by_month, *shown}):
        for issuer in issuers:
            sums = by_month[month][issuer].of
            owed[issuer] += sums[FactKind.OWED]
            row = Liability(
                issuer,
                month,
                opening=closing[issuer],
                issued=sums[FactKind.ISSUED],
                redeemed=sums[FactKind.REDEEMED] - sums[FactKind.GIVEN_BACK],
                expired=sums[FactKind.EXPIRED],
                reversed=sums[FactKind.RETURNED] + sums[FactKind.REPAID],
                owed=owed[issuer],
            )
            closing[issuer] = row.closing
            if month in shown:
                told.append(row)
    return tuple(told)


def cells(flows: Iterable[Flow], month: date) -> tuple[Cell, ...]:
    """The matrix of a month: issuer by partner, in order, cells without facts left out."""
    found: dict[tuple[str, str], Cell] = {}
    for flow in flows:
        if flow.month != month or flow.partner is None or flow.kind not in {*TAKEN, FactKind.GIVEN_BACK}:
            continue
        cell = found.setdefault((flow.issuer, flow.partner), Cell(flow.issuer, flow.partner))
        match flow.kind:
            case FactKind.REDEEMED:
                cell.redeemed += flow.points
            case FactKind.GIVEN_BACK:
                cell.given_back += flow.points
            case _:
                cell.reversed += flow.points
        cell.due += flow.due
        cell.facts += flow.facts
        cell.late += flow.late
    return tuple(found[pair] for pair in sorted(found))


def net(pairs: Iterable[Cell]) -> dict[tuple[str, str], int]:
    """(who pays, whom) → kopecks, after what both owe each other is set off; nothing for pairs that are even."""
    balance: dict[tuple[str, str], int] = defaultdict(int)
    for cell in pairs:
        if cell.issuer == cell.partner:
            continue
        forward = cell.issuer < cell.partner
        pair = (cell.issuer, cell.partner) if forward else (cell.partner, cell.issuer)
        balance[pair] += cell.due if forward else -cell.due
    return {
        (first, second) if kopecks > 0 else (second, first): abs(kopecks)
        for (first, second), kopecks in sorted(balance.items())
        if kopecks
    }


def breakage(flows: Iterable[Flow], closing: int) -> Breakage:
    """Breakage as IFRS 15 B46 means it: in proportion to the rights that guests have used so far.

    Of points that are done with (spent or ended), the share that ended; and what that share means for those outstanding.
    """
    used = expired = 0
    for flow in flows:
        match flow.kind:
            case FactKind.REDEEMED:
                used += flow.points
            case FactKind.GIVEN_BACK:
                used -= flow.points
            case FactKind.EXPIRED:
                expired += flow.points
            case _:
                pass
    ended = used + expired
    if not expired or ended <= 0:
        return Breakage(max(ended, 0), expired, None, 0)
    return Breakage(ended, expired, expired * PERCENT_WHOLE // ended, closing * expired // ended)
