"""Receipts as guests and tills read them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

import strawberry

from graph.context import Info
from graph.points.quoting import LinePoints, PurchasePoints, RefundPoints
from graph.programme.types import Channel, Outlet, Partner, Service, Tier
from graph.promotions.types import Promotion, promotions_of
from graph.quotes.reasons import Reason, reasons_stored
from graph.scalars import Money, Points
from graph.words import Locale
from loyalty import tiers
from loyalty.instalments import InstalmentState as Stored
from loyalty.money import print_quantity
from loyalty.points import LinePoints as Part
from loyalty.programme import Programme
from models.history import LineFacts, PurchaseFacts, RefundFacts
from services.promotions.writing import read_outcomes


@strawberry.enum(description="How much of a receipt stands.")
class PurchaseStatus(StrEnum):
    """How much of a receipt stands."""

    POSTED = "POSTED"
    PARTLY_REFUNDED = "PARTLY_REFUNDED"
    REFUNDED = "REFUNDED"


@strawberry.type(description="Where a member stands between tiers.")
class Progress:
    """Where a member stands between tiers."""

    tier: Tier
    next: Tier | None
    accumulated: Money
    left: Money | None

    @classmethod
    def of(cls, programme: Programme, accumulated: int, locale: Locale, *, tier: str | None = None) -> Self:
        """The place of an accumulated sum, or of a tier that is held above it."""
        reached = tiers.progress(programme, accumulated, tier)
        return cls(
            tier=Tier.of(reached.tier, locale),
            next=None if reached.next is None else Tier.of(reached.next, locale),
            accumulated=Money(accumulated),
            left=None if reached.left is None else Money(reached.left),
        )


@strawberry.type(description="A return of all or a part of a receipt.")
class Refund:
    """A return of all or a part of a receipt."""

    id: UUID
    number: str
    at: datetime
    net: Money
    discount: Money
    points: RefundPoints | None = strawberry.field(description="Null where points had no part in it.")

    @classmethod
    def of(cls, facts: RefundFacts) -> Self:
        """The refund as it is read."""
        return cls(
            id=facts.id,
            number=facts.number,
            at=facts.at,
            net=Money(facts.net),
            discount=Money(facts.discount),
            points=RefundPoints.of(facts.points, facts.net),
        )


@strawberry.type(description="A line of a receipt: what it saved, whether it counts, and why.")
class PurchaseLine:
    """A line of a receipt."""

    id: UUID
    service: Service
    name: str
    quantity: str
    gross: Money
    discount: Money
    net: Money
    accumulates: bool
    refunded_quantity: str
    refunded_net: Money
    reasons: list[Reason]
    points: LinePoints | None = strawberry.field(description="Null where points had no part in it.")

    @classmethod
    def of(cls, line: LineFacts, service: Service, programme: Programme, locale: Locale) -> Self:
        """The line as it is read."""
        return cls(
            id=line.id,
            service=service,
            name=line.name,
            quantity=print_quantity(line.quantity),
            gross=Money(line.gross),
            discount=Money(line.discount),
            net=Money(line.net),
            accumulates=line.accumulates,
            refunded_quantity=print_quantity(refunded_quantity(line)),
            refunded_net=Money(line.refunded_net),
            reasons=reasons_stored(line.reasons, programme, locale),
            points=None if line.points is None else LinePoints.of(Part(*line.points[:3])),
        )


@strawberry.enum(description="How the instalment of a receipt stands with its bank.")
class InstalmentState(StrEnum):
    """How an instalment stands."""

    WAITING = "WAITING"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"


@strawberry.type(description="A receipt that brings nothing before its bank has confirmed the instalment.")
class Instalment:
    """A receipt whose bank has the last word."""

    state: InstalmentState
    until: datetime = strawberry.field(description="By when the bank has to confirm it.")
    counts: Money = strawberry.field(
        description="What it adds to the sum of tiers when confirmed, less what came back."
    )
    points: Points = strawberry.field(description="What it earns when confirmed, less what came back.")


@strawberry.type(description="A receipt.")
class Purchase:
    """A receipt."""

    id: UUID
    partner: Partner
    outlet: Outlet
    channel: Channel
    receipt_number: str
    closed_at: datetime
    business_date: date
    gross: Money
    discount: Money
    net: Money
    accumulated: Money
    refunded: Money
    status: PurchaseStatus
    lines: list[PurchaseLine]
    refunds: list[Refund]
    points: PurchasePoints | None = strawberry.field(description="Null in a programme without points.")
    promotions: list[Promotion] = strawberry.field(description="What campaigns gave, and what was missing then.")

    @strawberry.field(description="Null for a receipt that no bank has to confirm.")
    async def instalment(self, info: Info) -> Instalment | None:
        """How its payment stands with the bank."""
        facts = await info.context.loaders.instalment.load(self.id)
        if facts is None:
            return None
        over = facts.state is Stored.WAITING and facts.until <= info.context.now
        return Instalment(
            state=InstalmentState.EXPIRED if over else InstalmentState(facts.state.value),
            until=facts.until,
            counts=Money(facts.counts),
            points=Points(facts.points),
        )

    @classmethod
    def of(cls, facts: PurchaseFacts, programme: Programme, locale: Locale) -> Self:
        """The receipt, named by the programme version that priced it."""
        partner = programme.partners_by_id[facts.partner]
        return cls(
            id=facts.id,
            partner=Partner.of(partner, programme, locale),
            outlet=Outlet.of(programme.outlets_by_id[facts.outlet], locale),
            channel=Channel(facts.channel),
            receipt_number=facts.receipt_number,
            closed_at=facts.closed_at,
            business_date=facts.business_date,
            gross=Money(facts.gross),
            discount=Money(facts.discount),
            net=Money(facts.net),
            accumulated=Money(facts.accumulated),
            refunded=Money(facts.refunded_net),
            status=status_of(facts),
            lines=[
                PurchaseLine.of(line, Service.of(partner.services_by_id[line.service], locale), programme, locale)
                for line in facts.lines
            ],
            refunds=[Refund.of(refund) for refund in facts.refunds],
            points=PurchasePoints.of([line.points for line in facts.lines], programme),
            promotions=promotions_of(read_outcomes(facts.outcomes), programme, locale),
        )


@strawberry.type(description="A page of purchases, newest first. Pass `next` as `after` to go on; null at the end.")
class PurchasePage:
    """A page of purchases."""

    items: list[Purchase]
    next: str | None


def refunded_quantity(line: LineFacts) -> int:
    """Thousandths of the line that were returned; a line returned by sum counts when all of it is back."""
    if line.refund_measure == "QUANTITY":
        return line.refunded_part
    return line.quantity if line.refund_measure == "NET" and line.refunded_part == line.net else 0


def status_of(facts: PurchaseFacts) -> PurchaseStatus:
    """Whether a receipt stands, stands in part, or was returned line by line to the last."""
    if not facts.refunds:
        return PurchaseStatus.POSTED
    whole = all(refunded_quantity(line) == line.quantity for line in facts.lines)
    return PurchaseStatus.REFUNDED if whole else PurchaseStatus.PARTLY_REFUNDED
