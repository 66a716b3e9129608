"""Reservations of points: made with a quote, ended by its receipt, by another quote of the ticket, or by themselves.

Large ones wait for the guest's yes on the phone and live a minute until it comes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import PointsTerms, day_begins, needs_yes
from models import database
from models.database import Record
from models.ids import uuid7
from services.work import Work

CONFIRM_SECONDS: Final = 60
LOCK_SECONDS: Final = 2.0

_LOCK: Final = "SELECT 1 FROM member_standing WHERE member_id = $1 FOR UPDATE"
_SETTLE: Final = "SELECT settle_points($1, $2)"
_FREE: Final = """
SELECT free_points(id, 'RELEASED', $2) FROM points_hold WHERE ticket_id = $1 AND status = 'ACTIVE' ORDER BY id
"""
_MINE: Final = """
WITH recent AS (
    SELECT points, status FROM points_hold
    WHERE member_id = $1 AND created_at >= $2 AND status IN ('ACTIVE', 'COMMITTED')
)
SELECT p.available, p.held, coalesce((SELECT sum(points) FROM recent), 0)::bigint AS wanted,
    coalesce((SELECT sum(points) FROM recent WHERE status = 'COMMITTED'), 0)::bigint AS spent
FROM member_points AS p WHERE p.member_id = $1
"""
_INSERT: Final = """
WITH made AS (
    INSERT INTO points_hold (id, member_id, ticket_id, quote_id, till_id, partner, outlet, points, worth, status,
        confirmation, lives_seconds, created_at, expires_at, ended_at, purchase_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'ACTIVE', $10, $11, $12, $13, NULL, NULL) RETURNING id
)
SELECT hold_points(id, $2, $8, $12) FROM made
"""
_OF_QUOTE: Final = """
SELECT id, points, worth, status, confirmation, expires_at FROM points_hold WHERE quote_id = $1 AND till_id = $2
ORDER BY created_at DESC, id DESC LIMIT 1
"""
_ASK: Final = "INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES ($1, 'SPENDING_ASKED', NULL, $2)"


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation as a till sees it. `worth` in kopecks."""

    id: UUID
    points: int
    worth: int
    status: str
    confirmation: str
    expires_at: datetime

    @classmethod
    def of(cls, row: Record, prefix: str = "") -> "Hold":
        """The reservation of a row whose columns may have a prefix."""
        names = ("id", "points", "worth", "status", "confirmation", "expires_at")
        return cls(*(row[f"{prefix}{name}"] for name in names))

    def stands(self, now: datetime) -> bool:
        """Whether its points are still put aside."""
        return self.status == "ACTIVE" and self.expires_at > now

    @property
    def is_agreed(self) -> bool:
        """Whether the guest need not be asked, or has said yes."""
        return self.confirmation in {"NOT_NEEDED", "GIVEN"}


@dataclass(frozen=True, slots=True)
class Spender:
    """Who spends where: what a reservation is written with."""

    member: UUID
    ticket: UUID
    till: UUID
    partner: str
    outlet: str


async def lock(tx: Work, member: UUID, patience: float) -> None:
    """Lock the member's standing, the first lock of every money command, waiting `patience` seconds at most."""
    await tx.execute(f"SET LOCAL lock_timeout = '{max(round(patience * 1000), 1)}ms'")
    await tx.execute(_LOCK, member)


async def settle(tx: Work, member: UUID, now: datetime) -> None:
    """Write what time has done to the member's points. The standing is locked."""
    await tx.execute(_SETTLE, member, now)


async def free_ticket(tx: Work, ticket: UUID, now: datetime) -> None:
    """End what an earlier quote of this ticket reserved. The standing is locked."""
    await tx.execute(_FREE, ticket, now)


async def reserve(
    tx: Work, spender: Spender, quote: UUID, terms: PointsTerms, *, zone: str, most: int, agreed: bool, now: datetime
) -> Hold | None:
    """Put aside up to `most` points for a quote; None where there is none. The standing is locked and settled.

    Unless the guest has `agreed` before, a large one waits for a yes and ends in a minute without.
    """
    today = day_begins(business_date(now, zone), zone)
    mine = await tx.fetchrow(_MINE, spender.member, today)
    points = 0 if mine is None else min(most, mine["available"])
    if mine is None or points <= 0:
        return None
    balance = mine["available"] + mine["held"] + mine["spent"]
    asks = not agreed and needs_yes(terms, wanted=points, spent_today=mine["wanted"], balance=balance)
    lives = timedelta(minutes=terms.hold_minutes)
    ends = now + (timedelta(seconds=CONFIRM_SECONDS) if asks else lives)
    hold = Hold(uuid7(), points, points * terms.worth, "ACTIVE", "ASKED" if asks else "NOT_NEEDED", ends)
    await tx.execute(
        _INSERT,
        *(hold.id, spender.member, spender.ticket, quote, spender.till, spender.partner, spender.outlet),
        *(hold.points, hold.worth, hold.confirmation, int(lives.total_seconds()), now, ends),
    )
    if asks:
        await tx.execute(_ASK, spender.member, now)
    return hold


async def of_quote(till: UUID, quote: UUID) -> Hold | None:
    """The newest reservation of a till's quote."""
    row = await database.fetchrow(_OF_QUOTE, quote, till)
    return None if row is None else Hold.of(row)
