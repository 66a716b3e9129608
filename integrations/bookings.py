"""What Kunak asks of a booking engine, as a protocol and value types. Sums are kopecks; stays are in the hotel's time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from integrations.ports import Refused
from loyalty.stays import StayEvent


class TokenSpent(Refused):
    """The token of a create was used before or is too old: whether a booking came of it has to be looked up."""


class PenaltyDiffers(Refused):
    """Cancelling costs another sum than was expected; the booking stands."""


@dataclass(frozen=True, slots=True)
class RoomKind:
    """A type of room as its hotel tells of it. `pictures` are addresses at the engine."""

    id: str
    name: str
    about: str
    metres: int | None
    sleeps: int
    amenities: tuple[str, ...]
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RateKind:
    """A rate plan as its hotel tells of it."""

    id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class HotelCard:
    """A hotel with what can be booked in it. Times are `HH:MM` of its own clock."""

    property_id: str
    name: str
    about: str
    city: str
    time_zone: str
    check_in: str
    check_out: str
    pictures: tuple[str, ...]
    rooms: tuple[RoomKind, ...]
    rates: tuple[RateKind, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """Who sleeps in one room: adults, and children by age."""

    adults: int
    child_ages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What leaving costs: nothing until `free_until`, then `penalty`; without a penalty always nothing."""

    free_until: datetime | None
    penalty: int | None


@dataclass(frozen=True, slots=True)
class OfferedStay:
    """One room for one party at one rate. Times, placements and checksum go back to the engine untouched."""

    property_id: str
    room_id: str
    rate_id: str
    placements: tuple[str, ...]
    arrives_at: str
    leaves_at: str
    party: Party
    left: int
    price: int
    tax: int
    conditions: Conditions
    meal: str
    checksum: str


@dataclass(frozen=True, slots=True)
class LowestStay:
    """The cheapest stay of a hotel, for comparing: it has no checksum, so it is searched for again before it is booked."""

    property_id: str
    room_id: str
    rate_id: str
    price: int
    tax: int


@dataclass(frozen=True, slots=True)
class Customer:
    """Who books: names, an E.164 phone and an e-mail address."""

    first_name: str
    last_name: str
    patronymic: str | None
    phone: str | None
    email: str


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be booked. `remarks` are for the hotel; `corporate` opens a closed rate.

    `prepaid` is what the guest pays us before it is booked; None where we take no money.
    """

    property_id: str
    stays: tuple[OfferedStay, ...]
    customer: Customer
    remarks: tuple[str, ...] = ()
    corporate: str | None = None
    prepaid: int | None = None


@dataclass(frozen=True, slots=True)
class PaymentWay:
    """How a booking may be guaranteed; `amount` is taken at once, 0 where the hotel takes the money."""

    id: str
    method: str
    amount: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a verified booking costs, in all and by room, and the token that makes it.

    `is_changed`: these are not the terms that were asked for.
    """

    price: int
    tax: int
    conditions: Conditions
    token: str
    checksums: tuple[str, ...]
    prices: tuple[int, ...]
    ways: tuple[PaymentWay, ...]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A booking by its number. Unpaid ones are `is_confirmed` only once `payment_url` was visited."""

    number: str
    is_confirmed: bool
    payment_url: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the hotel's list of changed bookings."""

    number: str
    is_cancelled: bool
    created_at: datetime
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of that list. `mark` is where the next one begins."""

    items: tuple[Change, ...]
    mark: str
    has_more: bool


@dataclass(frozen=True, slots=True)
class BookedRoom:
    """A room of a booking as it stands."""

    room_id: str
    rate_id: str
    name: str
    price: int


@dataclass(frozen=True, slots=True)
class Booked:
    """A booking as its hotel knows it now. `price` is before taxes at the desk."""

    number: str
    is_cancelled: bool
    arrival: date
    departure: date
    price: int
    rooms: tuple[BookedRoom, ...]
    penalty: int | None
    phones: tuple[str, ...]
    emails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HotelEvent:
    """An event as the engine posts it: its own id and kind, and which booking of which hotel it points at.

    One that cannot be read has a `fault`, and an id that follows from what it says.
    """

    id: str
    kind: str
    number: str | None = None
    property_id: str | None = None
    happened_at: datetime | None = None
    fault: str | None = None


class BookingEngine(Protocol):
    """Sells rooms of hotels.

    Everything may raise `Unavailable` (surely not done), `TooOften` and `Refused`; `create` and `cancel` also `Uncertain`.
    """

    name: str

    async def card(self, property_id: str) -> HotelCard:
        """A hotel's texts, rooms and rates."""

    async def picture(self, url: str) -> bytes:
        """A picture that a card names."""

    async def search(
        self, property_id: str, arrival: date, departure: date, party: Party, corporate: str | None
    ) -> Sequence[OfferedStay]:
        """What one hotel has for one room's guests; nothing where it is full."""

    async def lowest(
        self, property_ids: Sequence[str], arrival: date, departure: date, party: Party
    ) -> Sequence[LowestStay]:
        """The cheapest stay of each of these hotels, two hundred at most, for one room's guests; none of those that are full."""

    async def verify(self, order: Order) -> Terms | None:
        """The terms as of now, or None where the rooms are gone. Nothing is booked."""

    async def create(self, order: Order, terms: Terms, way: PaymentWay, *, back: str) -> Made:
        """Book by the token of `terms`, once. Raises `TokenSpent` where the token was used; `back` follows a payment."""

    async def penalty(self, number: str, at: datetime, *, is_prepaid: bool = False) -> int:
        """What cancelling would cost at a moment. `is_prepaid`: whether it was ordered with a sum that we had taken."""

    async def cancel(self, number: str, expected: int, *, is_prepaid: bool = False) -> None:
        """Cancel a booking if that costs what is expected. Raises `PenaltyDiffers`."""

    async def changes(self, property_id: str, *, mark: str | None, since: datetime) -> Changes:
        """A hotel's bookings from a mark on, or since a moment, oldest change first."""

    async def booked(self, property_id: str, number: str) -> Booked | None:
        """A booking as it stands, or None where the hotel has none of this number."""

    def read_events(self, body: bytes) -> Sequence[HotelEvent]:
        """The events of a body that was posted to us, each by itself; what is no event is told as one with a fault."""

    def meaning(self, kind: str) -> StayEvent | None:
        """What a kind of event says of a stay; None where that is nothing to us."""
