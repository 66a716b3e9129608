"""People of the staff, their grants, roles and requests, as administrators see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

import strawberry

from graph.context import Context
from graph.staff.types import HeldRight, Scope
from graph.words import Locale
from loyalty.programme import Programme
from loyalty.scopes import Scope as Place
from services import programmes
from services.audit import Actor
from services.staff import people, roles
from services.staff.four_eyes import GrantRequestFacts
from services.staff.grants import Difference
from services.staff.people import GrantFacts, StaffFacts
from services.staff.roles import RoleFacts


@strawberry.enum(description="INVITED has not chosen a password and a second factor yet.")
class StaffStatus(StrEnum):
    """Whether somebody may enter."""

    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"


@strawberry.enum(description="EXPIRED waited a week; STALE: what it changes was changed meanwhile.")
class GrantRequestState(StrEnum):
    """What became of a request."""

    WAITING = "WAITING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    STALE = "STALE"


@dataclass(frozen=True, slots=True)
class View:
    """What a row is shown with: the programme's names, the roles, the reader's language, and who reads."""

    programme: Programme
    roles: Mapping[UUID, RoleFacts]
    locale: Locale
    actor: Actor
    now: datetime

    @classmethod
    async def of(cls, context: Context) -> Self:
        """The view of a request."""
        known, programme = await roles.seen_by(context.staff.access), await programmes.current(context.now)
        return cls(programme, {role.id: role for role in known}, context.locale, context.actor, context.now)

    def held(self, pairs: tuple[tuple[str, Place], ...]) -> list[HeldRight]:
        """Pairs of right and place."""
        return [HeldRight.of(pair, self.programme, self.locale) for pair in pairs]


@strawberry.type(description="A named set of rights.")
class Role:
    """A named set of rights."""

    id: UUID
    code: strawberry.ID
    name: str = strawberry.field(description="In the reader's language.")
    name_ru: str
    name_en: str
    rights: list[strawberry.ID]
    version: int
    holders: int = strawberry.field(description="How many people hold it, of those the reader administers.")

    @classmethod
    def of(cls, role: RoleFacts, locale: Locale) -> Self:
        """A role."""
        return cls(
            id=role.id,
            code=strawberry.ID(role.code),
            name=role.name.in_locale(locale),
            name_ru=role.name.ru,
            name_en=role.name.en or role.name.ru,
            rights=[strawberry.ID(code) for code in role.rights],
            version=role.version,
            holders=role.holders,
        )


@strawberry.type(description="A role or a single right that somebody holds; exactly one of the two.")
class Grant:
    """A role or a single right that somebody holds."""

    role: Role | None
    right: strawberry.ID | None
    scope: Scope
    granted_at: datetime
    granted_by: str | None = strawberry.field(description="Null: the operator of this installation.")

    @classmethod
    def of(cls, grant: GrantFacts, view: View) -> Self:
        """A grant."""
        return cls(
            role=None if grant.role is None else Role.of(view.roles[grant.role], view.locale),
            right=None if grant.right is None else strawberry.ID(grant.right),
            scope=Scope.of(grant.scope, view.programme, view.locale),
            granted_at=grant.at,
            granted_by=grant.by,
        )


@strawberry.type(description="Somebody of the staff.")
class StaffMember:
    """Somebody of the staff."""

    id: UUID
    email: str
    name: str
    phone: str | None
    partner: strawberry.ID | None
    comment: str
    status: StaffStatus
    version: int
    created_at: datetime
    last_seen_at: datetime | None
    grants: list[Grant] = strawberry.field(description="As they were given.")
    rights: list[HeldRight] = strawberry.field(description="As they come out.")
    editable: bool = strawberry.field(description="False for oneself and for whoever holds what the reader lacks.")

    @classmethod
    def of(cls, found: StaffFacts, view: View) -> Self:
        """Somebody as this reader sees them."""
        return cls(
            id=found.id,
            email=found.email,
            name=found.name,
            phone=found.phone,
            partner=None if found.partner is None else strawberry.ID(found.partner),
            comment=found.comment,
            status=StaffStatus(found.status),
            version=found.version,
            created_at=found.created_at,
            last_seen_at=found.last_seen_at,
            grants=[Grant.of(grant, view) for grant in found.grants],
            rights=view.held(found.access.pairs),
            editable=people.is_editable(view.actor, found),
        )


@strawberry.type(description="A page of the staff, whoever came last first.")
class StaffPage:
    """A page of the staff."""

    items: list[StaffMember]
    next: str | None


@strawberry.type(description="What a change gives and takes, of rights as they come out.")
class GrantDiff:
    """What a change gives and takes."""

    added: list[HeldRight]
    removed: list[HeldRight]
    needs_two: bool

    @classmethod
    def of(cls, difference: Difference, view: View) -> Self:
        """A difference."""
        added, removed = view.held(difference.added), view.held(difference.removed)
        return cls(added=added, removed=removed, needs_two=difference.needs_two)


@strawberry.type(description="A change that gives right 1 or 2: a second holder decides it.")
class GrantRequest:
    """A change that waits for a second holder."""

    id: UUID
    staff: StaffMember | None
    role: Role | None
    diff: GrantDiff
    reason: str
    state: GrantRequestState
    requested_by: str
    requested_at: datetime
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    mine: bool = strawberry.field(description="The reader may take it back and not approve it.")

    @classmethod
    async def several(cls, requests: Sequence[GrantRequestFacts], view: View) -> list[Self]:
        """Requests with whom or what they are about, read together."""
        about = await people.by_id([one.staff_id for one in requests if one.staff_id is not None])
        return [cls.of(one, view, about) for one in requests]

    @classmethod
    def of(cls, request: GrantRequestFacts, view: View, about: Mapping[UUID, StaffFacts]) -> Self:
        """A request."""
        staff = None if request.staff_id is None else about[request.staff_id]
        role = None if request.role_id is None else view.roles.get(request.role_id)
        return cls(
            id=request.id,
            staff=None if staff is None else StaffMember.of(staff, view),
            role=None if role is None else Role.of(role, view.locale),
            diff=GrantDiff.of(Difference(request.added, request.removed), view),
            reason=request.reason,
            state=GrantRequestState(request.state_at(view.now)),
            requested_by=request.asker,
            requested_at=request.requested_at,
            expires_at=request.expires_at,
            decided_by=request.decider,
            decided_at=request.decided_at,
            mine=view.actor.id in {request.requested_by, request.staff_id},
        )
