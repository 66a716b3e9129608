"""A family's pool as of a moment, and who may pay from it at a till."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from loyalty.families import FamilyTerms, NotYet, Role, spends_from, why_not_spend
from models import database
from models.database import Record, statement
from services.work import Work

_SEAT: Final = """
SELECT s.family_id, s.role, s.joined_at, s.joined_at = f.created_at AS is_founder, f.available
FROM family_seat AS s JOIN family AS f ON f.id = s.family_id WHERE s.member_id = $1 AND s.left_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Share:
    """Points of one giver and one issuer that end together; without an issuer where the programme gave them."""

    member: UUID
    issuer: str | None
    points: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pool:
    """What a family has together: to spend now, reserved at tills, and whose it is."""

    available: int
    held: int
    shares: Sequence[Share]

    def of(self, member: UUID) -> int:
        """What is left of a member's points."""
        return sum(share.points for share in self.shares if share.member == member)

    @property
    def next_expiry(self) -> tuple[datetime, int] | None:
        """The earliest end, and how many points end then; None while none do."""
        return next_end(self.shares)


@dataclass(frozen=True, slots=True)
class Purse:
    """The pool as one member may use it at a till: how much there is, and what keeps him from it until when."""

    family: UUID
    available: int
    obstacle: NotYet | None
    opens_at: datetime

    @property
    def usable(self) -> int:
        """What he may spend of it now."""
        return 0 if self.obstacle else self.available


def next_end(shares: Sequence[Share]) -> tuple[datetime, int] | None:
    """The earliest end among shares, and how many points end then."""
    ends = sorted({share.expires_at for share in shares if share.expires_at is not None})
    return (ends[0], sum(share.points for share in shares if share.expires_at == ends[0])) if ends else None


async def pool_of(family: UUID, now: datetime) -> Pool:
    """The pool of a family, with everything that time has done to it."""
    row = await database.fetchrow(statement("pool_now"), family, now)
    assert row is not None  # noqa: S101 - the statement always has one row
    shares = [
        Share(
            UUID(each["member"]),
            each["issuer"],
            each["points"],
            None if each["expires_at"] is None else datetime.fromisoformat(each["expires_at"]),
        )
        for each in orjson.loads(row["lots"] or "[]")
    ]
    return Pool(row["available"], row["held"], shares)


async def purse_of(member: UUID, terms: FamilyTerms | None, now: datetime) -> Purse | None:
    """The pool a member may see at a till; None for who sits in no family, or where the programme has no pools."""
    if terms is None or not terms.pool:
        return None
    row = await database.fetchrow(_SEAT, member)
    if row is None:
        return None
    return _purse(row, terms, (await pool_of(row["family_id"], now)).available, now)


async def locked_purse(tx: Work, member: UUID, terms: FamilyTerms | None, now: datetime) -> Purse | None:
    """The same inside a unit of work that has locked and settled the member's family."""
    if terms is None or not terms.pool:
        return None
    row = await tx.fetchrow(_SEAT, member)
    return None if row is None else _purse(row, terms, row["available"], now)


def _purse(row: Record, terms: FamilyTerms, available: int, now: datetime) -> Purse:
    times = {"joined_at": row["joined_at"], "is_founder": row["is_founder"]}
    obstacle = why_not_spend(terms, Role(row["role"]), **times, now=now)
    return Purse(row["family_id"], available, obstacle, spends_from(terms, **times))
