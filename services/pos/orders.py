"""An order of a restaurant and its guest: bound by a ticket, priced any number of times, closed once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services.promotions import holding
from services.tills import TillFacts
from services.work import Work

ORDER_LIFE: Final = timedelta(hours=24)
"""How long after its guest was bound an order may be priced: a banquet, not a code of yesterday."""

_COLUMNS: Final = (
    "id, order_id, outlet, till_id, member_id, card_id, ticket_id, bound_at, is_deferred, quote_id, reserved_at,"
    " cancelled_at, items, recorded_as"
)
_FIND: Final = f"SELECT {_COLUMNS} FROM pos_order WHERE outlet = $1 AND order_id = $2"  # noqa: S608
_TICKET: Final = """
SELECT t.id, t.member_id, t.card_id FROM scan_ticket AS t JOIN till AS w ON w.id = t.till_id
WHERE t.id = $1 AND w.outlet = $2 AND t.expires_at > $3
"""
_BIND: Final = f"""
INSERT INTO pos_order (id, outlet, order_id, till_id, member_id, card_id, ticket_id, bound_at, is_deferred)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (outlet, order_id) DO UPDATE SET till_id = excluded.till_id, member_id = excluded.member_id,
    card_id = excluded.card_id, ticket_id = excluded.ticket_id, bound_at = excluded.bound_at,
    is_deferred = excluded.is_deferred, quote_id = NULL, reserved_at = NULL, cancelled_at = NULL
WHERE pos_order.items IS NULL AND NOT EXISTS (SELECT 1 FROM purchase AS p WHERE p.id = pos_order.id)
RETURNING {_COLUMNS}
"""  # noqa: S608
_CANCEL: Final = """
UPDATE pos_order SET cancelled_at = coalesce(cancelled_at, $3) WHERE outlet = $1 AND order_id = $2 AND items IS NULL
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Guest:
    """Whose order it is."""

    member: UUID
    card: UUID
    ticket: UUID | None


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it is kept. `items` are there once it is posted, as `purchase`."""

    id: UUID
    order: UUID
    till: UUID
    guest: Guest
    bound_at: datetime
    quote: UUID | None
    reserved_at: datetime | None
    cancelled_at: datetime | None
    items: list[dict[str, Any]] | None
    purchase: UUID

    @classmethod
    def of(cls, row: Record) -> "Order":
        """An order from its row."""
        guest = Guest(row["member_id"], row["card_id"], row["ticket_id"])
        items = None if row["items"] is None else orjson.loads(row["items"])
        times = (row["bound_at"], row["quote_id"], row["reserved_at"], row["cancelled_at"])
        purchase = row["recorded_as"] or row["id"]
        return cls(row["id"], row["order_id"], row["till_id"], guest, *times, items, purchase)


async def find(till: TillFacts, order: UUID) -> Order | None:
    """An order of the till's outlet that has, or had, a guest."""
    row = await database.fetchrow(_FIND, till.outlet, order)
    return None if row is None else Order.of(row)


async def guest_of_ticket(till: TillFacts, ticket: UUID, now: datetime) -> Guest:
    """The guest of a ticket that any till of the outlet was given. Raises TICKET_EXPIRED."""
    row = await database.fetchrow(_TICKET, ticket, till.outlet, now)
    if row is None:
        raise Refusal(Code.TICKET_EXPIRED, "quote.ticket_expired", field="ticket")
    return Guest(row["member_id"], row["card_id"], ticket)


async def bind(
    tx: Work | None, till: TillFacts, order: UUID, guest: Guest, now: datetime, *, is_deferred: bool
) -> Order:
    """Write down whose order it is, within a unit of work where there is one; a later guest replaces an earlier one.

    Raises QUOTE_USED for a closed order.
    """
    values = (uuid7(), till.outlet, order, till.id, guest.member, guest.card, guest.ticket, now, is_deferred)
    row = await (database.fetchrow(_BIND, *values) if tx is None else tx.fetchrow(_BIND, *values))
    if row is None:
        raise closed()
    return Order.of(row)


async def priced(order: Order, quote: UUID, *, reserved_at: datetime | None) -> None:
    """Note the newest quote of an order, and whether it is fixed."""
    await database.execute(
        "UPDATE pos_order SET quote_id = $2, reserved_at = $3 WHERE id = $1 AND items IS NULL",
        *(order.id, quote, reserved_at),
    )


async def cancel(till: TillFacts, order: UUID, now: datetime) -> bool:
    """Take the guest off an order that will not be closed with one. False for an order that has none or is closed."""
    found = await database.fetchval(_CANCEL, till.outlet, order, now)
    if found is not None:
        await holding.free(found)
    return found is not None


def closed() -> Refusal:
    """The refusal of an order that is closed already."""
    return Refusal(Code.QUOTE_USED, "pos.order_closed", field="order")


def no_guest() -> Refusal:
    """The refusal of an order that has no guest."""
    return Refusal(Code.NOT_FOUND, "pos.no_guest", field="order")
