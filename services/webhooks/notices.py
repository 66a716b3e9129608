"""Telling people that an address was disabled: whoever entered it, and who runs the points of sale there."""

from datetime import datetime
from typing import Final
from uuid import UUID

from services.staff import letters
from services.staff.letter_words import Kind
from services.work import Work

READERS_MAX: Final = 3
_READERS: Final = """
SELECT a.id FROM webhook_endpoint AS e JOIN staff AS a ON a.status = 'ACTIVE'
LEFT JOIN staff_grant AS g ON g.staff_id = a.id AND g.scope IN ('', e.partner)
LEFT JOIN staff_role AS o ON o.id = g.role_id
WHERE e.id = $1 AND (a.id = e.created_by OR 'pos.manage' = ANY (coalesce(o.rights, ARRAY[g.right_code::text])))
GROUP BY a.id, e.created_by ORDER BY a.id IS DISTINCT FROM e.created_by, max(g.scope) DESC NULLS LAST, a.id LIMIT $2
"""


async def ask(tx: Work, endpoint: UUID, now: datetime) -> int:
    """Have the letters written once the caller's transaction has committed; say how many."""
    readers = await tx.fetch(_READERS, endpoint, READERS_MAX)
    for reader in readers:
        await letters.ask(tx, Kind.WEBHOOK_DISABLED, reader["id"], now)
    return len(readers)
