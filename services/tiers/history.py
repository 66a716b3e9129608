"""A member's tiers one after another, and the grant in force."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.programme import Programme, Tier
from loyalty.texts import Text
from models import database
from models.database import Record
from services import programmes

_PAGE: Final = """
SELECT p.id, p.tier, p.since, p.until, p.reason, g.campaign, b.programme_version
FROM tier_period AS p LEFT JOIN tier_grant AS g ON g.id = p.evidence AND p.reason = 'CAMPAIGN'
LEFT JOIN purchase AS b ON b.id = g.purchase_id WHERE p.member_id = $1
    AND ($3::timestamptz IS NULL OR (p.since, p.id) < ($3, $4)) ORDER BY p.since DESC, p.id DESC LIMIT $2
"""
_GRANT: Final = """
SELECT id, member_id, tier, until, reason, granted_at FROM tier_grant
WHERE member_id = $1 AND withdrawn_at IS NULL AND until > $2
"""
_BY_ID: Final = "SELECT id, member_id, tier, until, reason, granted_at FROM tier_grant WHERE id = $1"


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A stretch of a member's history. `until` is None for the tier of now; `campaign` is what gave the tier, if one did."""

    id: UUID
    tier: Tier
    since: datetime
    until: datetime | None
    reason: str
    campaign: Text | None = None


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A tier given by hand."""

    id: UUID
    member: UUID
    tier: Tier
    until: datetime
    reason: str
    granted_at: datetime


async def page(
    member: UUID, programme: Programme, *, rows: int, after: tuple[datetime, UUID] | None = None
) -> list[PeriodFacts]:
    """At most `rows` periods of a member behind the place `after`, newest first."""
    found = await database.fetch(_PAGE, member, rows, *(after or (None, None)))
    return [
        PeriodFacts(
            *(row["id"], await _named(row["tier"], programme), row["since"], row["until"], row["reason"]),
            campaign=await _campaign(row),
        )
        for row in found
    ]


async def grant_in_force(member: UUID, programme: Programme, now: datetime) -> GrantFacts | None:
    """The grant a member has."""
    row = await database.fetchrow(_GRANT, member, now)
    return None if row is None else await _grant(row, programme)


async def grant_by_id(grant: UUID, programme: Programme) -> GrantFacts:
    """A grant whose id the caller was given, so it is there."""
    row = await database.fetchrow(_BY_ID, grant)
    assert row is not None  # noqa: S101 - grants are never deleted
    return await _grant(row, programme)


async def _campaign(row: Record) -> Text | None:
    """The campaign that gave a tier, by the words of the version that gave it."""
    if row["campaign"] is None:
        return None
    promotions = (await programmes.version(row["programme_version"])).promotions
    assert promotions is not None  # noqa: S101 - it gave this tier
    return promotions.by_id[row["campaign"]].name


async def _grant(row: Record, programme: Programme) -> GrantFacts:
    tier = await _named(row["tier"], programme)
    return GrantFacts(row["id"], row["member_id"], tier, row["until"], row["reason"], row["granted_at"])


async def _named(tier: str, programme: Programme) -> Tier:
    """A tier by its slug: of the version in force, or of the newest one that had it."""
    for number in range(programme.version, 0, -1):
        known = (programme if number == programme.version else await programmes.version(number)).tiers_by_id
        if tier in known:
            return known[tier]
    msg = f"no version of the programme has the tier {tier}"
    raise LookupError(msg)
