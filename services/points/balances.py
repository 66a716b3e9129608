"""A member's points as of a moment. What time has done since the last write is counted, written or not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from models import database
from models.database import Record, statement


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that came together and end together, with what is left of them."""

    id: UUID
    issuer: str | None
    purchase: UUID | None
    issued: int
    points: int
    issued_at: datetime
    activates_at: datetime | None
    expires_at: datetime | None
    usable: bool


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member has: to spend now, later, reserved at a till, and what is owed."""

    available: int
    pending: int
    held: int
    debt: int
    lots: Sequence[Lot]

    @property
    def next_expiry(self) -> tuple[datetime, int] | None:
        """The earliest end, and how many points end then; None while none do."""
        ends = sorted({lot.expires_at for lot in self.lots if lot.expires_at is not None and lot.points})
        return (ends[0], sum(lot.points for lot in self.lots if lot.expires_at == ends[0])) if ends else None


async def balance_of(member: UUID, now: datetime) -> Balance:
    """The balance of a member; zeros for one who never had a point."""
    row = await database.fetchrow(statement("points_now"), member, now)
    assert row is not None  # noqa: S101 - the statement always has one row
    return _balance(row)


async def available_of_ticket(ticket: UUID, now: datetime) -> int | None:
    """What the guest of a ticket can spend; None for one who was found by a told number, which may be anybody's."""
    member = await database.fetchval("SELECT member_id FROM scan_ticket WHERE id = $1 AND NOT by_phone", ticket)
    return None if member is None else (await balance_of(member, now)).available


def _balance(row: Record) -> Balance:
    # What is owed is paid from what there is at the next write; nobody is shown points that are spoken for.
    from_available = min(row["debt"], row["available"])
    from_pending = min(row["debt"] - from_available, row["pending"])
    return Balance(
        available=row["available"] - from_available,
        pending=row["pending"] - from_pending,
        held=row["held"],
        debt=row["debt"] - from_available - from_pending,
        lots=[_lot(each) for each in orjson.loads(row["lots"] or "[]")],
    )


def _lot(data: dict[str, Any]) -> Lot:
    def moment(name: str) -> datetime | None:
        return None if data[name] is None else datetime.fromisoformat(data[name])

    return Lot(
        id=UUID(data["id"]),
        issuer=data["issuer"],
        purchase=None if data["purchase"] is None else UUID(data["purchase"]),
        issued=data["issued"],
        points=data["points"],
        issued_at=datetime.fromisoformat(data["issued_at"]),
        activates_at=moment("activates_at"),
        expires_at=moment("expires_at"),
        usable=data["usable"],
    )
