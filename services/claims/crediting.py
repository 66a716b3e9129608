"""A claim whose receipt was found, or that the staff said yes to, becomes a purchase: once, by the rules of its moment."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.control import Response
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services import letters, once, programmes
from services.letter_words import Kind
from services.pos import guestless, orders
from services.pos.closing import Closed, ClosedLine, ClosedOrder, Named, close_order
from services.pos.menu import DEFAULT, MenuLine
from services.pos.orders import Guest
from services.purchases import TenderPaid
from services.resources import Resources
from services.tills import TillFacts, till_by_id
from services.work import work

BY_RULE: Final = "words:"
"""What stands before a reason that is a sentence of the catalogue."""
OPEN_AT_MOST: Final = timedelta(days=30)
"""How long the staff have to look at a claim."""

_CLAIM: Final = """
SELECT c.*, (SELECT k.id FROM card AS k WHERE k.member_id = m.id AND k.status = 'ACTIVE' AND m.status = 'ACTIVE') AS card_id,
    g.order_id, g.till_id, g.closed_at AS told_at, g.body
FROM purchase_claim AS c JOIN member AS m ON m.id = c.member_id LEFT JOIN guestless_receipt AS g ON g.claim_id = c.id
WHERE c.id = $1
"""
_OWN_CARD: Final = "SELECT works_at($1, $2, $3, $4)"
TILL_OF: Final = """
SELECT id FROM till WHERE outlet = $1 AND 'TILL' = ANY (channels) ORDER BY revoked_at IS NOT NULL, created_at, id LIMIT 1
"""
_CREDITED: Final = """
UPDATE purchase_claim SET status = 'CREDITED', purchase_id = $2, decided_at = $3 WHERE id = $1 AND status = 'MATCHED'
RETURNING member_id
"""
_REFUSED: Final = """
UPDATE purchase_claim SET status = 'REJECTED', reason = $2, decided_at = $3 WHERE id = $1 AND status = 'MATCHED'
RETURNING member_id
"""
_EXPIRE: Final = """
UPDATE purchase_claim SET status = 'EXPIRED', decided_at = $1 WHERE id IN (
    SELECT id FROM purchase_claim WHERE status = 'OPEN' AND created_at < $2 ORDER BY created_at LIMIT 500 FOR UPDATE SKIP LOCKED)
RETURNING member_id
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Receipt:
    till: TillFacts
    closed: ClosedOrder


async def credit(resources: Resources, claim: UUID, *, now: datetime) -> None:
    """Credit a matched claim; one that was decided is left as it is. A passing trouble is left to the job.

    A receipt that cannot be credited any more (another card has it, the card is blocked) is refused, and its guest told.
    """
    try:
        await credit_surely(resources, claim, now=now)
    except Refusal as refusal:
        log.warning("a claim is credited later", extra={"outcome": refusal.code.value})


async def credit_surely(resources: Resources, claim: UUID, *, now: datetime) -> None:
    """As `credit`, but a passing trouble is raised: the job comes again."""
    row = await database.fetchrow(_CLAIM, claim)
    if row is None or row["status"] != "MATCHED":
        return
    try:
        purchase = await _close(resources, row, now)
    except Refusal as refusal:
        if refusal.retryable:
            raise
        await _decide(_REFUSED, claim, f"{BY_RULE}{refusal.words}", Kind.CLAIM_REJECTED, now)
        return
    await _decide(_CREDITED, claim, purchase.purchase.id, Kind.CLAIM_CREDITED, now)


async def _decide(sql: str, claim: UUID, what: object, kind: Kind, now: datetime) -> None:
    async with work() as tx:
        member = await tx.fetchval(sql, claim, what, now)
        if member is not None:
            await letters.ask(tx, kind, member, now)


async def expire(now: datetime) -> int:
    """End claims that nobody has looked at for a month, and tell their guests; gives their number."""
    async with work() as tx:
        members = [row["member_id"] for row in await tx.fetch(_EXPIRE, now, now - OPEN_AT_MOST)]
        for member in members:
            await letters.ask(tx, Kind.CLAIM_REJECTED, member, now)
    return len(members)


async def _close(resources: Resources, row: Record, now: datetime) -> Closed:
    if row["card_id"] is None:
        raise Refusal(Code.CARD_NOT_ACCEPTED, "claim.card")
    receipt = await _receipt(row)
    known = await orders.find(receipt.till, receipt.closed.order)
    if known is None:
        # No money changes hands here, so what a till refuses is refused: the staff see every receipt without a guest.
        is_own = (await programmes.current(now)).control.own_card is Response.REFUSE
        place = (row["partner"], row["outlet"], receipt.till.id)
        if is_own and await database.fetchval(_OWN_CARD, row["member_id"], *place):
            raise Refusal(Code.LIMIT_REACHED, "control.own_card")
        guest = Guest(row["member_id"], row["card_id"], None)
        known = await orders.bind(None, receipt.till, receipt.closed.order, guest, now, is_deferred=False)
    if known.guest.member != row["member_id"]:
        raise Refusal(Code.RECEIPT_EXISTS, "claim.posted")
    closed = await close_order(resources, receipt.till, receipt.closed, now=now)
    assert closed is not None  # noqa: S101 - its order has a guest
    return closed


async def _receipt(row: Record) -> _Receipt:
    """The receipt as it was told, or as its guest and the staff say."""
    if row["order_id"] is not None:
        lines, tenders = guestless.contents(row)
        closed = ClosedOrder(
            order=row["order_id"],
            quote=None,
            scan=None,
            number=row["receipt_number"],
            closed_at=row["told_at"],
            lines=[ClosedLine(line, 0) for line in lines],
            tenders=tenders,
            is_bound=True,
        )
        return _Receipt(await till_by_id(row["till_id"]), closed)
    till = await database.fetchval(TILL_OF, row["outlet"])
    if till is None or row["service"] is None:
        raise Refusal(Code.NOT_FOUND, "claim.no_till")
    item = once.claim_of(row["id"], "item", "0")
    line = MenuLine(item, None, DEFAULT, "", row["service"], 1000, row["net"])
    closed = ClosedOrder(
        order=row["id"],
        quote=None,
        scan=None,
        number=row["receipt_number"],
        closed_at=row["closed_at"],
        lines=[ClosedLine(line, 0)],
        tenders=[TenderPaid("OTHER", row["net"])],
        named=Named([row["service"]], bytes(row["body_sha256"])),
        is_bound=True,
    )
    return _Receipt(await till_by_id(till), closed)
