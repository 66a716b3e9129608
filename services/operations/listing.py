"""The list of operations: receipts of the places where somebody may see them (INV-22), and one of them whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from loyalty.scopes import Access, Scope
from models import database, history
from models.database import Record, statement
from models.history import PurchaseFacts

VIEW: Final = "operation.view"
EXPORT_ROWS: Final = 1000

_COUNT: Final = f"SELECT count(*) FROM ({statement('operations')}) AS o"  # noqa: S608 - a statement of ours
_PLACE: Final = "SELECT partner, outlet, till_id FROM purchase WHERE id = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; dates are business dates, both inclusive."""

    partner: str | None = None
    outlet: str | None = None
    channel: str | None = None
    receipt: str | None = None
    since: date | None = None
    until: date | None = None
    refunded: bool | None = None
    member: UUID | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """A receipt in a list. Sums in kopecks; of its guest the last four digits of the card, and no more."""

    id: UUID
    partner: str
    outlet: str
    till_id: UUID
    till: str
    channel: str
    receipt_number: str
    closed_at: datetime
    posted_at: datetime
    business_date: date
    gross: int
    discount: int
    net: int
    refunded: int
    accumulated: int
    card: str
    earned: int | None
    spent: int | None


async def page(
    access: Access, filters: Filters, *, rows: int, after: tuple[datetime, UUID] | None = None
) -> list[Operation]:
    """At most `rows` receipts of the places of this access, newest first, behind the place `after`."""
    found = await database.fetch(statement("operations"), *_asked(access, filters, rows, after))
    return [_operation(row) for row in found]


async def count(access: Access, filters: Filters) -> int:
    """How many there are."""
    counted: int = await database.fetchval(_COUNT, *_asked(access, filters, None, None))
    return counted


async def every(access: Access, filters: Filters) -> AsyncIterator[list[Operation]]:
    """All of them, page by page, so that no list is ever held whole."""
    after: tuple[datetime, UUID] | None = None
    while found := await page(access, filters, rows=EXPORT_ROWS, after=after):
        yield found
        if len(found) < EXPORT_ROWS:
            return
        after = (found[-1].closed_at, found[-1].id)


async def one(access: Access, purchase: UUID) -> PurchaseFacts | None:
    """A receipt with its lines and refunds; None for one of another place, there or not."""
    row = await database.fetchrow(_PLACE, purchase)
    if row is None or not access.within(VIEW, Scope((row["partner"], row["outlet"], str(row["till_id"])))):
        return None
    return await history.any_purchase(purchase)


def _asked(access: Access, filters: Filters, rows: int | None, after: tuple[datetime, UUID] | None) -> list[object]:
    held = access.scopes.get(VIEW, ())
    return [
        *(rows, *(after or (None, None)), access.everywhere(VIEW)),
        [scope.path[0] for scope in held if len(scope.path) == 1],
        [scope.outlet for scope in held if scope.outlet is not None and scope.till is None],
        [UUID(scope.till) for scope in held if scope.till is not None],
        *(filters.partner, filters.outlet, filters.channel, filters.receipt),
        *(filters.since, filters.until, filters.refunded, filters.member),
    ]


def _operation(row: Record) -> Operation:
    return Operation(
        id=row["id"],
        partner=row["partner"],
        outlet=row["outlet"],
        till_id=row["till_id"],
        till=row["till"],
        channel=row["channel"],
        receipt_number=row["receipt_number"],
        closed_at=row["closed_at"],
        posted_at=row["posted_at"],
        business_date=row["business_date"],
        gross=row["gross"],
        discount=row["discount"],
        net=row["net"],
        refunded=row["refunded_net"],
        accumulated=row["accumulated"],
        card=row["card"],
        earned=row["earned"],
        spent=row["spent"],
    )
