"""The rows of a refund: locked in the one order of the house (member, then receipt), then written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

import orjson

from loyalty.points import returned_life
from loyalty.programme import Programme
from loyalty.refunds import PointsParts, Returned
from loyalty.refusals import Code, Refusal
from loyalty.tiers import Grant, stand
from models.history import LineFacts, RefundFacts
from models.ids import uuid7
from services.ledger import QUALIFIED
from services.tiers import boosting, clockwork
from services.tiers import writing as tiers
from services.tiers.reading import facts_of, grant_of
from services.tills import TillFacts
from services.work import Contention, Work

# Of a receipt that a family helped to pay, the family and whoever gave those points are locked with the member; his own
# family whole, for it may share its progress. Gives that family.
_LOCK: Final = """
WITH pooled AS (
    SELECT l.family_id, l.contributor_id FROM points_hold AS h JOIN points_hold_lot AS u ON u.hold_id = h.id
    JOIN points_lot AS l ON l.id = u.lot_id WHERE h.purchase_id = $2 AND l.family_id IS NOT NULL
), own AS (
    SELECT (SELECT family_id FROM family_seat WHERE member_id = $1 AND left_at IS NULL) AS family
)
SELECT own.family FROM own, lock_books(ARRAY[$1::uuid] || ARRAY(SELECT contributor_id FROM pooled),
    ARRAY(SELECT family_id FROM pooled) || own.family)
"""
_STANDS: Final = """
SELECT qualifying_account, granted_tier, granted_until,
    (SELECT family_id FROM family_seat AS s WHERE s.member_id = m.member_id AND s.left_at IS NULL) AS family
FROM member_standing AS m WHERE member_id = $1
"""
_LOCK_RECEIPT: Final = "SELECT 1 FROM purchase WHERE id = $1 FOR UPDATE"
_LINES: Final = """
SELECT id, service, name, quantity, gross, discount, net, accumulates, reasons, refund_measure, refunded_part,
    refunded_net, refunded_discount, CASE WHEN points_paid IS NOT NULL THEN ARRAY[points_paid, points_spent, points_earned,
    refunded_points_paid, refunded_points_spent, refunded_points_earned] END AS points
FROM purchase_line WHERE purchase_id = $1 ORDER BY position
"""
_REFUNDS: Final = "SELECT id FROM refund WHERE purchase_id = $1 ORDER BY recorded_at, id"
_REFUND: Final = """
INSERT INTO refund (id, purchase_id, till_id, outlet, number, business_date, at, recorded_at, cashier, net, discount,
    accumulated)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (outlet, business_date, number) DO NOTHING
"""
_LINE: Final = """
WITH moved AS (
    UPDATE purchase_line SET refund_measure = $3, refunded_part = refunded_part + $4, refunded_net = refunded_net + $5,
        refunded_discount = refunded_discount + $6, refunded_points_paid = refunded_points_paid + $8,
        refunded_points_spent = refunded_points_spent + $9, refunded_points_earned = refunded_points_earned + $10
    WHERE id = $2
)
INSERT INTO refund_line (id, refund_id, line_id, part, net, discount, points_paid, points_spent, points_earned)
VALUES ($7, $1, $2, $4, $5, $6, $8, $9, $10)
"""
_RECEIPT: Final = """
UPDATE purchase SET refunded_net = refunded_net + $2, refunded_discount = refunded_discount + $3,
    refunded_accumulated = refunded_accumulated + $4 WHERE id = $1
"""
_STANDING: Final = """
UPDATE member_standing SET purchases = purchases - $2, saved = saved - $3, version = version + 1 WHERE member_id = $1
"""
_LEDGER: Final = """
WITH booked AS (
    UPDATE balance SET booked_at = greatest(booked_at, $5) WHERE account_id = $6::uuid RETURNING booked_at
), made AS (
    INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
    SELECT $1, 'REFUND', $2, t.id, $4, b.booked_at
    FROM ledger_transaction AS t, booked AS b WHERE t.kind = 'PURCHASE' AND t.cause_id = $3
    RETURNING id
)
INSERT INTO entry (transaction_id, account_id, unit, amount)
SELECT made.id, part.account, 'QRUB', part.amount
FROM made, (VALUES ($6::uuid, -($8::bigint)), ($7::uuid, $8::bigint)) AS part (account, amount)
"""
_BALANCE: Final = (
    "UPDATE balance SET amount = amount - $2, version = version + 1 WHERE account_id = $1 RETURNING amount"
)
_POINTS: Final = "SELECT refund_points($1, $2, $3, $4, $5, $6, $7, $8, $9)"
_PROMOTIONS: Final = "SELECT return_promotions($1, $2)"
_ACTIVITY: Final = """
INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES ($1, 'PURCHASE_REFUNDED', $2, $3)
"""
_TELL: Final = "SELECT tell_partner($1, 'purchase.refunded', $2, $3)"


@dataclass(frozen=True, slots=True)
class Held:
    """What is locked for a refund: the member's standing and the receipt with its lines and refunds as they are now."""

    member: UUID
    account: UUID
    purchase: UUID
    lines: Sequence[LineFacts]
    refunds: Sequence[UUID]
    grant: Grant | None
    family: UUID | None


@dataclass(frozen=True, slots=True)
class Reached:
    """The member's sum after a refund, as it counts towards tiers, and the tier where the sum alone does not tell it."""

    accumulated: int
    tier: str | None


async def lock(tx: Work, member: UUID, purchase: UUID) -> Held:
    """Lock the member with his family, then the receipt, and read its lines.

    Raises Contention, to be tried again, when he joined or left meanwhile: the pool he gave to is not locked then.
    """
    family = await tx.fetchval(_LOCK, member, purchase)
    row = await tx.fetchrow(_STANDS, member)
    assert row is not None  # noqa: S101 - whoever has a receipt has open books
    if row["family"] != family:
        raise Contention
    await tx.execute(_LOCK_RECEIPT, purchase)
    rows = await tx.fetch(_LINES, purchase)
    lines = [LineFacts(**{**dict(row), "reasons": orjson.loads(row["reasons"])}) for row in rows]
    refunds = [row["id"] for row in await tx.fetch(_REFUNDS, purchase)]
    return Held(member, row["qualifying_account"], purchase, lines, refunds, grant_of(row), family)


async def write(
    tx: Work,
    *,
    till: TillFacts,
    held: Held,
    refund: RefundFacts,
    day: date,
    returned: Returned,
    programme: Programme,
    cashier: str | None = None,
    now: datetime,
) -> Reached:
    """Write the refund and what follows from it; gives what the member has reached afterwards."""
    await clockwork.settle_kin(tx, programme, held.member, now, locked=held.family)
    row = (refund.id, held.purchase, till.id, till.outlet, refund.number, day, refund.at, now, cashier)
    if await tx.execute(_REFUND, *row, returned.net, returned.discount, returned.accumulated) == "INSERT 0 0":
        raise Refusal(Code.RECEIPT_EXISTS, "refund.number_used", field="input.refundNumber")
    for line in returned.lines:
        amounts = (line.measure.value, line.part, line.net, line.discount)
        points = (None,) * 3 if line.points is None else (line.points.paid, line.points.spent, line.points.earned)
        await tx.execute(_LINE, refund.id, UUID(line.line), *amounts, uuid7(), *points)
    await tx.execute(_PROMOTIONS, held.purchase, now)
    grant = await boosting.withdraw(tx, held.member, held.purchase, held.grant, now)
    await tx.execute(_RECEIPT, held.purchase, returned.net, returned.discount, returned.accumulated)
    await tx.execute(_STANDING, held.member, returned.net, returned.discount)
    after = await _move_back(tx, held, refund, returned.accumulated, now)
    reached = await _place(tx, replace(held, grant=grant), refund, programme, total=after, now=now)
    await _move_points(tx, held, refund, programme, partner=till.partner, points=returned.points, now=now)
    await tx.execute(_ACTIVITY, held.member, held.purchase, now)
    await tx.execute(_TELL, till.partner, refund.id, now)
    return reached


async def _place(
    tx: Work, held: Held, refund: RefundFacts, programme: Programme, *, total: int, now: datetime
) -> Reached:
    """The tier that follows from what is left: a return is taken off the day of its purchase."""
    facts = await facts_of(programme, held.member, total, held.grant, now)
    standing = stand(programme, facts, now)
    await tiers.begin(tx, held.member, standing.tier, now, reason="REFUND", evidence=refund.id)
    await clockwork.move_kin(tx, programme, held.member, now)
    if facts.grant is None and not programme.tier_window.has_end:
        return Reached(facts.total, None)
    await tiers.wake(tx, held.member, tiers.looks_at(facts, standing, now), now)
    return Reached(standing.accumulated, standing.tier.id)


async def _move_points(
    tx: Work,
    held: Held,
    refund: RefundFacts,
    programme: Programme,
    *,
    partner: str,
    points: PointsParts | None,
    now: datetime,
) -> None:
    if points is None or not (points.spent or points.earned):
        return
    terms = programme.points
    grace = None if terms is None else returned_life(terms, now, programme.time_zone)
    moved = (held.member, partner, points.spent, points.earned)
    await tx.execute(_POINTS, refund.id, held.purchase, *moved, refund.at, now, grace)


async def _move_back(tx: Work, held: Held, refund: RefundFacts, amount: int, now: datetime) -> int:
    if amount > 0:
        accounts = (held.account, QUALIFIED)
        await tx.execute(_LEDGER, uuid7(), refund.id, held.purchase, refund.at, now, *accounts, amount)
    after: int = await tx.fetchval(_BALANCE, held.account, amount)
    return after
