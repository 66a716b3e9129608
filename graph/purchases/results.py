"""What tills send and hear when they post and refund."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

import strawberry

from graph.points.terms import TenderKind
from graph.problems import Problem
from graph.programme.types import Channel
from graph.purchases.types import InstalmentState, Progress, Purchase, Refund
from graph.quotes.types import LineInput, Quote
from graph.scalars import Money, Points

CASHIER: Final = (
    "Who stands at the till, by a number or sign of its own and never by a name: up to 40 Latin letters, digits, `.`, `_`"
    " and `-`. Limits of a cashier count by it."
)


@strawberry.input(description="A part of the payment.")
class TenderInput:
    """A part of the payment."""

    kind: TenderKind
    amount: Money
    awaits_confirmation: bool = strawberry.field(
        default=False,
        description="An instalment that its bank has still to confirm: the receipt brings nothing before `confirmTender`.",
    )


@strawberry.input(description="A receipt to post by its quote. Tenders sum to the quote's net.")
class PurchaseInput:
    """A receipt to post by its quote."""

    idempotency_key: str
    quote: strawberry.ID
    receipt_number: str
    closed_at: datetime
    tenders: list[TenderInput]
    cashier: str | None = strawberry.field(default=None, description=CASHIER)


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
    cashier: str | None = strawberry.field(default=None, description=CASHIER)


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


@strawberry.input(
    description="A bank's word about the instalment of a receipt, which may come before the receipt itself."
)
class TenderWordInput:
    """A bank's word about the instalment of a receipt."""

    idempotency_key: str
    receipt_number: str
    business_date: date
    outlet: strawberry.ID | None = strawberry.field(
        default=None, description="Of this till's partner; absent: the till's own."
    )


@strawberry.type(description="The bank's word is kept. Without a purchase it waits for the receipt.")
class TenderDecided:
    """The bank's word is kept."""

    state: InstalmentState
    purchase: Purchase | None


@strawberry.input(description="A code as it was scanned, and when, by the till's own clock.")
class KeptScanInput:
    """A code that was kept."""

    scan_id: UUID
    code: str
    scanned_at: datetime


@strawberry.input(description="A receipt taken without network. Nothing is taken off it; tenders sum to its lines.")
class OfflineReceiptInput:
    """A receipt taken without network."""

    idempotency_key: str
    scan: KeptScanInput
    receipt_number: str
    closed_at: datetime
    channel: Channel = Channel.TILL
    lines: list[LineInput]
    tenders: list[TenderInput]
    cashier: str | None = strawberry.field(default=None, description=CASHIER)


@strawberry.input(description="What a till kept. `sentAt` is what its clock shows now: a wrong one is set right by it.")
class OfflineReceiptsInput:
    """What a till kept."""

    sent_at: datetime
    receipts: list[OfflineReceiptInput]
    till: UUID | None = strawberry.field(
        default=None, description="The till that took them, where a device may have become another one since."
    )


@strawberry.type(description="What became of one receipt: recorded, or refused. Exactly one of the two is there.")
class OfflineReceiptAnswer:
    """What became of one receipt."""

    idempotency_key: str
    posted: PurchasePosted | None
    problem: Problem | None


@strawberry.type(description="The answers, in the order of the receipts.")
class OfflineReceiptsAnswered:
    """The answers to a batch."""

    answers: list[OfflineReceiptAnswer]


TenderResult = Annotated[TenderDecided | Problem, strawberry.union("TenderResult")]
PostOfflineReceiptsResult = Annotated[OfflineReceiptsAnswered | Problem, strawberry.union("PostOfflineReceiptsResult")]
PostPurchaseResult = Annotated[PurchasePosted | PriceChanged | Problem, strawberry.union("PostPurchaseResult")]
RefundPurchaseResult = Annotated[PurchaseRefunded | Problem, strawberry.union("RefundPurchaseResult")]
