"""Erasing a member."""

import strawberry

from graph.context import SESSION_COOKIE, Info
from graph.erasing.types import EraseMemberInput, EraseMemberResult, EraseMeResult, Erasure, MemberErased
from graph.permissions import member, needs
from services.erasing import erasing
from services.erasing.erasing import RIGHT


@strawberry.type
class ErasingMutations:
    """Erasing a member."""

    @strawberry.mutation(
        extensions=[member()],
        description="Erase my personal data by the password, at once and for ever. This session ends with it.",
    )
    async def erase_me(self, info: Info, password: str) -> EraseMeResult:
        """Erase my personal data."""
        context = info.context
        viewer = context.member
        facts = await erasing.erase_me(
            viewer.member_id, viewer.session_id, password, resources=context.resources, now=context.now
        )
        context.clear_cookie(SESSION_COOKIE)
        return MemberErased(erasure=await Erasure.of(facts, context))

    @strawberry.mutation(
        extensions=[needs(RIGHT)], description="Erase a member's personal data, at once and for ever; the books stay."
    )
    async def erase_member(self, info: Info, input: EraseMemberInput) -> EraseMemberResult:  # noqa: A002 - the contract
        """Erase a member's personal data."""
        context = info.context
        facts = await erasing.erase(
            context.actor, input.member, reason=input.reason, resources=context.resources, now=context.now
        )
        return MemberErased(erasure=await Erasure.of(facts, context))
