"""How the cloud tells of orders and guests: roubles as numbers, local times without a zone, irregular cases of letters."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from integrations.standins.iiko_cloud.venue import DiscountType, Guest, Item, Order, Organization, Product

GROUP_NAMES: Final = {"hot": "Горячее", "cold": "Холодное", "bar": "Бар"}


def organization(one: Organization, *, full: bool) -> dict[str, Any]:
    """An organization, with what is asked for besides."""
    told: dict[str, Any] = {"responseType": "Simple", "id": one.id, "name": one.name, "code": None, "externalData": []}
    more = {
        "responseType": "Extended",
        "country": "Россия",
        "currencyIsoName": "RUB",
        "isCloud": True,
        "version": "9.2",
    }
    return told | (more if full else {})


def discount(one: DiscountType) -> dict[str, Any]:
    """A discount type."""
    return {
        "id": one.id,
        "name": one.name,
        "percent": 10 if one.mode == "Percent" else 0,
        "isCategorisedDiscount": False,
        "productCategoryDiscounts": [],
        "comment": None,
        "canBeAppliedSelectively": True,
        "minOrderSum": None,
        "mode": one.mode,
        "sum": 0,
        "canApplyByCardNumber": False,
        "isManual": True,
        "isCard": False,
        "isAutomatic": False,
        "isDeleted": one.is_deleted,
    }


def product(one: Product) -> dict[str, Any]:
    """A dish of the nomenclature: its group of the menu, and that of the stock list."""
    return {
        "id": one.id,
        "name": one.name,
        "code": one.code,
        "type": "Dish",
        "parentGroup": one.group,
        "groupId": one.group,
        "isDeleted": False,
        "splittable": True,
        "measureUnit": "порц",
        "sizePrices": [],
    }


def order(one: Order) -> dict[str, Any]:
    """An OrderInfo or a TableOrderInfo. The order is null unless it was made."""
    return {
        "id": one.id,
        "posId": one.pos,
        "externalNumber": None,
        "organizationId": one.organization.id,
        "timestamp": one.stamp,
        "creationStatus": "Error" if one.error else "Success",
        "errorInfo": {"code": one.error, "message": "not made"} if one.error else None,
        "order": None if one.error else _contents(one),
    }


def event(one: Order, at: datetime) -> dict[str, Any]:
    """An entry of a webhook's array."""
    what = "DeliveryOrder" if one.kind == "delivery" else "TableOrder"
    return {
        "eventType": f"{what}{'Error' if one.error else 'Update'}",
        "eventTime": f"{at:%Y-%m-%d %H:%M:%S}.000",
        "organizationId": one.organization.id,
        "correlationId": str(uuid4()),
        "eventInfo": order(one),
    }


def guest(one: Guest) -> dict[str, Any]:
    """A guest of customer/info. What was written as `surName` is read as `surname`."""
    facts = dict(one.facts)
    told = {"id": one.id, "surname": facts.pop("surName", None), "cards": [], "categories": [], "walletBalances": []}
    return told | {"isDeleted": False, "anonymized": False} | facts


def _contents(one: Order) -> dict[str, Any]:
    is_closed = one.status == "Closed"
    told: dict[str, Any] = {
        "status": one.status,
        "number": one.number,
        "sum": one.sum / 100,
        "phone": one.phone,
        "customer": {"type": "regular", "id": one.customer, "name": "Гость"} if one.customer else None,
        "whenCreated": one.organization.local(one.created),
        "whenClosed": one.organization.local(one.closed) if one.closed else None,
        "items": [_item(item) for item in one.items],
        "discounts": list(_discounts(one)),
        "payments": [_payment(one)] if is_closed and one.sum else [],
        "guestsInfo": {"count": 1, "splitBetweenPersons": False},
        "orderType": None,
        "terminalGroupId": one.organization.group,
        "processedPaymentsSum": one.sum / 100 if is_closed else 0,
    }
    if one.kind == "table":
        return told | {"tableIds": [one.organization.tables[0]]}
    soon = one.organization.local(one.closed or one.created)
    return told | {"completeBefore": soon, "cookingStartTime": soon, "isDeleted": False, "cancelInfo": None}


def _item(one: Item) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "Compound" if one.is_compound else "Product",
        "status": "Served",
        "deleted": {"deletionMethod": {"id": str(uuid4()), "comment": None}} if one.is_deleted else None,
        "amount": one.amount / 1000,
        "comment": None,
    }
    if one.is_compound:
        half = {"product": {"id": one.product.id, "name": one.product.name}, "cost": one.cost / 200}
        return told | {"primaryComponent": half, "secondaryComponent": half, "commonModifiers": []}
    return told | {
        "product": {"id": one.product.id, "name": one.product.name},
        "modifiers": [
            {
                "product": {"id": product.id, "name": product.name},
                "amount": 1,
                "amountIndependentOfParentAmount": True,
                "price": price / 100,
                "pricePredefined": True,
                "resultSum": price / 100,
                "deleted": None,
            }
            for product, price in one.modifiers
        ],
        "price": one.cost * 1000 // max(one.amount, 1) / 100,
        "cost": one.cost / 100,
        "resultSum": one.paid / 100,
        "pricePredefined": False,
        "positionId": one.position,
    }


def _discounts(one: Order) -> Iterable[dict[str, Any]]:
    """The discounts with what each took off each position."""
    types = one.organization.discounts
    kept = [item for item in one.items if not item.is_deleted]
    for kind, sums in ((types[0], [item.ours for item in kept]), (types[1], [item.others for item in kept])):
        if any(sums):
            yield {
                "discountType": {"id": kind.id, "name": kind.name},
                "sum": sum(sums) / 100,
                "selectivePositions": None,
                "selectivePositionsWithSum": [
                    {"positionId": item.position, "sum": part / 100}
                    for item, part in zip(kept, sums, strict=True)
                    if part
                ],
            }


def _payment(one: Order) -> dict[str, Any]:
    return {
        "paymentType": {"id": str(uuid4()), "name": "Карта", "kind": "Card"},
        "sum": one.sum / 100,
        "isPreliminary": False,
        "isExternal": False,
        "isProcessedExternally": False,
        "isPrepay": False,
    }
