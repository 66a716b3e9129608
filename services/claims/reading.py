"""Claims as they are read: a guest's own, and those of the places somebody of the staff looks after."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from loyalty.scopes import Access, Scope
from models import database
from models.database import Record

VIEW: Final = "operation.view"
SHOWN: Final = 50

_COLUMNS: Final = """SELECT c.id, c.member_id, c.partner, c.outlet, c.receipt_number, c.business_date, c.closed_at, c.net,
    c.fiscal_document, c.status, c.reason, c.created_at, c.decided_at, c.purchase_id, m.number AS member
FROM purchase_claim AS c JOIN member AS m ON m.id = c.member_id"""
_MINE: Final = f"{_COLUMNS} WHERE c.member_id = $1 ORDER BY c.created_at DESC, c.id DESC LIMIT $2"
_ONE: Final = f"{_COLUMNS} WHERE c.id = $1"
_PAGE: Final = f"""{_COLUMNS}
WHERE ($2::timestamptz IS NULL OR (c.created_at, c.id) < ($2, $3)) AND ($4::text IS NULL OR c.status = $4)
    AND ($5 OR c.partner = ANY ($6) OR c.outlet = ANY ($7))
ORDER BY c.created_at DESC, c.id DESC LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim. `reason` is what somebody of the staff wrote, or `words:` and a key of the catalogue where a rule refused it."""

    id: UUID
    member_id: UUID
    member_number: str
    partner: str
    outlet: str
    receipt_number: str
    business_date: date
    closed_at: datetime
    net: int
    fiscal_document: int | None
    status: str
    reason: str | None
    created_at: datetime
    decided_at: datetime | None
    purchase: UUID | None

    @classmethod
    def of(cls, row: Record) -> "Claim":
        """A claim from its row."""
        return cls(
            id=row["id"],
            member_id=row["member_id"],
            member_number=row["member"],
            partner=row["partner"],
            outlet=row["outlet"],
            receipt_number=row["receipt_number"],
            business_date=row["business_date"],
            closed_at=row["closed_at"],
            net=row["net"],
            fiscal_document=row["fiscal_document"],
            status=row["status"],
            reason=row["reason"],
            created_at=row["created_at"],
            decided_at=row["decided_at"],
            purchase=row["purchase_id"],
        )

    @property
    def scope(self) -> Scope:
        """The place it is about."""
        return Scope((self.partner, self.outlet))


async def mine(member: UUID) -> list[Claim]:
    """A member's claims, the newest first."""
    return [Claim.of(row) for row in await database.fetch(_MINE, member, SHOWN)]


async def of_member(member: UUID, claim: UUID) -> Claim:
    """A claim that this member has just made."""
    found = await one(claim)
    assert found is not None  # noqa: S101 - it was written in the transaction before
    assert found.member_id == member  # noqa: S101 - its id follows from the member
    return found


async def one(claim: UUID) -> Claim | None:
    """A claim by its id."""
    row = await database.fetchrow(_ONE, claim)
    return None if row is None else Claim.of(row)


async def page(
    access: Access, *, rows: int, after: tuple[datetime, UUID] | None = None, status: str | None = None
) -> list[Claim]:
    """At most `rows` claims of the places whose operations this access may see, the newest first (INV-22)."""
    at, last = after or (None, None)
    held = access.scopes.get(VIEW, ())
    partners = [scope.path[0] for scope in held if scope.partner is not None and scope.outlet is None]
    outlets = [scope.outlet for scope in held if scope.outlet is not None and scope.till is None]
    found = await database.fetch(_PAGE, rows, at, last, status, access.everywhere(VIEW), partners, outlets)
    return [Claim.of(row) for row in found]
