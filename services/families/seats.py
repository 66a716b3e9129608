"""Who sits where: the rows that every command about a family reads under its locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.families import Role
from loyalty.refusals import Code, Refusal
from services.families import locking
from services.work import Work

_SEATS: Final = """
SELECT s.id, s.member_id, s.role, f.heir_id FROM family_seat AS s JOIN family AS f ON f.id = s.family_id
WHERE s.family_id = $1 AND s.left_at IS NULL ORDER BY s.joined_at, s.id
"""


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of a family."""

    id: UUID
    member: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class Household:
    """A locked family: its seats, which of them is the caller's, and who was offered to be the head."""

    id: UUID
    seats: Sequence[Seat]
    mine: Seat
    heir: UUID | None

    def seat(self, seat: UUID, field: str) -> Seat:
        """Another seat of this family by its id. Raises NOT_FOUND."""
        for each in self.seats:
            if each.id == seat:
                return each
        raise Refusal(Code.NOT_FOUND, "family.seat_unknown", field=field)


async def lock(tx: Work, member: UUID, patience: float, now: datetime) -> Household:
    """Lock and settle the member's whole family and read who sits there. Raises NOT_IN_FAMILY."""
    family = await locking.lock_of(tx, member, patience)
    if family is None:
        raise Refusal(Code.NOT_IN_FAMILY, "family.not_in")
    await locking.settle(tx, family, now)
    rows = await tx.fetch(_SEATS, family)
    seats = [Seat(row["id"], row["member_id"], Role(row["role"])) for row in rows]
    mine = next(seat for seat in seats if seat.member == member)
    return Household(family, seats, mine, rows[0]["heir_id"])


async def lock_as_head(tx: Work, member: UUID, patience: float, now: datetime) -> Household:
    """The same for what the head alone may do. Raises FORBIDDEN for others."""
    household = await lock(tx, member, patience, now)
    if household.mine.role is not Role.HEAD:
        raise Refusal(Code.FORBIDDEN, "family.head_only")
    return household
