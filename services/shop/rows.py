"""Rows of orders and vouchers as values, and the pages of a member's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from loyalty.programme import Programme
from loyalty.shops import OrderState, ShopItem, VoucherState, order_state
from models import database
from models.database import Record
from services.work import Work

COLUMNS: Final = """
o.id, o.body_sha256, o.member_id, o.partner, o.outlet, o.item, o.state, o.quantity, o.programme_version, o.tier, o.price,
o.discount, o.number, o.fault, o.ordered_at, o.paid_at, o.valid_until, o.purchase_id
"""
_ONE: Final = f"SELECT {COLUMNS} FROM shop_order AS o WHERE o.id = $1"  # noqa: S608 - a constant
_LOCKED: Final = f"{_ONE} FOR UPDATE"
_PAGE: Final = f"""
SELECT {COLUMNS} FROM shop_order AS o
WHERE o.member_id = $1 AND ($3::timestamptz IS NULL OR (o.ordered_at, o.id) < ($3, $4))
ORDER BY o.ordered_at DESC, o.id DESC LIMIT $2
"""  # noqa: S608
_VOUCHER_COLUMNS: Final = """
v.id, v.order_id, v.position, v.line_id, v.sealed, v.state, v.net, v.ends_at, v.used_at, v.issued_at,
t.outlet AS used_outlet, r.state AS money
"""
_VOUCHERS: Final = f"""
SELECT {_VOUCHER_COLUMNS} FROM shop_voucher AS v LEFT JOIN till AS t ON t.id = v.used_till_id
LEFT JOIN shop_return AS r ON r.id = v.return_id
WHERE v.order_id = ANY ($1::uuid[]) ORDER BY v.order_id, v.position
"""  # noqa: S608
_OF_CODE: Final = f"""
SELECT {_VOUCHER_COLUMNS} FROM shop_voucher AS v JOIN shop_order AS o ON o.id = v.order_id
LEFT JOIN till AS t ON t.id = v.used_till_id LEFT JOIN shop_return AS r ON r.id = v.return_id
WHERE v.code_sha256 = $1 AND o.partner = $2
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order as it is written. Sums are kopecks of all pieces together."""

    id: UUID
    body_sha256: bytes
    member: UUID
    partner: str
    outlet: str
    item: str
    state: OrderState
    quantity: int
    programme_version: int
    tier: str
    price: int
    discount: int
    number: str
    fault: str | None
    ordered_at: datetime
    paid_at: datetime | None
    valid_until: date | None
    purchase_id: UUID | None

    @property
    def net(self) -> int:
        """What is paid."""
        return self.price - self.discount

    def goods(self, programme: Programme) -> ShopItem:
        """What is ordered, by the version that priced it."""
        terms = programme.partners_by_id[self.partner].shop
        found = None if terms is None else terms.item(self.item)
        assert found is not None  # noqa: S101 - it was priced by this version
        return found


@dataclass(frozen=True, slots=True)
class VoucherFacts:
    """A voucher as it is written; `money` is how its return stands."""

    id: UUID
    order: UUID
    position: int
    line: UUID
    sealed: bytes
    state: VoucherState
    net: int
    ends_at: datetime
    used_at: datetime | None
    used_outlet: str | None
    issued_at: datetime
    money: str | None

    def state_at(self, now: datetime) -> VoucherState:
        """How it stands at a moment: its day may have passed."""
        is_over = self.state is VoucherState.ISSUED and self.ends_at <= now
        return VoucherState.EXPIRED if is_over else self.state


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order with its vouchers."""

    order: OrderFacts
    vouchers: tuple[VoucherFacts, ...]

    def state_at(self, now: datetime) -> OrderState:
        """How it stands at a moment."""
        return order_state(self.order.state, tuple(one.state_at(now) for one in self.vouchers))


def facts(row: Record) -> OrderFacts:
    """The order of a row."""
    plain = dict(row)
    member, state, body = plain.pop("member_id"), OrderState(plain.pop("state")), bytes(plain.pop("body_sha256"))
    return OrderFacts(**plain, member=member, state=state, body_sha256=body)


def _voucher(row: Record) -> VoucherFacts:
    plain = dict(row)
    order, line, sealed = plain.pop("order_id"), plain.pop("line_id"), bytes(plain.pop("sealed"))
    return VoucherFacts(**plain | {"state": VoucherState(plain["state"])}, order=order, line=line, sealed=sealed)


async def find(order: UUID, member: UUID | None = None) -> OrderFacts | None:
    """An order, of a member where one is named."""
    row = await database.fetchrow(_ONE, order)
    return None if row is None or (member is not None and row["member_id"] != member) else facts(row)


async def locked(tx: Work, order: UUID) -> OrderFacts | None:
    """An order nobody else changes until the unit of work ends."""
    row = await tx.fetchrow(_LOCKED, order)
    return None if row is None else facts(row)


async def with_vouchers(orders: Sequence[OrderFacts]) -> list[Ordered]:
    """Orders with their vouchers, by one statement."""
    rows = await database.fetch(_VOUCHERS, [one.id for one in orders]) if orders else []
    found = [_voucher(row) for row in rows]
    return [Ordered(one, tuple(each for each in found if each.order == one.id)) for one in orders]


async def page(member: UUID, *, rows: int, after: tuple[datetime, UUID] | None) -> list[Ordered]:
    """A member's orders, newest first."""
    place = after or (None, None)
    return await with_vouchers([facts(row) for row in await database.fetch(_PAGE, member, rows, *place)])


async def of_code(digest: bytes, partner: str, tx: Work | None = None) -> VoucherFacts | None:
    """The voucher of a code, if it is one of this partner's; with a unit of work nobody else changes it meanwhile."""
    if tx is None:
        row = await database.fetchrow(_OF_CODE, digest, partner)
    else:
        row = await tx.fetchrow(f"{_OF_CODE} FOR UPDATE OF v", digest, partner)
    return None if row is None else _voucher(row)


async def change(tx: Work, order: UUID, now: datetime, **to: Any) -> None:
    """Write columns of a locked order."""
    names = ", ".join(f"{name} = ${place}" for place, name in enumerate(to, start=3))
    await tx.execute(f"UPDATE shop_order SET changed_at = $2, {names} WHERE id = $1", order, now, *to.values())  # noqa: S608
