"""Looking anew at what the restaurants' cloud told."""

from __future__ import annotations

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.restaurants.types import ReplayRestaurantInboxResult, RestaurantInboxReplayed
from services.restaurants import connections


@strawberry.type
class RestaurantMutations:
    """Looking anew at what the restaurants' cloud told."""

    @strawberry.mutation(
        extensions=[needs(connections.REPLAY)],
        description="Have events and orders looked at anew that were put aside; for holders of the whole programme.",
    )
    async def replay_restaurant_inbox(self, info: Info, reason: str) -> ReplayRestaurantInboxResult:
        """Look anew at what was put aside."""
        context = info.context
        count = await connections.replay(context.actor, reason=reason, resources=context.resources, now=context.now)
        return RestaurantInboxReplayed(count=count)
