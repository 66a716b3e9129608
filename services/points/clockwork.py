"""What time does to points, written down: reservations that ran out, points that became usable, points that ended.

Reads count all of it whether it is written or not, and every command that moves a member's points writes it first. So
this may come late, twice, or in the middle of a crowd without anybody noticing.
"""

from datetime import datetime
from typing import Final

from models import database
from services.work import again, work

MEMBERS_AT_ONCE: Final = 100

_IS_DUE: Final = """
SELECT EXISTS (SELECT 1 FROM points_hold WHERE status = 'ACTIVE' AND expires_at <= $1)
    OR EXISTS (SELECT 1 FROM points_lot WHERE status = 'PENDING' AND remaining > 0 AND activates_at <= $1)
    OR EXISTS (SELECT 1 FROM points_lot WHERE status = 'ACTIVE' AND remaining > 0 AND expires_at <= $1)
"""
_NEXT: Final = """
SELECT least(
    (SELECT min(expires_at) FROM points_hold WHERE status = 'ACTIVE' AND expires_at > $1),
    (SELECT min(activates_at) FROM points_lot WHERE status = 'PENDING' AND remaining > 0 AND activates_at > $1),
    (SELECT min(expires_at) FROM points_lot WHERE status = 'ACTIVE' AND remaining > 0 AND expires_at > $1))
"""
# A member whose row or family is held is served by the next round, or by whoever holds it.
_SETTLE: Final = """
WITH due AS MATERIALIZED (
    (SELECT member_id FROM points_hold WHERE status = 'ACTIVE' AND expires_at <= $1 ORDER BY expires_at LIMIT $2)
    UNION
    (SELECT member_id FROM points_lot WHERE status = 'PENDING' AND remaining > 0 AND activates_at <= $1
        ORDER BY activates_at LIMIT $2)
    UNION
    (SELECT member_id FROM points_lot WHERE status = 'ACTIVE' AND remaining > 0 AND expires_at <= $1
        AND member_id IS NOT NULL ORDER BY expires_at LIMIT $2)
), seats AS MATERIALIZED (
    SELECT member_id, family_id FROM family_seat WHERE left_at IS NULL AND member_id IN (SELECT member_id FROM due)
), families AS MATERIALIZED (
    SELECT id FROM family WHERE id IN (SELECT family_id FROM seats) ORDER BY id FOR UPDATE SKIP LOCKED
), held AS MATERIALIZED (
    SELECT member_id FROM member_standing
    WHERE member_id IN (SELECT member_id FROM due EXCEPT
        SELECT member_id FROM seats WHERE family_id NOT IN (SELECT id FROM families))
    ORDER BY member_id LIMIT $2 FOR UPDATE SKIP LOCKED
)
SELECT coalesce(sum(settle_points(member_id, $1)), 0)::bigint FROM held
"""
# A pool whose points have ended; those who sit there are locked with it.
_POOL: Final = """
SELECT id FROM family WHERE id IN (
    SELECT family_id FROM points_lot WHERE status = 'ACTIVE' AND remaining > 0 AND expires_at <= $1
        AND family_id IS NOT NULL ORDER BY expires_at LIMIT $2
) LIMIT 1 FOR UPDATE SKIP LOCKED
"""
_LOCK_POOL: Final = "SELECT lock_books('{}', ARRAY[$1::uuid])"
_SETTLE_POOL: Final = "SELECT settle_pool($1, $2)"


async def is_due(now: datetime) -> bool:
    """Whether time has done anything that is not written yet."""
    due: bool = await database.fetchval(_IS_DUE, now)
    return due


async def next_due(now: datetime) -> datetime | None:
    """When time will do something to points next; None where nothing is to come."""
    due: datetime | None = await database.fetchval(_NEXT, now)
    return due


async def settle_due(now: datetime, *, members_at_once: int = MEMBERS_AT_ONCE) -> int:
    """Write everything that is due, in short transactions of some members each; say in how many steps."""
    settled = 0
    while steps := await settle_batch(now, members_at_once=members_at_once):
        settled += steps
    while steps := await settle_pool(now):
        settled += steps
    return settled


async def settle_batch(now: datetime, *, members_at_once: int = MEMBERS_AT_ONCE) -> int:
    """Write what is due to some members, and say in how many steps; 0 when nothing is due to anybody within reach."""
    return await again(lambda: _batch(now, members_at_once))


async def settle_pool(now: datetime) -> int:
    """Write what is due to one family's pool, and say in how many steps; 0 when nothing is due to any within reach."""
    return await again(lambda: _pool(now))


async def _batch(now: datetime, members: int) -> int:
    async with work() as tx:
        steps: int = await tx.fetchval(_SETTLE, now, members)
    return steps


async def _pool(now: datetime) -> int:
    async with work() as tx:
        pot = await tx.fetchval(_POOL, now, MEMBERS_AT_ONCE)
        if pot is None:
            return 0
        await tx.execute(_LOCK_POOL, pot)
        steps: int = await tx.fetchval(_SETTLE_POOL, pot, now)
    return steps
