"""Receipts in the staff's list."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self
from uuid import UUID

import strawberry

from graph.programme.types import Channel
from graph.scalars import Money, Points
from graph.staff.types import Scope
from graph.words import Locale
from loyalty.programme import Programme
from loyalty.scopes import Scope as Place
from services.operations import listing


@strawberry.type(description="A receipt in the staff's list. Of its guest nothing but the end of the card's number.")
class Operation:
    """A receipt in the staff's list."""

    id: UUID
    place: Scope = strawberry.field(description="Partner and outlet.")
    till: str
    channel: Channel
    receipt_number: str
    closed_at: datetime
    posted_at: datetime
    business_date: date
    card: str = strawberry.field(description="The last four digits.")
    gross: Money
    discount: Money
    net: Money
    refunded: Money
    accumulated: Money
    earned: Points | None = strawberry.field(description="Points that it earned and kept; null without points.")
    spent: Points | None

    @classmethod
    def of(cls, found: listing.Operation, programme: Programme, locale: Locale) -> Self:
        """The receipt, its place as the programme names it now."""
        return cls(
            id=found.id,
            place=Scope.of(Place((found.partner, found.outlet)), programme, locale),
            till=found.till,
            channel=Channel(found.channel),
            receipt_number=found.receipt_number,
            closed_at=found.closed_at,
            posted_at=found.posted_at,
            business_date=found.business_date,
            card=found.card,
            gross=Money(found.gross),
            discount=Money(found.discount),
            net=Money(found.net),
            refunded=Money(found.refunded),
            accumulated=Money(found.accumulated),
            earned=None if found.earned is None else Points(found.earned),
            spent=None if found.spent is None else Points(found.spent),
        )


@strawberry.type(description="A page of receipts, newest first. Pass `next` as `after` to go on; null at the end.")
class OperationPage:
    """A page of receipts."""

    items: list[Operation]
    next: str | None
