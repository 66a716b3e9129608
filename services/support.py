"""Finding a member by whatever a caller can name: an address, a phone, the number of a card, an id."""

from typing import Final
from uuid import UUID

from models import database
from services.merging.reading import resolve
from services.phones import phone_or_none

FOUND_MAX: Final = 20
_SEARCH: Final = """
SELECT id, merged_into FROM member AS m WHERE m.id = $1 OR m.number = $2
    OR EXISTS (SELECT 1 FROM contact AS c WHERE c.member_id = m.id AND c.kind = 'EMAIL' AND c.value = $3)
    OR EXISTS (SELECT 1 FROM contact AS c WHERE c.member_id = m.id AND c.kind = 'PHONE' AND c.value = $4)
    OR EXISTS (SELECT 1 FROM card AS c WHERE c.member_id = m.id AND c.number = $2)
ORDER BY created_at, id LIMIT $5
"""


async def search(text: str) -> list[UUID]:
    """Ids of members that the text names: several where people share a phone."""
    typed = text.strip()
    digits = typed.replace(" ", "")
    phone = phone_or_none(typed)
    rows = await database.fetch(_SEARCH, _as_id(typed), digits, typed.lower(), phone, FOUND_MAX)
    # What named a profile that was made one with another leads to that one, for ever.
    found = [row["id"] if row["merged_into"] is None else await resolve(row["merged_into"]) for row in rows]
    return [member for member in dict.fromkeys(found) if member is not None]


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
