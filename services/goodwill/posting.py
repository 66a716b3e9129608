"""The books behind points moved by hand: the member locked as every money command locks it, and what its balances allow."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.goodwill import GoodwillTerms
from loyalty.points import PointsTerms, life
from loyalty.refusals import Code, Refusal
from models.ids import uuid7
from services import programmes
from services.families import locking
from services.points import limits
from services.resources import Resources
from services.work import Work

PATIENCE_SECONDS: Final = 2.0
_MEMBER: Final = "SELECT status FROM member WHERE id = $1"
_SETTLE: Final = "SELECT settle_points($1, $2)"
_AVAILABLE: Final = "SELECT coalesce((SELECT available FROM member_points WHERE member_id = $1), 0)"
_POST: Final = "SELECT grant_points($1, $2, $3, $4, $5, $6, $7)"
_TOLD: Final = "INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES ($1, 'POINTS_CHANGED', NULL, $2)"


@dataclass(frozen=True, slots=True)
class Books:
    """A member whose books are locked and settled: what can be spent, what the balance has room for (None: no bound)."""

    member: UUID
    terms: PointsTerms
    goodwill: GoodwillTerms
    time_zone: str
    available: int
    room: int | None


async def opened(tx: Work, member: UUID, field: str, now: datetime) -> Books:
    """Lock a member's books and write what time has done to them. Raises NOT_FOUND, INVALID_INPUT without terms."""
    await locking.lock(tx, [member], [], PATIENCE_SECONDS)
    if await tx.fetchval(_MEMBER, member) not in {"ACTIVE", "BLOCKED"}:
        raise Refusal(Code.NOT_FOUND, "member.not_found", field=field)
    programme = await programmes.settled(tx)
    terms = programme.points
    if terms is None or terms.goodwill is None:
        raise Refusal(Code.INVALID_INPUT, "goodwill.not_here", field=field)
    await tx.execute(_SETTLE, member, now)
    available: int = await tx.fetchval(_AVAILABLE, member)
    room = await limits.room_of(member, replace(terms, earn_max_day=None), now, programme.time_zone)
    left = None if room is None else room.points
    return Books(member, terms, terms.goodwill, programme.time_zone, available, left)


def check(books: Books, points: int, field: str) -> None:
    """Raises NOT_ENOUGH_POINTS for taking more than can be spent, LIMIT_REACHED for more than a member may have."""
    if -points > books.available:
        raise Refusal(Code.NOT_ENOUGH_POINTS, "goodwill.short", field=field, points=books.available)
    if books.room is not None and points > books.room:
        raise Refusal(Code.LIMIT_REACHED, "goodwill.balance", field=field, left=books.room)


async def post(tx: Work, books: Books, cause: UUID, points: int, *, resources: Resources, now: datetime) -> None:
    """Move points that the books allow, and tell the member's phone."""
    # What is given can be used at once; it ends as what is earned today and can be used today.
    ends = life(replace(books.terms, activation_days=0), now, books.time_zone).expires_at
    await tx.execute(_POST, uuid7(), uuid7(), cause, books.member, points, ends, now)
    await tx.execute(_TOLD, books.member, now)
    tx.after_commit(lambda: resources.bus.publish(books.member, "POINTS_CHANGED", None, now))
