"""Goods of the shop as guests and members read them."""

from __future__ import annotations

from typing import Self

import strawberry

from graph.programme.queries import discount_of
from graph.programme.types import DiscountCell, Partner, Service, Tier
from graph.quotes.reasons import Reason, reasons_of
from graph.scalars import Money
from graph.words import Locale
from loyalty import programme as rules
from loyalty.money import print_percent
from loyalty.shops import CHANNEL, QUANTITY_MAX
from services.shop.shelves import Shelved, priced


@strawberry.type(description="The reader's own price of one, and why it is so.")
class ShopPrice:
    """The reader's own price of one."""

    tier: Tier
    discount_percent: str
    discount: Money
    net: Money
    accumulates: bool = strawberry.field(description="Whether it counts towards the next tier.")
    reasons: list[Reason]

    @classmethod
    def of(cls, shelved: Shelved, programme: rules.Programme, tier: rules.Tier, locale: Locale) -> Self:
        """The price at a tier."""
        line = priced(programme, shelved, tier, 1).lines[0]
        return cls(
            tier=Tier.of(tier, locale),
            discount_percent=print_percent(line.basis_points),
            discount=Money(line.discount),
            net=Money(line.net),
            accumulates=line.accumulates,
            reasons=reasons_of(line.reasons, programme, locale),
        )


@strawberry.type(description="Something that is sold in the programme's shop and given out at a till of its partner.")
class ShopItem:
    """Something that is sold in the programme's shop."""

    id: strawberry.ID = strawberry.field(description="Unique among the partner's items.")
    partner: Partner
    service: Service
    name: str
    about: str | None
    price: Money = strawberry.field(description="The public price of one.")
    valid_days: int = strawberry.field(description="So many days after the payment a voucher is good.")
    quantity_max: int = strawberry.field(description="So many can be ordered at once.")
    can_order: bool = strawberry.field(description="False where no acquirer is connected: the price is told alone.")
    mine: ShopPrice | None = strawberry.field(description="The reader's; null when nobody is signed in.")
    by_tier: list[DiscountCell] = strawberry.field(description="What one costs at every tier.")

    @classmethod
    def of(
        cls,
        shelved: Shelved,
        programme: rules.Programme,
        tier: rules.Tier | None,
        locale: Locale,
        *,
        can_order: bool,
    ) -> Self:
        """The item for a reader."""
        partner, item = shelved.partner, shelved.item
        found = discount_of(programme, partner.id, item.service, CHANNEL, tier, locale, amount=item.price)
        return cls(
            id=strawberry.ID(item.id),
            partner=Partner.of(partner, programme, locale),
            service=Service.of(partner.services_by_id[item.service], locale),
            name=item.name.in_locale(locale),
            about=None if item.about is None else item.about.in_locale(locale),
            price=Money(item.price),
            valid_days=item.valid_days,
            quantity_max=QUANTITY_MAX,
            can_order=can_order,
            mine=None if tier is None else ShopPrice.of(shelved, programme, tier, locale),
            by_tier=found.by_tier,
        )
