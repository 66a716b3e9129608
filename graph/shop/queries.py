"""The shop for everybody, orders for members, a voucher for a till."""

from collections.abc import Sequence
from uuid import UUID

import strawberry

from graph.arguments import Checked
from graph.context import Context, Info
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import member, public, till
from graph.shop.goods import ShopItem
from graph.shop.types import ShopOrder, ShopOrderPage, TillVoucher, VoucherReturn
from graph.standing import reader_tier
from loyalty.shops import OrderState
from services import programmes
from services.payments.rows import of_subject
from services.shop import redeeming, returning, rows
from services.shop.ordering import KIND
from services.shop.rows import Ordered, OrderFacts
from services.shop.shelves import goods


@strawberry.type
class ShopQueries:
    """The shop for everybody, orders for members, a voucher for a till."""

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
        can_order = context.resources.payments is not None
        return [ShopItem.of(one, programme, tier, context.locale, can_order=can_order) for one in shelved]

    @strawberry.field(extensions=[member()], description="An order of mine; null for any other id.")
    async def shop_order(self, info: Info, id: UUID) -> ShopOrder | None:  # noqa: A002 - the contract
        """An order of mine."""
        found = await rows.find(id, info.context.member.member_id)
        return None if found is None else await told(found, info.context)

    @strawberry.field(
        extensions=[member()], description="What returning these vouchers of one order brings and takes now."
    )
    async def voucher_return(self, info: Info, vouchers: list[UUID]) -> VoucherReturn:
        """What a return would bring."""
        return VoucherReturn.of(await returning.preview(info.context.member.member_id, vouchers))

    @strawberry.field(
        extensions=[Checked(untouched={"code"}), till()],
        description="What a voucher of the till's partner stands for. Nothing moves.",
    )
    async def voucher(self, info: Info, code: str) -> TillVoucher:
        """What a voucher stands for."""
        context = info.context
        seen = await redeeming.look(context.till, code, context.now)
        return TillVoucher.of(seen, await programmes.current(context.now), context.now, context.locale)


async def told(order: OrderFacts, context: Context) -> ShopOrder:
    """An order in the reader's language."""
    return (await told_all(await rows.with_vouchers([order]), context))[0]


async def told_all(orders: Sequence[Ordered], context: Context) -> list[ShopOrder]:
    """Orders in the reader's language, each by the version that priced it."""
    found = []
    for one in orders:
        programme = await programmes.version(one.order.programme_version)
        waits = one.order.state is OrderState.OFFERED
        payment = await of_subject(KIND, one.order.id) if waits else None
        keyring, locale = context.resources.keyring, context.locale
        found.append(ShopOrder.of(one, payment, programme, context.now, keyring=keyring, locale=locale))
    return found


async def orders_of(member_id: UUID, *, first: int, after: str | None, context: Context) -> ShopOrderPage:
    """A page of a member's orders, newest first."""
    size, place = page_size(first), read_cursor(after)
    found = await rows.page(member_id, rows=size + 1, after=None if place is None else (place.at, place.id))
    items, more = await told_all(found[:size], context), len(found) > size
    last = found[size - 1].order if more else None
    return ShopOrderPage(items=items, next=None if last is None else str(Cursor(last.ordered_at, last.id)))
