"""What held at a moment that has passed: the version in force, and a member's tier; and which moment a till means."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.programme import Programme, Tier
from loyalty.refusals import Code, Refusal
from models import database
from services import programmes

# Below it a clock is as right as a till's needs to be; above it what it says is moved by how far it is off.
SKEW_TOLERATED: Final = timedelta(seconds=60)

_VERSION: Final = """
SELECT coalesce(max(version) FILTER (WHERE applied_at <= $1), min(version)) FROM programme_version
"""
# Strictly before: what is written in this moment, by a neighbour of the same queue perhaps, has not been yet.
_TIER: Final = """
SELECT tier FROM tier_period WHERE member_id = $1 ORDER BY (since < $2) DESC, CASE WHEN since < $2 THEN since END DESC,
    since, id DESC LIMIT 1
"""


async def programme_at(at: datetime) -> Programme:
    """The version in force at a moment; the first one for a moment before it."""
    number: int | None = await database.fetchval(_VERSION, at)
    if number is None:
        raise Refusal(Code.NOT_FOUND, "programme.none")
    return await programmes.version(number)


async def tier_at(member: UUID, programme: Programme, at: datetime) -> Tier:
    """The tier a member had at a moment; the first one before joining, or where this version has not that tier."""
    return programme.tiers_by_id.get(await database.fetchval(_TIER, member, at), programme.tiers[0])


def by_our_clock(moment: datetime, *, sent_at: datetime, now: datetime) -> datetime:
    """A moment of a terminal's clock by ours. `sent_at` is what its clock shows `now`."""
    return moment if abs(now - sent_at) <= SKEW_TOLERATED else moment + (now - sent_at)


def may_have_shown(moment: datetime, *, sent_at: datetime, now: datetime) -> list[datetime]:
    """The moments a code that was kept may have been shown at: as the terminal said, and by our clock."""
    return [moment, moment + (now - sent_at)]
