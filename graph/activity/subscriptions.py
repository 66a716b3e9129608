"""What happens to a card, told to the phone that shows it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from enum import StrEnum

import strawberry

from graph.context import Info
from graph.permissions import member
from graph.points.queries import spending_of
from graph.points.types import Spending
from graph.purchases.queries import purchase_of
from graph.purchases.types import Purchase


@strawberry.enum(description="What happened to a card.")
class CardActivityKind(StrEnum):
    """What happened to a card."""

    SCANNED = "SCANNED"
    PHONE_TOLD = "PHONE_TOLD"
    PURCHASE_POSTED = "PURCHASE_POSTED"
    PURCHASE_REFUNDED = "PURCHASE_REFUNDED"
    SPENDING_ASKED = "SPENDING_ASKED"
    POINTS_CHANGED = "POINTS_CHANGED"
    FAMILY_CHANGED = "FAMILY_CHANGED"
    SHOP_CHANGED = "SHOP_CHANGED"


@strawberry.type(description="Something that happened to the card, within a second of it.")
class CardActivity:
    """Something that happened to the card."""

    kind: CardActivityKind
    at: datetime
    purchase: Purchase | None
    spending: Spending | None = strawberry.field(description="With SPENDING_ASKED: what waits for a yes.")


@strawberry.type
class ActivitySubscriptions:
    """What a phone hears."""

    @strawberry.subscription(
        extensions=[member()],
        description=(
            "The card was scanned, its phone number told at a till, a purchase posted or refunded, a spending of points"
            " asked for or let go, or the family or an order of the shop changed."
        ),
    )
    async def card_activity(self, info: Info) -> AsyncGenerator[CardActivity, None]:
        """Everything that happens to the member's card from now on."""
        context = info.context
        viewer = context.member
        async for event in context.resources.bus.listen(viewer.member_id):
            purchase = None
            if event.purchase_id is not None:
                purchase = await purchase_of(viewer.member_id, event.purchase_id, context)
            kind = CardActivityKind(event.kind)
            asks = kind is CardActivityKind.SPENDING_ASKED
            spending = await spending_of(viewer.member_id, context) if asks else None
            yield CardActivity(kind=kind, at=event.at, purchase=purchase, spending=spending)
