"""How the payment of receipts stands, as guests and tills read it, and the end of those that waited too long."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.instalments import InstalmentState
from loyalty.refusals import Refusal
from models import database
from services.instalments.deciding import carry_out
from services.resources import Resources
from services.work import work

JOB: Final = "instalment.decide"
AT_ONCE: Final = 500
KEPT: Final = timedelta(days=30)
log = logging.getLogger(__name__)

_FACTS: Final = """
SELECT i.purchase_id, i.state, i.until, i.decided_at, sum(l.earned - CASE WHEN l.earned > 0 THEN
        l.earned * p.refunded_part / greatest(CASE p.refund_measure WHEN 'NET' THEN p.net ELSE p.quantity END, 1)
        ELSE 0 END)::bigint AS points,
    coalesce(sum(p.net - p.refunded_net) FILTER (WHERE l.counts), 0)::bigint AS counts
FROM instalment AS i JOIN instalment_line AS l ON l.purchase_id = i.purchase_id JOIN purchase_line AS p ON p.id = l.line_id
WHERE i.purchase_id = ANY ($1::uuid[]) GROUP BY i.purchase_id
"""
_EXPIRE: Final = """
WITH late AS (
    SELECT i.purchase_id FROM instalment AS i JOIN purchase AS p ON p.id = i.purchase_id
    WHERE i.state = 'WAITING' AND i.until <= $1 ORDER BY i.until LIMIT $2 FOR UPDATE SKIP LOCKED
), ended AS (
    UPDATE instalment AS i SET state = 'EXPIRED', decided_at = $1 FROM late WHERE i.purchase_id = late.purchase_id
    RETURNING i.member_id, i.purchase_id
)
INSERT INTO card_activity (member_id, kind, purchase_id, at)
SELECT member_id, 'PURCHASE_POSTED', purchase_id, $1 FROM ended RETURNING purchase_id
"""
_WITHDRAW: Final = "SELECT withdraw_promotions($1::uuid[], $2)"
_WORD: Final = """
SELECT w.*, t.partner FROM instalment_word AS w JOIN till AS t ON t.id = w.till_id WHERE w.id = $1
"""


_SWEEP: Final = "DELETE FROM instalment_word WHERE id IN (SELECT id FROM instalment_word WHERE at < $1 LIMIT $2)"


@dataclass(frozen=True, slots=True)
class InstalmentFacts:
    """A receipt that waited or waits: what it brings once it is confirmed, less what came back; kopecks and points."""

    state: InstalmentState
    until: datetime
    decided_at: datetime | None
    counts: int
    points: int


async def of_purchases(purchases: list[UUID]) -> list[InstalmentFacts | None]:
    """How these receipts stand, in their order; None for those that no bank has to confirm."""
    rows = await database.fetch(_FACTS, purchases)
    found = {
        row["purchase_id"]: InstalmentFacts(
            InstalmentState(row["state"]), row["until"], row["decided_at"], row["counts"], row["points"]
        )
        for row in rows
    }
    return [found.get(purchase) for purchase in purchases]


async def carry_out_kept(word: UUID, resources: Resources, now: datetime) -> None:
    """Carry out the word that came before its receipt."""
    said = await database.fetchrow(_WORD, word)
    if said is None:
        return
    try:
        await carry_out(resources, said, now=now)
    except Refusal as refusal:
        if refusal.retryable:
            raise
        log.warning("a bank's word came to nothing", extra={"outcome": refusal.code.value})


async def expire(now: datetime) -> int:
    """End the waiting of receipts whose bank never answered; gives their number."""
    ended = 0
    while batch := await _expire_some(now):
        ended += batch
    return ended


async def _expire_some(now: datetime) -> int:
    async with work() as tx:
        ended = [row["purchase_id"] for row in await tx.fetch(_EXPIRE, now, AT_ONCE)]
        await tx.execute(_WITHDRAW, ended, now)
    return len(ended)


async def sweep(now: datetime) -> int:
    """Forget words whose receipt never came, and those that were carried out; gives their number."""
    return await database.sweep(_SWEEP, now - KEPT)
