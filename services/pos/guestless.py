"""Orders that were closed without a guest: kept for some weeks, so that whoever bought may still say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from loyalty.business_days import business_date
from models import database
from models.database import Record
from models.ids import uuid7
from services import programmes
from services.pos.menu import MenuLine
from services.purchases import TenderPaid
from services.tills import TillFacts, place_of
from services.work import work

CREDIT: Final = "claim.credit"
"""The job that credits a claim whose receipt was found."""
KEPT: Final = timedelta(days=30)

_KEEP: Final = """
INSERT INTO guestless_receipt (id, outlet, order_id, till_id, receipt_number, business_date, closed_at, net, body, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10) ON CONFLICT (outlet, order_id) DO NOTHING RETURNING id
"""
# The claim came first: of several receipts that would fit, this one takes it.
_CLAIMED: Final = """
UPDATE purchase_claim SET status = 'MATCHED' WHERE status = 'OPEN' AND outlet = $1 AND business_date = $2
    AND receipt_number = $3 AND net = $4 RETURNING id
"""
_BELONGS: Final = "UPDATE guestless_receipt SET claim_id = $2 WHERE id = $1"
_SWEEP: Final = """
DELETE FROM guestless_receipt WHERE id IN (
    SELECT id FROM guestless_receipt WHERE claim_id IS NULL AND received_at < $1 LIMIT $2)
"""


@dataclass(frozen=True, slots=True)
class Guestless:
    """An order of nobody's, as it was told."""

    order: UUID
    number: str
    closed_at: datetime
    lines: Sequence[MenuLine]
    tenders: Sequence[TenderPaid]


async def keep(till: TillFacts, one: Guestless, now: datetime) -> None:
    """Keep an order that nobody was scanned for, once; one that was claimed already is found by its claim."""
    _, outlet = place_of(till, await programmes.current(now))
    day = business_date(one.closed_at, outlet.time_zone)
    net = sum(line.amount for line in one.lines)
    place = (till.outlet, one.order, till.id, one.number, day, one.closed_at, net)
    async with work() as tx:
        receipt, body = uuid7(), orjson.dumps({"lines": one.lines, "tenders": one.tenders}).decode()
        kept = await tx.fetchval(_KEEP, receipt, *place, body, now)
        if kept is None:
            return
        claim = await tx.fetchval(_CLAIMED, till.outlet, day, one.number, net)
        if claim is not None:
            await tx.execute(_BELONGS, receipt, claim)
            await tx.enqueue(CREDIT, {"claim": str(claim)}, run_at=now)


def contents(row: Record) -> tuple[list[MenuLine], list[TenderPaid]]:
    """The lines and payments of a kept order."""
    body = orjson.loads(row["body"])
    lines = [MenuLine(**{**line, "item": UUID(line["item"])}) for line in body["lines"]]
    return lines, [TenderPaid(**tender) for tender in body["tenders"]]


async def sweep(now: datetime) -> int:
    """Forget orders that nobody claimed; gives their number."""
    return await database.sweep(_SWEEP, now - KEPT)
