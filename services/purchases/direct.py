"""Sales without a till in the guest's hand: a stay that is over, an order that was paid. Priced before, posted once.

The price is that of the version and tier the sale was made by; only the guards are those of the moment it is written.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.programme import Programme
from loyalty.purchases import Priced
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record, Unreachable
from services import programmes
from services.crowds import in_line
from services.identify import not_accepted
from services.purchases import batches, paying, writing
from services.resources import Resources
from services.tiers import clockwork
from services.tiers.reading import facts_of, grant_of, kin_of
from services.tiers.writing import guard_of
from services.tills import TillFacts, add_till, till_by_id

TENDER: Final = "CARD"
TRIES: Final = 4
_TILL: Final = """
SELECT id FROM till WHERE outlet = $1 AND kind = 'SYSTEM' AND channels = ARRAY[$2] AND name = $3 AND revoked_at IS NULL
ORDER BY created_at, id LIMIT 1
"""
_KNOWN: Final = """
SELECT o.body_sha256, o.answer, b.amount AS accumulated, s.granted_tier, s.granted_until, s.tier_until,
    s.version AS standing_version, m.status AS member_status,
    (SELECT c.id FROM card AS c WHERE c.member_id = m.id AND c.status = 'ACTIVE') AS card_id,
    (SELECT max(version) FROM programme_version) AS version
FROM member AS m JOIN member_standing AS s ON s.member_id = m.id JOIN balance AS b ON b.account_id = s.qualifying_account
LEFT JOIN once_answer AS o ON o.id = $2 WHERE m.id = $1
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DirectSale:
    """A sale that is over: its id becomes the purchase's, `claim` makes it one however often it is tried.

    `programme` and `tier` are those it was priced by; `receipt` is its number at the till's outlet.
    """

    id: UUID
    claim: UUID
    body: bytes
    member: UUID
    till: TillFacts
    channel: str
    receipt: str
    closed_at: datetime
    programme: Programme
    tier: str
    priced: Priced


async def post_directly(resources: Resources, sale: DirectSale, now: datetime) -> None:
    """Post a sale, unless it was posted before.

    Raises CARD_NOT_ACCEPTED for a member without an active card, BUSY.
    """
    async with in_line(sale.member) as patience:
        for _ in range(TRIES):
            known = await database.fetchrow(_KNOWN, sale.member, sale.claim)
            assert known is not None  # noqa: S101 - who could buy has open books
            if known["answer"] is not None:
                return
            item = await _item(sale, known, now)
            if item is not None:
                outcome, _answer = await batches.submit(item, now, patience=patience)
                if outcome in {"POSTED", "REPLAY"}:
                    resources.bus.publish(sale.member, "PURCHASE_POSTED", sale.id, now)
                    return
                if outcome == "CARD_NOT_ACCEPTED":
                    raise not_accepted()
                if outcome != "CHANGED":
                    log.error("a sale was not posted", extra={"purchase": str(sale.id), "outcome": outcome})
                    raise Unreachable(unknown=True)
            programmes.refresh()
    raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)


async def _item(sale: DirectSale, known: Record, now: datetime) -> dict[str, Any] | None:
    """An item of the posting statement: priced by the version and tier of the sale, guarded by those of now."""
    current = await programmes.current(now)
    if current.version != known["version"]:
        return None
    kin = await kin_of(current, sale.member)
    if (known["tier_until"] is not None and known["tier_until"] <= now) or kin.is_due(now):
        # What time has left to write of the tier is written first: a moment is priced by it.
        await clockwork.settle_member(sale.member, now)
        return None
    if known["member_status"] != "ACTIVE" or known["card_id"] is None:
        raise not_accepted()
    programme, sums, at = sale.programme, sale.priced, sale.closed_at
    tenders = [(TENDER, sums.net)] if sums.net else []
    facts = await facts_of(current, sale.member, known["accumulated"], grant_of(known), now, kin=kin)
    version, counted = known["standing_version"], sums.accumulated
    guard = guard_of(current, facts, version, counted=counted, closed_at=at, now=now, family=kin.family)
    earning = await paying.earning_of(programme, sale.member, sums, tenders, at=at)
    item = writing.item_of(
        till=sale.till,
        found={"quote": None, "member_id": sale.member, "card_id": known["card_id"], "channel": sale.channel},
        claim=sale.claim,
        body=sale.body,
        receipt=sale.receipt,
        day=business_date(at, programme.outlets_by_id[sale.till.outlet].time_zone),
        closed_at=at,
        programme=programme,
        tier=programme.tiers_by_id[sale.tier],
        priced=sums,
        tenders=tenders,
        guard=guard,
        points=earning if earning.earned else paying.NOTHING,
    )
    return item | {"purchase": sale.id, "priced_by": current.version}


async def system_till(name: str, partner: str, outlet: str, channel: str, now: datetime) -> TillFacts:
    """The till that sales without one are written by: a system at an outlet, made where there is none; nobody has its key."""
    known = await database.fetchval(_TILL, outlet, channel, name)
    if known is not None:
        return await till_by_id(known)
    till, _ = await add_till(
        name, partner, outlet, kind="SYSTEM", channels=[channel], now=now, key=f"kt_{token_urlsafe(32)}"
    )
    return till
