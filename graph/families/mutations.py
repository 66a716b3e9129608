"""Founding a family, inviting, joining, sharing and leaving."""

# ruff: noqa: A002 - the contract calls it input

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import strawberry

from graph.context import Info
from graph.families.queries import family_of
from graph.families.results import (
    ContributeToFamilyInput,
    FamilyChanged,
    FamilyCommandInput,
    FamilyInvited,
    FamilyInviteInput,
    FamilyLeft,
    FamilyResult,
    FamilySeatInput,
    InviteToFamilyInput,
    InviteToFamilyResult,
    JoinFamilyInput,
    LeaveFamilyResult,
    OfferFamilyHeadInput,
    ShowPurchasesInput,
)
from graph.permissions import member
from graph.points.queries import points_of
from graph.scalars import Points
from loyalty.refusals import Code, Refusal
from services.families import inviting, leaving, sharing
from services.families.keyed import Command

if TYPE_CHECKING:
    from collections.abc import Awaitable


@strawberry.type
class FamilyMutations:
    """Founding a family, inviting, joining, sharing and leaving."""

    @strawberry.mutation(extensions=[member()], description="Start a family; I am its head.")
    async def found_family(self, info: Info, input: FamilyCommandInput) -> FamilyResult:
        """Start a family."""
        return await _changed(info, inviting.found(info.context.resources, _order(info, input)))

    @strawberry.mutation(
        extensions=[member()], description="Open a seat for whoever comes with the link; the head may."
    )
    async def invite_to_family(self, info: Info, input: InviteToFamilyInput) -> InviteToFamilyResult:
        """Open a seat."""
        made = await inviting.invite(info.context.resources, _order(info, input), input.role)
        family = (await _changed(info)).family
        invite = next((each for each in family.invites if each.id == made), None)
        if invite is None:
            # The key was answered before, and its link has been used or has ended since.
            raise Refusal(Code.NOT_FOUND, "family.invite_unknown", field="input.idempotencyKey")
        return FamilyInvited(invite=invite, family=family)

    @strawberry.mutation(extensions=[member()], description="Take an open invitation back; the head may.")
    async def revoke_family_invite(self, info: Info, input: FamilyInviteInput) -> FamilyResult:
        """Take an open invitation back."""
        return await _changed(info, inviting.revoke(_order(info, input), input.invite))

    @strawberry.mutation(extensions=[member()], description="Sit down by the link of an invitation.")
    async def join_family(self, info: Info, input: JoinFamilyInput) -> FamilyResult:
        """Sit down by the link of an invitation."""
        return await _changed(info, inviting.accept(info.context.resources, _order(info, input), input.token))

    @strawberry.mutation(extensions=[member()], description="Put points of mine into the pool; they keep their ends.")
    async def contribute_to_family(self, info: Info, input: ContributeToFamilyInput) -> FamilyResult:
        """Put points into the pool."""
        return await _changed(info, sharing.contribute(info.context.resources, _order(info, input), input.points))

    @strawberry.mutation(
        extensions=[member()], description="Let the others see my purchases since I joined, or only the sum."
    )
    async def show_family_purchases(self, info: Info, input: ShowPurchasesInput) -> FamilyResult:
        """Let the others see single purchases, or not."""
        shown = sharing.show_purchases(info.context.resources, _order(info, input), shows=input.shows)
        return await _changed(info, shown)

    @strawberry.mutation(extensions=[member()], description="Offer somebody to be the head, who then has to say yes.")
    async def offer_family_head(self, info: Info, input: OfferFamilyHeadInput) -> FamilyResult:
        """Offer somebody to be the head."""
        return await _changed(info, leaving.offer_head(info.context.resources, _order(info, input), input.seat))

    @strawberry.mutation(extensions=[member()], description="Say yes to being the head.")
    async def take_family_head(self, info: Info, input: FamilyCommandInput) -> FamilyResult:
        """Say yes to being the head."""
        return await _changed(info, leaving.take_head(info.context.resources, _order(info, input)))

    @strawberry.mutation(
        extensions=[member()], description="Take somebody's seat away; what is left of his points goes to him."
    )
    async def remove_family_seat(self, info: Info, input: FamilySeatInput) -> FamilyResult:
        """Take somebody's seat away."""
        return await _changed(info, leaving.remove(info.context.resources, _order(info, input), input.seat))

    @strawberry.mutation(
        extensions=[member()],
        description="Leave; what is left of my points comes back. A head hands over first, or ends the family.",
    )
    async def leave_family(self, info: Info, input: FamilyCommandInput) -> LeaveFamilyResult:
        """Leave."""
        return await _left(info, leaving.leave(info.context.resources, _order(info, input)))

    @strawberry.mutation(
        extensions=[member()], description="End the family: everybody gets back what is left of his points."
    )
    async def dissolve_family(self, info: Info, input: FamilyCommandInput) -> LeaveFamilyResult:
        """End the family."""
        return await _left(info, leaving.dissolve(info.context.resources, _order(info, input)))


class _Keyed(Protocol):
    idempotency_key: str


def _order(info: Info, asked: _Keyed) -> Command:
    """The command of this mutation, under its key."""
    context = info.context
    return Command(context.member.member_id, info.field_name, asked.idempotency_key, context.now)


async def _changed(info: Info, act: Awaitable[object] | None = None) -> FamilyChanged:
    """The family after an act, where there is one left to do."""
    if act is not None:
        await act
    family = await family_of(info.context.member.member_id, info.context)
    if family is None:
        # The key was answered before, and the member has left since.
        raise Refusal(Code.NOT_IN_FAMILY, "family.not_in")
    return FamilyChanged(family=family)


async def _left(info: Info, act: Awaitable[int]) -> FamilyLeft:
    """What the act brought home, and the points after it."""
    returned = Points(await act)
    return FamilyLeft(returned=returned, points=await points_of(info.context.member.member_id, info.context))
