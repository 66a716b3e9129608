"""What everybody may ask about the programme."""

import strawberry

from graph.context import Info, MemberViewer
from graph.permissions import public
from graph.programme.types import Channel, DiscountAnswer, DiscountCell, Programme
from graph.scalars import Money
from loyalty.benefits import benefits
from loyalty.tiers import tier_at
from services import programmes
from services.ledger import standing_of


@strawberry.type
class ProgrammeQueries:
    """The programme and the discounts it gives."""

    @strawberry.field(extensions=[public()], description="The programme in force.")
    async def programme(self, info: Info) -> Programme:
        """The programme in force, in the reader's language."""
        return Programme.of(await programmes.current(info.context.now), info.context.locale)

    @strawberry.field(
        extensions=[public()], description="The discount on a service, for every tier and for the reader."
    )
    async def discount(
        self, info: Info, partner: strawberry.ID, service: strawberry.ID, channel: Channel, amount: Money | None = None
    ) -> DiscountAnswer:
        """The discount to expect before buying; nothing is written."""
        context = info.context
        programme = await programmes.current(context.now)
        found = benefits(programme, partner=partner, service=service, channel=channel, amount=amount)
        mine = None
        if isinstance(context.viewer, MemberViewer):
            standing = await standing_of(context.viewer.member_id)
            mine = tier_at(programme, standing.accumulated)
        cells = [DiscountCell.of(benefit, context.locale) for benefit in found]
        own = (cell for cell, benefit in zip(cells, found, strict=True) if benefit.tier is mine)
        return DiscountAnswer(mine=next(own, None), by_tier=cells)
