"""Taking over what a member had elsewhere, once a phone or an e-mail of the row is proved to be theirs."""

from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from loyalty.programme import Programme
from loyalty.tiers import stand
from models.database import Record
from models.ids import uuid7
from services import programmes
from services.ledger import QUALIFIED
from services.tiers import clockwork, writing
from services.tiers.reading import facts_of, grant_of
from services.work import Work

# A proved contact alone: who only typed an address is not its owner.
_WAITING: Final = """
SELECT * FROM opening WHERE member_id IS NULL AND (
    phone = (SELECT value FROM contact WHERE member_id = $1 AND kind = 'PHONE' AND verified_at IS NOT NULL)
    OR email = (SELECT value FROM contact WHERE member_id = $1 AND kind = 'EMAIL' AND verified_at IS NOT NULL))
ORDER BY id FOR UPDATE
"""
_OPEN: Final = "SELECT 1 FROM member_standing WHERE member_id = $1"
_TAKE: Final = "UPDATE opening SET member_id = $2, claimed_at = $3, phone = NULL, email = NULL WHERE id = $1"
_IDENTIFY: Final = """
INSERT INTO member_identity (id, member_id, system, external_id, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
_COUNTED: Final = """
WITH own AS (SELECT qualifying_account AS id FROM member_standing WHERE member_id = $2), made AS (
    INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
    SELECT $1, 'OPENING', $3, NULL, $4, greatest($4, b.booked_at) FROM balance AS b JOIN own ON own.id = b.account_id
), entries AS (
    INSERT INTO entry (transaction_id, account_id, unit, amount)
    SELECT $1, $5::uuid, 'QRUB', -$6::bigint UNION ALL SELECT $1, id, 'QRUB', $6 FROM own
)
UPDATE balance SET amount = amount + $6, version = version + 1, booked_at = greatest(booked_at, $4) FROM own WHERE account_id = own.id
"""
_MOVE: Final = """
SELECT move_points($1, 'POINTS_OPENING', $1, $2, $2, $3, $4, 0, 0, 0, 'PROGRAMME', 'programme', 'opening')
"""
_LOT: Final = """
INSERT INTO points_lot (id, member_id, issuer, transaction_id, issued, remaining, status, issued_at, expires_at)
VALUES ($1, $2, NULL, $3, $4, $4, 'ACTIVE', $5, $6)
"""
_STANDING: Final = """
UPDATE member_standing AS s SET version = s.version + 1 FROM balance AS b
WHERE s.member_id = $1 AND b.account_id = s.qualifying_account
RETURNING b.amount AS accumulated, s.granted_tier, s.granted_until
"""
_GRANT: Final = """
INSERT INTO tier_grant (id, member_id, tier, until, reason, granted_at, granted_by, withdrawn_at, withdrawn_by)
VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, NULL)
"""
_GRANTED: Final = "UPDATE member_standing SET granted_tier = $2, granted_until = $3 WHERE member_id = $1"
# Nobody had a tier here before: the one brought along began where it began.
_BEGAN: Final = """
UPDATE tier_period SET since = $2 WHERE member_id = $1 AND until IS NULL AND reason = 'JOINED' AND since > $2
"""


async def claim(tx: Work, member: UUID, now: datetime) -> int:
    """Give a member whatever waits for a contact they have proved; say how many rows. The member's books are open."""
    waiting = await tx.fetch(_WAITING, member)
    if not waiting:
        return 0
    # The family before the member, as every command about points: what ran out meanwhile may go back to its pool.
    family = await clockwork.lock_kin(tx, member)
    if await tx.fetchval(_OPEN, member) is None:
        return 0
    programme = await programmes.settled(tx)
    await clockwork.settle_kin(tx, programme, member, now, locked=family)
    for row in waiting:
        await tx.execute(_IDENTIFY, uuid7(), member, row["system"], row["external_id"], now)
        if row["qualifying"]:
            await tx.execute(_COUNTED, uuid7(), member, row["id"], now, QUALIFIED, row["qualifying"])
        await _give_points(tx, member, row, now)
        await _place(tx, programme, member, row, now)
        await tx.execute(_TAKE, row["id"], member, now)
    await clockwork.move_kin(tx, programme, member, now)
    return len(waiting)


async def _give_points(tx: Work, member: UUID, row: Record, now: datetime) -> None:
    """One lot for each imported end. What has ended while it waited ends at its own moment."""
    lots = orjson.loads(row["lots"])
    if not lots:
        return
    await tx.execute("SELECT open_points($1)", member)
    for points, ends in lots:
        made = uuid7()
        await tx.execute(_MOVE, made, row["imported_at"], member, points)
        expires_at = None if ends is None else datetime.fromisoformat(ends)
        await tx.execute(_LOT, uuid7(), member, made, points, row["imported_at"], expires_at)
    await tx.execute("SELECT settle_points($1, $2)", member, now)


async def _place(tx: Work, programme: Programme, member: UUID, row: Record, now: datetime) -> None:
    """The tier that the facts mean now; one above them is a grant that ends."""
    standing = await tx.fetchrow(_STANDING, member)
    assert standing is not None  # noqa: S101 - its row is locked
    facts = await facts_of(programme, member, standing["accumulated"], grant_of(standing), now)
    tier = programme.tiers_by_id.get(row["tier"] or "")
    wants = tier is not None and tier.threshold > stand(programme, facts, now).tier.threshold
    if wants and row["tier_until"] is not None and row["tier_until"] > now and facts.grant is None:
        reason = f"imported from {row['system']}"
        await tx.execute(_GRANT, uuid7(), member, row["tier"], row["tier_until"], reason, now)
        await tx.execute(_GRANTED, member, row["tier"], row["tier_until"])
        granted = {"granted_tier": row["tier"], "granted_until": row["tier_until"]}
        facts = await facts_of(programme, member, standing["accumulated"], grant_of(granted), now)
    if row["tier_since"] is not None:
        await tx.execute(_BEGAN, member, row["tier_since"])
    placed = stand(programme, facts, now)
    at = now if row["tier_since"] is None or placed.tier.id != row["tier"] else row["tier_since"]
    await writing.begin(tx, member, placed.tier, at, reason="IMPORT", evidence=row["id"])
    await writing.wake(tx, member, writing.looks_at(facts, placed, now), now)
