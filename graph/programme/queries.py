"""What everybody may ask about the programme."""

import strawberry

from graph.context import Info
from graph.paging import page_size
from graph.permissions import public
from graph.programme.types import Channel, DiscountAnswer, DiscountCell, Outlet, OutletPage, Programme
from graph.scalars import Money
from graph.standing import reader_tier
from graph.words import Locale
from loyalty.benefits import benefits
from loyalty.places import find_places
from loyalty.programme import Programme as Rules
from loyalty.programme import Tier
from loyalty.refusals import Code, Refusal
from services import programmes


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
        extensions=[public(sites=True)],
        description="The discount on a service, for every tier and for the reader.",
    )
    async def discount(
        self, info: Info, partner: strawberry.ID, service: strawberry.ID, channel: Channel, amount: Money | None = None
    ) -> DiscountAnswer:
        """The discount to expect before buying; nothing is written."""
        context = info.context
        programme = await programmes.current(context.now)
        tier = await reader_tier(context, programme, str(partner))
        return discount_of(programme, partner, service, channel, tier, context.locale, amount=amount)


def discount_of(  # noqa: PLR0917 - a cell of the table, and who reads it
    programme: Rules,
    partner: str,
    service: str,
    channel: str,
    tier: Tier | None,
    locale: Locale,
    *,
    amount: int | None = None,
) -> DiscountAnswer:
    """The discount of every tier on a service, and that of the reader's tier."""
    found = benefits(programme, partner=partner, service=service, channel=channel, amount=amount)
    cells = [DiscountCell.of(benefit, locale) for benefit in found]
    own = (cell for cell, benefit in zip(cells, found, strict=True) if benefit.tier is tier)
    return DiscountAnswer(mine=next(own, None), by_tier=cells)
