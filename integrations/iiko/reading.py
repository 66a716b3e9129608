"""iikoCloud's answers as our values. What of an order cannot be read is told with it, and nothing is guessed."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any, Final, TypeGuard
from uuid import UUID

from integrations.messaging.calling import cut, read_json
from integrations.ports import Unavailable, Unreadable
from integrations.restaurants import Dish, Hint, OrderKind, OrderState, ToldLine, ToldOrder

SUM_MAX: Final = 10**12
WHOLE_MAX: Final = 2**63
NAME_MAX: Final = 200
_GONE: Final = frozenset({"Deleted", "Cancelled"})
_KINDS: Final = {"DeliveryOrder": OrderKind.DELIVERY, "TableOrder": OrderKind.TABLE}
_TENDERS: Final = {"Cash": "CASH", "Card": "CARD", "Voucher": "GIFT_CARD", "Credit": "INSTALMENT"}


class Odd(Unavailable):
    """An answer that is not what the contract says: nothing is guessed from it."""


class _Unfit(Exception):
    """What of an order cannot be read."""


def rows(value: Any) -> Iterable[Mapping[str, Any]]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def uuid_of(value: Any) -> UUID | None:
    """An id, or None."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def needed_id(value: Any) -> UUID:
    """An id that has to be there."""
    found = uuid_of(value)
    if found is None:
        raise Odd("something without an id")
    return found


def dish_of(row: Mapping[str, Any], names: Mapping[str, str], *, group: str) -> Dish:
    """A product of the nomenclature; `group` is the field that holds its group."""
    inside = row.get(group) or row.get("parentGroup") or row.get("groupId")
    code = row.get("code")
    kept = None if code is None else cut(code)[:64]
    return Dish(needed_id(row.get("id")), kept, _text(row.get("name")), uuid_of(inside), names.get(str(inside), ""))


def orders_of(value: Any, kind: OrderKind) -> tuple[ToldOrder, ...]:
    """The orders of a list. One without an id can be nobody's."""
    return tuple(order_of(row, kind) for row in rows(value) if uuid_of(row.get("id")))


def order_of(row: Mapping[str, Any], kind: OrderKind) -> ToldOrder:
    """An OrderInfo or a TableOrderInfo."""
    stamp, contents = row.get("timestamp"), row.get("order")
    head = ToldOrder(
        id=needed_id(row.get("id")),
        till_id=uuid_of(row.get("posId")),
        restaurant=needed_id(row.get("organizationId")),
        place=None,
        kind=kind,
        state=OrderState.OPEN,
        stamp=stamp if _fits(stamp) else 0,
    )
    if row.get("creationStatus") != "Success" or not isinstance(contents, dict):
        return head
    try:
        return _filled(head, contents)
    except _Unfit as unfit:
        return ToldOrder(
            *(head.id, head.till_id, head.restaurant, uuid_of(contents.get("terminalGroupId")), kind),
            *(_state(contents), head.stamp),
            fault=str(unfit),
        )


def _filled(head: ToldOrder, contents: Mapping[str, Any]) -> ToldOrder:
    discounts = [(uuid_of(_object(one.get("discountType")).get("id")), one) for one in rows(contents.get("discounts"))]
    by_position: dict[str, list[tuple[UUID, int]]] = {}
    for kind, one in discounts:
        for part in rows(one.get("selectivePositionsWithSum")):
            if kind is not None:
                by_position.setdefault(str(part.get("positionId")), []).append((kind, _off(part.get("sum"))))
    net = _sum(contents.get("sum"))
    items = [one for one in rows(contents.get("items")) if not one.get("deleted")]
    customer, number, phone = (contents.get(name) for name in ("customer", "number", "phone"))
    return ToldOrder(
        *(head.id, head.till_id, head.restaurant, uuid_of(contents.get("terminalGroupId")), head.kind),
        *(_state(contents), head.stamp),
        number=str(number) if _fits(number) else "",
        closed_at=_moment(contents.get("whenClosed")),
        net=net,
        lines=_lines(head.id, items, by_position, net),
        discounts=tuple((kind, _off(one.get("sum"))) for kind, one in discounts if kind is not None),
        tenders=tuple(_tender(one) for one in rows(contents.get("payments"))),
        customer=uuid_of(customer.get("id")) if isinstance(customer, dict) else None,
        phone=cut(phone) if isinstance(phone, str) else None,
    )


def _lines(
    order: UUID, items: list[Mapping[str, Any]], discounts: Mapping[str, list[tuple[UUID, int]]], net: int
) -> tuple[ToldLine, ...]:
    """The lines with their modifiers. Whether a dish's own sum holds them already is not told: the order's sum says."""
    apart = [_line(order, place, item, discounts, has_modifiers=True) for place, item in enumerate(items)]
    if sum(line.net for line in apart) == net:
        return tuple(apart)
    inside = [_line(order, place, item, discounts, has_modifiers=False) for place, item in enumerate(items)]
    if sum(line.net for line in inside) != net:
        raise _Unfit("its dishes do not add up to its sum")
    return tuple(inside)


def _line(
    order: UUID,
    place: int,
    item: Mapping[str, Any],
    discounts: Mapping[str, list[tuple[UUID, int]]],
    *,
    has_modifiers: bool,
) -> ToldLine:
    product = item.get("product") or item.get("service")
    if not isinstance(product, dict):
        raise _Unfit("a dish of parts, which is not read")
    cost = _sum(item.get("cost"))
    net = cost if item.get("resultSum") is None else _sum(item.get("resultSum"))
    for one in rows(item.get("modifiers")) if has_modifiers else ():
        if not one.get("deleted"):
            more = _sum(one.get("resultSum"))
            cost, net = cost + more, net + more
    position = uuid_of(item.get("positionId"))
    # A dish without an id of its own is told from its neighbours by its place.
    own = position or UUID(bytes=sha256(f"{order}|{place}".encode()).digest()[:16])
    taken = tuple(discounts.get(str(item.get("positionId")), ()))
    return ToldLine(
        own, uuid_of(product.get("id")), _text(product.get("name")), _quantity(item.get("amount")), cost, net, taken
    )


def _tender(row: Mapping[str, Any]) -> tuple[str, int]:
    kind = _object(row.get("paymentType"))
    return _TENDERS.get(str(kind.get("kind")), "OTHER"), _sum(row.get("sum"))


def _fits(value: Any) -> TypeGuard[int]:
    """Whether it is a whole number that a column of ours can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < WHOLE_MAX


def _object(value: Any) -> Mapping[str, Any]:
    """An object, empty where there is none."""
    return value if isinstance(value, dict) else {}


def _state(contents: Mapping[str, Any]) -> OrderState:
    status = contents.get("status")
    if status in _GONE or contents.get("isDeleted") is True:
        return OrderState.GONE
    return OrderState.CLOSED if status == "Closed" else OrderState.OPEN


def _sum(value: Any) -> int:
    """Roubles in kopecks, half up."""
    return _whole(value, 100, "a sum that is no sum")


def _off(value: Any) -> int:
    """What a discount took off, in kopecks; a surcharge is one below nothing."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value < 0:
        return -_sum(-value)
    return _sum(value)


def _quantity(value: Any) -> int:
    return _whole(value, 1000, "a quantity that is none")


def _whole(value: Any, parts: int, fault: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _Unfit(fault)
    if not 0 <= value <= SUM_MAX:
        raise _Unfit(fault)
    found = int((Decimal(value) * parts).to_integral_value(ROUND_HALF_UP))
    if not 0 <= found <= SUM_MAX:
        raise _Unfit(fault)
    return found


def _moment(value: Any) -> datetime | None:
    """A local moment, `yyyy-MM-dd HH:mm:ss.fff`."""
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _Unfit("a time that cannot be read") from None
    if found.tzinfo is not None:
        raise _Unfit("a time with a zone")
    return found


def _text(value: Any) -> str:
    kept = "".join(letter for letter in value if letter.isprintable()) if isinstance(value, str) else ""
    return " ".join(kept.split())[:NAME_MAX] or "—"


def hints_of(body: bytes) -> list[Hint]:
    """What the events of a webhook point at: an array, or a single one. The size of the body bounds them."""
    found = read_json(body)
    if found is None:
        raise Unreadable("no JSON")
    return [_hint(one) for one in (found if isinstance(found, list) else [found])]


def _hint(event: Any) -> Hint:
    if not isinstance(event, dict) or not isinstance(event.get("eventType"), str):
        return Hint(_digest(event), "unreadable", fault="not an event")
    what = cut(event["eventType"])[:64]
    restaurant = uuid_of(event.get("organizationId"))
    kind = _KINDS.get(what.removesuffix("Update").removesuffix("Error"))
    if kind is None:
        return Hint(_digest(event), what, restaurant)
    info = event.get("eventInfo")
    order = uuid_of(info.get("id")) if isinstance(info, dict) else None
    if restaurant is None or order is None:
        return Hint(_digest(event), what, restaurant, fault="an order without an id")
    inside = info.get("order") if isinstance(info, dict) else None
    status = inside.get("status") if isinstance(inside, dict) else None
    stamp = info.get("timestamp") if isinstance(info, dict) else None
    return Hint(_digest([what, str(restaurant), str(order), str(stamp), str(status)]), what, restaurant, kind, order)


def _digest(value: Any) -> str:
    # Not by orjson: it refuses whole numbers beyond 64 bits and halves of letters, and an event may hold any of them.
    return sha256(json.dumps(value, default=str, sort_keys=True).encode()).hexdigest()
