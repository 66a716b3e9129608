"""Giving and taking points by hand, and the second person's decision."""

from uuid import UUID

import strawberry

from graph.context import Info
from graph.goodwill.types import (
    DecidePointsGrantResult,
    GrantPointsInput,
    GrantPointsResult,
    PointsGrant,
    PointsGrantDecided,
    PointsGranted,
)
from graph.permissions import needs
from services.goodwill import granting
from services.goodwill.granting import Wish
from services.goodwill.reading import RIGHT


@strawberry.type
class GoodwillMutations:
    """Giving and taking points by hand, and the second person's decision."""

    @strawberry.mutation(
        extensions=[needs(RIGHT)],
        description="Give a member points, or take some. Above the programme's bound it waits for another of the staff.",
    )
    async def grant_points(self, info: Info, input: GrantPointsInput) -> GrantPointsResult:  # noqa: A002 - the contract
        """Give a member points, or take some."""
        context = info.context
        wish = Wish(input.idempotency_key, input.member, input.points, input.reason)
        made = await granting.grant(context.actor, wish, resources=context.resources, now=context.now)
        return PointsGranted(grant=PointsGrant.of(made, context))

    @strawberry.mutation(
        extensions=[needs(RIGHT)],
        description="Move points that somebody else asked for, or do not. One's own may only be taken back.",
    )
    async def decide_points_grant(
        self,
        info: Info,
        *,
        id: UUID,  # noqa: A002 - the contract
        approve: bool,
        reason: str,
        idempotency_key: str | None = None,
    ) -> DecidePointsGrantResult:
        """Move points that somebody else asked for, or do not."""
        context = info.context
        made = await granting.decide(
            context.actor,
            id,
            approve=approve,
            reason=reason,
            resources=context.resources,
            now=context.now,
            key=idempotency_key,
        )
        return PointsGrantDecided(grant=PointsGrant.of(made, context))
