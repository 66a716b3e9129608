"""Whether a member is one of the staff: nobody decides about themselves."""

from typing import Final
from uuid import UUID

from services.work import Work

# Unproved contacts count too: whoever wrote their own into a profile knew whose it is.
_SAME_PERSON: Final = """
SELECT EXISTS (
    SELECT 1 FROM contact AS c JOIN staff AS s ON s.id = $2
        AND CASE c.kind WHEN 'EMAIL' THEN lower(s.email) = c.value ELSE s.phone = c.value END
    WHERE c.member_id = $1
)
"""


async def is_same_person(tx: Work, member: UUID, staff: UUID | None) -> bool:
    """Whether an address or a number of the member's is that of somebody of the staff. The operator's terminal is nobody."""
    same: bool = await tx.fetchval(_SAME_PERSON, member, staff)
    return same
