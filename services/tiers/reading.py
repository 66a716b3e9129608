"""What a member's tier follows from, read as of a moment. For a lifetime window nothing is read beyond the member's row."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import day_begins
from loyalty.programme import Programme
from loyalty.tiers import Facts, Grant, Stand, stand
from loyalty.windows import Days
from models import database
from models.database import Record

_DAYS: Final = """
SELECT member_id, (closed_at AT TIME ZONE $3)::date AS day, sum(accumulated - refunded_accumulated)::bigint AS amount
FROM purchase WHERE member_id = ANY ($1::uuid[]) AND closed_at >= $2 AND accumulated > refunded_accumulated
GROUP BY member_id, day
"""


def grant_of(row: Mapping[str, Any] | Record) -> Grant | None:
    """The grant of a row that has the columns `granted_tier` and `granted_until` of `member_standing`."""
    return None if row["granted_tier"] is None else Grant(row["granted_tier"], row["granted_until"])


async def days_of(programme: Programme, members: Sequence[UUID], on: datetime) -> Mapping[UUID, Days]:
    """What counted by local day, as far back as it may be felt at a moment. Nothing is read for a lifetime window.

    In an open unit of work it is read there, behind whatever locks the unit holds.
    """
    days: dict[UUID, dict[date, int]] = {member: {} for member in members}
    if programme.tier_window.has_end and members:
        zone = programme.time_zone
        oldest = programme.tier_window.oldest_day(business_date(on, zone), len(programme.tiers))
        for row in await database.fetch(_DAYS, list(members), day_begins(oldest, zone), zone):
            days[row["member_id"]][row["day"]] = row["amount"]
    return days


async def facts_of(programme: Programme, member: UUID, accumulated: int, grant: Grant | None, on: datetime) -> Facts:
    """The facts of a member whose row is known: `accumulated` is the balance of the qualifying account."""
    days = await days_of(programme, [member], on)
    return Facts(accumulated, days[member], grant)


async def stands(programme: Programme, member: UUID, accumulated: int, grant: Grant | None, now: datetime) -> Stand:
    """Where a member stands whose row is known."""
    return stand(programme, await facts_of(programme, member, accumulated, grant, now), now)
