"""What commands about a family are asked with and answered by."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from graph.families.types import Family, FamilyInvite
from graph.points.types import MemberPoints
from graph.problems import Problem
from graph.scalars import Points
from loyalty.families import Role


@strawberry.input(description="A command about my family that says all by its name.")
class FamilyCommandInput:
    """A command that says all by its name."""

    idempotency_key: str


@strawberry.input(description="A seat to open for whoever comes with the link.")
class InviteToFamilyInput:
    """A seat to open."""

    idempotency_key: str
    role: Role = Role.ADULT


@strawberry.input(description="An open invitation of my family.")
class FamilyInviteInput:
    """An open invitation."""

    idempotency_key: str
    invite: UUID


@strawberry.input(description="The token of an invitation's link.")
class JoinFamilyInput:
    """The token of an invitation's link."""

    idempotency_key: str
    token: str


@strawberry.input(description="Points of mine for the pool.")
class ContributeToFamilyInput:
    """Points for the pool."""

    idempotency_key: str
    points: Points


@strawberry.input(description="Whether the others see my single purchases.")
class ShowPurchasesInput:
    """Whether the others see single purchases."""

    idempotency_key: str
    shows: bool


@strawberry.input(description="A seat of my family.")
class FamilySeatInput:
    """A seat of the family."""

    idempotency_key: str
    seat: UUID


@strawberry.input(description="To whom I offer to be the head; null takes the offer back.")
class OfferFamilyHeadInput:
    """To whom the head is offered."""

    idempotency_key: str
    seat: UUID | None = None


@strawberry.type(description="Done; the family as it is now.")
class FamilyChanged:
    """Done; the family as it is now."""

    family: Family


@strawberry.type(description="A seat is open for whoever comes with the link.")
class FamilyInvited:
    """A seat is open."""

    invite: FamilyInvite
    family: Family


@strawberry.type(description="I sit in no family any more.")
class FamilyLeft:
    """The member sits in no family any more."""

    returned: Points = strawberry.field(description="What came back of what I had given.")
    points: MemberPoints | None


FamilyResult = Annotated[FamilyChanged | Problem, strawberry.union("FamilyResult")]
InviteToFamilyResult = Annotated[FamilyInvited | Problem, strawberry.union("InviteToFamilyResult")]
LeaveFamilyResult = Annotated[FamilyLeft | Problem, strawberry.union("LeaveFamilyResult")]
