"""Reservations of points: made with a quote, ended by its receipt, by another quote of the ticket, or by themselves.

Large ones, and those of a new phone, wait for the guest's yes on the phone and live a minute until it comes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import PointsTerms, day_begins, is_new_phone, needs_yes
from models import database
from models.database import Record
from models.ids import uuid7
from services.families import locking
from services.families.pool import Purse
from services.work import Work

CONFIRM_SECONDS: Final = 60
LOCK_SECONDS: Final = 2.0

_SETTLE: Final = "SELECT settle_points($1, $2)"
_FREE: Final = """
SELECT free_points(id, 'RELEASED', $2) FROM points_hold WHERE ticket_id = $1 AND status = 'ACTIVE' ORDER BY id
"""
_MINE: Final = """
WITH recent AS (
    SELECT points - coalesce(from_family, 0) AS points, status FROM points_hold
    WHERE member_id = $1 AND created_at >= $2 AND status IN ('ACTIVE', 'COMMITTED')
)
SELECT p.available, p.held, coalesce((SELECT sum(points) FROM recent), 0)::bigint AS wanted,
    coalesce((SELECT sum(points) FROM recent WHERE status = 'COMMITTED'), 0)::bigint AS spent
FROM member_points AS p WHERE p.member_id = $1
"""
_INSERT: Final = """
WITH made AS (
    INSERT INTO points_hold (id, member_id, ticket_id, quote_id, till_id, partner, outlet, points, worth, status,
        confirmation, lives_seconds, created_at, expires_at, ended_at, purchase_id, family_id, from_family)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'ACTIVE', $10, $11, $12, $13, NULL, NULL, $14, $15) RETURNING id
)
SELECT CASE WHEN $16 > 0 THEN hold_points(id, $2, $16, $12) END, CASE WHEN $15 > 0 THEN hold_pool(id, $14, $15, $12) END
FROM made
"""
_OF_QUOTE: Final = """
SELECT id, points, worth, status, confirmation, expires_at, from_family FROM points_hold WHERE quote_id = $1 AND till_id = $2
ORDER BY created_at DESC, id DESC LIMIT 1
"""
_PHONE: Final = """
SELECT q.created_at AS paired_at, NOT EXISTS (
    SELECT 1 FROM qr_credential AS o WHERE o.member_id = q.member_id AND (o.created_at, o.id) < (q.created_at, q.id)
) AS is_first
FROM scan_ticket AS t JOIN qr_credential AS q ON q.id = t.credential_id WHERE t.id = $1
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
    from_family: int | None = None  # how many of the points the family's pool gives

    @classmethod
    def of(cls, row: Record, prefix: str = "") -> "Hold":
        """The reservation of a row whose columns may have a prefix."""
        names = ("id", "points", "worth", "status", "confirmation", "expires_at", "from_family")
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


async def lock(tx: Work, member: UUID, patience: float, *, whole_family: bool = False) -> UUID | None:
    """Lock the member's books, the first lock of every money command, waiting `patience` seconds at most for each row.

    With `whole_family` everybody in the member's family is locked as well; gives that family.
    """
    if whole_family:
        return await locking.lock_of(tx, member, patience)
    await locking.lock(tx, [member], [], patience)
    return None


async def settle(tx: Work, member: UUID, now: datetime, *, family: UUID | None = None) -> None:
    """Write what time has done to the member's points, and to the pool of a `family`. They are locked."""
    await tx.execute(_SETTLE, member, now)
    if family is not None:
        await locking.settle(tx, family, now)


async def free_ticket(tx: Work, ticket: UUID, now: datetime) -> None:
    """End what an earlier quote of this ticket reserved. The standing is locked."""
    await tx.execute(_FREE, ticket, now)


async def reserve(
    tx: Work,
    spender: Spender,
    quote: UUID,
    terms: PointsTerms,
    *,
    zone: str,
    most: int,
    agreed: bool,
    now: datetime,
    purse: Purse | None = None,
) -> Hold | None:
    """Put aside up to `most` points for a quote; None where there is none. The standing is locked and settled.

    The guest's own come first; what is missing comes from the `purse`, whose family is then locked and settled too.
    Unless the guest has `agreed` before, a large one, any from the family, and any that a new phone asks for where the
    programme says so, waits for a yes and ends in a minute without.
    """
    today = day_begins(business_date(now, zone), zone)
    mine = await tx.fetchrow(_MINE, spender.member, today)
    own = 0 if mine is None else max(min(most, mine["available"]), 0)
    shared = 0 if purse is None else max(min(most - own, purse.usable), 0)
    if own + shared <= 0:
        return None
    asks = not agreed and (
        shared > 0 or _is_large(terms, mine, own) or await _is_of_new_phone(tx, terms, spender.ticket, now)
    )
    lives = timedelta(minutes=terms.hold_minutes)
    ends = now + (timedelta(seconds=CONFIRM_SECONDS) if asks else lives)
    points, pot = own + shared, None if purse is None or not shared else purse.family
    confirmation = "ASKED" if asks else "NOT_NEEDED"
    hold = Hold(uuid7(), points, points * terms.worth, "ACTIVE", confirmation, ends, shared or None)
    await tx.execute(
        _INSERT,
        *(hold.id, spender.member, spender.ticket, quote, spender.till, spender.partner, spender.outlet),
        *(hold.points, hold.worth, hold.confirmation, int(lives.total_seconds()), now, ends),
        *(pot, hold.from_family, own),
    )
    if asks:
        await tx.execute(_ASK, spender.member, now)
    return hold


def _is_large(terms: PointsTerms, mine: Record | None, own: int) -> bool:
    if mine is None:
        return False
    balance = mine["available"] + mine["held"] + mine["spent"]
    return needs_yes(terms, wanted=own, spent_today=mine["wanted"], balance=balance)


async def _is_of_new_phone(tx: Work, terms: PointsTerms, ticket: UUID, now: datetime) -> bool:
    if terms.confirm_new_device_hours is None:
        return False  # most programmes: nothing is read
    phone = await tx.fetchrow(_PHONE, ticket)
    paired, first = (None, False) if phone is None else (phone["paired_at"], phone["is_first"])
    return is_new_phone(terms, paired_at=paired, is_first=first, now=now)


async def of_quote(till: UUID, quote: UUID) -> Hold | None:
    """The newest reservation of a till's quote."""
    row = await database.fetchrow(_OF_QUOTE, quote, till)
    return None if row is None else Hold.of(row)
