"""Points moved by hand, as the staff reads them: of one member, and all of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.goodwill import Moved
from loyalty.points import day_begins
from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Access
from models import database
from models.database import Record
from services.staff.acting import lacking

RIGHT: Final = "operation.manage"
SHOWN: Final = 10

_SELECT: Final = """
SELECT g.*, m.number, (SELECT name FROM staff WHERE id = g.asked_by) AS asker,
    (SELECT status FROM staff WHERE id = g.asked_by) AS asker_status,
    (SELECT name FROM staff WHERE id = g.decided_by) AS decider
FROM points_grant AS g JOIN member AS m ON m.id = g.member_id
"""
_ONE: Final = f"{_SELECT} WHERE g.id = $1"
_OF_MEMBER: Final = (
    f"{_SELECT} WHERE g.member_id = $1 ORDER BY g.state = 'WAITING' DESC, g.asked_at DESC, g.id DESC LIMIT $2"
)
_PAGE: Final = f"""{_SELECT}
WHERE ($2::timestamptz IS NULL OR (g.asked_at, g.id) < ($2, $3))
    AND ($4::text IS NULL OR g.state = $4 AND (g.state <> 'WAITING' OR g.expires_at > $5)
        OR $4 = 'EXPIRED' AND g.state = 'WAITING' AND g.expires_at <= $5)
ORDER BY g.asked_at DESC, g.id DESC LIMIT $1
"""
# What waits is decided within `four_eyes.LIFE`, so that nothing posted on a day was asked for earlier than so long before it.
_MOVED: Final = """
SELECT coalesce(sum(abs(points)) FILTER (WHERE member_id = $1), 0)::bigint AS member,
    coalesce(sum(abs(points)) FILTER (WHERE member_id = $1 AND decided_by IS NULL), 0)::bigint AS member_alone,
    coalesce(sum(abs(points)) FILTER (WHERE asked_by = $2 AND decided_by IS NULL), 0)::bigint AS operator_alone
FROM points_grant
WHERE (member_id = $1 OR asked_by = $2) AND asked_at >= $3::timestamptz - interval '7 days' AND state = 'DONE' AND posted_at >= $3 AND posted_at < $4 AND (points > 0) = ($5 > 0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsGrant:
    """Points given by hand, or taken (below zero): done, or waiting for a second person, or what became of that."""

    id: UUID
    member: UUID
    number: str
    points: int
    reason: str
    state: str
    asked_by: UUID
    asker: str
    asker_is_active: bool
    asked_at: datetime
    expires_at: datetime | None
    decider: str | None
    decided_at: datetime | None
    decision_reason: str | None

    def state_at(self, now: datetime) -> str:
        """WAITING, DONE, REJECTED, or EXPIRED for what waited too long."""
        over = self.state == "WAITING" and self.expires_at is not None and self.expires_at <= now
        return "EXPIRED" if over else self.state


def may_read(access: Access) -> bool:
    """Whether somebody sees and moves points by hand: they are the programme's, so for the whole of it."""
    return access.within(RIGHT, PROGRAMME)


async def one(grant: UUID) -> PointsGrant:
    """Points moved by hand by their id. Raises NOT_FOUND."""
    row = await database.fetchrow(_ONE, grant)
    if row is None:
        raise Refusal(Code.NOT_FOUND, "staff.request_not_found", field="id")
    return _facts(row)


async def of_member(member: UUID) -> list[PointsGrant]:
    """What was moved of a member by hand: what waits, then the newest; ten at most."""
    return [_facts(row) for row in await database.fetch(_OF_MEMBER, member, SHOWN)]


async def page(
    access: Access, *, rows: int, after: tuple[datetime, UUID] | None, state: str | None, now: datetime
) -> list[PointsGrant]:
    """At most `rows`, the newest first. Raises FORBIDDEN for whoever holds the right at a part of the programme alone."""
    if not may_read(access):
        raise lacking(RIGHT)
    at, last = after or (None, None)
    return [_facts(row) for row in await database.fetch(_PAGE, rows, at, last, state, now)]


async def moved(member: UUID, operator: UUID | None, points: int, now: datetime, time_zone: str) -> Moved:
    """What was moved by hand in the direction of `points` on the local day of a moment."""
    day = business_date(now, time_zone)
    ends = day_begins(day, time_zone), day_begins(day + timedelta(days=1), time_zone)
    row = await database.fetchrow(_MOVED, member, operator, *ends, points)
    assert row is not None  # noqa: S101 - sums have one row
    return Moved(row["member"], row["member_alone"], row["operator_alone"])


def _facts(row: Record) -> PointsGrant:
    return PointsGrant(
        id=row["id"],
        member=row["member_id"],
        number=row["number"],
        points=row["points"],
        reason=row["reason"],
        state=row["state"],
        asked_by=row["asked_by"],
        asker=row["asker"],
        asker_is_active=row["asker_status"] == "ACTIVE",
        asked_at=row["asked_at"],
        expires_at=row["expires_at"],
        decider=row["decider"],
        decided_at=row["decided_at"],
        decision_reason=row["decision_reason"],
    )
