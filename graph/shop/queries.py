"""The shop for everybody."""

import strawberry

from graph.context import Info
from graph.permissions import public
from graph.shop.goods import ShopItem
from graph.standing import reader_tier
from services import programmes
from services.shop.shelves import goods


@strawberry.type
class ShopQueries:
    """The shop for everybody."""

    @strawberry.field(
        extensions=[public()],
        description="What is sold in the programme's shop, of one partner where it is named; none where nothing is.",
    )
    async def shop(self, info: Info, partner: strawberry.ID | None = None) -> list[ShopItem]:
        """What is sold in the programme's shop."""
        context = info.context
        programme = await programmes.current(context.now)
        shelved = list(goods(programme, partner))
        tier = await reader_tier(context, programme, str(partner or "")) if shelved else None
        return [ShopItem.of(one, programme, tier, context.locale) for one in shelved]
