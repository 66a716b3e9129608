"""Tiers that end soon, told ahead: found by night, written when it is day where their owner is.

As with points that end, it is written in the moment in which it goes. Whoever has bought enough meanwhile hears nothing,
and one whose tier now ends on another day is told of that day in its time.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from loyalty.business_days import business_date
from loyalty.messages import Cause
from loyalty.points import announcement, last_day
from loyalty.programme import Programme
from loyalty.tiers import Facts, holds_of, level_at, stand
from models import database
from models.database import Record
from services import programmes
from services.messages.eligibility import daytime, zone_of
from services.messages.planning import NOTICE_LIFE, Draft, cascade, plan
from services.points.announcing import ZONES_APART, Found
from services.resources import Resources
from services.tiers.announcement_words import Ending, words
from services.tiers.reading import facts_by_member, facts_of, grant_of
from services.work import Later, work

JOB: Final = "tiers.announce"
MEMBERS_AT_ONCE: Final = 500

# Whatever the clock looks for first, it comes no later than the end of a tier.
_ENDING: Final = """
SELECT s.member_id, b.amount AS accumulated, s.granted_tier, s.granted_until, p.since, m.locale, c.value AS phone
FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account
JOIN tier_period AS p ON p.member_id = s.member_id AND p.until IS NULL
JOIN member AS m ON m.id = s.member_id AND m.status IN ('ACTIVE', 'BLOCKED')
LEFT JOIN contact AS c ON c.member_id = m.id AND c.kind = 'PHONE' AND c.verified_at IS NOT NULL
"""
_SOON: Final = f"""{_ENDING}
WHERE s.member_id > $1 AND s.tier_until > $2 AND s.tier_until < $3 ORDER BY s.member_id LIMIT $4
"""
_ONE: Final = f"{_ENDING} WHERE s.member_id = $1"


async def look(after: UUID, now: datetime, *, members: int = MEMBERS_AT_ONCE) -> Found:
    """Have the next members behind `after` told of a tier that ends soon. A second look finds everything written."""
    programme = await programmes.newest(now)
    if programme is None or not programme.tier_window.announce_days:
        return Found(0, None)
    until = now + timedelta(days=max(programme.tier_window.announce_days)) + ZONES_APART
    async with work() as tx:
        rows = await tx.fetch(_SOON, after, now, until, members)
        known = await facts_by_member(programme, rows, now)
        jobs = []
        for row in rows:
            jobs += _due(programme, row, known[row["member_id"]], now)
        announced = await tx.enqueue_all(JOB, jobs, now=now) if jobs else 0
    return Found(announced, rows[-1]["member_id"] if len(rows) == members else None)


async def announce(payload: Mapping[str, object], resources: Resources, now: datetime) -> None:
    """Write one announcement with what keeps the tier by now. Doing so twice writes it once."""
    member, day = UUID(str(payload["member_id"])), date.fromisoformat(str(payload["day"]))
    programme = await programmes.current(now)
    row = await database.fetchrow(_ONE, member)
    if row is None:
        return
    zone = _zone(row["phone"], programme)
    facts = await facts_of(programme, member, row["accumulated"], grant_of(row), now)
    standing = stand(programme, facts, now)
    if standing.until is None or last_day(standing.until, zone.key) != day:
        return
    then = programme.tiers[level_at(holds_of(programme, facts), standing.until)]
    ending = Ending(standing.tier, day, standing.until.astimezone(zone), then, standing.keep)
    said = words(ending, programme, row["locale"], now)
    async with work() as tx:
        draft = Draft(
            member_id=member,
            cause=Cause.SERVICE,
            channels=cascade(resources.channels),
            text=said.text,
            subject=said.subject,
            dedupe_key=f"{JOB}|{member}|{day}|{payload['ahead']}",
            by_day=True,
            expires_at=min(standing.until, now + NOTICE_LIFE),
        )
        await plan(tx, draft, resources.policy, now)


def _due(programme: Programme, row: Record, facts: Facts, now: datetime) -> list[Later]:
    """The announcement of one member whose time has come, if any."""
    ends = stand(programme, facts, now).until
    if ends is None:
        return []
    zone = _zone(row["phone"], programme)
    told_at = daytime(now, zone)
    day = last_day(ends, zone.key)
    # Each purchase may move the end: an end that is nearer than an announcement since yesterday has none of that one to come.
    moved = max((business_date(row["since"], zone.key), *facts.days, *(one.day for one in facts.returns)))
    left = (day - business_date(told_at, zone.key)).days
    ahead = announcement(programme.tier_window.announce_days, left=left, whole=(day - moved).days)
    if left < 0 or ahead is None:
        return []
    payload: dict[str, object] = {"member_id": str(row["member_id"]), "day": day.isoformat(), "ahead": ahead}
    return [Later(payload, told_at, f"{row['member_id']}|{day}|{ahead}")]


def _zone(phone: str | None, programme: Programme) -> ZoneInfo:
    return zone_of(phone) or ZoneInfo(programme.time_zone)
