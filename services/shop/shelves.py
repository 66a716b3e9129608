"""What stands in the shop: goods of every partner with the member's price, by the rules of the version in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from loyalty.programme import Partner, Programme, Tier
from loyalty.purchases import BasketLine, Priced, price
from loyalty.refusals import Code, Refusal
from loyalty.shops import CHANNEL, ShopItem, ShopTerms

ONE: Final = 1000


@dataclass(frozen=True, slots=True)
class Shelved:
    """An item where it stands."""

    partner: Partner
    terms: ShopTerms
    item: ShopItem


def goods(programme: Programme, partner: str | None = None) -> Iterator[Shelved]:
    """Every item, of one partner where it is named. Raises NOT_FOUND for a partner that sells nothing here."""
    if partner is not None and partner not in programme.shops:
        raise Refusal(Code.NOT_FOUND, "shop.no_partner", field="partner")
    for house in programme.shops.values():
        if partner in {None, house.id} and house.shop is not None:
            yield from (Shelved(house, house.shop, item) for item in house.shop.items)


def item_of(programme: Programme, partner: str, item: str, *, field: str) -> Shelved:
    """An item of a partner. Raises NOT_FOUND for what is not sold, or not any more."""
    house = programme.shops.get(partner)
    found = None if house is None or house.shop is None else house.shop.item(item)
    if house is None or house.shop is None or found is None:
        raise Refusal(Code.NOT_FOUND, "shop.no_item", field=field)
    return Shelved(house, house.shop, found)


def priced(programme: Programme, shelved: Shelved, tier: Tier, quantity: int) -> Priced:
    """The member's price of some of an item: a line each, so that each has its own sums when it is returned alone."""
    item = shelved.item
    line = BasketLine(item.service, item.name.ru, ONE, item.price)
    return price(programme, partner=shelved.partner.id, channel=CHANNEL, tier=tier.id, lines=[line] * quantity)
