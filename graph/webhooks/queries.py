"""Addresses of partners, and what became of their deliveries."""

from __future__ import annotations

from uuid import UUID

import strawberry

from graph.context import Info
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import needs
from graph.webhooks.types import (
    WebhookDelivery,
    WebhookDeliveryPage,
    WebhookDeliveryState,
    WebhookEndpoint,
    WebhookEndpointPage,
)
from services import programmes
from services.webhooks import endpoints, replaying


@strawberry.type
class WebhookQueries:
    """Addresses of partners and their deliveries."""

    @strawberry.field(
        extensions=[needs(endpoints.MANAGE)],
        description="Addresses of the partners whose points of sale the reader manages whole, the newest first.",
    )
    async def webhook_endpoints(
        self, info: Info, first: int = 20, after: str | None = None, partner: strawberry.ID | None = None
    ) -> WebhookEndpointPage:
        """Addresses of the reader's partners."""
        context, size, place = info.context, page_size(first), read_cursor(after)
        rows = await endpoints.page(
            context.staff.access,
            rows=size + 1,
            after=None if place is None else (place.at, place.id),
            partner=partner,
        )
        programme, shown = await programmes.current(context.now), rows[:size]
        following = str(Cursor(shown[-1].created_at, shown[-1].id)) if len(rows) > size else None
        items = [WebhookEndpoint.of(one, programme, context.locale, context.now) for one in shown]
        return WebhookEndpointPage(items=items, next=following)

    @strawberry.field(
        extensions=[needs(endpoints.MANAGE)], description="Deliveries to an address, the newest first, for thirty days."
    )
    async def webhook_deliveries(
        self,
        info: Info,
        endpoint: UUID,
        first: int = 20,
        after: str | None = None,
        state: WebhookDeliveryState | None = None,
    ) -> WebhookDeliveryPage:
        """Deliveries to an address."""
        size, place = page_size(first), read_cursor(after)
        rows = await replaying.page(
            info.context.staff.access,
            endpoint,
            rows=size + 1,
            after=None if place is None else (place.at, place.id),
            status=None if state is None else state.value,
        )
        shown = rows[:size]
        following = str(Cursor(shown[-1].created_at, shown[-1].id)) if len(rows) > size else None
        return WebhookDeliveryPage(items=[WebhookDelivery.of(one) for one in shown], next=following)
