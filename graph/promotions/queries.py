"""Campaigns of the programme, for whoever approves them."""

from __future__ import annotations

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.promotions.campaigns import Campaign, View
from services.promotions.batches import RIGHT


@strawberry.type
class PromotionQueries:
    """Campaigns of the programme."""

    @strawberry.field(
        extensions=[needs(RIGHT)],
        description="Every campaign of the programme file in force, the highest priority first.",
    )
    async def campaigns(self, info: Info) -> list[Campaign]:
        """Every campaign in force."""
        view = await View.of(info.context)
        promotions = view.programme.promotions
        return [] if promotions is None else [Campaign.of(one, view) for one in promotions.ordered]

    @strawberry.field(extensions=[needs(RIGHT)], description="One of them; null for one that is not in force.")
    async def campaign(self, info: Info, id: strawberry.ID) -> Campaign | None:  # noqa: A002 - the contract
        """One campaign."""
        view = await View.of(info.context, str(id))
        promotions = view.programme.promotions
        found = None if promotions is None else promotions.by_id.get(str(id))
        return None if found is None else Campaign.of(found, view)
