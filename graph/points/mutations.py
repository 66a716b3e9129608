"""The guest's answer to a large spending."""

from uuid import UUID

import strawberry

from graph.context import Info
from graph.permissions import member
from graph.points.queries import points_of
from graph.points.types import (
    ConfirmSpendingResult,
    DeclineSpendingResult,
    Spending,
    SpendingConfirmed,
    SpendingDeclined,
)
from services import programmes
from services.points import confirming


@strawberry.type
class PointsMutations:
    """The guest's answer to a large spending."""

    @strawberry.mutation(
        extensions=[member()],
        description="Say yes to a spending of mine that waits, so that the till may post. Twice is the same answer.",
    )
    async def confirm_spending(self, info: Info, id: UUID) -> ConfirmSpendingResult:  # noqa: A002 - the contract
        """Say yes to a spending."""
        context = info.context
        asked = await confirming.confirm(context.member.member_id, id, context.now)
        programme = await programmes.current(context.now)
        return SpendingConfirmed(spending=Spending.of(asked, programme, context.locale))

    @strawberry.mutation(
        extensions=[member()],
        description="Say no to a spending of mine that waits; its points are free at once. Twice is the same answer.",
    )
    async def decline_spending(self, info: Info, id: UUID) -> DeclineSpendingResult:  # noqa: A002 - the contract
        """Say no to a spending."""
        context = info.context
        asked = await confirming.decline(context.resources, context.member.member_id, id, context.now)
        programme = await programmes.current(context.now)
        return SpendingDeclined(
            spending=Spending.of(asked, programme, context.locale),
            points=await points_of(context.member.member_id, context),
        )
