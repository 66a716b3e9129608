"""Purchases as they are read: whole receipts with lines and refunds, a page or one at a time, each in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from models import database
from models.database import Record, statement


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line of a receipt. Sums in kopecks, quantities in thousandths; `refunded_part` is in the line's measure."""

    id: UUID
    service: str
    name: str
    quantity: int
    gross: int
    discount: int
    net: int
    accumulates: bool
    reasons: Sequence[dict[str, Any]]
    refund_measure: str | None = None
    refunded_part: int = 0
    refunded_net: int = 0
    refunded_discount: int = 0
    points: Sequence[int] | None = None  # kopecks paid, points spent and earned; the same three given back


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund of a receipt."""

    id: UUID
    number: str
    at: datetime
    net: int
    discount: int
    points: Sequence[int] | None = None  # kopecks paid with points, points given back, points taken back


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """A receipt with everything a guest or a till may see of it."""

    id: UUID
    partner: str
    outlet: str
    channel: str
    receipt_number: str
    closed_at: datetime
    business_date: date
    programme_version: int
    gross: int
    discount: int
    net: int
    accumulated: int
    refunded_net: int
    refunded_discount: int
    lines: Sequence[LineFacts]
    refunds: Sequence[RefundFacts]
    outcomes: Sequence[dict[str, Any]] = ()

    def as_posted(self) -> "PurchaseFacts":
        """The receipt as it was in the moment of its posting, before any refund: what a repeated call must hear."""
        lines = [
            replace(
                line,
                refund_measure=None,
                refunded_part=0,
                refunded_net=0,
                refunded_discount=0,
                points=None if line.points is None else [*line.points[:3], 0, 0, 0],
            )
            for line in self.lines
        ]
        counted = sum(line.net for line in lines if line.accumulates)
        return replace(self, accumulated=counted, refunded_net=0, refunded_discount=0, lines=lines, refunds=())

    def as_waiting(self) -> "PurchaseFacts":
        """The receipt as it was posted while a bank had not confirmed it: nothing counted, nothing earned."""
        lines = [
            replace(line, accumulates=False, points=line.points and [*line.points[:2], 0, *line.points[3:]])
            for line in self.as_posted().lines
        ]
        return replace(self.as_posted(), accumulated=0, lines=lines)

    def as_refunded(self, refunds: Sequence[str], lines: Mapping[str, Sequence[Any]]) -> "PurchaseFacts":
        """The receipt as it was when it had just these refunds, with each line's (measure, part, net, discount) of then.

        Where points took part, the three sums of them that were given back by then follow.
        """
        known = {str(refund.id): refund for refund in self.refunds}
        then = [
            replace(
                line,
                refund_measure=measure,
                refunded_part=part,
                refunded_net=net,
                refunded_discount=discount,
                points=None if line.points is None else [*line.points[:3], *back],
            )
            for line in self.lines
            for measure, part, net, discount, *back in (lines[str(line.id)],)
        ]
        net, counted = (
            sum(line.refunded_net for line in then),
            sum(line.refunded_net for line in then if line.accumulates),
        )
        return replace(
            self,
            accumulated=sum(line.net for line in self.lines if line.accumulates) - counted,
            refunded_net=net,
            refunded_discount=sum(line.refunded_discount for line in then),
            lines=then,
            refunds=[known[each] for each in refunds],
        )


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page is narrowed to. Dates are business dates, both inclusive."""

    partner: str | None = None
    since: date | None = None
    until: date | None = None
    counted: bool | None = None
    refunded: bool | None = None


NO_FILTERS: Final = Filters()


async def page(
    member_id: UUID, *, rows: int, after: tuple[datetime, UUID] | None = None, filters: Filters = NO_FILTERS
) -> list[PurchaseFacts]:
    """At most `rows` purchases of a member, newest first, behind the place `after`."""
    at, last = after or (None, None)
    found = await database.fetch(
        statement("purchases"),
        *(member_id, rows, at, last, filters.partner, filters.since, filters.until, filters.counted, filters.refunded),
    )
    return [_purchase(row) for row in found]


async def of_member(member_id: UUID, purchase_id: UUID) -> PurchaseFacts | None:
    """One purchase of a member; somebody else's is not there."""
    row = await database.fetchrow(statement("purchase"), purchase_id, member_id, None)
    return _purchase(row) if row else None


async def of_partner(partner: str, purchase_id: UUID) -> PurchaseFacts | None:
    """One purchase of a partner; another partner's is not there."""
    row = await database.fetchrow(statement("purchase"), purchase_id, None, partner)
    return _purchase(row) if row else None


async def any_purchase(purchase_id: UUID) -> PurchaseFacts:
    """A purchase whose id the caller wrote or was answered before, so it is there."""
    row = await database.fetchrow(statement("purchase"), purchase_id, None, None)
    assert row is not None  # noqa: S101 - purchases are never deleted
    return _purchase(row)


async def receipts(partner: str, number: str, business_date: date | None) -> list[tuple[UUID, str]]:
    """(purchase, outlet) of every receipt of a partner under this number, newest first, a thousand at most."""
    found = await database.fetch(
        "SELECT id, outlet FROM purchase WHERE partner = $1 AND receipt_number = $2"
        " AND ($3::date IS NULL OR business_date = $3) ORDER BY closed_at DESC LIMIT 1000",
        *(partner, number, business_date),
    )
    return [(row["id"], row["outlet"]) for row in found]


def _purchase(row: Record) -> PurchaseFacts:
    lines = [
        LineFacts(UUID(line.pop("id")), line.pop("service"), line.pop("name"), **line)
        for line in orjson.loads(row["lines"] or "[]")
    ]
    refunds = [
        RefundFacts(
            UUID(each["id"]),
            each["number"],
            datetime.fromisoformat(each["at"]),
            each["net"],
            each["discount"],
            each["points"],
        )
        for each in orjson.loads(row["refunds"] or "[]")
    ]
    return PurchaseFacts(
        id=row["id"],
        partner=row["partner"],
        outlet=row["outlet"],
        channel=row["channel"],
        receipt_number=row["receipt_number"],
        closed_at=row["closed_at"],
        business_date=row["business_date"],
        programme_version=row["programme_version"],
        gross=row["gross"],
        discount=row["discount"],
        net=row["net"],
        accumulated=row["accumulated"] - row["refunded_accumulated"],
        refunded_net=row["refunded_net"],
        refunded_discount=row["refunded_discount"],
        lines=lines,
        refunds=refunds,
        outcomes=orjson.loads(row["outcomes"] or "[]"),
    )
