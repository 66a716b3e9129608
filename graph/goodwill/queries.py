"""The queue of points moved by hand."""

import strawberry

from graph.context import Info
from graph.goodwill.types import PointsGrant, PointsGrantPage, PointsGrantState
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import needs
from services.goodwill import reading


@strawberry.type
class GoodwillQueries:
    """The queue of points moved by hand."""

    @strawberry.field(
        extensions=[needs(reading.RIGHT)],
        description="Points moved by hand, the newest first; for whoever holds the right for the whole programme.",
    )
    async def points_grants(
        self, info: Info, first: int = 20, after: str | None = None, state: PointsGrantState | None = None
    ) -> PointsGrantPage:
        """Points moved by hand."""
        context = info.context
        size, place = page_size(first), read_cursor(after)
        rows = await reading.page(
            context.staff.access,
            rows=size + 1,
            after=None if place is None else (place.at, place.id),
            state=None if state is None else state.value,
            now=context.now,
        )
        shown = rows[:size]
        following = str(Cursor(shown[-1].asked_at, shown[-1].id)) if len(rows) > size else None
        return PointsGrantPage(items=[PointsGrant.of(one, context) for one in shown], next=following)
