"""The staff's queue of claims."""

import strawberry

from graph.claims.types import ClaimEntry, ClaimPage, ClaimStatus, programme_of
from graph.context import Info
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import needs
from services.claims import reading


@strawberry.type
class ClaimQueries:
    """The staff's queue of claims."""

    @strawberry.field(
        extensions=[needs(reading.VIEW)], description="Claims at the places where the right is held, the newest first."
    )
    async def claims(
        self, info: Info, first: int = 20, after: str | None = None, status: ClaimStatus | None = None
    ) -> ClaimPage:
        """Claims at the places where the right is held."""
        context = info.context
        size, place = page_size(first), read_cursor(after)
        rows = await reading.page(
            context.staff.access,
            rows=size + 1,
            after=None if place is None else (place.at, place.id),
            status=None if status is None else status.value,
        )
        items = [ClaimEntry.of(one, await programme_of(one, context), context.locale) for one in rows[:size]]
        more = len(rows) > size
        return ClaimPage(items=items, next=str(Cursor(rows[size - 1].created_at, rows[size - 1].id)) if more else None)
