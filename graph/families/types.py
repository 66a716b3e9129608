"""A family as one of its members sees it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self
from uuid import UUID

import strawberry

from graph.context import Info
from graph.paging import Cursor, page_size, read_cursor
from graph.points.types import PointsExpiry
from graph.programme.types import Outlet, Partner
from graph.purchases.queries import purchases_of
from graph.purchases.types import PurchasePage
from graph.scalars import Money, Points
from graph.words import Locale, sentence
from loyalty.business_days import business_date
from loyalty.families import NotYet, Role
from loyalty.points import last_day
from models.history import Filters
from services import programmes
from services.families import reading
from services.families.inviting import InviteState
from services.families.pool import next_end
from services.families.reading import FamilyFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loyalty.programme import Programme
    from services.families.inviting import Invitation
    from services.families.pool import Pool, Share
    from services.families.reading import InviteFacts, PoolLot, PoolMove, SeatFacts

strawberry.enum(Role, name="FamilyRole", description="What somebody is in a family. A CHILD gives and does not spend.")
strawberry.enum(InviteState, name="FamilyInviteState", description="What an invitation is worth now.")
strawberry.enum(NotYet, name="FamilyObstacle", description="Why a member may not pay from the pool: a child, or new.")


@strawberry.enum(description="What changed a pool.")
class FamilyMoveKind(StrEnum):
    """What changed a pool."""

    CONTRIBUTED = "CONTRIBUTED"
    SPENT = "SPENT"
    GIVEN_BACK = "GIVEN_BACK"
    RETURNED = "RETURNED"
    EXPIRED = "EXPIRED"


@strawberry.type(description="Somebody in the family.")
class FamilySeat:
    """Somebody in the family."""

    id: UUID
    name: str = strawberry.field(description="First name and initial.")
    role: Role
    mine: bool
    joined_at: datetime
    shows_purchases: bool
    given: Points = strawberry.field(description="Put into the pool since joining.")
    spent: Points = strawberry.field(description="Paid with points of the pool since joining.")
    left: Points = strawberry.field(description="What is left in the pool of what this member gave.")
    counted: Money | None = strawberry.field(
        description="What of the shared progress is this member's; null where families share none."
    )
    offered_head: bool
    member: strawberry.Private[UUID]

    @classmethod
    def of(cls, seat: SeatFacts, family: FamilyFacts) -> Self:
        """A seat as a member of the same family sees it."""
        return cls(
            id=seat.id,
            name=seat.name,
            role=seat.role,
            mine=seat.member == family.mine.member,
            joined_at=seat.joined_at,
            shows_purchases=seat.shows_purchases,
            given=Points(seat.given),
            spent=Points(seat.spent),
            left=Points(seat.left),
            counted=None if seat.counted is None else Money(seat.counted),
            offered_head=seat.member == family.heir,
            member=seat.member,
        )

    @strawberry.field(description="Purchases since joining; null where this member does not show them.")
    async def purchases(self, info: Info, first: int = 20, after: str | None = None) -> PurchasePage | None:
        """A page of purchases that the others may see."""
        if not (self.mine or self.shows_purchases):
            return None
        programme = await programmes.current(info.context.now)
        since = business_date(self.joined_at, programme.time_zone)
        return await purchases_of(
            self.member, first=first, after=after, filters=Filters(since=since), context=info.context
        )


@strawberry.type(description="An open invitation. Its link is the address of the joining page with the token.")
class FamilyInvite:
    """An open invitation."""

    id: UUID
    role: Role
    created_at: datetime
    expires_at: datetime
    token: str | None = strawberry.field(description="Null where the link cannot be shown again; make another one.")

    @classmethod
    def of(cls, invite: InviteFacts) -> Self:
        """An invitation as its head sees it."""
        return cls(
            id=invite.id,
            role=invite.role,
            created_at=invite.created_at,
            expires_at=invite.expires_at,
            token=invite.token,
        )


@strawberry.type(description="What the link of an invitation says to whoever has it.")
class FamilyInvitation:
    """What the link of an invitation says."""

    invited_by: str = strawberry.field(description="The first name.")
    role: Role
    expires_at: datetime
    state: InviteState

    @classmethod
    def of(cls, shown: Invitation) -> Self:
        """What is shown of an invitation."""
        return cls(invited_by=shown.invited_by, role=shown.role, expires_at=shown.expires_at, state=shown.state)


@strawberry.type(description="One change of the pool. The place is null where its member does not show purchases.")
class FamilyMove:
    """One change of the pool."""

    id: UUID
    kind: FamilyMoveKind
    at: datetime
    points: Points = strawberry.field(description="What the pool gained or lost.")
    name: str
    mine: bool
    partner: Partner | None
    outlet: Outlet | None
    text: str

    @classmethod
    def of(cls, move: PoolMove, programme: Programme, locale: Locale) -> Self:
        """The change, named by the version that priced its receipt."""
        partner = programme.partners_by_id.get(move.partner or "")
        outlet = programme.outlets_by_id.get(move.outlet or "")
        whose = "mine" if move.mine else "other"
        return cls(
            id=move.id,
            kind=FamilyMoveKind(move.kind),
            at=move.at,
            points=Points(move.points),
            name=move.name,
            mine=move.mine,
            partner=None if partner is None else Partner.of(partner, programme, locale),
            outlet=None if outlet is None else Outlet.of(outlet, locale),
            text=sentence(f"family.move.{move.kind}.{whose}", locale, {"name": move.name}),
        )


@strawberry.type(description="A page of changes, newest first. Pass `next` as `after` to go on; null at the end.")
class FamilyMovePage:
    """A page of changes."""

    items: list[FamilyMove]
    next: str | None


@strawberry.type(description="Points of the pool that end together.")
class FamilyLot:
    """Points of the pool that end together."""

    points: Points = strawberry.field(description="What is left of them.")
    mine: Points = strawberry.field(description="How many of them I gave.")
    issuer: Partner | None = strawberry.field(
        description="Null where the programme gave them, or where whoever bought does not show purchases."
    )
    expires_at: datetime | None = strawberry.field(description="Null: never.")
    last_day: date | None

    @classmethod
    def of(cls, lot: PoolLot, programme: Programme, locale: Locale) -> Self:
        """The lot in a reader's language. A partner that a later version has closed is not named."""
        issuer = programme.partners_by_id.get(lot.issuer or "")
        return cls(
            points=Points(lot.points),
            mine=Points(lot.mine),
            issuer=None if issuer is None else Partner.of(issuer, programme, locale),
            expires_at=lot.expires_at,
            last_day=None if lot.expires_at is None else last_day(lot.expires_at, programme.time_zone),
        )


@strawberry.type(description="What a family has together.")
class FamilyPool:
    """What a family has together."""

    available: Points
    held: Points = strawberry.field(description="Put aside at tills.")
    worth: Money = strawberry.field(description="What the available ones pay.")
    next_expiry: PointsExpiry | None
    obstacle: NotYet | None = strawberry.field(description="What keeps me from paying with it; null for nothing.")
    spends_from: date = strawberry.field(description="The local day from which I may pay with it.")
    lots: list[FamilyLot] = strawberry.field(description="In the order they are spent.")

    @classmethod
    def of(cls, pool: Pool | None, family: FamilyFacts, programme: Programme, locale: Locale) -> Self | None:
        """The pool; None in a programme without pools."""
        terms = programme.points
        if pool is None or terms is None:
            return None
        return cls(
            available=Points(pool.available),
            held=Points(pool.held),
            worth=Money(pool.available * terms.worth),
            next_expiry=expiry(pool.shares, programme),
            obstacle=family.obstacle,
            spends_from=business_date(family.opens_at, programme.time_zone),
            lots=[FamilyLot.of(lot, programme, locale) for lot in family.lots],
        )


@strawberry.type(description="What leaving brings home: what is left of my points, with the ends they had.")
class FamilyReturn:
    """What leaving brings home."""

    points: Points
    next_expiry: PointsExpiry | None


@strawberry.type(description="The family I sit in.")
class Family:
    """The family I sit in."""

    id: UUID
    created_at: datetime
    role: Role = strawberry.field(description="Mine.")
    seats: list[FamilySeat]
    invites: list[FamilyInvite] = strawberry.field(description="Open ones; empty for all but the head.")
    pool: FamilyPool | None
    returns: FamilyReturn
    facts: strawberry.Private[FamilyFacts]

    @classmethod
    def of(cls, family: FamilyFacts, programme: Programme, locale: Locale) -> Self:
        """The family as one of its members sees it."""
        own = family.returns
        return cls(
            id=family.id,
            created_at=family.created_at,
            role=family.mine.role,
            seats=[FamilySeat.of(seat, family) for seat in family.seats],
            invites=[FamilyInvite.of(invite) for invite in family.invites],
            pool=FamilyPool.of(family.pool, family, programme, locale),
            returns=FamilyReturn(points=Points(sum(share.points for share in own)), next_expiry=expiry(own, programme)),
            facts=family,
        )

    @strawberry.field(description="Everything that changed the pool since I joined, newest first.")
    async def history(self, info: Info, first: int = 20, after: str | None = None) -> FamilyMovePage:
        """A page of what changed the pool."""
        size, place = page_size(first), read_cursor(after)
        context = info.context
        current = await programmes.current(context.now)
        rows = await reading.moves_of(self.facts, rows=size + 1, after=None if place is None else (place.at, place.id))
        items = []
        for row in rows[:size]:
            known = current if row.programme_version is None else await programmes.version(row.programme_version)
            items.append(FamilyMove.of(row, known, context.locale))
        last = rows[size - 1] if len(rows) > size else None
        return FamilyMovePage(items=items, next=None if last is None else str(Cursor(last.recorded_at, last.id)))


def expiry(shares: Sequence[Share], programme: Programme) -> PointsExpiry | None:
    """When the first of them end, and how many then."""
    ends = next_end(shares)
    if ends is None:
        return None
    return PointsExpiry(at=ends[0], day=last_day(ends[0], programme.time_zone), points=Points(ends[1]))
