"""What a till asks about itself."""

import strawberry

from graph.context import Info
from graph.permissions import till
from graph.tills.types import Till
from services import programmes


@strawberry.type
class TillQueries:
    """What a till asks about itself."""

    @strawberry.field(extensions=[till()], description="The till that asks.")
    async def till(self, info: Info) -> Till:
        """The till that asks."""
        context = info.context
        return Till.of(context.till, await programmes.current(context.now), context.locale)
