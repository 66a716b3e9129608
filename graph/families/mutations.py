"""Founding a family, inviting, joining, sharing and leaving."""

from __future__ import annotations

import strawberry

from graph.context import Context, Info
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


@strawberry.type
class FamilyMutations:
    """Founding a family, inviting, joining, sharing and leaving."""

    @strawberry.mutation(extensions=[member()], description="Start a family; I am its head.")
    async def found_family(self, info: Info, input: FamilyCommandInput) -> FamilyResult:  # noqa: A002 - the contract
        """Start a family."""
        context = info.context
        await inviting.found(context.resources, _command(context, "foundFamily", input.idempotency_key))
        return await _changed(context)

    @strawberry.mutation(
        extensions=[member()], description="Open a seat for whoever comes with the link; the head may."
    )
    async def invite_to_family(
        self,
        info: Info,
        input: InviteToFamilyInput,  # noqa: A002 - the contract
    ) -> InviteToFamilyResult:
        """Open a seat."""
        context = info.context
        command = _command(context, "inviteToFamily", input.idempotency_key)
        made = await inviting.invite(context.resources, command, input.role)
        family = (await _changed(context)).family
        invite = next((each for each in family.invites if each.id == made), None)
        if invite is None:
            # The key was answered before, and its link has been used or has ended since.
            raise Refusal(Code.NOT_FOUND, "family.invite_unknown", field="input.idempotencyKey")
        return FamilyInvited(invite=invite, family=family)

    @strawberry.mutation(extensions=[member()], description="Take an open invitation back; the head may.")
    async def revoke_family_invite(
        self,
        info: Info,
        input: FamilyInviteInput,  # noqa: A002 - the contract
    ) -> FamilyResult:
        """Take an open invitation back."""
        context = info.context
        await inviting.revoke(_command(context, "revokeFamilyInvite", input.idempotency_key), input.invite)
        return await _changed(context)

    @strawberry.mutation(extensions=[member()], description="Sit down by the link of an invitation.")
    async def join_family(self, info: Info, input: JoinFamilyInput) -> FamilyResult:  # noqa: A002 - the contract
        """Sit down by the link of an invitation."""
        context = info.context
        command = _command(context, "joinFamily", input.idempotency_key)
        await inviting.accept(context.resources, command, input.token)
        return await _changed(context)

    @strawberry.mutation(extensions=[member()], description="Put points of mine into the pool; they keep their ends.")
    async def contribute_to_family(
        self,
        info: Info,
        input: ContributeToFamilyInput,  # noqa: A002 - the contract
    ) -> FamilyResult:
        """Put points into the pool."""
        context = info.context
        command = _command(context, "contributeToFamily", input.idempotency_key)
        await sharing.contribute(context.resources, command, input.points)
        return await _changed(context)

    @strawberry.mutation(
        extensions=[member()], description="Let the others see my purchases since I joined, or only the sum."
    )
    async def show_family_purchases(
        self,
        info: Info,
        input: ShowPurchasesInput,  # noqa: A002 - the contract
    ) -> FamilyResult:
        """Let the others see single purchases, or not."""
        context = info.context
        command = _command(context, "showFamilyPurchases", input.idempotency_key)
        await sharing.show_purchases(context.resources, command, shows=input.shows)
        return await _changed(context)

    @strawberry.mutation(extensions=[member()], description="Offer somebody to be the head, who then has to say yes.")
    async def offer_family_head(
        self,
        info: Info,
        input: OfferFamilyHeadInput,  # noqa: A002 - the contract
    ) -> FamilyResult:
        """Offer somebody to be the head."""
        context = info.context
        command = _command(context, "offerFamilyHead", input.idempotency_key)
        await leaving.offer_head(context.resources, command, input.seat)
        return await _changed(context)

    @strawberry.mutation(extensions=[member()], description="Say yes to being the head.")
    async def take_family_head(
        self,
        info: Info,
        input: FamilyCommandInput,  # noqa: A002 - the contract
    ) -> FamilyResult:
        """Say yes to being the head."""
        context = info.context
        await leaving.take_head(context.resources, _command(context, "takeFamilyHead", input.idempotency_key))
        return await _changed(context)

    @strawberry.mutation(
        extensions=[member()], description="Take somebody's seat away; what is left of his points goes to him."
    )
    async def remove_family_seat(
        self,
        info: Info,
        input: FamilySeatInput,  # noqa: A002 - the contract
    ) -> FamilyResult:
        """Take somebody's seat away."""
        context = info.context
        command = _command(context, "removeFamilySeat", input.idempotency_key)
        await leaving.remove(context.resources, command, input.seat)
        return await _changed(context)

    @strawberry.mutation(
        extensions=[member()],
        description="Leave; what is left of my points comes back. A head hands over first, or ends the family.",
    )
    async def leave_family(
        self,
        info: Info,
        input: FamilyCommandInput,  # noqa: A002 - the contract
    ) -> LeaveFamilyResult:
        """Leave."""
        context = info.context
        command = _command(context, "leaveFamily", input.idempotency_key)
        return await _left(context, await leaving.leave(context.resources, command))

    @strawberry.mutation(
        extensions=[member()], description="End the family: everybody gets back what is left of his points."
    )
    async def dissolve_family(
        self,
        info: Info,
        input: FamilyCommandInput,  # noqa: A002 - the contract
    ) -> LeaveFamilyResult:
        """End the family."""
        context = info.context
        command = _command(context, "dissolveFamily", input.idempotency_key)
        return await _left(context, await leaving.dissolve(context.resources, command))


def _command(context: Context, operation: str, key: str) -> Command:
    return Command(context.member.member_id, operation, key, context.now)


async def _changed(context: Context) -> FamilyChanged:
    family = await family_of(context.member.member_id, context)
    if family is None:
        # The key was answered before, and the member has left since.
        raise Refusal(Code.NOT_IN_FAMILY, "family.not_in")
    return FamilyChanged(family=family)


async def _left(context: Context, returned: int) -> FamilyLeft:
    return FamilyLeft(returned=Points(returned), points=await points_of(context.member.member_id, context))
