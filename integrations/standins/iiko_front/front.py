"""iikoFront as far as a plugin sees it: orders that several terminals edit, bills that freeze, stornos that only tell.

What it allows follows its public reference: dishes and discounts change until the pre-bill, a discount never exceeds its
dish, a closed order is only ever returned. Sums are kopecks, quantities thousandths.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class NotAllowed(Exception):
    """Front does not let anybody do this to the order now."""


class Status(StrEnum):
    """Of an order."""

    NEW = "New"
    BILL = "Bill"
    CLOSED = "Closed"
    DELETED = "Deleted"


@dataclass(slots=True)
class Dish:
    """An item of an order. `discount` is ours; `returned` what was given back of it so far."""

    id: UUID
    name: str
    group: str
    quantity: int
    cost: int
    discount: int = 0
    returned: int = 0

    @property
    def paid(self) -> int:
        """What the guest paid for it."""
        return self.cost - self.discount


@dataclass(slots=True)
class Order:
    """An order of the group. Its external data travels between terminals."""

    id: UUID
    number: int
    status: Status = Status.NEW
    dishes: list[Dish] = field(default_factory=list)
    external: dict[str, Any] = field(default_factory=dict)
    closed_at: datetime | None = None

    @property
    def paid(self) -> int:
        """The result sum."""
        return sum(dish.paid for dish in self.dishes)

    @property
    def returned(self) -> int:
        """What was given back of it."""
        return sum(dish.returned for dish in self.dishes)

    def add(self, dish: Dish) -> None:
        """Put another dish on it."""
        self._only(Status.NEW)
        self.dishes.append(dish)

    def discount(self, sums: Mapping[UUID, int]) -> None:
        """Apply a selective discount of free sums: what it names, and nothing on any other dish."""
        self._only(Status.NEW)
        for dish in self.dishes:
            if not 0 <= sums.get(dish.id, 0) <= dish.cost:
                raise NotAllowed(f"a discount beyond the cost of {dish.name}")
        for dish in self.dishes:
            dish.discount = sums.get(dish.id, 0)

    def bill(self) -> None:
        """Print the pre-bill: everything is fixed."""
        self._only(Status.NEW)
        self.status = Status.BILL

    def cancel_bill(self) -> None:
        """Take the pre-bill back."""
        self._only(Status.BILL)
        self.status = Status.NEW

    def close(self, at: datetime) -> None:
        """Paid, and the receipt printed."""
        self._only(Status.NEW, Status.BILL)
        self.status, self.closed_at = Status.CLOSED, at

    def delete(self) -> None:
        """Delete it before it is paid."""
        self._only(Status.NEW, Status.BILL)
        self.status = Status.DELETED

    def give_back(self, dish: Dish, quantity: int) -> int:
        """Return a part of a dish; gives the sum, which never exceeds what is left of it."""
        self._only(Status.CLOSED)
        part = min(dish.paid * quantity // dish.quantity, dish.paid - dish.returned)
        dish.returned += part
        return part

    def _only(self, *statuses: Status) -> None:
        if self.status not in statuses:
            raise NotAllowed(f"order {self.number} is {self.status}")
