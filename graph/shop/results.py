"""What guests and tills send to the shop, and what they hear."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.scalars import Money
from graph.shop.goods import ShopItem
from graph.shop.types import ShopOrder, TillVoucher


@strawberry.input(description="So many of one item. `net`: the sum that was shown; for another one nothing is ordered.")
class ShopOrderInput:
    """So many of one item."""

    idempotency_key: str
    partner: strawberry.ID
    item: strawberry.ID
    quantity: int
    net: Money


@strawberry.input(description="Vouchers of one order, and the money that was shown to come back.")
class ReturnVouchersInput:
    """Vouchers of one order, and the money that was shown."""

    idempotency_key: str
    vouchers: list[UUID]
    money: Money


@strawberry.input(description="The 24 digits of a voucher, with a key made before the first try.")
class RedeemVoucherInput:
    """The digits of a voucher."""

    idempotency_key: str
    code: str


@strawberry.type(description="The order stands and waits for its money: ask for it until its payment has a page.")
class ShopOrdered:
    """The order stands and waits for its money."""

    order: ShopOrder


@strawberry.type(description="The sum is another one now, and nothing was ordered.")
class ShopPriceChanged:
    """The sum is another one now."""

    item: ShopItem
    net: Money = strawberry.field(description="What the same quantity costs now.")
    message: str


@strawberry.type(description="The order is dropped. What is paid for it all the same goes back by itself.")
class ShopOrderCancelled:
    """The order is dropped."""

    order: ShopOrder


@strawberry.type(description="Tills refuse the vouchers from now on; ask for the order until their money is PAID.")
class VouchersReturned:
    """The vouchers are returned."""

    order: ShopOrder


@strawberry.type(description="The voucher is used: give out what it names.")
class VoucherRedeemed:
    """The voucher is used."""

    voucher: TillVoucher


StartShopOrderResult = Annotated[ShopOrdered | ShopPriceChanged | Problem, strawberry.union("StartShopOrderResult")]
CancelShopOrderResult = Annotated[ShopOrderCancelled | Problem, strawberry.union("CancelShopOrderResult")]
ReturnVouchersResult = Annotated[VouchersReturned | Problem, strawberry.union("ReturnVouchersResult")]
RedeemVoucherResult = Annotated[VoucherRedeemed | Problem, strawberry.union("RedeemVoucherResult")]
