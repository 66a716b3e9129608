"""Every movement of a member's points with its reason and its place, page by page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from models import database
from models.database import statement

KINDS: Final = {
    "POINTS_REPAID": "DEBT_REPAID",
    "POINTS_FORFEITED": "EXPIRED",
    "MERGED_POINTS": "MERGED",
    "UNMERGED_POINTS": "MERGED",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One movement: what it did to each balance, and the receipt or till behind it."""

    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    available: int
    pending: int
    held: int
    debt: int
    purchase: UUID | None
    partner: str | None
    outlet: str | None
    receipt_number: str | None
    business_date: date | None
    programme_version: int | None
    why: str | None = None  # what one of the staff wrote who moved them by hand

    @property
    def points(self) -> int:
        """What the member gained or lost in all."""
        return self.available + self.pending + self.held - self.debt


async def page(member: UUID, *, rows: int, after: tuple[datetime, UUID] | None) -> list[Move]:
    """At most `rows` movements, newest first, behind the place `after`."""
    at, last = after or (None, None)
    found = await database.fetch(statement("points_history"), member, rows, at, last)
    return [
        Move(
            id=row["id"],
            kind=KINDS.get(row["kind"], row["kind"].removeprefix("POINTS_")),
            at=row["occurred_at"],
            recorded_at=row["recorded_at"],
            available=row["available"],
            pending=row["pending"],
            held=row["held"],
            debt=row["debt"],
            purchase=row["purchase"],
            partner=row["partner"],
            outlet=row["outlet"],
            receipt_number=row["receipt_number"],
            business_date=row["business_date"],
            programme_version=row["programme_version"],
            why=row["why"] or None,
        )
        for row in found
    ]
