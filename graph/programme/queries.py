"""What everybody may ask about the programme."""

import strawberry

from graph.context import Info, MemberViewer
from graph.paging import page_size
from graph.permissions import public
from graph.programme.types import Channel, DiscountAnswer, DiscountCell, Outlet, OutletPage, Programme
from graph.scalars import Money
from loyalty.benefits import benefits
from loyalty.places import find_places
from loyalty.refusals import Code, Refusal
from services import programmes
from services.ledger import standing_of
from services.tiers.reading import stands


@strawberry.type
class ProgrammeQueries:
    """The programme and the discounts it gives."""

    @strawberry.field(extensions=[public()], description="The programme in force.")
    async def programme(self, info: Info) -> Programme:
        """The programme in force, in the reader's language."""
        return Programme.of(await programmes.current(info.context.now), info.context.locale)

    @strawberry.field(
        extensions=[public()],
        description="A partner's places with an address, in the programme's order. `search`: words of city, street or name.",
    )
    async def outlets(
        self, info: Info, partner: strawberry.ID, search: str = "", first: int = 20, after: strawberry.ID | None = None
    ) -> OutletPage:
        """A page of a partner's places."""
        size = page_size(first)
        found = find_places(await programmes.current(info.context.now), partner=partner, search=search)
        begin = 0
        if after is not None:
            begin = next((place + 1 for place, outlet in enumerate(found) if outlet.id == after), 0)
            if begin == 0:
                raise Refusal(Code.INVALID_INPUT, "page.cursor", field="after")
        items, more = found[begin : begin + size], len(found) > begin + size
        return OutletPage(
            items=[Outlet.of(outlet, info.context.locale) for outlet in items],
            next=items[-1].id if more else None,
        )

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
            member, now = context.viewer.member_id, context.now
            mine = (await stands(programme, member, standing.accumulated, standing.grant, now)).tier
        cells = [DiscountCell.of(benefit, context.locale) for benefit in found]
        own = (cell for cell, benefit in zip(cells, found, strict=True) if benefit.tier is mine)
        return DiscountAnswer(mine=next(own, None), by_tier=cells)
