"""What a till hears of a receipt that was written, at once or out of its queue."""

from graph.context import Context
from graph.problems import problem
from graph.purchases.results import OfflineReceiptAnswer, OfflineReceiptInput, PurchasePosted
from graph.purchases.types import Progress, Purchase
from graph.scalars import Points
from services import programmes
from services.pos.closing import Closed
from services.pos.offline import Answer, OfflineLine, OfflineReceipt
from services.purchases import Posted, TenderPaid


async def posted(made: Posted | Closed, context: Context, *, points: int | None = None) -> PurchasePosted:
    """A receipt named by the version that priced it, and where its guest stands afterwards."""
    programme = await programmes.version(made.purchase.programme_version)
    return PurchasePosted(
        purchase=Purchase.of(made.purchase, programme, context.locale),
        progress=Progress.of(made.programme, made.accumulated, context.locale, tier=made.tier),
        tier_raised=made.raised,
        points=None if points is None else Points(points),
    )


async def told(answer: Answer, context: Context) -> OfflineReceiptAnswer:
    """What became of one receipt of a queue. Of the guest's balance nothing is said: nobody stands at the till now."""
    return OfflineReceiptAnswer(
        idempotency_key=answer.key,
        posted=None if answer.closed is None else await posted(answer.closed, context),
        problem=None if answer.refusal is None else problem(answer.refusal, context),
    )


def offline_receipt(one: OfflineReceiptInput) -> OfflineReceipt:
    """A receipt of the queue as the use case takes it."""
    return OfflineReceipt(
        key=one.idempotency_key,
        scan=one.scan.scan_id,
        code=one.scan.code,
        scanned_at=one.scan.scanned_at,
        number=one.receipt_number,
        closed_at=one.closed_at,
        channel=one.channel.value,
        lines=[OfflineLine(line.service, line.name, line.quantity, line.amount) for line in one.lines],
        tenders=[TenderPaid(tender.kind.value, tender.amount, tender.awaits_confirmation) for tender in one.tenders],
        cashier=one.cashier,
    )
