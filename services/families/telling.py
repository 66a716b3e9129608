"""A hint to the phones of a family after a purchase or a return that moved what it shares."""

from datetime import datetime
from typing import Final
from uuid import UUID

from models import database
from services.resources import Resources

_TOLD: Final = """
INSERT INTO card_activity (member_id, kind, purchase_id, at)
SELECT o.member_id, 'FAMILY_CHANGED', NULL, $2 FROM family_seat AS mine
JOIN family_seat AS o ON o.family_id = mine.family_id AND o.left_at IS NULL AND o.member_id <> mine.member_id
WHERE mine.member_id = $1 AND mine.left_at IS NULL RETURNING member_id
"""


async def tell_others(resources: Resources, member: UUID, now: datetime) -> None:
    """Tell whoever sits with a member that the family has changed. What changed it is written already."""
    for row in await database.fetch(_TOLD, member, now):
        resources.bus.publish(row["member_id"], "FAMILY_CHANGED", None, now)
