"""A guest says that a receipt is theirs: once for the receipt, within days of the purchase, so many a month."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from loyalty.business_days import business_date
from loyalty.fiscal import FiscalReceipt, fiscal_of_sale
from loyalty.programme import Outlet
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from services import once, programmes
from services.claims.crediting import credit
from services.claims.reading import Claim, of_member
from services.pos.guestless import CREDIT
from services.purchases.posting import RECEIPT_MAX
from services.resources import Resources
from services.work import Work, again, work

MONTH: Final = timedelta(days=30)
OPERATION: Final = "claimPurchase"

_LOCK: Final = "SELECT 1 FROM member_standing WHERE member_id = $1 FOR UPDATE"
_KNOWN: Final = "SELECT body_sha256 FROM purchase_claim WHERE id = $1"
_COUNT: Final = "SELECT count(*) FROM purchase_claim WHERE member_id = $1 AND created_at > $2"
_POSTED: Final = """
SELECT EXISTS (SELECT 1 FROM purchase WHERE outlet = $1 AND receipt_number = $2 AND business_date = $3)
"""
_INSERT: Final = """
INSERT INTO purchase_claim (id, body_sha256, member_id, partner, outlet, receipt_number, business_date, closed_at, net,
    fiscal_drive, fiscal_document, fiscal_sign, status, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'OPEN', $13) ON CONFLICT DO NOTHING RETURNING id
"""
_MATCH: Final = """
UPDATE guestless_receipt SET claim_id = $1 WHERE id = (
    SELECT id FROM guestless_receipt WHERE outlet = $2 AND receipt_number = $3 AND business_date = $4 AND net = $5
        AND claim_id IS NULL ORDER BY closed_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING order_id
"""
_RETURNED: Final = """
SELECT EXISTS (SELECT 1 FROM pos_refund WHERE outlet = $1 AND order_id = $2 AND outcome IS NULL
    AND body->'dishes' = 'null'::jsonb)
"""
_MATCHED: Final = "UPDATE purchase_claim SET status = 'MATCHED' WHERE id = $1"


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """What a guest knows of the receipt; `net` in kopecks, `fiscal` the text of its code where it was scanned."""

    key: str
    outlet: str
    receipt_number: str
    business_date: date
    net: int
    fiscal: str | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A form that was read."""

    id: UUID
    body: bytes
    member: UUID
    partner: str
    outlet: Outlet
    number: str
    day: date
    closed_at: datetime
    net: int
    fiscal: FiscalReceipt | None


async def claim_purchase(resources: Resources, member: UUID, form: ClaimForm, *, now: datetime) -> Claim:
    """Claim a receipt. Where a restaurant closed it without a guest it is credited at once, else the staff look at it.

    Raises INVALID_INPUT with the field, RECEIPT_EXISTS for one that stands on a card or was claimed, by whomever,
    LIMIT_REACHED after too many claims of a month, KEY_REUSED.
    """
    wanted = await _read(resources, member, form, now)

    async def once_only() -> bool:
        async with work() as tx:
            return await _claim(tx, resources, wanted, now)

    if await again(once_only):
        await credit(resources, wanted.id, now=now)
    return await of_member(member, wanted.id)


async def _read(resources: Resources, member: UUID, form: ClaimForm, now: datetime) -> _Wanted:
    key = once.key_text(form.key)
    number = clean(form.receipt_number, field="input.receiptNumber", length_max=RECEIPT_MAX)
    programme = await programmes.current(now)
    outlet = programme.outlets_by_id.get(form.outlet)
    partner = next((one for one in programme.partners if outlet in one.outlets), None)
    if outlet is None or partner is None:
        raise Refusal(Code.INVALID_INPUT, "claim.unknown_outlet", field="input.outlet")
    if form.net <= 0:
        raise Refusal(Code.INVALID_INPUT, "claim.net", field="input.net")
    fiscal = None if form.fiscal is None else fiscal_of_sale(form.fiscal, field="input.fiscal")
    zone = ZoneInfo(outlet.time_zone)
    # Without the code nobody knows the hour: noon is the purchase's day wherever it is read.
    local = datetime.combine(form.business_date, datetime.min.time(), zone) + timedelta(hours=12)
    if fiscal is not None:
        local = fiscal.at.replace(tzinfo=zone)
        if fiscal.total != form.net:
            raise Refusal(Code.INVALID_INPUT, "claim.fiscal_differs", field="input.net")
        if fiscal.at.date() != form.business_date:
            raise Refusal(Code.INVALID_INPUT, "claim.fiscal_differs", field="input.businessDate")
    days, today = resources.policy.claim_days, business_date(now, outlet.time_zone)
    if not today - timedelta(days=days) <= form.business_date <= today:
        raise Refusal(Code.INVALID_INPUT, "claim.days", field="input.businessDate", days=days)
    return _Wanted(
        id=once.claim_of(member, OPERATION, key),
        body=once.body_of(form.outlet, number, form.business_date, form.net, form.fiscal),
        member=member,
        partner=partner.id,
        outlet=outlet,
        number=number,
        day=form.business_date,
        closed_at=min(local.astimezone(UTC), now),
        net=form.net,
        fiscal=fiscal,
    )


async def _claim(tx: Work, resources: Resources, one: _Wanted, now: datetime) -> bool:
    """Write the claim down, once for its key; whether its receipt was found."""
    await tx.execute(_LOCK, one.member)
    known = await tx.fetchval(_KNOWN, one.id)
    if known is not None:
        if bytes(known) != one.body:
            raise once.key_reused()
        return False
    most = resources.policy.claims_per_member_month
    if await tx.fetchval(_COUNT, one.member, now - MONTH) >= most:
        raise Refusal(Code.LIMIT_REACHED, "claim.too_many", most=most)
    if await tx.fetchval(_POSTED, one.outlet.id, one.number, one.day):
        raise Refusal(Code.RECEIPT_EXISTS, "claim.posted", field="input.receiptNumber")
    fiscal = one.fiscal
    facts = (None, None, None) if fiscal is None else (fiscal.drive, fiscal.document, fiscal.sign)
    place = (one.partner, one.outlet.id, one.number, one.day, one.closed_at, one.net)
    if await tx.fetchval(_INSERT, one.id, one.body, one.member, *place, *facts, now) is None:
        raise Refusal(Code.RECEIPT_EXISTS, "claim.taken", field="input.receiptNumber")
    order = await tx.fetchval(_MATCH, one.id, one.outlet.id, one.number, one.day, one.net)
    if order is None:
        return False
    if await tx.fetchval(_RETURNED, one.outlet.id, order):
        raise Refusal(Code.INVALID_INPUT, "claim.returned", field="input.receiptNumber")
    await tx.execute(_MATCHED, one.id)
    await tx.enqueue(CREDIT, {"claim": str(one.id)}, run_at=now)
    return True
