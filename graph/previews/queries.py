"""Messages as their readers get them."""

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.previews.types import MessagePreview
from services import programmes
from services.messages import previews


@strawberry.type
class PreviewQueries:
    """Messages as their readers get them."""

    @strawberry.field(
        extensions=[needs(previews.VIEW)],
        description="Every message that this programme sends, in both languages, with what it costs by each gateway.",
    )
    async def message_previews(self, info: Info) -> list[MessagePreview]:
        """Every message."""
        context = info.context
        programme = await programmes.current(context.now)
        found = previews.previews(programme, context.resources, context.now)
        return [MessagePreview.of(one, context) for one in found]
