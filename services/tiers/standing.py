"""The tier of a member at a moment, for whoever knows no more than the member's id."""

from datetime import datetime
from uuid import UUID

from loyalty.programme import Programme, Tier
from services.ledger import standing_of
from services.tiers.reading import stands


async def tier_of(programme: Programme, member_id: UUID, now: datetime) -> Tier:
    """The tier. Raises NOT_FOUND for somebody whose books were never opened."""
    standing = await standing_of(member_id)
    return (await stands(programme, member_id, standing.accumulated, standing.grant, now)).tier
