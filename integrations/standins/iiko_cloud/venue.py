"""What iiko knows of a chain: places, menus, orders with their revisions, guests. Kopecks and thousandths inside."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

Kind = Literal["table", "delivery"]
REVISION_LAG: Final = timedelta(hours=3)
_DISHES: Final = (
    ("Уха", "00154", "hot"),
    ("Стейк", "00210", "hot"),
    ("Салат с грушей", "00311", "cold"),
    ("Чай", "00871", "bar"),
    ("Вино", "00872", "bar"),
)


def id_of(*words: object) -> str:
    """An id that follows from words, so that a scene is the same every time."""
    return str(uuid5(NAMESPACE_URL, "/".join(str(word) for word in words)))


@dataclass(frozen=True, slots=True)
class Product:
    """A dish of a menu with its group."""

    id: str
    name: str
    code: str
    group: str


@dataclass(frozen=True, slots=True)
class DiscountType:
    """A discount type; `mode` is Percent, FlexibleSum or FixedSum."""

    id: str
    name: str
    mode: str
    is_deleted: bool = False


@dataclass
class Organization:
    """A restaurant with one terminal group, its tables and its menu. Without `has_loyalty` there are no guests."""

    id: str
    name: str
    zone: str
    group: str
    tables: Sequence[str]
    menu: Sequence[Product]
    discounts: Sequence[DiscountType]
    has_loyalty: bool = True
    hook_uri: str | None = None
    hook_token: str | None = None
    hook_filter: dict[str, object] | None = None

    def local(self, at: datetime) -> str:
        """A moment as the terminal writes it."""
        return f"{at.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M:%S.}{at.microsecond // 1000:03d}"

    def product(self, name: str) -> Product:
        """A dish by its name."""
        return next(one for one in self.menu if one.name == name)


@dataclass
class Item:
    """A dish of an order: `cost` before discounts, `ours` what our discount type took off, `others` what others did.

    `is_compound`: two halves, of which the public pages name no fields.
    """

    position: str
    product: Product
    amount: int
    cost: int
    ours: int = 0
    others: int = 0
    modifiers: tuple[tuple[Product, int], ...] = ()
    is_deleted: bool = False
    is_compound: bool = False

    @property
    def paid(self) -> int:
        """What was paid for it, its modifiers apart."""
        return self.cost - self.ours - self.others

    @property
    def total(self) -> int:
        """What was paid for it with its modifiers."""
        return self.paid + sum(price for _, price in self.modifiers)


@dataclass
class Order:
    """An order as the cloud knows it. `pos` is its id at the till, `skew` what its sum is off by."""

    id: str
    pos: str | None
    organization: Organization
    kind: Kind
    number: int
    created: datetime
    items: list[Item] = field(default_factory=list)
    status: str = "New"
    phone: str | None = None
    customer: str | None = None
    closed: datetime | None = None
    revision: int = 0
    stamp: int = 0
    error: str | None = None
    skew: int = 0

    @property
    def sum(self) -> int:
        """What is to be paid."""
        return self.skew + sum(item.total for item in self.items if not item.is_deleted)


@dataclass
class Guest:
    """A guest of iikoCard."""

    id: str
    made: datetime
    facts: dict[str, object]


class Chain:
    """Everything behind one API key."""

    def __init__(self, clock: Callable[[], datetime], organizations: Sequence[Organization]) -> None:
        self._clock = clock
        self.organizations = {one.id: one for one in organizations}
        self.orders: dict[str, Order] = {}
        self.guests: dict[str, Guest] = {}
        self.revision = 0
        self.born: list[tuple[int, datetime]] = []

    def change(self, order: Order) -> None:
        """Note that an order changed: the next revision is its own."""
        self.revision += 1
        order.revision, order.stamp = self.revision, int(self._clock().timestamp() * 1000) * 1000 + self.revision % 1000
        self.orders[order.id] = order
        self.born.append((self.revision, self._clock()))

    def is_too_old(self, revision: int) -> bool:
        """Whether what came after a revision began longer ago than the cloud reads back."""
        after = next((at for number, at in self.born if number > revision), None)
        return after is not None and self._clock() - after > REVISION_LAG

    def guest_of(self, phone: str) -> Guest | None:
        """The guest of a phone."""
        return next((one for one in self.guests.values() if one.facts.get("phone") == phone), None)


def restaurants(count: int = 2, *, zone: str = "Europe/Moscow") -> list[Organization]:
    """Some restaurants, each with a menu of its own and a discount of a free sum."""
    return [_restaurant(number, zone) for number in range(1, count + 1)]


def _restaurant(number: int, zone: str) -> Organization:
    menu = [Product(id_of(number, name), name, code, id_of("group", group)) for name, code, group in _DISHES]
    discounts = (
        DiscountType(id_of(number, "free sum"), "Kunak", "FlexibleSum"),
        DiscountType(id_of(number, "percent"), "Завтрак −10 %", "Percent"),
        DiscountType(id_of(number, "gone"), "Старая", "FlexibleSum", is_deleted=True),
    )
    tables = [id_of(number, "table", place) for place in range(3)]
    return Organization(
        id_of("restaurant", number), f"Ресторан {number}", zone, id_of(number, "hall"), tables, menu, discounts
    )
