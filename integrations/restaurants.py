"""What Kunak asks of a restaurants' cloud, as a protocol and value types.

Sums are kopecks, quantities thousandths. Times of orders are those of the restaurant's own clock, without a zone: which
zone that is, the programme's outlet says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from integrations.ports import Refused


class TooOld(Refused):
    """The cloud does not read back that far: what changed since has to be read by its days."""


class NoGuests(Refused):
    """This restaurant keeps no guests in the cloud."""


class OrderKind(StrEnum):
    """What kind of order: they are read by different addresses."""

    TABLE = "TABLE"
    DELIVERY = "DELIVERY"


class OrderState(StrEnum):
    """How far an order is, as far as it matters here."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    GONE = "GONE"  # deleted or cancelled


@dataclass(frozen=True, slots=True)
class Restaurant:
    """A restaurant as the cloud names it."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A group of terminals of a restaurant: what an outlet of ours is."""

    id: UUID
    restaurant: UUID
    name: str


@dataclass(frozen=True, slots=True)
class DiscountKind:
    """A type of discount. One of a free sum that may be applied by hand can be ours."""

    id: UUID
    name: str
    is_free_sum: bool


@dataclass(frozen=True, slots=True)
class Dish:
    """A product of the menu: its article number, and the group that says what it is sold as."""

    id: UUID
    code: str | None
    name: str
    group: UUID | None
    group_name: str


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line of an order: `cost` before every discount, `net` after all, and what each discount type took off it."""

    item: UUID
    product: UUID | None
    name: str
    quantity: int
    cost: int
    net: int
    discounts: tuple[tuple[UUID, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """An order as the cloud tells it now. `till_id` is its id at the till, `stamp` grows with every change.

    `fault` says what of it cannot be read: then nothing is made of it.
    """

    id: UUID
    till_id: UUID | None
    restaurant: UUID
    place: UUID | None
    kind: OrderKind
    state: OrderState
    stamp: int
    number: str = ""
    closed_at: datetime | None = None
    net: int = 0
    lines: tuple[ToldLine, ...] = ()
    discounts: tuple[tuple[UUID, int], ...] = ()
    tenders: tuple[tuple[str, int], ...] = ()
    customer: UUID | None = None
    phone: str | None = field(default=None, repr=False)
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Orders that changed, and the mark after which the next ones come."""

    mark: int
    orders: tuple[ToldOrder, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """What one event of a webhook points at; its facts are read from the cloud. The same event has the same `key`.

    Without `order` it is about something that is nothing to us, or, with `fault`, cannot be read.
    """

    key: str
    what: str
    restaurant: UUID | None = None
    kind: OrderKind | None = None
    order: UUID | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a restaurant's events are posted."""

    url: str
    key: str | None


@dataclass(frozen=True, slots=True)
class Guest:
    """A member as other systems are told of them. `own_id` is ours, which is the master."""

    own_id: str
    phone: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    patronymic: str | None = field(repr=False)


class RestaurantCloud(Protocol):
    """The cloud of a chain of restaurants.

    Everything may raise `Unavailable` (surely not done), `TooOften`, `Drained` and `Refused`; what writes, `Uncertain`.
    """

    name: str
    """Under which its guests are aliases of members, and by which name its till is listed."""
    sees_tills: bool
    """Whether it tells of orders that were taken at tills, too."""

    async def restaurants(self) -> Sequence[Restaurant]:
        """The restaurants that our key may see."""

    async def places(self, restaurants: Sequence[UUID]) -> Sequence[Place]:
        """Their groups of terminals, those that sleep too."""

    async def discounts(self, restaurant: UUID) -> Sequence[DiscountKind]:
        """The types of discount in use."""

    async def menu(self, restaurant: UUID) -> Sequence[Dish]:
        """Everything on the menu."""

    async def tables(self, places: Sequence[UUID]) -> Sequence[UUID]:
        """The tables of groups of terminals."""

    async def orders(
        self, restaurant: UUID, kind: OrderKind, ids: Sequence[UUID], *, of_till: bool = False
    ) -> Sequence[ToldOrder]:
        """Orders as they stand, by the cloud's ids or by those of the till. Those it does not know are left out."""

    async def changed(self, restaurants: Sequence[UUID], mark: int) -> Changes:
        """Deliveries that changed after a mark. Raises `TooOld`."""

    async def deliveries(self, restaurant: UUID, first: datetime, last: datetime) -> Changes:
        """Deliveries of a span of the restaurant's days, closed and cancelled ones, with the mark of now."""

    async def at_tables(
        self, restaurant: UUID, tables: Sequence[UUID], first: datetime, last: datetime
    ) -> Sequence[ToldOrder]:
        """Closed and deleted orders of tables that were opened in a span of the restaurant's time."""

    async def hook(self, restaurant: UUID) -> Hook | None:
        """Where this restaurant's events go now: there is one address for everybody who listens."""

    async def set_hook(self, restaurant: UUID, hook: Hook) -> None:
        """Have events of closed and deleted orders posted to us. The whole setting is written over; again is the same."""

    async def guest(self, restaurant: UUID, phone: str) -> UUID | None:
        """The cloud's guest of a phone. Raises `NoGuests`."""

    async def put_guest(self, restaurant: UUID, guest: Guest, known: UUID | None) -> UUID:
        """Make a guest, or change the one that is known. The phone is the key: again is the same. Raises `NoGuests`."""

    def read_hook(self, body: bytes) -> Sequence[Hint]:
        """What a body that was posted to us points at. Raises `Unreadable` for what is no JSON."""
