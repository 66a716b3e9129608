"""Whom a letter about a change of address goes to: the new address, the one of before, or whoever has it already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models.database import Record
from services.letter_kinds import Kind
from services.work import Work

KINDS: Final = frozenset({Kind.EMAIL_ASKED, Kind.EMAIL_CHANGE, Kind.EMAIL_CHANGED})

_CHANGE: Final = """
SELECT e.address, e.old_address, e.code_until, e.expires_at, e.ended_at, e.done_at FROM email_change AS e
WHERE e.id = $1 AND e.member_id = $2
"""
_OWNER: Final = """
SELECT m.first_name, m.locale FROM contact AS c JOIN member AS m ON m.id = c.member_id
WHERE c.kind = 'EMAIL' AND c.value = $1 AND c.verified_at IS NOT NULL AND m.id <> $2
"""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter about a change of address: its kind and reader, the address to name in it, and whether its code counts."""

    kind: Kind
    to: str
    name: str
    locale: str
    told: str
    with_code: bool = False


async def addressed(
    tx: Work, kind: Kind, change_id: UUID, member_id: UUID, reader: Record, *, now: datetime
) -> Addressed | None:
    """Whom the letter goes to, asked in the moment it is written; None where it has lost its sense.

    Whether somebody else has the new address is asked here and not where the change is: so nothing tells it to whoever
    asked, and its owner alone hears of it.
    """
    change = await tx.fetchrow(_CHANGE, change_id, member_id)
    if change is None:
        return None
    name, locale, told = reader["first_name"], reader["locale"], masked_address(change["address"])
    if kind is Kind.EMAIL_CHANGED:
        old = change["old_address"]
        return None if old is None else Addressed(kind, old, name, locale, told)
    if change["ended_at"] is not None or change["expires_at"] <= now:
        return None
    if kind is Kind.EMAIL_ASKED:
        return Addressed(kind, reader["email"], name, locale, told) if reader["proved"] else None
    owner = await tx.fetchrow(_OWNER, change["address"], member_id)
    if owner is not None:
        return Addressed(Kind.EMAIL_TAKEN, change["address"], owner["first_name"], owner["locale"], told)
    return Addressed(kind, change["address"], name, locale, told, with_code=change["code_until"] > now)


def masked_address(address: str) -> str:
    """A first letter and the host: enough to know one's own, too little to write to."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}•••@{host}"
