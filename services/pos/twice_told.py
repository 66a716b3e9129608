"""One order told by two: by the plugin at its till, and by the cloud, which names its dishes by ids of its own.

Who comes second must agree on what the guest paid; nothing else of the two can be compared.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import orjson

from models import database, history
from services import once
from services.pos.orders import Order

if TYPE_CHECKING:
    from services.pos.closing import ClosedOrder

_ITEMS: Final = "UPDATE pos_order SET items = $2::jsonb WHERE id = $1"


def body_of(closed: "ClosedOrder") -> bytes:
    """The digest of what an order cost: by it the cloud's telling is kept, and a plugin's recognised beside it."""
    return once.body_of("told by the cloud", closed.order, sum(one.line.amount - one.discount for one in closed.lines))


async def adopt_items(order: Order, closed: "ClosedOrder") -> None:
    """Where the cloud was first, name the lines by the plugin's items: its returns name them so.

    Lines are told apart by quantity and sums; where those do not agree, the items stay as they are.
    """
    known = {one["item"] for one in order.items or ()}
    if closed.is_told or closed.named is not None or all(str(one.line.item) in known for one in closed.lines):
        return
    posted = await history.any_purchase(order.id)
    left = defaultdict(list)
    for line in posted.lines:
        left[line.quantity, line.gross, line.discount].append(line.id)
    items = []
    for one in closed.lines:
        fitting = left[one.line.quantity, one.line.amount, one.discount]
        if not fitting:
            return
        items.append({"item": one.line.item, "product": one.line.product, "line": fitting.pop(0)})
    if len(items) == len(posted.lines):
        await database.execute(_ITEMS, order.id, orjson.dumps(items).decode())
