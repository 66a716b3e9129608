"""Points that end soon, told ahead: found by night, written when it is day where their owner is (C-13).

What ends on one local day of its owner is one message, whatever lots it lies in. It is written in the moment in which it
goes, so it names what is left then, and nothing goes where nothing is left. What somebody gave to a family's pool is told to
the giver, in a message of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from loyalty.business_days import business_date
from loyalty.messages import Cause
from loyalty.points import announcement, last_day
from loyalty.programme import Programme
from models import database
from models.database import Record
from services import programmes
from services.messages.eligibility import daytime, zone_of
from services.messages.planning import NOTICE_LIFE, Draft, cascade, plan
from services.points.announcement_words import Ending, words
from services.points.balances import balance_of
from services.resources import Resources
from services.work import Later, work

JOB: Final = "points.announce"
MEMBERS_AT_ONCE: Final = 500
# A day of a far zone may begin or end a day earlier or later than the programme's.
ZONES_APART: Final = timedelta(days=2)

_MEMBERS: Final = "SELECT member_id FROM member_points WHERE member_id > $1 ORDER BY member_id LIMIT $2"
_ENDING: Final = """
SELECT l.member_id, l.expires_at, min(l.issued_at) AS issued_at, c.value AS phone
FROM points_lot AS l JOIN member AS m ON m.id = l.member_id AND m.status IN ('ACTIVE', 'BLOCKED')
LEFT JOIN contact AS c ON c.member_id = m.id AND c.kind = 'PHONE' AND c.verified_at IS NOT NULL
WHERE l.member_id = ANY ($1::uuid[]) AND l.remaining > 0 AND l.expires_at > $2 AND l.expires_at < $3
GROUP BY l.member_id, l.expires_at, c.value ORDER BY l.member_id, l.expires_at
"""
_SHARED: Final = """
SELECT s.member_id, l.expires_at, min(l.issued_at) AS issued_at, c.value AS phone
FROM family_seat AS s JOIN points_lot AS l ON l.family_id = s.family_id AND l.contributor_id = s.member_id
JOIN member AS m ON m.id = s.member_id AND m.status IN ('ACTIVE', 'BLOCKED')
LEFT JOIN contact AS c ON c.member_id = m.id AND c.kind = 'PHONE' AND c.verified_at IS NOT NULL
WHERE s.member_id = ANY ($1::uuid[]) AND s.left_at IS NULL AND l.remaining > 0 AND l.expires_at > $2 AND l.expires_at < $3
GROUP BY s.member_id, l.expires_at, c.value ORDER BY s.member_id, l.expires_at
"""
_GIVEN: Final = """
SELECT l.remaining AS points, l.expires_at FROM family_seat AS s
JOIN points_lot AS l ON l.family_id = s.family_id AND l.contributor_id = s.member_id
WHERE s.member_id = $1 AND s.left_at IS NULL AND l.remaining > 0 AND l.expires_at > $2
"""
_READER: Final = """
SELECT m.locale, c.value AS phone FROM member AS m
LEFT JOIN contact AS c ON c.member_id = m.id AND c.kind = 'PHONE' AND c.verified_at IS NOT NULL
WHERE m.id = $1 AND m.status IN ('ACTIVE', 'BLOCKED')
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at some members brought: how many jobs were new, and the last of the members. None: there are no more."""

    announced: int
    last: UUID | None


async def look(after: UUID, now: datetime, *, members: int = MEMBERS_AT_ONCE) -> Found:
    """Have the next members behind `after` told of what ends soon. A second look finds everything written."""
    programme = await programmes.newest(now)
    if programme is None or programme.points is None or not programme.points.announce_days:
        return Found(0, None)
    async with work() as tx:
        ids = [row["member_id"] for row in await tx.fetch(_MEMBERS, after, members)]
        until = now + timedelta(days=max(programme.points.announce_days)) + ZONES_APART
        jobs = _all_due(programme, await tx.fetch(_ENDING, ids, now, until), now)
        if programme.family is not None and programme.family.pool:
            jobs += _all_due(programme, await tx.fetch(_SHARED, ids, now, until), now, shared=True)
        announced = await tx.enqueue_all(JOB, jobs, now=now) if jobs else 0
    return Found(announced, ids[-1] if len(ids) == members else None)


async def announce(payload: Mapping[str, object], resources: Resources, now: datetime) -> None:
    """Write one announcement with what is left by now. Doing so twice writes it once."""
    member, day = UUID(str(payload["member_id"])), date.fromisoformat(str(payload["day"]))
    programme = await programmes.current(now)
    reader = await database.fetchrow(_READER, member)
    if reader is None or programme.points is None:
        return
    zone, shared = _zone(reader["phone"], programme), bool(payload.get("shared"))
    lots, most = await (_given(member, now) if shared else _own(member, now))
    ending = [(points, ends) for points, ends in lots if last_day(ends, zone.key) == day]
    left = min(sum(points for points, _ in ending), most)
    if left <= 0:
        return
    ends = min(ends for _, ends in ending)
    said = words(Ending(left, day, ends.astimezone(zone), shared=shared), programme, reader["locale"], now)
    async with work() as tx:
        draft = Draft(
            member_id=member,
            cause=Cause.SERVICE,
            channels=cascade(resources.channels),
            text=said.text,
            subject=said.subject,
            dedupe_key=f"{JOB}|{_key(member, day, payload['ahead'], shared=shared)}",
            by_day=True,
            expires_at=min(ends, now + NOTICE_LIFE),
        )
        await plan(tx, draft, resources.policy, now)


async def _own(member: UUID, now: datetime) -> tuple[list[tuple[int, datetime]], int]:
    """(points, end) of one's own lots, and the most that can be told of them: a debt is paid first, from what ends first."""
    balance = await balance_of(member, now)
    lots = [(lot.points, lot.expires_at) for lot in balance.lots if lot.expires_at is not None]
    return lots, balance.available + balance.pending


async def _given(member: UUID, now: datetime) -> tuple[list[tuple[int, datetime]], int]:
    """The same of what is left in the pool of what somebody gave."""
    lots = [(row["points"], row["expires_at"]) for row in await database.fetch(_GIVEN, member, now)]
    return lots, sum(points for points, _ in lots)


def _all_due(programme: Programme, rows: Sequence[Record], now: datetime, *, shared: bool = False) -> list[Later]:
    by_member = groupby(rows, lambda row: row["member_id"])
    return [job for _, mine in by_member for job in _due(programme, [*mine], now, shared=shared)]


def _key(member: object, day: object, ahead: object, *, shared: bool) -> str:
    """What makes an announcement one in the life of the house."""
    return f"{member}|{day}|{ahead}|shared" if shared else f"{member}|{day}|{ahead}"


def _due(programme: Programme, rows: Sequence[Record], now: datetime, *, shared: bool) -> list[Later]:
    """The announcements of one member: of every local day on which something ends, the one whose time has come."""
    assert programme.points is not None  # noqa: S101 - the caller looked
    zone = _zone(rows[0]["phone"], programme)
    told_at = daytime(now, zone)
    today = business_date(told_at, zone.key)
    jobs = []
    for day, lots in groupby(rows, lambda row: last_day(row["expires_at"], zone.key)):
        came = min(business_date(row["issued_at"], zone.key) for row in lots)
        left, whole = (day - today).days, (day - came).days
        ahead = announcement(programme.points.announce_days, left=left, whole=whole)
        if left >= 0 and ahead is not None:
            member = str(rows[0]["member_id"])
            payload: dict[str, object] = {"member_id": member, "day": day.isoformat(), "ahead": ahead}
            payload |= {"shared": True} if shared else {}
            jobs.append(Later(payload, told_at, _key(member, day, ahead, shared=shared)))
    return jobs


def _zone(phone: str | None, programme: Programme) -> ZoneInfo:
    return zone_of(phone) or ZoneInfo(programme.time_zone)
