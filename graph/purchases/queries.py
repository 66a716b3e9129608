"""Receipts as tills look them up, and pages of them as members read them."""

from datetime import date
from uuid import UUID

import strawberry

from graph.context import Context, Info
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import till
from graph.purchases.types import Purchase, PurchasePage
from models import history
from models.history import Filters, PurchaseFacts
from services import programmes
from services.refunds import find_receipt


@strawberry.type
class PurchaseQueries:
    """Receipts as tills look them up."""

    @strawberry.field(
        extensions=[till()],
        description="A receipt of this till's partner, for a refund. Without a date the number must be unique at its outlet.",
    )
    async def receipt(self, info: Info, number: str, business_date: date | None = None) -> Purchase | None:
        """A receipt of this till's partner."""
        context = info.context
        return await told(await find_receipt(context.till, number=number, business_date=business_date), context)


async def told(facts: PurchaseFacts, context: Context) -> Purchase:
    """A receipt in the reader's language, named by the version that priced it."""
    return Purchase.of(facts, await programmes.version(facts.programme_version), context.locale)


async def purchase_of(member_id: UUID, purchase_id: UUID, context: Context) -> Purchase | None:
    """One purchase of a member; None for somebody else's."""
    facts = await history.of_member(member_id, purchase_id)
    return None if facts is None else await told(facts, context)


async def purchases_of(
    member_id: UUID, *, first: int, after: str | None, filters: Filters, context: Context
) -> PurchasePage:
    """A page of a member's purchases, newest first."""
    size, place = page_size(first), read_cursor(after)
    rows = await history.page(
        member_id, rows=size + 1, after=None if place is None else (place.at, place.id), filters=filters
    )
    items = [await told(row, context) for row in rows[:size]]
    more = len(rows) > size
    return PurchasePage(items=items, next=str(Cursor(rows[size - 1].closed_at, rows[size - 1].id)) if more else None)
