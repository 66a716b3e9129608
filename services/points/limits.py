"""How much a member may still earn: what is left of the day's points, and of the most that a member has."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from loyalty.points import PointsTerms
from models import database

_EARNED: Final = """
SELECT version, available + pending + held - debt AS balance, CASE WHEN earned_on = $2 THEN earned ELSE 0 END AS earned
FROM member_points WHERE member_id = $1
"""


@dataclass(frozen=True, slots=True)
class Room:
    """The most that may be earned now, and the version of the balances that says so."""

    points: int
    version: int


async def room_of(member: UUID, terms: PointsTerms, day: date) -> Room | None:
    """What the limits leave a member on a local day; None where the programme has none, and nothing is read."""
    if terms.earn_max_day is None and terms.balance_max is None:
        return None
    row = await database.fetchrow(_EARNED, member, day)
    version, balance, earned = (0, 0, 0) if row is None else (row["version"], row["balance"], row["earned"])
    left = [] if terms.earn_max_day is None else [terms.earn_max_day - earned]
    left += [] if terms.balance_max is None else [terms.balance_max - balance]
    return Room(max(min(left), 0), version)
