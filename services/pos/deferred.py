"""A scan that was kept while there was no network: it binds an order afterwards, to collect and never to take.

The code itself says when it was shown: it fits its own half minute only, so a till that claims another time gets no
guest. A step of a phone serves one order, counts among the wrong codes where it fits nothing, and moves the phone's last
step on, so that it opens nothing again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services.identify import Recognised, hold_against_guesses, not_accepted, recognise
from services.pos import orders
from services.pos.orders import Guest, Order
from services.resources import Resources
from services.tills import TillFacts
from services.work import again, work

DAY: Final = timedelta(days=1)
# An order may be told three days late, and its guest was scanned within the day before it was closed.
KEPT_MAX: Final = timedelta(hours=96)
AHEAD_MAX: Final = timedelta(minutes=5)

_TICKET: Final = "SELECT id, member_id, card_id FROM scan_ticket WHERE till_id = $1 AND scan_id = $2"
_LOCK: Final = "SELECT 1 FROM qr_credential WHERE id = $1 FOR UPDATE"
_SPEND: Final = """
INSERT INTO deferred_scan (id, credential_id, step, outlet, order_id, at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (credential_id, step) DO NOTHING
"""
_SPENT_ON: Final = "SELECT outlet, order_id FROM deferred_scan WHERE credential_id = $1 AND step = $2"
_COUNT: Final = "SELECT count(*) FROM pos_order WHERE member_id = $1 AND is_deferred AND bound_at > $2"
_RAISE: Final = "UPDATE qr_credential SET last_step = greatest(last_step, $2) WHERE id = $1"


@dataclass(frozen=True, slots=True)
class KeptScan:
    """A code as it was scanned, and the moments it may have been shown at: as the till said, and by our clock."""

    scan_id: UUID
    code: str
    moments: Sequence[datetime]


async def bind_by_scan(resources: Resources, till: TillFacts, order: UUID, scan: KeptScan, now: datetime) -> Order:
    """Give an order the guest of a kept scan. The same scan for the same order is that guest again.

    Raises INVALID_INPUT for a scan of long ago or of later: a code that somebody saw once is not kept for ever.
    CARD_NOT_ACCEPTED, LIMIT_REACHED after wrong codes or too many kept scans of a member's day.
    """
    # The scan may have arrived in time and only its answer was lost.
    ticket = await database.fetchrow(_TICKET, till.id, scan.scan_id)
    if ticket is not None:
        guest = Guest(ticket["member_id"], ticket["card_id"], ticket["id"])
        return await orders.bind(None, till, order, guest, now, is_deferred=True)
    moments = [moment for moment in scan.moments if now - KEPT_MAX <= moment <= now + AHEAD_MAX]
    if not moments:
        raise Refusal(Code.INVALID_INPUT, "pos.scanned_at", field="scan.scannedAt")
    found = await recognise(resources, till, scan_id=scan.scan_id, code=scan.code, moments=moments, now=now)
    return await again(lambda: _spend(resources, till, order, found, now))


async def _spend(resources: Resources, till: TillFacts, order: UUID, found: Recognised, now: datetime) -> Order:
    async with work() as tx:
        await hold_against_guesses(tx, found, now)
        await tx.execute(_LOCK, found.credential)
        claimed = await tx.execute(_SPEND, uuid7(), found.credential, found.step, till.outlet, order, now)
        if claimed == "INSERT 0 0":
            spent = await tx.fetchrow(_SPENT_ON, found.credential, found.step)
            if spent is None or (spent["outlet"], spent["order_id"]) != (till.outlet, order):
                raise not_accepted()
        elif await tx.fetchval(_COUNT, found.member, now - DAY) >= resources.policy.deferred_per_member_day:
            raise Refusal(Code.LIMIT_REACHED, "pos.too_many_deferred", retryable=True, retry_after_seconds=3600)
        await tx.execute(_RAISE, found.credential, found.step)
        guest = Guest(found.member, found.card, None)
        return await orders.bind(tx, till, order, guest, now, is_deferred=True)
