"""A family as one of its members sees it: who sits there, what each gave, and what changed the pool.

Others see sums and never a single purchase, unless whoever bought shows his.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.families import NotYet, Role, spends_from, why_not_spend
from loyalty.programme import Programme
from loyalty.tiers import counted
from models import database
from models.database import Record, statement
from services.families import inviting, pool
from services.families.pool import Pool, Share
from services.resources import Resources
from services.tiers.reading import spent_of

_INVITES: Final = """
SELECT id, role, token_sha256, created_at, expires_at FROM family_invite
WHERE family_id = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 ORDER BY created_at, id
"""


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """Somebody in the family. `given` and `spent` since he sits there, `left` of what he gave.

    `counted` is what of the family's progress is his, in kopecks; None where families share none.
    """

    id: UUID
    member: UUID
    name: str
    role: Role
    joined_at: datetime
    shows_purchases: bool
    given: int
    spent: int
    left: int
    counted: int | None


@dataclass(frozen=True, slots=True)
class InviteFacts:
    """An open invitation as its head sees it; without a token where it cannot be shown again."""

    id: UUID
    role: Role
    created_at: datetime
    expires_at: datetime
    token: str | None


@dataclass(frozen=True, slots=True)
class PoolLot:
    """Points of a pool that end together: how many, how many of them are the reader's, and who issued them.

    No issuer where the programme gave them, or where whoever bought does not show it: an end and a partner tell of a purchase.
    """

    points: int
    mine: int
    issuer: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class FamilyFacts:
    """A family as the member `mine` sees it. `returns` is what leaving would bring home, by its ends."""

    id: UUID
    created_at: datetime
    mine: SeatFacts
    seats: Sequence[SeatFacts]
    heir: UUID | None
    invites: Sequence[InviteFacts]
    pool: Pool | None
    obstacle: NotYet | None
    opens_at: datetime

    @property
    def returns(self) -> list[Share]:
        """What is left of the member's own points, by their ends."""
        return [] if self.pool is None else [share for share in self.pool.shares if share.member == self.mine.member]

    @property
    def lots(self) -> list[PoolLot]:
        """What the pool has, in the order it is spent: one by one end and issuer, whoever gave it."""
        seen = {seat.member for seat in self.seats if seat.shows_purchases} | {self.mine.member}
        found: dict[tuple[datetime | None, str | None], tuple[int, int]] = {}
        for share in () if self.pool is None else self.pool.shares:
            key = (share.expires_at, share.issuer if share.member in seen else None)
            points, mine = found.get(key, (0, 0))
            own = share.points if share.member == self.mine.member else 0
            found[key] = (points + share.points, mine + own)
        return [PoolLot(points, mine, issuer, ends) for (ends, issuer), (points, mine) in found.items()]


@dataclass(frozen=True, slots=True)
class PoolMove:
    """What changed a pool, by how much, and whose doing it was. The place only where the reader may know it."""

    id: UUID
    kind: str
    at: datetime
    recorded_at: datetime
    points: int
    name: str
    mine: bool
    partner: str | None
    outlet: str | None
    programme_version: int | None


async def family_of(resources: Resources, member: UUID, programme: Programme, now: datetime) -> FamilyFacts | None:
    """The family a member sits in; None for none, and in a programme without families."""
    terms = programme.family
    rows = [] if terms is None else await database.fetch(statement("family"), member)
    if terms is None or not rows:
        return None
    family = rows[0]["family"]
    shared = await pool.pool_of(family, now) if terms.pool else None
    counts = await _counts(programme, rows, now)
    seats = [_seat(row, shared, counts.get(row["member"])) for row in rows]
    mine = next(seat for seat in seats if seat.member == member)
    times = {"joined_at": mine.joined_at, "is_founder": mine.joined_at == rows[0]["created_at"]}
    invites = await database.fetch(_INVITES, family, now) if mine.role is Role.HEAD else []
    return FamilyFacts(
        id=family,
        created_at=rows[0]["created_at"],
        mine=mine,
        seats=seats,
        heir=rows[0]["heir"],
        invites=[_invite(row, resources) for row in invites],
        pool=shared,
        obstacle=why_not_spend(terms, mine.role, **times, now=now),
        opens_at=spends_from(terms, **times),
    )


async def moves_of(family: FamilyFacts, *, rows: int, after: tuple[datetime, UUID] | None) -> list[PoolMove]:
    """At most `rows` changes of the pool since the member sits there, newest first, behind the place `after`."""
    at, last = after or (None, None)
    found = await database.fetch(statement("pool_history"), family.id, rows, at, last, family.mine.joined_at)
    return [_move(row, family.mine.member) for row in found]


async def _counts(programme: Programme, rows: Sequence[Record], now: datetime) -> Mapping[UUID, int]:
    """What each brings to the shared progress; together they are the sum that everybody's tier follows from."""
    if not programme.shares_progress:
        return {}
    spent = await spent_of(programme, [row["member"] for row in rows], now)
    return {row["member"]: counted(programme, spent[row["member"]].facts(row["accumulated"]), now) for row in rows}


def _seat(row: Record, shared: Pool | None, counts: int | None) -> SeatFacts:
    return SeatFacts(
        id=row["seat"],
        member=row["member"],
        name=_name(row),
        role=Role(row["role"]),
        joined_at=row["joined_at"],
        shows_purchases=row["shows_purchases"],
        given=row["given"],
        spent=row["spent"],
        left=0 if shared is None else shared.of(row["member"]),
        counted=counts,
    )


def _invite(row: Record, resources: Resources) -> InviteFacts:
    token = inviting.shown_again(row["id"], bytes(row["token_sha256"]), resources)
    return InviteFacts(row["id"], Role(row["role"]), row["created_at"], row["expires_at"], token)


def _move(row: Record, reader: UUID) -> PoolMove:
    mine = row["member"] == reader
    seen = mine or row["shows"]
    return PoolMove(
        id=row["id"],
        kind=row["kind"].removeprefix("FAMILY_"),
        at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        points=row["points"],
        name=_name(row),
        mine=mine,
        partner=row["partner"] if seen else None,
        outlet=row["outlet"] if seen else None,
        programme_version=row["programme_version"] if seen else None,
    )


def _name(row: Record) -> str:
    """First name and initial: who sits together knows the rest."""
    return f"{row['first_name']} {row['initial']}." if row["initial"] else row["first_name"]
