"""The section `shop` of a partner: what it sells in the programme's shop, and where its receipts are written."""

from collections.abc import Mapping
from typing import Any, Final

from loyalty.money import discount_of, print_money
from loyalty.programme import Channel, Outlet, Rule, Service
from loyalty.programme_file import shapes
from loyalty.programme_file.reading import Fields, fields_of
from loyalty.shops import PAYABLE_MIN, ShopItem, ShopTerms
from loyalty.texts import Text

ITEMS_MAX: Final = 100
PRICE_MAX: Final = 100_000_000
VALID_DAYS_MAX: Final = 1095
ITEM_EXAMPLE: Final = "[{id: …, service: …, name: …, price: 2500, valid_days: 180}]"


def read_shop(
    entry: Fields, outlets: tuple[Outlet, ...], services: tuple[Service, ...], rules: tuple[Rule, ...]
) -> ShopTerms | None:
    """The goods of a partner; None where it sells none here, or where they must be mended."""
    if not entry.has("shop"):
        return None
    fields = fields_of(entry.by_key["shop"], f"{entry.what}, shop", shapes.SHOP, entry.findings)
    if fields is None:
        return None
    outlet = fields.slug("outlet")
    if outlet is not None and outlet not in {one.id for one in outlets}:
        fields.wrong("outlet", f'"{outlet}" is no outlet of this partner.', "write one of its outlets.")
    items = _items(fields, {one.id: one.channels for one in services}, rules)
    return None if outlet is None or not items else ShopTerms(outlet, items)


def _items(
    fields: Fields, channels: Mapping[str, tuple[Channel, ...]], rules: tuple[Rule, ...]
) -> tuple[ShopItem, ...]:
    found: list[ShopItem] = []
    seen: dict[str, int] = {}
    nodes = fields.entries("items", ITEM_EXAMPLE)
    if len(nodes) > ITEMS_MAX:
        fields.wrong("items", f"there are more than {ITEMS_MAX}.", "keep what guests look for.")
    for place, node in enumerate(nodes):
        entry = fields_of(node, f"{fields.what}, item {place + 1}", shapes.SHOP_ITEM, fields.findings)
        slug = None if entry is None else entry.slug()
        if entry is None or slug is None:
            continue
        entry.what = f'{fields.what}, item "{slug}"'
        if slug in seen:
            entry.wrong("id", f"this slug is already an item (line {seen[slug]}).", "give each item a slug of its own.")
        seen[slug] = entry.line
        item = _item(entry, slug, channels, rules)
        if item is not None:
            found.append(item)
    return tuple(found)


def _item(
    entry: Fields, slug: str, channels: Mapping[str, tuple[Channel, ...]], rules: tuple[Rule, ...]
) -> ShopItem | None:
    service, name, about = entry.slug("service"), entry.text("name"), entry.optional_text("about")
    price, days = entry.money("price"), entry.whole("valid_days", 1, VALID_DAYS_MAX)
    if service is not None and Channel.SHOP not in channels.get(service, ()):
        entry.wrong("service", f'"{service}" is not sold through SHOP here.', "write a service that is.")
        return None
    if service is None or name is None or price is None or days is None:
        return None
    if price > PRICE_MAX:
        entry.wrong("price", f"it is above {print_money(PRICE_MAX)}.", "write the price of one, in roubles.")
        return None
    nets = [price - discount_of(price, rule.basis_points) for rule in rules if _prices(rule, service)]
    if min([price, *nets]) < PAYABLE_MIN:
        least = print_money(PAYABLE_MIN)
        entry.wrong("price", f"a member of some tier would pay less than {least}.", "no acquirer takes less: raise it.")
        return None
    return ShopItem(slug, service, name, price, days, about)


def _prices(rule: Rule, service: str) -> bool:
    return rule.service == service and rule.channel is Channel.SHOP


def shop_data(terms: ShopTerms | None) -> dict[str, Any]:
    """The goods as they are kept with a version; nothing where there are none, so that others keep their digest."""
    if terms is None:
        return {}
    return {"shop": {"outlet": terms.outlet, "items": [_told(item) for item in terms.items]}}


def _told(item: ShopItem) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": item.id,
        "service": item.service,
        "name": [item.name.ru, item.name.en],
        "price": item.price,
        "valid_days": item.valid_days,
    }
    return told if item.about is None else told | {"about": [item.about.ru, item.about.en]}


def read_shop_data(data: Mapping[str, Any]) -> ShopTerms | None:
    """The goods of a version row."""
    kept = data.get("shop")
    if kept is None:
        return None
    items = tuple(
        ShopItem(
            id=one["id"],
            service=one["service"],
            name=Text(*one["name"]),
            price=one["price"],
            valid_days=one["valid_days"],
            about=Text(*one["about"]) if "about" in one else None,
        )
        for one in kept["items"]
    )
    return ShopTerms(kept["outlet"], items)
