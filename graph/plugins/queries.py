"""Plugins of restaurants' systems, for whoever looks after them."""

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.plugins.types import Plugin
from services.pos import plugins


@strawberry.type
class PluginQueries:
    """Plugins of restaurants' systems."""

    @strawberry.field(
        extensions=[needs(plugins.VIEW)], description="The plugins of the places where the right is held, by place."
    )
    async def plugins(self, info: Info) -> list[Plugin]:
        """The plugins that the person may see."""
        return [Plugin.of(one) for one in await plugins.plugins(info.context.staff.access)]
