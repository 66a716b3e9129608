"""Tiers that campaigns gave with a receipt, when the receipt comes back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.tiers import Grant
from services.work import Work

_WITHDRAW: Final = "SELECT withdraw_boost($1, $2, $3)"


async def withdraw(tx: Work, member: UUID, purchase: UUID, grant: Grant | None, now: datetime) -> Grant | None:
    """End the tier that a receipt brought if all it was given for is back; gives the grant that stands afterwards.

    The member is locked, and `grant` is the one he had.
    """
    if grant is None or grant.until <= now:
        return grant
    is_over: bool = await tx.fetchval(_WITHDRAW, member, purchase, now)
    return None if is_over else grant
