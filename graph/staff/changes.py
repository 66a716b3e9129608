"""What changes of people, rights and roles take and give."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.staff.people import GrantDiff, GrantRequest, Role, StaffMember


@strawberry.enum(description="The language of somebody's letters.")
class Language(StrEnum):
    """The language of somebody's letters."""

    RU = "ru"
    EN = "en"


@strawberry.input(description="A place by its narrowest part; nothing at all is the whole programme.")
class ScopeInput:
    """A place by its narrowest part."""

    partner: strawberry.ID | None = None
    outlet: strawberry.ID | None = None
    till: UUID | None = None


@strawberry.input(description="A role or a single right, exactly one of the two, to be held at a place.")
class GrantInput:
    """A role or a single right to be held at a place."""

    role: UUID | None = None
    right: strawberry.ID | None = None
    scope: ScopeInput


@strawberry.input(description="Somebody to invite. They hold no right yet: `saveGrants` gives them.")
class InviteStaffInput:
    """Somebody to invite."""

    email: str
    name: str
    phone: str | None = None
    partner: strawberry.ID | None = strawberry.field(default=None, description="The asset the person belongs to.")
    comment: str | None = None
    locale: Language = Language.RU
    reason: str


@strawberry.input(description="What is known of somebody, as it shall be; the whole form.")
class UpdateStaffInput:
    """What is known of somebody, as it shall be."""

    id: UUID
    version: int = strawberry.field(description="The one that was read; another one is a conflict and saves nothing.")
    email: str
    name: str
    phone: str | None = None
    partner: strawberry.ID | None = None
    comment: str | None = None
    reason: str


@strawberry.input(description="All that somebody shall hold, not a change of it.")
class SaveGrantsInput:
    """All that somebody shall hold."""

    staff: UUID
    version: int
    grants: list[GrantInput]
    reason: str


@strawberry.input(description="A role as it shall be; without `id` a new one.")
class SaveRoleInput:
    """A role as it shall be."""

    id: UUID | None = None
    version: int | None = None
    code: strawberry.ID
    name_ru: str
    name_en: str
    rights: list[strawberry.ID]
    reason: str


@strawberry.type(description="A letter with a link is on its way.")
class StaffInvited:
    """A letter with a link is on its way."""

    staff: StaffMember


@strawberry.type(description="It stands.")
class StaffSaved:
    """It stands."""

    staff: StaffMember


@strawberry.type(description="Somebody was quicker: nothing was saved, and this is how the person stands now.")
class StaffVersionConflict:
    """Somebody was quicker."""

    staff: StaffMember
    changed_by: str | None
    changed_at: datetime


@strawberry.type(description="Somebody was quicker: nothing was saved, and this is how the role stands now.")
class RoleVersionConflict:
    """Somebody was quicker."""

    role: Role
    changed_by: str | None
    changed_at: datetime


@strawberry.type(description="The grants stand.")
class GrantsSaved:
    """The grants stand."""

    staff: StaffMember
    diff: GrantDiff


@strawberry.type(description="It gives right 1 or 2: a second holder decides, and nothing has changed yet.")
class GrantsRequested:
    """A second holder decides."""

    request: GrantRequest


@strawberry.type(description="The request is decided.")
class GrantRequestDecided:
    """The request is decided."""

    request: GrantRequest


@strawberry.type(description="The role stands, or its change waits in `request`.")
class RoleSaved:
    """The role stands, or its change waits."""

    role: Role
    request: GrantRequest | None


InviteStaffResult = Annotated[StaffInvited | Problem, strawberry.union("InviteStaffResult")]
UpdateStaffResult = Annotated[StaffSaved | StaffVersionConflict | Problem, strawberry.union("UpdateStaffResult")]
ChangeStaffResult = Annotated[StaffSaved | Problem, strawberry.union("ChangeStaffResult")]
SaveGrantsResult = Annotated[
    GrantsSaved | GrantsRequested | StaffVersionConflict | Problem, strawberry.union("SaveGrantsResult")
]
DecideGrantRequestResult = Annotated[GrantRequestDecided | Problem, strawberry.union("DecideGrantRequestResult")]
SaveRoleResult = Annotated[RoleSaved | RoleVersionConflict | Problem, strawberry.union("SaveRoleResult")]
