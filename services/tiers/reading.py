"""What a member's tier follows from, read as of a moment. For a lifetime window nothing is read beyond the member's row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import day_begins
from loyalty.programme import Programme
from loyalty.tiers import Facts, Grant, Stand, stand
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


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts of a member's purchases by local day, and what came back of them where a tier may outlive it."""

    days: dict[date, int] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)

    def facts(self, accumulated: int, grant: Grant | None) -> Facts:
        """The facts of a tier, with the balance of the qualifying account and a grant."""
        return Facts(accumulated, self.days, grant, self.returns)


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


async def facts_of(programme: Programme, member: UUID, accumulated: int, grant: Grant | None, on: datetime) -> Facts:
    """The facts of a member whose row is known: `accumulated` is the balance of the qualifying account."""
    return (await spent_of(programme, [member], on))[member].facts(accumulated, grant)


async def stands(programme: Programme, member: UUID, accumulated: int, grant: Grant | None, now: datetime) -> Stand:
    """Where a member stands whose row is known."""
    return stand(programme, await facts_of(programme, member, accumulated, grant, now), now)
