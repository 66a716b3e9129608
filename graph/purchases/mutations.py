"""Posting and refunding receipts."""

from functools import partial

import strawberry

from graph.context import Context, Info
from graph.faults import report
from graph.permissions import till
from graph.purchases.posted import offline_receipt, posted, told
from graph.purchases.results import (
    OfflineReceiptsAnswered,
    OfflineReceiptsInput,
    PostOfflineReceiptsResult,
    PostPurchaseResult,
    PriceChanged,
    PurchaseInput,
    PurchaseRefunded,
    RefundInput,
    RefundLineInput,
    RefundPurchaseResult,
    TenderDecided,
    TenderResult,
    TenderWordInput,
)
from graph.purchases.types import InstalmentState, Progress, Purchase, Refund
from graph.quotes.types import Quote
from graph.words import sentence
from loyalty.instalments import Decision
from loyalty.money import parse_quantity
from loyalty.refusals import Code, Refusal
from models import history
from services import programmes
from services.instalments import deciding
from services.pos.offline import post_offline
from services.purchases import PurchaseCommand, Repriced, TenderPaid, post_purchase
from services.refunds import RefundCommand, RefundWish, refund_purchase


@strawberry.type
class PurchaseMutations:
    """Posting and refunding receipts."""

    @strawberry.mutation(
        extensions=[till()],
        description="Post a receipt by its quote. The same key and body get the same answer, however often they come.",
    )
    async def post_purchase(self, info: Info, input: PurchaseInput) -> PostPurchaseResult:  # noqa: A002 - the contract
        """Post a receipt by its quote."""
        context = info.context
        command = PurchaseCommand(
            key=input.idempotency_key,
            quote=input.quote,
            receipt_number=input.receipt_number,
            closed_at=input.closed_at,
            tenders=[
                TenderPaid(tender.kind.value, tender.amount, tender.awaits_confirmation) for tender in input.tenders
            ],
            cashier=input.cashier,
        )
        made = await post_purchase(context.resources, context.till, command, now=context.now)
        if isinstance(made, Repriced):
            quote = Quote.of(made.quote, context.till.partner, context.locale, context.now)
            return PriceChanged(quote=quote, message=sentence("purchase.price_changed", context.locale))
        return await posted(made, context, points=made.points)

    @strawberry.mutation(
        extensions=[till()],
        description="Record receipts that were taken without network: each once per key, by the rules of its moment."
        " They earn and never spend. 1 to 50 of them, up to 72 hours old; sent again in any order they change nothing.",
    )
    async def post_offline_receipts(self, info: Info, input: OfflineReceiptsInput) -> PostOfflineReceiptsResult:  # noqa: A002 - the contract
        """Record receipts that were taken without network."""
        context = info.context
        answers = await post_offline(
            context.resources,
            context.till,
            [offline_receipt(one) for one in input.receipts],
            taken_by=input.till,
            sent_at=input.sent_at,
            now=context.now,
            broken=partial(report, request=context.request_id, operation="postOfflineReceipts"),
        )
        return OfflineReceiptsAnswered(answers=[await told(one, context) for one in answers])

    @strawberry.mutation(
        extensions=[till()],
        description="Pass on that a bank has confirmed an instalment: its receipt then counts and earns as of its purchase,"
        " less what came back. Before the receipt it is kept for it; again it changes nothing.",
    )
    async def confirm_tender(self, info: Info, input: TenderWordInput) -> TenderResult:  # noqa: A002 - the contract
        """Pass on that a bank has confirmed an instalment."""
        return await _decided(info.context, Decision.CONFIRMED, input)

    @strawberry.mutation(
        extensions=[till()],
        description="Pass on that a bank has refused an instalment: its receipt brings nothing. Again it changes nothing.",
    )
    async def cancel_tender(self, info: Info, input: TenderWordInput) -> TenderResult:  # noqa: A002 - the contract
        """Pass on that a bank has refused an instalment."""
        return await _decided(info.context, Decision.CANCELLED, input)

    @strawberry.mutation(
        extensions=[till()],
        description="Return all or a part of a receipt of this till's partner. Any order of parts ends in the same sums.",
    )
    async def refund_purchase(self, info: Info, input: RefundInput) -> RefundPurchaseResult:  # noqa: A002 - the contract
        """Return all or a part of a receipt."""
        context = info.context
        command = RefundCommand(
            key=input.idempotency_key,
            purchase=input.purchase,
            receipt_number=input.receipt_number,
            business_date=input.business_date,
            refund_number=input.refund_number,
            refunded_at=input.refunded_at,
            lines=None if input.lines is None else [_wish(place, line) for place, line in enumerate(input.lines)],
            cashier=input.cashier,
        )
        made = await refund_purchase(context.resources, context.till, command, now=context.now)
        programme = await programmes.version(made.purchase.programme_version)
        return PurchaseRefunded(
            purchase=Purchase.of(made.purchase, programme, context.locale),
            refund=Refund.of(made.refund),
            progress=Progress.of(made.programme, made.accumulated, context.locale, tier=made.tier),
        )


async def _decided(context: Context, decision: Decision, input: TenderWordInput) -> TenderDecided:  # noqa: A002 - the contract
    word = deciding.Word(
        key=input.idempotency_key,
        decision=decision,
        outlet=input.outlet,
        receipt_number=input.receipt_number,
        business_date=input.business_date,
    )
    made = await deciding.decide(context.resources, context.till, word, now=context.now)
    if made.purchase is None:
        return TenderDecided(state=InstalmentState(made.state.value), purchase=None)
    facts = await history.any_purchase(made.purchase)
    programme = await programmes.version(facts.programme_version)
    return TenderDecided(
        state=InstalmentState(made.state.value), purchase=Purchase.of(facts, programme, context.locale)
    )


def _wish(place: int, line: RefundLineInput) -> RefundWish:
    if line.quantity is None:
        return RefundWish(line.line, None, line.net)
    try:
        return RefundWish(line.line, parse_quantity(line.quantity), line.net)
    except ValueError:
        field = f"input.lines.{place}.quantity"
        raise Refusal(Code.INVALID_INPUT, "quantity.unreadable", field=field) from None
