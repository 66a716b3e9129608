"""The locks of a merge and of its undoing, and what both write of tiers behind them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.programme import Programme
from loyalty.tiers import stand
from services import programmes
from services.families import locking
from services.tiers import clockwork, writing
from services.tiers.reading import facts_of, grant_of
from services.work import Contention, Work

PATIENCE_SECONDS: Final = 2.0
_FAMILIES: Final = "SELECT member_id, family_id FROM family_seat WHERE member_id = ANY ($1::uuid[]) AND left_at IS NULL"
_MEMBERS: Final = "SELECT id, status FROM member WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE"
_SETTLE: Final = "SELECT settle_points($1, $2)"
_SETTLE_POOL: Final = "SELECT settle_pool($1, $2)"
_STANDING: Final = """
SELECT b.amount AS accumulated, s.granted_tier, s.granted_until
FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account WHERE s.member_id = $1
"""


async def lock(tx: Work, members: Sequence[UUID], now: datetime) -> dict[UUID, UUID]:
    """Lock members with whole families and write what time has done to them; who sits in which family.

    Raises Contention, to be tried again, when somebody joined or left meanwhile.
    """
    before = await _families(tx, members)
    await locking.lock(tx, list(members), sorted(set(before.values())), PATIENCE_SECONDS)
    if await _families(tx, members) != before:
        raise Contention
    for family in sorted(set(before.values())):
        await tx.execute(_SETTLE_POOL, family, now)
    for member in sorted(members):
        await tx.execute(_SETTLE, member, now)
    programme = await programmes.settled(tx)
    for member in sorted(members):
        await clockwork.settle_kin(tx, programme, member, now, locked=_locked(programme, before.get(member)))
    return before


async def statuses(tx: Work, members: Sequence[UUID]) -> dict[UUID, str]:
    """Who of them is there, and as what; their rows are locked."""
    return {row["id"]: row["status"] for row in await tx.fetch(_MEMBERS, list(members))}


async def place(tx: Work, members: Sequence[UUID], now: datetime, *, evidence: UUID) -> None:
    """Write the tiers that hold after facts went from one member to another, and those of whoever shares progress."""
    programme = await programmes.settled(tx)
    for member in members:
        row = await tx.fetchrow(_STANDING, member)
        assert row is not None  # noqa: S101 - its row is locked
        facts = await facts_of(programme, member, row["accumulated"], grant_of(row), now)
        standing = stand(programme, facts, now)
        await writing.begin(tx, member, standing.tier, now, reason="MERGED", evidence=evidence)
        await writing.wake(tx, member, writing.looks_at(facts, standing, now), now)
    for member in members:
        await clockwork.move_kin(tx, programme, member, now)


async def _families(tx: Work, members: Sequence[UUID]) -> dict[UUID, UUID]:
    return {row["member_id"]: row["family_id"] for row in await tx.fetch(_FAMILIES, list(members))}


def _locked(programme: Programme, family: UUID | None) -> UUID | None:
    return family if programme.shares_progress else None
