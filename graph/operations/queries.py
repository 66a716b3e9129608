"""Receipts of the places where somebody may see them."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from graph.context import Info
from graph.operations.types import Operation, OperationPage
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import needs
from graph.programme.types import Channel
from graph.purchases.types import Purchase
from services import programmes
from services.operations import listing
from services.operations.listing import Filters


@strawberry.type
class OperationQueries:
    """Receipts of the places where somebody may see them."""

    @strawberry.field(
        extensions=[needs(listing.VIEW)],
        description="Receipts of the places where the right is held, newest first. Dates are business dates, both inclusive.",
    )
    async def operations(
        self,
        info: Info,
        *,
        first: int = 20,
        after: str | None = None,
        partner: strawberry.ID | None = None,
        outlet: strawberry.ID | None = None,
        channel: Channel | None = None,
        receipt: str | None = None,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
        refunded: bool | None = None,
        member: UUID | None = None,
    ) -> OperationPage:
        """Receipts, a page at a time."""
        context = info.context
        size, place = page_size(first), read_cursor(after)
        filters = Filters(
            partner=partner,
            outlet=outlet,
            channel=None if channel is None else channel.value,
            receipt=receipt,
            since=from_,
            until=to,
            refunded=refunded,
            member=member,
        )
        behind = None if place is None else (place.at, place.id)
        rows = await listing.page(context.staff.access, filters, rows=size + 1, after=behind)
        programme, shown = await programmes.current(context.now), rows[:size]
        following = str(Cursor(shown[-1].closed_at, shown[-1].id)) if len(rows) > size else None
        return OperationPage(items=[Operation.of(one, programme, context.locale) for one in shown], next=following)

    @strawberry.field(
        extensions=[needs(listing.VIEW)],
        description="One receipt with its lines and returns; null for one of a place where the right is not held.",
    )
    async def operation(self, info: Info, id: UUID) -> Purchase | None:  # noqa: A002 - the contract
        """One receipt."""
        context = info.context
        found = await listing.one(context.staff.access, id)
        if found is None:
            return None
        return Purchase.of(found, await programmes.version(found.programme_version), context.locale)
