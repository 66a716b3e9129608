"""Rows of bookings as values, and the pages of a member's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson

from integrations.bookings import Conditions, Customer, OfferedStay, Order, PaymentWay, Terms
from loyalty.bookings import BookingState
from models import database
from models.database import Record
from services.bookings.offers import conditions_of, stay_of
from services.work import Work

ONLINE: Final = "Online"
"""How a way to pay is called in which we take the money."""
COLUMNS: Final = """
b.id, b.body_sha256, b.member_id, b.partner, b.property_id, b.state, b.arrival, b.departure, b.programme_version, b.tier,
b.stays, b.terms, b.corporate, b.remarks, b.price, b.discount, b.tax, b.asked_price, b.way, b.number, b.payment_url,
b.tries, b.sent_at, b.fault, b.expected_penalty, b.penalty, b.offered_at, b.expires_at, b.confirmed_at, b.left_at,
b.counts_at, b.purchase_id, b.payment_id
"""
_ONE: Final = f"SELECT {COLUMNS} FROM booking AS b WHERE b.id = $1"  # noqa: S608 - a constant
_LOCKED: Final = f"{_ONE} FOR UPDATE"
_BY_NUMBER: Final = f"SELECT {COLUMNS} FROM booking AS b WHERE b.number = $1"  # noqa: S608
_PAGE: Final = f"""
SELECT {COLUMNS} FROM booking AS b
WHERE b.member_id = $1 AND b.state <> 'OFFERED' AND ($3::timestamptz IS NULL OR (b.offered_at, b.id) < ($3, $4))
ORDER BY b.offered_at DESC, b.id DESC LIMIT $2
"""  # noqa: S608
_CUSTOMER: Final = """
SELECT m.first_name, m.last_name, m.patronymic,
    (SELECT value FROM contact WHERE member_id = m.id AND kind = 'PHONE') AS phone,
    (SELECT value FROM contact WHERE member_id = m.id AND kind = 'EMAIL') AS email
FROM member AS m WHERE m.id = $1 AND m.status = 'ACTIVE'
"""


@dataclass(frozen=True, slots=True)
class BookingFacts:
    """A booking as it stands. Sums are kopecks; `asked_price` is what the guest saw before it was verified."""

    id: UUID
    body_sha256: bytes
    member: UUID
    partner: str
    property_id: str
    state: BookingState
    arrival: date
    departure: date
    programme_version: int
    tier: str
    stays: tuple[OfferedStay, ...]
    terms: Terms
    corporate: str | None
    remarks: tuple[str, ...]
    price: int
    discount: int
    tax: int
    asked_price: int
    way: str | None
    number: str | None
    payment_url: str | None
    tries: int
    sent_at: datetime | None
    fault: str | None
    expected_penalty: int | None
    penalty: int | None
    offered_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None
    counts_at: datetime | None
    purchase_id: UUID | None
    payment_id: UUID | None

    @property
    def net(self) -> int:
        """What the guest pays for the rooms."""
        return self.price - self.discount

    @property
    def is_dearer(self) -> bool:
        """Whether it costs another sum than the guest was shown before."""
        return self.price != self.asked_price

    @property
    def ways(self) -> tuple[PaymentWay, ...]:
        """How it may be paid: at the hotel, or at once where what is taken then is the member's own price.

        The engine takes its own price, so a member with a discount pays where the discount is known: at the desk, or
        to us where we take the money.
        """
        return tuple(
            way
            for way in self.terms.ways
            if way.method in {"AtArrival", ONLINE}
            or (way.amount and not self.discount and way.method in {"BankCard", "SBP"})
        )

    @property
    def prepaid(self) -> int | None:
        """What is paid to us before it is booked; None where we take no money for it."""
        return next((way.amount for way in self.terms.ways if way.method == ONLINE), None)

    @property
    def conditions(self) -> Conditions:
        """What leaving costs the guest: who has paid us loses no more than that."""
        told = self.terms.conditions
        return replace(told, penalty=self.at_most_paid(told.penalty))

    def at_most_paid(self, penalty: int | None) -> int | None:
        """What of a penalty the guest bears."""
        return penalty if penalty is None or self.prepaid is None else min(penalty, self.prepaid)

    def order(self, customer: Customer) -> Order:
        """What is asked of the engine: the same words at every call, or its token is good for nothing."""
        return Order(self.property_id, self.stays, customer, self.remarks, self.corporate, self.prepaid)


def facts(row: Record) -> BookingFacts:
    """The booking of a row."""
    plain = dict(row)
    member, state = plain.pop("member_id"), BookingState(plain.pop("state"))
    stays = tuple(stay_of(stay) for stay in orjson.loads(plain.pop("stays")))
    terms, remarks = _terms(orjson.loads(plain.pop("terms"))), tuple(orjson.loads(plain.pop("remarks")))
    body = bytes(plain.pop("body_sha256"))
    return BookingFacts(
        **plain, member=member, state=state, stays=stays, terms=terms, remarks=remarks, body_sha256=body
    )


async def find(booking: UUID, member: UUID | None = None) -> BookingFacts | None:
    """A booking, of a member where one is named."""
    row = await database.fetchrow(_ONE, booking)
    return None if row is None or (member is not None and row["member_id"] != member) else facts(row)


async def by_number(number: str) -> BookingFacts | None:
    """The booking of a number."""
    row = await database.fetchrow(_BY_NUMBER, number)
    return None if row is None else facts(row)


async def locked(tx: Work, booking: UUID) -> BookingFacts | None:
    """A booking nobody else changes until the unit of work ends."""
    row = await tx.fetchrow(_LOCKED, booking)
    return None if row is None else facts(row)


async def page(member: UUID, *, rows: int, after: tuple[datetime, UUID] | None) -> list[BookingFacts]:
    """A member's bookings, newest first; what was only looked at is none."""
    place = after or (None, None)
    return [facts(row) for row in await database.fetch(_PAGE, member, rows, *place)]


async def customer_of(member: UUID) -> Customer | None:
    """The member as the hotel's guest: nobody who is signed in is asked for a name again."""
    row = await database.fetchrow(_CUSTOMER, member)
    return None if row is None else Customer(**dict(row))


async def change(tx: Work, booking: UUID, now: datetime, **to: Any) -> None:
    """Write columns of a locked booking."""
    names = ", ".join(f"{name} = ${place}" for place, name in enumerate(to, start=3))
    await tx.execute(f"UPDATE booking SET changed_at = $2, {names} WHERE id = $1", booking, now, *to.values())  # noqa: S608


def _terms(data: Mapping[str, Any]) -> Terms:
    conditions: Conditions = conditions_of(data["conditions"])
    ways = tuple(PaymentWay(**way) for way in data["ways"])
    checksums, prices = tuple(data["checksums"]), tuple(data["prices"])
    return Terms(**(dict(data) | {"conditions": conditions, "ways": ways, "checksums": checksums, "prices": prices}))
