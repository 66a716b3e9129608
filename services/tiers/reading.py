"""What a member's tier follows from, read as of a moment.

For a lifetime window nothing is read beyond the member's row, and those of the family where families share their progress.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import day_begins
from loyalty.programme import Programme
from loyalty.tiers import Facts, Grant, Stand, stand, together
from loyalty.windows import AfterRefund, Return
from models import database
from models.database import Record

_DAYS: Final = """
SELECT member_id, (closed_at AT TIME ZONE $3)::date AS day, sum(accumulated - refunded_accumulated)::bigint AS amount
FROM purchase WHERE member_id = ANY ($1::uuid[]) AND closed_at >= $2 AND accumulated > refunded_accumulated
GROUP BY member_id, day
"""
_RETURNS: Final = """
SELECT p.member_id, (p.closed_at AT TIME ZONE $3)::date AS bought, (r.at AT TIME ZONE $3)::date AS day,
    sum(r.accumulated)::bigint AS amount
FROM purchase AS p JOIN refund AS r ON r.purchase_id = p.id
WHERE p.member_id = ANY ($1::uuid[]) AND p.closed_at >= $2 AND p.refunded_accumulated > 0 AND r.accumulated > 0
GROUP BY p.member_id, bought, day ORDER BY p.member_id, day, bought
"""
_KIN: Final = """
SELECT mine.member_id AS mine, mine.family_id, s.member_id, b.amount AS accumulated, s.tier_until
FROM family_seat AS mine
LEFT JOIN family_seat AS o ON o.family_id = mine.family_id AND o.left_at IS NULL AND o.member_id <> mine.member_id
LEFT JOIN member_standing AS s ON s.member_id = o.member_id LEFT JOIN balance AS b ON b.account_id = s.qualifying_account
WHERE mine.member_id = ANY ($1::uuid[]) AND mine.left_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts of a member's purchases by local day, and what came back of them where a tier may outlive it."""

    days: dict[date, int] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)

    def facts(self, accumulated: int, grant: Grant | None = None) -> Facts:
        """The facts of a tier, with the balance of the qualifying account and a grant."""
        return Facts(accumulated, self.days, grant, self.returns)


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who sits in the same family: kopecks that ever counted, and when the clock looks at the tier."""

    member: UUID
    accumulated: int
    tier_until: datetime | None


@dataclass(frozen=True, slots=True)
class Kin:
    """With whom a member shares progress. No family where he sits in none, or where families share no progress."""

    family: UUID | None = None
    others: Sequence[Other] = ()

    def is_due(self, now: datetime) -> bool:
        """Whether something is to be written of their tiers before what counts for them moves again."""
        return any(other.tier_until is not None and other.tier_until <= now for other in self.others)


NOBODY: Final = Kin()


def grant_of(row: Mapping[str, Any] | Record) -> Grant | None:
    """The grant of a row that has the columns `granted_tier` and `granted_until` of `member_standing`."""
    return None if row["granted_tier"] is None else Grant(row["granted_tier"], row["granted_until"])


async def spent_of(programme: Programme, members: Sequence[UUID], on: datetime) -> Mapping[UUID, Spent]:
    """What counted by local day, as far back as it may be felt at a moment. Nothing is read for a lifetime window.

    In an open unit of work it is read there, behind whatever locks the unit holds.
    """
    spent = {member: Spent() for member in members}
    window, zone = programme.tier_window, programme.time_zone
    if window.has_end and members:
        oldest = window.oldest_day(business_date(on, zone), len(programme.tiers))
        asked = (list(members), day_begins(oldest, zone), zone)
        for row in await database.fetch(_DAYS, *asked):
            spent[row["member_id"]].days[row["day"]] = row["amount"]
        if window.after_refund is AfterRefund.PERIOD_END:
            for row in await database.fetch(_RETURNS, *asked):
                spent[row["member_id"]].returns.append(Return(row["bought"], row["day"], row["amount"]))
    return spent


async def facts_of(
    programme: Programme, member: UUID, accumulated: int, grant: Grant | None, on: datetime, *, kin: Kin | None = None
) -> Facts:
    """The facts of a member whose row is known: `accumulated` is the balance of the qualifying account.

    `kin` is read where the caller has not, and the programme's families share their progress.
    """
    others = (await kin_of(programme, member) if kin is None else kin).others
    spent = await spent_of(programme, [member, *(other.member for other in others)], on)
    own = spent[member].facts(accumulated, grant)
    return together(own, [spent[other.member].facts(other.accumulated) for other in others])


async def facts_by_member(programme: Programme, rows: Sequence[Record], on: datetime) -> Mapping[UUID, Facts]:
    """The same of many members, whose rows have `accumulated` and the columns of a grant, by few statements."""
    kin = await _kin_by_member(programme, [row["member_id"] for row in rows])
    everybody = {row["member_id"] for row in rows} | {other.member for one in kin.values() for other in one.others}
    spent = await spent_of(programme, list(everybody), on)
    return {
        row["member_id"]: together(
            spent[row["member_id"]].facts(row["accumulated"], grant_of(row)),
            [spent[one.member].facts(one.accumulated) for one in kin.get(row["member_id"], NOBODY).others],
        )
        for row in rows
    }


async def stands(programme: Programme, member: UUID, accumulated: int, grant: Grant | None, now: datetime) -> Stand:
    """Where a member stands whose row is known."""
    return stand(programme, await facts_of(programme, member, accumulated, grant, now), now)


async def kin_of(programme: Programme, member: UUID) -> Kin:
    """With whom a member shares progress now. Nothing is read where families share none."""
    return (await _kin_by_member(programme, [member])).get(member, NOBODY)


async def _kin_by_member(programme: Programme, members: Sequence[UUID]) -> Mapping[UUID, Kin]:
    if not programme.shares_progress or not members:
        return {}
    families: dict[UUID, UUID] = {}
    others: dict[UUID, list[Other]] = {}
    for row in await database.fetch(_KIN, list(members)):
        families[row["mine"]] = row["family_id"]
        found = others.setdefault(row["mine"], [])
        if row["member_id"] is not None:
            found.append(Other(row["member_id"], row["accumulated"], row["tier_until"]))
    return {member: Kin(family, others[member]) for member, family in families.items()}
