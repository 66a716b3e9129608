"""The locks of a command about a family: its row, then everybody who sits there, in the order of ids."""

from datetime import datetime
from typing import Final
from uuid import UUID

from services.work import Contention, Work

_PATIENCE: Final = "SET LOCAL lock_timeout = '{milliseconds}ms'"
_SEAT: Final = "SELECT family_id FROM family_seat WHERE member_id = $1 AND left_at IS NULL"
_LOCK: Final = "SELECT lock_books($1, $2)"
_SETTLE: Final = "SELECT settle_pool($1, $2)"


async def lock(tx: Work, members: list[UUID], families: list[UUID], patience: float) -> None:
    """Lock families with everybody in them, and further members, waiting `patience` seconds at most for each."""
    await tx.execute(_PATIENCE.format(milliseconds=max(round(patience * 1000), 1)))
    await tx.execute(_LOCK, members, families)


async def lock_of(tx: Work, member: UUID, patience: float) -> UUID | None:
    """Lock a member and the whole of his family; gives the family, None for who sits in none.

    Raises Contention, to be tried again, when he joined or left meanwhile.
    """
    family: UUID | None = await tx.fetchval(_SEAT, member)
    await lock(tx, [member], [] if family is None else [family], patience)
    if await tx.fetchval(_SEAT, member) != family:
        raise Contention
    return family


async def settle(tx: Work, family: UUID, now: datetime) -> None:
    """Write what time has done to the pool. The family is locked."""
    await tx.execute(_SETTLE, family, now)
