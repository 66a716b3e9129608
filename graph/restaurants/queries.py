"""Restaurants of a cloud, for whoever looks after them."""

from datetime import timedelta
from typing import Final

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.restaurants.types import RestaurantComparison, RestaurantConnection, RestaurantInbox
from loyalty.refusals import Code, Refusal
from services import programmes
from services.pos.plugins import VIEW
from services.restaurants import connections

DAYS_MAX: Final = 90


@strawberry.type
class RestaurantQueries:
    """Restaurants of a cloud."""

    @strawberry.field(
        extensions=[needs(VIEW)],
        description="The restaurants of the cloud whose outlets the reader may see; with the whole programme, the rest too.",
    )
    async def restaurant_connections(self, info: Info) -> list[RestaurantConnection]:
        """The restaurants that the person may see."""
        context = info.context
        programme = await programmes.current(context.now)
        found = await connections.connections(context.staff.access, context.now)
        return [RestaurantConnection.of(one, programme, context.locale) for one in found]

    @strawberry.field(extensions=[needs(VIEW)], description="What those restaurants' cloud told and is not worked off.")
    async def restaurant_inbox(self, info: Info) -> RestaurantInbox:
        """What waits and what was put aside."""
        context = info.context
        found = await connections.inbox(context.staff.access, context.now)
        return RestaurantInbox.of(found, context.locale, is_connected=context.resources.restaurants is not None)

    @strawberry.field(extensions=[needs(VIEW)], description="Our books and the cloud's compared, day by day.")
    async def restaurant_comparison(self, info: Info, days: int = 14) -> RestaurantComparison:
        """The last days that were compared, and what differs."""
        if not 1 <= days <= DAYS_MAX:
            raise Refusal(Code.INVALID_INPUT, "restaurants.days", field="days", most=DAYS_MAX)
        context = info.context
        since = context.now.date() - timedelta(days=days)
        found = await connections.comparison(context.staff.access, since, context.now)
        return RestaurantComparison.of(found, context.locale)
