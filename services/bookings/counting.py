"""A stay becomes a purchase: once, at the price of the day it was booked, after the hotel has said how it stands."""

import logging
from datetime import datetime
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

from integrations.ports import Unavailable
from loyalty.bookings import BOOKED
from loyalty.business_days import business_date
from loyalty.purchases import BasketLine, price
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record, Unreachable
from services import once, programmes
from services.bookings import following, refusing
from services.bookings.confirming import BOOKINGS
from services.bookings.rows import BookingFacts
from services.crowds import in_line
from services.identify import not_accepted
from services.purchases import batches, paying, writing
from services.resources import Resources
from services.tiers import clockwork
from services.tiers.reading import facts_of, grant_of, kin_of
from services.tiers.writing import guard_of
from services.tills import TillFacts, add_till, till_by_id

OPERATION: Final = "countStay"
CHANNEL: Final = "CABINET"
TENDER: Final = "CARD"
TRIES: Final = 4
ONE: Final = 1000
_TILL: Final = """
SELECT id FROM till WHERE outlet = $1 AND kind = 'SYSTEM' AND 'CABINET' = ANY (channels) AND revoked_at IS NULL
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
_COUNTED: Final = """
UPDATE booking SET state = 'ACCRUED', purchase_id = $2, changed_at = $3
WHERE id = $1 AND state IN ('CONFIRMED', 'CHECKED_IN', 'CHECKED_OUT')
"""
log = logging.getLogger(__name__)


async def count(booking: UUID, resources: Resources, now: datetime) -> bool:
    """Count a stay whose time has come; whether it was. A stay that was cancelled or never began is not.

    Raises `Unavailable` while the hotel cannot be asked, CARD_NOT_ACCEPTED for a member without an active card, BUSY.
    """
    if not await following.end_stay(booking, resources, now):
        return False
    held = await following.refresh(booking, resources, now)
    if held is None or held.state not in BOOKED or held.counts_at is None or held.counts_at > now:
        return False
    booked = await refusing.engine_of(resources).booked(held.property_id, str(held.number))
    if booked is None or booked.is_cancelled:
        raise Unavailable("the hotel's record has changed while it was read")
    names = [(room.name, room.price) for room in booked.rooms]
    await _post(resources, held, names if sum(part for _, part in names) == booked.price else [("", booked.price)], now)
    await database.execute(_COUNTED, held.id, held.id, now)
    BOOKINGS.labels(held.partner, "counted").inc()
    return True


async def _post(resources: Resources, held: BookingFacts, stays: list[tuple[str, int]], now: datetime) -> None:
    till = await _till(refusing.engine_of(resources).name, held, now)
    async with in_line(held.member) as patience:
        for _ in range(TRIES):
            known = await database.fetchrow(_KNOWN, held.member, _claim(held))
            assert known is not None  # noqa: S101 - a booking belongs to a member with open books
            if known["answer"] is not None:
                return
            item = await _item(held, stays, till, known, now)
            if item is not None:
                outcome, _answer = await batches.submit(item, now, patience=patience)
                if outcome in {"POSTED", "REPLAY"}:
                    resources.bus.publish(held.member, "PURCHASE_POSTED", held.id, now)
                    return
                if outcome == "CARD_NOT_ACCEPTED":
                    raise not_accepted()
                if outcome != "CHANGED":
                    log.error("a stay was not counted", extra={"booking": str(held.id), "outcome": outcome})
                    raise Unreachable(unknown=True)
            programmes.refresh()
    raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)


async def _item(
    held: BookingFacts, stays: list[tuple[str, int]], till: TillFacts, known: Record, now: datetime
) -> dict[str, Any] | None:
    """An item of the posting statement: priced by the version and tier of the booking, guarded by those of now."""
    current = await programmes.current(now)
    if current.version != known["version"]:
        return None
    kin = await kin_of(current, held.member)
    if (known["tier_until"] is not None and known["tier_until"] <= now) or kin.is_due(now):
        # What time has left to write of the tier is written first: a moment is priced by it.
        await clockwork.settle_member(held.member, now)
        return None
    if known["member_status"] != "ACTIVE" or known["card_id"] is None:
        raise not_accepted()
    programme = await programmes.version(held.programme_version)
    terms = programme.partners_by_id[held.partner].booking
    assert terms is not None and held.left_at is not None  # noqa: S101, PT018 - it was booked by them, and has ended
    outlet = programme.outlets_by_id[terms.outlet]
    lines = [
        BasketLine(terms.service, name or programme.partners_by_id[held.partner].name.ru, ONE, amount)
        for name, amount in stays
    ]
    sums = price(programme, partner=held.partner, channel=CHANNEL, tier=held.tier, lines=lines)
    tenders = [(TENDER, sums.net)] if sums.net else []
    facts = await facts_of(current, held.member, known["accumulated"], grant_of(known), now, kin=kin)
    version, counted, at = known["standing_version"], sums.accumulated, held.left_at
    guard = guard_of(current, facts, version, counted=counted, closed_at=at, now=now, family=kin.family)
    earning = await paying.earning_of(programme, held.member, sums, tenders, at=held.left_at)
    item = writing.item_of(
        till=till,
        found={"quote": None, "member_id": held.member, "card_id": known["card_id"], "channel": CHANNEL},
        claim=_claim(held),
        body=once.body_of(held.id, held.number),
        receipt=str(held.number),
        day=business_date(held.left_at, outlet.time_zone),
        closed_at=held.left_at,
        programme=programme,
        tier=programme.tiers_by_id[held.tier],
        priced=sums,
        tenders=tenders,
        guard=guard,
        points=earning if earning.earned else paying.NOTHING,
    )
    return item | {"purchase": held.id, "priced_by": current.version}


def _claim(held: BookingFacts) -> UUID:
    """The key of a stay: however often its job runs, one purchase."""
    return once.claim_of(held.id, OPERATION, str(held.number))


async def _till(name: str, held: BookingFacts, now: datetime) -> TillFacts:
    """The till that stays are written by: a system at the hotel's outlet, made where there is none; nobody has its key."""
    programme = await programmes.version(held.programme_version)
    terms = programme.partners_by_id[held.partner].booking
    assert terms is not None  # noqa: S101 - it was booked by them
    known = await database.fetchval(_TILL, terms.outlet)
    if known is not None:
        return await till_by_id(known)
    till, _ = await add_till(
        name,
        held.partner,
        terms.outlet,
        kind="SYSTEM",
        channels=[CHANNEL],
        now=now,
        key=f"kt_{token_urlsafe(32)}",
    )
    return till
