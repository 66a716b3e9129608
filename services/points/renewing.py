"""A receipt that comes after its reservation ran out: the same points are put aside anew, if they are still there."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.programme import Programme
from services.families import pool
from services.points import holding
from services.points.holding import Hold, Spender
from services.work import Work, again, work

_STANDS: Final = "SELECT EXISTS (SELECT 1 FROM points_hold WHERE quote_id = $1 AND status IN ('ACTIVE', 'COMMITTED'))"


async def renew(spender: Spender, quote: UUID, hold: Hold, programme: Programme, *, now: datetime) -> bool:
    """Put the points of a hold that ran out aside again, all of them or none; whether they are.

    Who said yes to them is not asked again. Who did not have to may have to now: several quotes of one ticket, each too
    small to ask about, are together what the guest must be asked about. The caller stands in the member's line already.
    """
    agreed = hold.confirmation == "GIVEN"
    terms = programme.points
    if terms is None:
        return False

    async def once() -> bool:
        async with work() as tx:
            shares = hold.from_family is not None
            family = await holding.lock(tx, spender.member, holding.LOCK_SECONDS, whole_family=shares)
            await holding.settle(tx, spender.member, now, family=family)
            if await tx.fetchval(_STANDS, quote):
                return True  # a rival with the same quote was first
            purse = await pool.locked_purse(tx, spender.member, programme.family, now) if shares else None
            missing = hold.points - await _available(tx, spender.member)
            # What was agreed is the upper end of what the family pays; fewer of its points are as good.
            if missing > min(hold.from_family or 0, 0 if purse is None else purse.usable):
                return False
            made = await holding.reserve(
                *(tx, spender, quote, terms),
                zone=programme.time_zone,
                most=hold.points,
                agreed=agreed,
                now=now,
                purse=purse,
            )
            return made is not None

    return await again(once)


async def _available(tx: Work, member: UUID) -> int:
    available: int | None = await tx.fetchval("SELECT available FROM member_points WHERE member_id = $1", member)
    return available or 0
