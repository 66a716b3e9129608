"""Ordering, dropping and returning for members; redeeming at tills."""

from uuid import UUID

import strawberry

from graph.arguments import Checked
from graph.context import Info
from graph.permissions import member, till
from graph.scalars import Money
from graph.shop.goods import ShopItem
from graph.shop.queries import told
from graph.shop.results import (
    CancelShopOrderResult,
    RedeemVoucherInput,
    RedeemVoucherResult,
    ReturnVouchersInput,
    ReturnVouchersResult,
    ShopOrderCancelled,
    ShopOrdered,
    ShopOrderInput,
    ShopPriceChanged,
    StartShopOrderResult,
    VoucherRedeemed,
    VouchersReturned,
)
from graph.shop.types import TillVoucher
from graph.words import sentence
from services import programmes
from services.shop import ordering, redeeming, returning
from services.shop.ordering import Dearer, OrderCommand
from services.tiers.standing import tier_of


@strawberry.type
class ShopMutations:
    """Ordering, dropping and returning for members; redeeming at tills."""

    @strawberry.mutation(
        extensions=[member()],
        description="Order some of an item for the sum that was shown, and have its payment opened.",
    )
    async def start_shop_order(self, info: Info, input: ShopOrderInput) -> StartShopOrderResult:  # noqa: A002 - the contract
        """Order some of an item."""
        context = info.context
        command = OrderCommand(input.idempotency_key, input.partner, input.item, input.quantity, input.net)
        reader = context.member.member_id
        made = await ordering.start(context.resources, reader, command, now=context.now)
        if isinstance(made, Dearer):
            programme = await programmes.current(context.now)
            tier = await tier_of(programme, reader, context.now)
            item = ShopItem.of(made.shelved, programme, tier, context.locale, can_order=True)
            message = sentence("shop.price_changed", context.locale)
            return ShopPriceChanged(item=item, net=Money(made.net), message=message)
        return ShopOrdered(order=await told(made, context))

    @strawberry.mutation(extensions=[member()], description="Drop an order of mine that was not paid.")
    async def cancel_shop_order(self, info: Info, order: UUID) -> CancelShopOrderResult:
        """Drop an order that was not paid."""
        context = info.context
        made = await ordering.cancel(context.member.member_id, order, context.now)
        return ShopOrderCancelled(order=await told(made, context))

    @strawberry.mutation(
        extensions=[member()],
        description="Return vouchers of one order that were not used, for the money that `voucherReturn` told.",
    )
    async def return_vouchers(self, info: Info, input: ReturnVouchersInput) -> ReturnVouchersResult:  # noqa: A002
        """Return vouchers that were not used."""
        context = info.context
        made = await returning.give_back(
            context.member.member_id,
            key=input.idempotency_key,
            vouchers=input.vouchers,
            expected=input.money,
            now=context.now,
        )
        return VouchersReturned(order=await told(made.order, context))

    # A scanner may end its digits with a carriage return, so code and key are read by rules of their own.
    @strawberry.mutation(
        extensions=[Checked(untouched={"input"}), till()],
        description="Use a voucher of the till's partner, once. The same key and code hear the same answer again.",
    )
    async def redeem_voucher(self, info: Info, input: RedeemVoucherInput) -> RedeemVoucherResult:  # noqa: A002
        """Use a voucher of the till's partner."""
        context = info.context
        seen = await redeeming.redeem(
            context.resources, context.till, key=input.idempotency_key, code=input.code, now=context.now
        )
        programme = await programmes.current(context.now)
        return VoucherRedeemed(voucher=TillVoucher.of(seen, programme, context.now, context.locale))
