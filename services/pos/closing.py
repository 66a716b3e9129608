"""A closed order becomes a purchase: once, whoever of the terminals tells it first, at the price of its own moment.

The guest has paid by now, so nothing is priced anew: the receipt stands at the version, tier and campaigns it was quoted
by, and where nobody quoted (no network), at those of the moment it was closed, without a discount: of campaigns only what
adds points is tried, against the counters of now. What guards the books, the
member's standing at this moment, is checked by the same statement that posts every purchase.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.business_days import business_date
from loyalty.programme import Programme, Tier
from loyalty.promotions.boosts import boost_of
from loyalty.purchases import Priced, as_given, as_promised, with_what_was_given
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from models import database, history
from models.database import Record, Unreachable
from models.history import PurchaseFacts
from services import once, programmes, quotes
from services.crowds import in_line
from services.identify import not_accepted
from services.instalments import holding
from services.pos import deferred, guestless, menu, moments, orders, quoting, returning, twice_told
from services.pos.deferred import KeptScan
from services.pos.guestless import Guestless
from services.pos.menu import CHANNEL, MenuLine
from services.pos.orders import Order
from services.promotions import holding as promised
from services.promotions import writing as promoted
from services.promotions.codes import NO_CODES
from services.promotions.pricing import Basket, Pricing, promote_basket
from services.promotions.writing import read_outcomes
from services.purchases import TenderPaid, batches, paying, writing
from services.purchases.posting import CLOSED_AHEAD, RECEIPT_MAX, TENDERS_MAX, receipt_exists
from services.resources import Resources
from services.tiers import clockwork
from services.tiers.reading import NOBODY, Kin, facts_of, grant_of, kin_of
from services.tiers.writing import guard_of
from services.tills import TillFacts, place_of

DEFERRED_MAX: Final = timedelta(hours=72)
TRIES: Final = 4
OPERATION: Final = "closeOrder"

_KNOWN: Final = """
SELECT o.body_sha256, o.answer, b.amount AS accumulated, s.granted_tier, s.granted_until, s.tier_until,
    s.version AS standing_version, m.status AS member_status,
    (SELECT c.id FROM card AS c WHERE c.member_id = m.id AND c.status = 'ACTIVE') AS card_id,
    (SELECT max(version) FROM programme_version) AS version
FROM member AS m JOIN member_standing AS s ON s.member_id = m.id JOIN balance AS b ON b.account_id = s.qualifying_account
LEFT JOIN once_answer AS o ON o.id = $2 WHERE m.id = $1
"""
_QUOTE: Final = "SELECT member_id, programme_version, tier, created_at, lines, promotions FROM quote WHERE id = $1"
_OF_OUTLET: Final = """
SELECT true FROM quote AS q JOIN till AS t ON t.id = q.till_id WHERE q.id = $1 AND q.member_id = $2 AND t.outlet = $3
"""
_ITEMS: Final = "UPDATE pos_order SET items = $2::jsonb WHERE id = $1 AND items IS NULL"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClosedLine:
    """A line as the guest paid it: `line.amount` before our discount, and what of it our discount was."""

    line: MenuLine
    discount: int


@dataclass(frozen=True, slots=True)
class Named:
    """What a till of ours says itself: the service of each line, and the digest by which it repeats the same receipt."""

    services: Sequence[str]
    body: bytes


@dataclass(frozen=True, slots=True)
class ClosedOrder:
    """An order that was closed at a till. `quote` or `scan` is what says that it has a guest.

    Without `named` the menu says what the lines are, and a receipt number that is taken gets the order's id behind it.
    """

    order: UUID
    quote: UUID | None
    scan: KeptScan | None
    number: str
    closed_at: datetime
    lines: Sequence[ClosedLine]
    tenders: Sequence[TenderPaid]
    channel: str = CHANNEL
    named: Named | None = None
    is_bound: bool = False  # its guest is known already, however long ago it was closed
    is_told: bool = False  # by the cloud, whose items are not those of a till
    cashier: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The purchase of an order as it was posted, the member's counted sum then, and whether it raised the tier."""

    purchase: PurchaseFacts
    accumulated: int
    raised: bool
    programme: Programme
    tier: str | None = None  # as it was then, where the sum alone does not tell


@dataclass(frozen=True, slots=True)
class _Sale:
    """A closed order with its price: everything about it that no retry may change."""

    order: Order
    till: TillFacts
    closed: ClosedOrder
    programme: Programme
    tier: Tier
    priced: Priced
    is_quoted: bool
    claim: UUID
    body: bytes


async def close_order(resources: Resources, till: TillFacts, closed: ClosedOrder, *, now: datetime) -> Closed | None:
    """Post the purchase of a closed order, once for its order. None for an order without a guest.

    Raises INVALID_INPUT, KEY_REUSED for an order that was closed with other lines, TENDERS_DO_NOT_ADD_UP,
    CARD_NOT_ACCEPTED, SERVICE_NOT_SOLD_HERE, LIMIT_REACHED for too many kept scans, and BUSY.
    """
    till.require("EARN")
    try:
        return await _close(resources, till, closed, now)
    except Refusal as refusal:
        if refusal.code is not Code.CARD_NOT_ACCEPTED:
            raise
        # At a scan it means to show the code again. Here the guest has gone: the same again would only hear the same.
        raise Refusal(refusal.code, refusal.words, field=refusal.field) from None


async def _close(resources: Resources, till: TillFacts, closed: ClosedOrder, now: datetime) -> Closed | None:
    number = clean(closed.number, field="number", length_max=RECEIPT_MAX)
    _check(closed, now)
    order = await _order(resources, till, closed, now)
    if order is None:
        if not any(one.discount for one in closed.lines):
            lines = [one.line for one in closed.lines]
            nobodys = Guestless(closed.order, number, closed.closed_at, lines, closed.tenders)
            await guestless.keep(till, nobodys, now)
        return None
    claim = once.claim_of(order.id, OPERATION, "")
    body = _body(closed)
    known = await _known(order, claim)
    if known["body_sha256"] is not None:
        answer = _replayed(known, body, twice_told.body_of(closed))
        await twice_told.adopt_items(order, closed)
    else:
        await menu.note_groups(till, [one.line for one in closed.lines], now)
        await _is_settled(order, known, NOBODY, now)
        sale = await _sale(till, closed, order, claim, body)
        async with in_line(order.guest.member) as patience:
            posted = await _post(resources, sale, number, patience, now)
        if posted is None:
            await returning.carry_out_waiting(resources, till, closed.order, now)
            raise receipt_exists()
        answer = posted
        if not sale.is_quoted and closed.named is None:
            # An earlier guest of the order may have been promised something by a quote that no receipt came of.
            await promised.free(order.id)
    await database.execute(_ITEMS, order.id, _items(order, closed))
    await returning.carry_out_waiting(resources, till, closed.order, now)
    sold = await history.any_purchase(order.id)
    programme = await programmes.version(answer["version"])
    facts = sold.as_waiting() if answer.get("waits") else sold.as_posted()
    return Closed(facts, answer["accumulated"], answer["raised"], programme, answer.get("tier"))


def line_id(order: UUID, item: UUID) -> UUID:
    """The id of a receipt's line: it follows from the item, so that a return finds its line."""
    return once.claim_of(order, "line", str(item))


def _check(closed: ClosedOrder, now: datetime) -> None:
    if not closed.is_bound and not now - DEFERRED_MAX <= closed.closed_at <= now + CLOSED_AHEAD:
        raise Refusal(Code.INVALID_INPUT, "pos.closed_at", field="closedAt")
    if len({one.line.item for one in closed.lines}) != len(closed.lines):
        raise Refusal(Code.INVALID_INPUT, "pos.item_twice", field="lines")
    if len(closed.tenders) > TENDERS_MAX:
        raise Refusal(Code.INVALID_INPUT, "purchase.too_many_tenders", field="tenders", tenders_max=TENDERS_MAX)
    for place, one in enumerate(closed.lines):
        if one.discount > one.line.amount:
            raise Refusal(Code.INVALID_INPUT, "pos.discount_not_ours", field=f"lines.{place}.discount")
    holding.waits(closed.tenders, field="tenders")
    for place, tender in enumerate(closed.tenders):
        if tender.kind == "POINTS":
            raise Refusal(Code.INVALID_INPUT, "purchase.no_points", field=f"tenders.{place}.kind")
    if sum(tender.amount for tender in closed.tenders) != sum(one.line.amount - one.discount for one in closed.lines):
        raise Refusal(Code.TENDERS_DO_NOT_ADD_UP, "purchase.tenders", field="tenders")


async def _order(resources: Resources, till: TillFacts, closed: ClosedOrder, now: datetime) -> Order | None:
    """The order with its guest, if what was sent says that it has one. A commit wins over a cancel, in any order."""
    known = await orders.find(till, closed.order)
    if closed.is_bound:
        return known
    if known is not None and closed.quote is not None:
        member = known.guest.member
        return known if await database.fetchval(_OF_OUTLET, closed.quote, member, till.outlet) else None
    if closed.scan is None:
        return None
    if known is not None and (known.items is not None or known.cancelled_at is None):
        return known
    try:
        return await deferred.bind_by_scan(resources, till, closed.order, closed.scan, now)
    except Refusal as refusal:
        # A rival that tells the same order has closed it since we looked: its answer is this one's too.
        rival = await orders.find(till, closed.order) if refusal.code is Code.QUOTE_USED else None
        if rival is None:
            raise
        return rival


async def _sale(till: TillFacts, closed: ClosedOrder, order: Order, claim: UUID, body: bytes) -> _Sale:
    """Price what was closed by the rules of its moment."""
    row = None if order.quote is None else await database.fetchrow(_QUOTE, order.quote)
    if row is not None:
        programme = await programmes.version(row["programme_version"])
        tier, at = programme.tiers_by_id[row["tier"]], row["created_at"]
    else:
        at = closed.closed_at
        programme = await moments.programme_at(at)
        tier = await moments.tier_at(order.guest.member, programme, at)
    lines = [one.line for one in closed.lines]
    named = closed.named
    services = (await menu.sort_lines(till, programme, lines, at)).services if named is None else named.services
    priced = quoting.priced_by(programme, till, tier.id, lines, services, channel=closed.channel)
    if row is not None and row["promotions"] is not None:
        told = read_outcomes(orjson.loads(row["promotions"])["outcomes"])
        priced = as_promised(priced, quotes.read_lines(row["lines"]), told)
    given = as_given(priced, [one.discount for one in closed.lines])
    if given is None or (row is None and given.discount):
        log.warning("an order was closed with a discount that is not ours", extra={"till": str(till.id)})
        raise Refusal(Code.INVALID_INPUT, "pos.discount_not_ours", field="lines")
    return _Sale(order, till, closed, programme, tier, with_what_was_given(given), row is not None, claim, body)


async def _post(
    resources: Resources, sale: _Sale, number: str, patience: float, now: datetime
) -> dict[str, Any] | None:
    """What was answered; None where the order is recorded by another id already."""
    receipt = number
    for _ in range(TRIES):
        known = await _known(sale.order, sale.claim)
        if known["body_sha256"] is not None:
            return _replayed(known, sale.body, twice_told.body_of(sale.closed))
        programme = await programmes.current(now)
        kin = await kin_of(programme, sale.order.guest.member)
        if programme.version == known["version"] and await _is_settled(sale.order, known, kin, now):
            item = await _item(resources, sale, receipt, known, programme, kin=kin, now=now)
            outcome, answer = await batches.submit(item, now, patience=patience)
            if outcome == "POSTED" and answer is not None:
                resources.bus.publish(sale.order.guest.member, "PURCHASE_POSTED", sale.order.id, now)
                return answer
            if outcome == "REPLAY" and answer is not None:
                return answer
            if outcome == "RECEIPT_EXISTS" and receipt == number and sale.closed.named is None:
                twin = await twice_told.recorded(sale.order, sale.closed, sale.till.outlet, number, _day_of(sale))
                if twin is not None:
                    if not sale.closed.is_told:
                        await twice_told.join(sale.order, sale.closed, twin)
                    return None
                # Restaurants count their orders anew now and then: the order's own id tells two of a day apart.
                receipt = f"{number[: RECEIPT_MAX - 9]}-{sale.closed.order.hex[:8]}"
                continue
            if outcome not in {"CHANGED", "KEY_REUSED"}:
                raise _refused(outcome)
        programmes.refresh()
    raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)


def _day_of(sale: _Sale) -> date:
    _, outlet = place_of(sale.till, sale.programme)
    return business_date(sale.closed.closed_at, outlet.time_zone)


async def _is_settled(order: Order, known: Record, kin: Kin, now: datetime) -> bool:
    """Whether time has left nothing to write of the guest's tier. What it has left is written: a moment is priced by it."""
    if (known["tier_until"] is None or known["tier_until"] > now) and not kin.is_due(now):
        return True
    await clockwork.settle_member(order.guest.member, now)
    return False


async def _item(
    resources: Resources, sale: _Sale, receipt: str, known: Record, current: Programme, *, kin: Kin, now: datetime
) -> dict[str, Any]:
    """An item of the posting statement: priced by the version and tier of the moment, guarded by those of now."""
    if known["member_status"] != "ACTIVE" or known["card_id"] is None:
        raise not_accepted()
    _, outlet = place_of(sale.till, sale.programme)
    tenders = [(tender.kind, tender.amount) for tender in sale.closed.tenders if tender.amount]
    member, at = sale.order.guest.member, sale.closed.closed_at
    facts = await facts_of(current, member, known["accumulated"], grant_of(known), now, kin=kin)
    waits = holding.waits(sale.closed.tenders, field="tenders")
    version, counted = known["standing_version"], 0 if waits else sale.priced.accumulated
    pricing = await _promoted(sale, known["accumulated"])
    lift = None if waits else boost_of(current, pricing.priced, facts, now, priced_by=sale.programme)
    guard = guard_of(current, facts, version, counted=counted, closed_at=at, now=now, family=kin.family, boost=lift)
    earning = await paying.earning_of(sale.programme, member, pricing.priced, tenders, at=at)
    points = earning if earning.earned else paying.NOTHING
    item = writing.item_of(
        till=sale.till,
        found={
            "quote": sale.order.quote,
            "member_id": member,
            "card_id": known["card_id"],
            "channel": sale.closed.channel,
        },
        claim=sale.claim,
        body=sale.body,
        receipt=receipt,
        day=business_date(at, outlet.time_zone),
        closed_at=at,
        programme=sale.programme,
        tier=sale.tier,
        priced=pricing.priced,
        tenders=tenders,
        guard=guard,
        points=points,
        cashier=sale.closed.cashier,
    )
    for line, one in zip(item["lines"], sale.closed.lines, strict=True):
        line["id"] = line_id(sale.order.id, one.line.item)
    item |= promoted.of_item(sale.programme, pricing, NO_CODES, item["lines"], paid=sale.is_quoted)
    item |= {"purchase": sale.order.id, "priced_by": current.version}
    return holding.held_back(item, points, sale.programme, resources, now) if waits else item


async def _promoted(sale: _Sale, accumulated: int) -> Pricing:
    """The price with campaigns: what was promised with a quote, or what adds points to a receipt that had none."""
    if sale.is_quoted:
        return Pricing(sale.priced)
    standing = (sale.closed.channel, sale.tier.id, accumulated)
    member, at = sale.order.guest.member, sale.closed.closed_at
    made = Basket(member, sale.till.partner, sale.till.outlet, *standing, (), at, is_paid=True)
    return await promote_basket(sale.programme, sale.priced, made)


async def _known(order: Order, claim: UUID) -> Record:
    row = await database.fetchrow(_KNOWN, order.guest.member, claim)
    assert row is not None  # noqa: S101 - an order is bound to a member with open books
    return row


def _replayed(known: Record, *bodies: bytes) -> dict[str, Any]:
    if bytes(known["body_sha256"]) not in bodies:
        log.warning("an order was closed twice with different lines")
        raise Refusal(Code.KEY_REUSED, "pos.order_differs", field="order")
    if known["answer"] is None:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
    answer: dict[str, Any] = orjson.loads(known["answer"])
    return answer


def _refused(outcome: str) -> Refusal:
    return {
        "RECEIPT_EXISTS": receipt_exists(),
        "QUOTE_USED": orders.closed(),
        "KEY_REUSED": Refusal(Code.KEY_REUSED, "pos.order_differs", field="order"),
        "CARD_NOT_ACCEPTED": not_accepted(),
    }.get(outcome, Unreachable(unknown=True))


def _body(closed: ClosedOrder) -> bytes:
    """What two terminals that tell of one order must agree on: its items and their sums, in any order."""
    if closed.is_told:
        return twice_told.body_of(closed)
    if closed.named is not None:
        return closed.named.body
    return once.body_of(
        sorted((str(one.line.item), one.line.quantity, one.line.amount, one.discount) for one in closed.lines)
    )


def _items(order: Order, closed: ClosedOrder) -> str:
    """The items of the order with the lines they became: what a return of a dish is found by."""
    return orjson.dumps(
        [
            {"item": one.line.item, "product": one.line.product, "line": line_id(order.id, one.line.item)}
            for one in closed.lines
        ]
    ).decode()
