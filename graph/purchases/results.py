"""What tills send and hear when they post and refund."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graph.points.terms import TenderKind
from graph.problems import Problem
from graph.purchases.types import Progress, Purchase, Refund
from graph.quotes.types import Quote
from graph.scalars import Money, Points


@strawberry.input(description="A part of the payment.")
class TenderInput:
    """A part of the payment."""

    kind: TenderKind
    amount: Money


@strawberry.input(description="A receipt to post by its quote. Tenders sum to the quote's net.")
class PurchaseInput:
    """A receipt to post by its quote."""

    idempotency_key: str
    quote: strawberry.ID
    receipt_number: str
    closed_at: datetime
    tenders: list[TenderInput]


@strawberry.input(description="A part of one line: exactly one of quantity and net, for this refund, not cumulative.")
class RefundLineInput:
    """A part of one line."""

    line: UUID
    quantity: str | None = None
    net: Money | None = None


@strawberry.input(description="A return. Without lines: all that is left.")
class RefundInput:
    """A return."""

    idempotency_key: str
    purchase: UUID | None = None
    receipt_number: str | None = None
    business_date: date | None = None
    refund_number: str
    refunded_at: datetime
    lines: list[RefundLineInput] | None = None


@strawberry.type(description="The receipt is written and counted.")
class PurchasePosted:
    """The receipt is written and counted."""

    purchase: Purchase
    progress: Progress
    tier_raised: bool
    points: Points | None = strawberry.field(description="What the guest can spend afterwards; null where none moved.")


@strawberry.type(
    description="The price has changed since the quote. Nothing was posted; the fresh quote is usable at once."
)
class PriceChanged:
    """The price has changed since the quote."""

    quote: Quote
    message: str


@strawberry.type(description="The return is written.")
class PurchaseRefunded:
    """The return is written."""

    purchase: Purchase
    refund: Refund
    progress: Progress


PostPurchaseResult = Annotated[PurchasePosted | PriceChanged | Problem, strawberry.union("PostPurchaseResult")]
RefundPurchaseResult = Annotated[PurchaseRefunded | Problem, strawberry.union("RefundPurchaseResult")]
