"""Records of erasures as they are read: one by its member, and the list that outlives a restored backup."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from models import database

_ONE: Final = """
SELECT e.id, e.member_id, m.number, e.asked_by, e.reason, e.at, e.forfeited, e.wiped, e.repeated_at
FROM erasure AS e JOIN member AS m ON m.id = e.member_id WHERE e.member_id = $1
"""
_LIST: Final = "SELECT member_id, at FROM erasure ORDER BY at, id"


@dataclass(frozen=True, slots=True)
class ErasureFacts:
    """What an act of erasure says. `wiped` are rows by table; `forfeited` whole points."""

    id: UUID
    member: UUID
    number: str
    asked_by: str
    reason: str | None
    at: datetime
    forfeited: int
    wiped: dict[str, int]
    repeated_at: datetime | None


async def of_member(member: UUID) -> ErasureFacts | None:
    """The erasure of a member, or None."""
    row = await database.fetchrow(_ONE, member)
    if row is None:
        return None
    return ErasureFacts(
        id=row["id"],
        member=row["member_id"],
        number=row["number"],
        asked_by=row["asked_by"],
        reason=row["reason"],
        at=row["at"],
        forfeited=row["forfeited"],
        wiped=orjson.loads(row["wiped"]),
        repeated_at=row["repeated_at"],
    )


async def everybody() -> list[tuple[UUID, datetime]]:
    """(member, moment) of every erasure, the oldest first."""
    return [(row["member_id"], row["at"]) for row in await database.fetch(_LIST)]
