"""Outside systems, for whoever looks after the installation."""

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.status.types import OutsideSystem
from services.status import reading


@strawberry.type
class StatusQueries:
    """Outside systems."""

    @strawberry.field(
        extensions=[needs(reading.VIEW)],
        description="Every outside system that is connected, and our own queues: how each of them is at this moment.",
    )
    async def outside_systems(self, info: Info) -> list[OutsideSystem]:
        """The systems as they are now."""
        context = info.context
        found = await reading.systems(context.resources, context.now)
        return [OutsideSystem.of(one, context.locale, context.now) for one in found]
