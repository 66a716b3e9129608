"""What held at a moment that has passed: the version in force, and a member's tier."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.programme import Programme, Tier
from loyalty.refusals import Code, Refusal
from models import database
from services import programmes

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
