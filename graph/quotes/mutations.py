"""Pricing a basket for the guest of a ticket."""

import strawberry

from graph.context import Info
from graph.permissions import till
from graph.quotes.types import Quote, QuoteInput, QuotePurchaseResult
from loyalty.purchases import basket_line
from services.promotions.codes import Given
from services.quotes import quote_purchase


@strawberry.type
class QuoteMutations:
    """Pricing a basket for the guest of a ticket."""

    @strawberry.mutation(
        extensions=[till()], description="Price a basket. Moves nothing, unless points are to be put aside for it."
    )
    async def quote_purchase(self, info: Info, input: QuoteInput) -> QuotePurchaseResult:  # noqa: A002 - the contract
        """Price a basket."""
        context = info.context
        lines = [
            basket_line(place, service=line.service, name=line.name, quantity=line.quantity, gross=line.amount)
            for place, line in enumerate(input.lines)
        ]
        quoted = await quote_purchase(
            context.till,
            ticket=input.ticket,
            lines=lines,
            channel=input.channel.value,
            now=context.now,
            points=input.points,
            promo=Given(context.resources, input.promo_codes or ()),
            family=input.family,
        )
        return Quote.of(quoted, context.till.partner, context.locale, context.now)
