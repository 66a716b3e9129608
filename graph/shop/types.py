"""Orders and vouchers as their owner reads them, and a voucher as a till does."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

import strawberry

from graph.payments.types import Payment
from graph.programme.types import Outlet, Partner, Service
from graph.scalars import Money, Points
from graph.words import Locale, sentence
from loyalty.programme import Programme
from loyalty.shops import OrderState, VoucherState
from services.keyring import Keyring
from services.payments.rows import PaymentFacts
from services.shop import codes
from services.shop.redeeming import AtTill
from services.shop.returning import ComesBack
from services.shop.rows import Ordered, VoucherFacts

strawberry.enum(
    OrderState,
    name="ShopOrderState",
    description="OFFERED waits for its money, PAID for its vouchers; from ISSUED on its vouchers say what became of it.",
)
strawberry.enum(VoucherState, name="VoucherState", description="ISSUED can be used, and EXPIRED only be returned.")


@strawberry.enum(description="How the money of a returned voucher stands. STUCK: somebody of ours has to look.")
class MoneyBack(StrEnum):
    """How the money of a returned voucher stands."""

    ASKED = "ASKED"
    SENT = "SENT"
    PAID = "PAID"
    STUCK = "STUCK"


@strawberry.type(description="One piece of an order, given out at any till of its partner, once.")
class Voucher:
    """One piece of an order."""

    id: UUID
    state: VoucherState
    code: str | None = strawberry.field(
        description="24 digits, also as the symbol (QR version 1, level Q); null when it cannot be used."
    )
    paid: Money = strawberry.field(description="What was paid for it, and comes back when it is returned.")
    can_return: bool
    used_at: datetime | None
    used_outlet: Outlet | None
    money_back: MoneyBack | None = strawberry.field(description="Null unless it was returned.")

    @classmethod
    def of(cls, one: VoucherFacts, now: datetime, keyring: Keyring, programme: Programme, locale: Locale) -> Self:
        """The voucher with its digits, while it can be used."""
        state, outlet = one.state_at(now), programme.outlets_by_id.get(one.used_outlet or "")
        return cls(
            id=one.id,
            state=state,
            code=codes.opened(keyring, one.sealed, one.id) if state is VoucherState.ISSUED else None,
            paid=Money(one.net),
            can_return=one.state is VoucherState.ISSUED,
            used_at=one.used_at,
            used_outlet=None if outlet is None else Outlet.of(outlet, locale),
            money_back=None if one.money is None else MoneyBack(one.money),
        )


@strawberry.type(description="An order of mine: so many of one item.")
class ShopOrder:
    """An order of mine."""

    id: UUID
    state: OrderState
    number: str = strawberry.field(description="The number of its receipt.")
    partner: Partner
    item: strawberry.ID
    service: Service
    name: str
    about: str | None
    quantity: int
    price: Money = strawberry.field(description="The public price of all pieces.")
    discount: Money
    net: Money = strawberry.field(description="What is paid.")
    ordered_at: datetime
    paid_at: datetime | None
    valid_until: date | None = strawberry.field(description="The last day of its vouchers, once it is paid.")
    payment: Payment | None = strawberry.field(description="While it waits for its money.")
    purchase: UUID | None
    vouchers: list[Voucher]
    problem: str | None = strawberry.field(description="Why it came to nothing.")

    @classmethod
    def of(
        cls,
        ordered: Ordered,
        payment: PaymentFacts | None,
        programme: Programme,
        now: datetime,
        *,
        keyring: Keyring,
        locale: Locale,
    ) -> Self:
        """The order in a reader's language, by the version that priced it."""
        order, partner = ordered.order, programme.partners_by_id[ordered.order.partner]
        item = order.goods(programme)
        return cls(
            id=order.id,
            state=ordered.state_at(now),
            number=order.number,
            partner=Partner.of(partner, programme, locale),
            item=strawberry.ID(item.id),
            service=Service.of(partner.services_by_id[item.service], locale),
            name=item.name.in_locale(locale),
            about=None if item.about is None else item.about.in_locale(locale),
            quantity=order.quantity,
            price=Money(order.price),
            discount=Money(order.discount),
            net=Money(order.net),
            ordered_at=order.ordered_at,
            paid_at=order.paid_at,
            valid_until=order.valid_until,
            payment=None if payment is None else Payment.of(payment, locale),
            purchase=order.purchase_id,
            vouchers=[Voucher.of(one, now, keyring, programme, locale) for one in ordered.vouchers],
            problem=None if order.fault is None else sentence(f"shop.fault.{order.fault}", locale),
        )


@strawberry.type(description="A page of orders, newest first. Pass `next` as `after` to go on; null at the end.")
class ShopOrderPage:
    """A page of orders."""

    items: list[ShopOrder]
    next: str | None


@strawberry.type(description="What returning some vouchers of an order brings and takes, as of now.")
class VoucherReturn:
    """What a return brings and takes."""

    money: Money = strawberry.field(description="What goes back to the card that paid.")
    progress: Money = strawberry.field(description="What the sum towards the next tier loses.")
    points: Points = strawberry.field(description="Points that were earned and are taken back.")

    @classmethod
    def of(cls, back: ComesBack) -> Self:
        """What would come back."""
        return cls(money=Money(back.money), progress=Money(back.progress), points=Points(back.points))


@strawberry.type(description="A voucher at a till of its partner: what to give out.")
class TillVoucher:
    """A voucher at a till of its partner."""

    id: UUID
    state: VoucherState
    name: str
    about: str | None
    order: str = strawberry.field(description="The number of the receipt it was bought by.")
    valid_until: date
    used_at: datetime | None
    used_outlet: Outlet | None

    @classmethod
    def of(cls, seen: AtTill, current: Programme, now: datetime, locale: Locale) -> Self:
        """The voucher in a cashier's language."""
        voucher, order, item = seen.voucher, seen.order, seen.item
        assert order.valid_until is not None  # noqa: S101 - its vouchers were issued
        outlet = current.outlets_by_id.get(voucher.used_outlet or "")
        return cls(
            id=voucher.id,
            state=voucher.state_at(now),
            name=item.name.in_locale(locale),
            about=None if item.about is None else item.about.in_locale(locale),
            order=order.number,
            valid_until=order.valid_until,
            used_at=voucher.used_at,
            used_outlet=None if outlet is None else Outlet.of(outlet, locale),
        )
