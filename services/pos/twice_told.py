"""One order told by two: by the plugin at its till, and by the cloud, which names its dishes by ids of its own.

Who comes second must agree on what the guest paid; nothing else of the two can be compared.
"""

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson

from models import database, history
from services import once
from services.pos.orders import Order
from services.promotions import holding

if TYPE_CHECKING:
    from services.pos.closing import ClosedOrder

_ITEMS: Final = "UPDATE pos_order SET items = $2::jsonb WHERE id = $1"
# Two orders of a till may share a number, a guest and a sum. Where the cloud told one of the two, it is the same order:
# hours apart it is not, for restaurants count anew. What the cloud is writing at this moment is not marked POSTED yet.
_TWIN: Final = """
SELECT p.id FROM purchase AS p WHERE p.outlet = $1 AND p.receipt_number = $2 AND p.business_date = $3 AND p.member_id = $4
    AND p.net = $5 AND p.closed_at BETWEEN $6::timestamptz - interval '3 hours' AND $6::timestamptz + interval '3 hours'
    AND ($7 OR EXISTS (SELECT 1 FROM pos_order AS o JOIN restaurant_order AS r
        ON r.outlet = o.outlet AND r.order_id = o.order_id AND r.state IN ('NEW', 'POSTED') WHERE o.id = p.id))
"""
_JOIN: Final = """
UPDATE pos_order SET recorded_as = $2, items = coalesce($3::jsonb, (SELECT items FROM pos_order WHERE id = $2), '[]')
WHERE id = $1 AND items IS NULL
"""


def body_of(closed: "ClosedOrder") -> bytes:
    """The digest of what an order cost: by it the cloud's telling is kept, and a plugin's recognised beside it."""
    return once.body_of("told by the cloud", closed.order, sum(one.line.amount - one.discount for one in closed.lines))


async def recorded(order: Order, closed: "ClosedOrder", outlet: str, number: str, day: date) -> UUID | None:
    """The purchase of this order where the receipt that has its number is this order, told by another id."""
    net = sum(one.line.amount - one.discount for one in closed.lines)
    told = (order.guest.member, net, closed.closed_at, closed.is_told)
    found: UUID | None = await database.fetchval(_TWIN, outlet, number, day, *told)
    return found


async def join(order: Order, closed: "ClosedOrder", purchase: UUID) -> None:
    """Note that an order is recorded as this purchase, which the cloud told by another id: its returns find it by that.

    Where the lines are not those of the purchase, they keep the names that the cloud gave them.
    """
    items = await _named(closed, purchase)
    await database.execute(_JOIN, order.id, purchase, None if items is None else orjson.dumps(items).decode())
    await holding.free(order.id)


async def adopt_items(order: Order, closed: "ClosedOrder") -> None:
    """Where the cloud was first, name the lines by the plugin's items: its returns name them so.

    Lines are told apart by quantity and sums; where those do not agree, the items stay as they are.
    """
    known = {one["item"] for one in order.items or ()}
    if closed.is_told or closed.named is not None or all(str(one.line.item) in known for one in closed.lines):
        return
    items = await _named(closed, order.purchase)
    if items is not None:
        await database.execute(_ITEMS, order.id, orjson.dumps(items).decode())


async def _named(closed: "ClosedOrder", purchase: UUID) -> list[dict[str, object]] | None:
    """The lines of a purchase by the items of what was closed; None where they are not told apart so."""
    posted = await history.any_purchase(purchase)
    left = defaultdict(list)
    for line in posted.lines:
        left[line.quantity, line.gross, line.discount].append(line.id)
    items: list[dict[str, object]] = []
    for one in closed.lines:
        fitting = left[one.line.quantity, one.line.amount, one.discount]
        if not fitting:
            return None
        items.append({"item": one.line.item, "product": one.line.product, "line": fitting.pop(0)})
    return items if len(items) == len(posted.lines) else None
