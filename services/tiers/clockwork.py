"""What time does to tiers, written down: windows that end, grants that run out, and the letter that tells the member.

Reads count all of it whether it is written or not, and every command that moves a member's tier writes it first. So this
may come late, twice, or in the middle of a crowd without anybody noticing.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.programme import Programme
from loyalty.tiers import Change, Facts, changes, stand
from models import database
from models.database import Record
from services import letters, programmes
from services.letter_words import Kind
from services.tiers import writing
from services.tiers.reading import facts_by_member, kin_of
from services.work import Contention, Work, again, work

MEMBERS_AT_ONCE: Final = 50

_IS_DUE: Final = "SELECT EXISTS (SELECT 1 FROM member_standing WHERE tier_until <= $1)"
_NEXT: Final = "SELECT min(tier_until) FROM member_standing WHERE tier_until > $1"
# A member whose row is held is served by the next round, or by whoever holds it.
_DUE: Final = """
SELECT member_id FROM member_standing WHERE tier_until <= $1 ORDER BY tier_until LIMIT $2 FOR UPDATE SKIP LOCKED
"""
# The member with the whole of his family; gives the family.
_LOCK: Final = """
SELECT own.family FROM (SELECT (SELECT family_id FROM family_seat WHERE member_id = $1 AND left_at IS NULL) AS family) AS own,
    lock_books(ARRAY[$1::uuid], ARRAY[own.family])
"""
_MARK: Final = "SELECT mark_tiers($1, $2)"
# Behind the lock: what was read with it might be older than what the lock waited for.
_STANDINGS: Final = """
SELECT s.member_id, b.amount AS accumulated, s.granted_tier, s.granted_until, s.tier_until, p.tier,
    (SELECT g.id FROM tier_grant AS g WHERE g.member_id = s.member_id AND g.until = s.granted_until
        AND g.withdrawn_at IS NULL) AS grant_id
FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account
JOIN tier_period AS p ON p.member_id = s.member_id AND p.until IS NULL
WHERE s.member_id = ANY ($1::uuid[]) AND s.tier_until <= $2 ORDER BY s.member_id
"""
_APPLIED: Final = "SELECT applied_at FROM programme_version WHERE version = $1"


async def is_due(now: datetime) -> bool:
    """Whether time has done anything that is not written yet."""
    due: bool = await database.fetchval(_IS_DUE, now)
    return due


async def next_due(now: datetime) -> datetime | None:
    """When time will do something to a tier next; None where nothing is to come."""
    due: datetime | None = await database.fetchval(_NEXT, now)
    return due


async def settle_due(now: datetime, *, members_at_once: int = MEMBERS_AT_ONCE) -> int:
    """Write everything that is due, in short transactions of some members each; say for how many members."""
    settled = 0
    while members := await settle_batch(now, members_at_once=members_at_once):
        settled += members
    return settled


async def settle_batch(now: datetime, *, members_at_once: int = MEMBERS_AT_ONCE) -> int:
    """Write what is due of some members, in one transaction; of how many. None: nothing is left, or others hold the rest."""
    return await again(lambda: _batch(now, members_at_once))


async def settle_member(member: UUID, now: datetime) -> None:
    """Write what is due of one member, and of whoever shares progress with him, waiting for their rows."""

    async def once() -> None:
        async with work() as tx:
            family = await lock_kin(tx, member)
            await settle_kin(tx, await programmes.settled(tx), member, now, locked=family)

    await again(once)


async def lock_kin(tx: Work, member: UUID) -> UUID | None:
    """Lock a member's row, and those of everybody in his family before it; gives the family."""
    family: UUID | None = await tx.fetchval(_LOCK, member)
    return family


async def settle_kin(tx: Work, programme: Programme, member: UUID, now: datetime, *, locked: UUID | None) -> None:
    """Write what is due of a member and of whoever shares progress with him. He and the family `locked` are.

    Raises Contention, to be tried again, when he joined or left meanwhile.
    """
    kin = await kin_of(programme, member)
    if programme.shares_progress and kin.family != locked:
        raise Contention
    await settle(tx, programme, [member, *(other.member for other in kin.others)], now)


async def move(tx: Work, programme: Programme, members: Sequence[UUID], now: datetime) -> None:
    """Write what facts of others have just done to the tiers of members. Their rows are locked, and nothing else is due."""
    if members:
        await tx.execute(_MARK, list(members), now)
        await settle(tx, programme, members, now)


async def move_kin(tx: Work, programme: Programme, member: UUID, now: datetime) -> None:
    """The same of whoever shares progress with a member whose facts have moved."""
    await move(tx, programme, [other.member for other in (await kin_of(programme, member)).others], now)


async def settle(tx: Work, programme: Programme, members: Sequence[UUID], now: datetime) -> int:
    """Write what is due of members whose rows are locked; say of how many."""
    rows = await tx.fetch(_STANDINGS, list(members), now)
    if not rows:
        return 0
    known = await facts_by_member(programme, rows, min(row["tier_until"] for row in rows))
    applied: datetime = await tx.fetchval(_APPLIED, programme.version)
    for row in rows:
        await _write(tx, programme, row, known[row["member_id"]], applied=applied, now=now)
    return len(rows)


async def _batch(now: datetime, members: int) -> int:
    async with work() as tx:
        rows = await tx.fetch(_DUE, now, members)
        held = [row["member_id"] for row in rows]
        return await settle(tx, await programmes.settled(tx), held, now) if held else 0


async def _write(
    tx: Work, programme: Programme, row: Record, facts: Facts, *, applied: datetime, now: datetime
) -> None:
    member, found = row["member_id"], changes(programme, facts, row["tier"], row["tier_until"], now)
    for change in found:
        reason = _reason(programme, change, applied)
        evidence = row["grant_id"] if reason == "GRANT_ENDED" else None
        await writing.begin(tx, member, change.tier, change.at, reason=reason, evidence=evidence)
    standing = stand(programme, facts, now)
    await writing.wake(tx, member, writing.looks_at(facts, standing, now), now)
    if found and found[-1].is_lower and _reason(programme, found[-1], applied) in {"WINDOW", "GRANT_ENDED"}:
        await letters.ask(tx, Kind.TIER_FELL, member, now)


def _reason(programme: Programme, change: Change, applied: datetime) -> str:
    if change.at == applied:
        return "PROGRAMME"
    if programme.shares_progress and not change.by_time:
        return "FAMILY"
    if change.ends_grant:
        return "GRANT_ENDED"
    return "WINDOW" if change.is_lower else "PURCHASE"
