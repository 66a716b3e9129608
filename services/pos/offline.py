"""Receipts that a till of ours took without network: kept on its device, sent any number of times, recorded once.

They close like the orders of a restaurant's queue: the guest by a kept scan, the price by the rules and the tier of the
moment of purchase, nothing off, nothing spent. What the till page repeats is the receipt with its key.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.cashiers import cashier_of
from loyalty.purchases import LINES_MAX, BasketLine, basket_line
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from services import once
from services.pos import moments
from services.pos.closing import Closed, ClosedLine, ClosedOrder, Named, close_order
from services.pos.deferred import KeptScan
from services.pos.menu import DEFAULT, MenuLine
from services.purchases import TenderPaid
from services.resources import Resources
from services.tills import TillFacts

RECEIPTS_MAX: Final = 50
OPERATION: Final = "postOfflineReceipts"
_OURS: Final[Mapping[str, str]] = {"number": "receiptNumber", "order": "idempotencyKey"}
"""Fields of an order under the names that a receipt has."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OfflineLine:
    """A line as the till sent it; `amount` in kopecks."""

    service: str
    name: str
    quantity: str
    amount: int


@dataclass(frozen=True, slots=True)
class OfflineReceipt:
    """A receipt of the till's queue. Its moments are those of the till's own clock."""

    key: str
    scan: UUID
    code: str
    scanned_at: datetime
    number: str
    closed_at: datetime
    channel: str
    lines: Sequence[OfflineLine]
    tenders: Sequence[TenderPaid]
    cashier: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one receipt: recorded, or refused; exactly one of the two is there."""

    key: str
    closed: Closed | None = None
    refusal: Refusal | None = None


async def post_offline(
    resources: Resources,
    till: TillFacts,
    receipts: Sequence[OfflineReceipt],
    *,
    sent_at: datetime,
    now: datetime,
    broken: Callable[[Exception], None],
    taken_by: UUID | None = None,
) -> list[Answer]:
    """Record what a till kept, each receipt by itself and once per key: a refused one stops none. Answers in their order.

    `sent_at` is what the till's clock shows now; `broken` is told of a fault of ours, which its receipt hears as INTERNAL.

    Raises INVALID_INPUT for no receipts or more than RECEIPTS_MAX, FORBIDDEN where `taken_by` is another till.
    """
    if taken_by not in {None, till.id}:
        raise Refusal(Code.FORBIDDEN, "offline.other_till", field="input.till")
    if not 1 <= len(receipts) <= RECEIPTS_MAX:
        raise Refusal(Code.INVALID_INPUT, "offline.count", field="input.receipts", most=RECEIPTS_MAX)
    # In the order they were taken, whatever the order they came in: where a day has a limit, the earlier one meets it first.
    order = sorted(range(len(receipts)), key=lambda place: (receipts[place].closed_at, receipts[place].key))
    answers: dict[int, Answer] = {}
    for place in order:
        one = receipts[place]

        async def close(one: OfflineReceipt = one) -> Closed | None:
            return await close_order(resources, till, _closed(till, one, sent_at=sent_at, now=now), now=now)

        answers[place] = await _answer(one, close, f"input.receipts.{place}", broken)
    return [answers[place] for place in range(len(receipts))]


async def _answer(
    one: OfflineReceipt, close: Callable[[], Awaitable[Closed | None]], path: str, broken: Callable[[Exception], None]
) -> Answer:
    try:
        closed = await close()
    except Refusal as refusal:
        return Answer(one.key, refusal=_told(refusal, path))
    except Exception as fault:  # noqa: BLE001 - one receipt that breaks us must not hold up the queue behind it
        broken(fault)
        return Answer(one.key, refusal=Refusal(Code.INTERNAL, "internal", retryable=True))
    assert closed is not None  # noqa: S101 - a receipt with a scan has a guest, or is refused
    return Answer(one.key, closed=closed)


def _closed(till: TillFacts, one: OfflineReceipt, *, sent_at: datetime, now: datetime) -> ClosedOrder:
    """The receipt as a closed order, its id made of till and key."""
    key = clean(one.key, field="order", length_max=once.KEY_MAX)
    if one.channel not in till.channels:
        raise Refusal(Code.CHANNEL_NOT_ALLOWED, "quote.channel_not_of_till", field="channel")
    if not 1 <= len(one.lines) <= LINES_MAX:
        raise Refusal(Code.INVALID_INPUT, "basket.lines_count", field="lines", lines_max=LINES_MAX)
    for place, tender in enumerate(one.tenders):
        if tender.kind == "POINTS":
            raise Refusal(Code.INVALID_INPUT, "offline.no_points", field=f"tenders.{place}.kind")
    lines = [
        basket_line(place, service=line.service, name=line.name, quantity=line.quantity, gross=line.amount)
        for place, line in enumerate(one.lines)
    ]
    order = once.claim_of(till.id, OPERATION, key)
    tenders = [(tender.kind, tender.amount, *(("waits",) if tender.waits else ())) for tender in one.tenders]
    facts = [(line.service, line.name, line.quantity, line.gross) for line in lines]
    cashier = cashier_of(one.cashier, field="cashier")
    added = [] if cashier is None else [f"cashier {cashier}"]
    # By the till's own clock: how far it is off is measured anew each time, the receipt stays the same.
    body = once.body_of(one.scan, one.number, one.closed_at, one.channel, facts, tenders, *added)
    return ClosedOrder(
        order=order,
        quote=None,
        scan=KeptScan(one.scan, one.code, moments.may_have_shown(one.scanned_at, sent_at=sent_at, now=now)),
        number=one.number,
        closed_at=moments.by_our_clock(one.closed_at, sent_at=sent_at, now=now),
        lines=[ClosedLine(_menu_line(order, place, line), 0) for place, line in enumerate(lines)],
        tenders=one.tenders,
        channel=one.channel,
        named=Named([line.service for line in lines], body),
        cashier=cashier,
    )


def _menu_line(order: UUID, place: int, line: BasketLine) -> MenuLine:
    item = once.claim_of(order, "item", str(place))
    return MenuLine(item, None, DEFAULT, "", line.name, line.quantity, line.gross)


def _told(refusal: Refusal, path: str) -> Refusal:
    """The refusal of an order as its receipt's: the place in the batch, and sentences that speak of receipts."""
    if refusal.code is Code.KEY_REUSED:
        log.warning("a kept receipt came again with another body")
    words = {
        "pos.order_differs": "offline.key_reused",
        "pos.closed_at": "offline.closed_at",
        "pos.scanned_at": "offline.scanned_at",
        "card.not_accepted": "offline.card_not_accepted",
    }.get(refusal.words, refusal.words)
    field = None if refusal.field is None else refusal.field.removeprefix("input.")
    return Refusal(
        refusal.code,
        words,
        field=None if field is None else f"{path}.{_OURS.get(field, field)}",
        retryable=refusal.retryable,
        retry_after_seconds=refusal.retry_after_seconds,
        **refusal.facts,
    )
