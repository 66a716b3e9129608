"""The programme's shop: partners' goods that are paid here and given out at their tills, and how an order stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from loyalty.business_days import business_date
from loyalty.texts import Text

CHANNEL: Final = "SHOP"
QUANTITY_MAX: Final = 10
PAYABLE_MIN: Final = 100
"""Kopecks. An acquirer takes no less, so nothing may cost a member less."""
NUMBER_DIGITS: Final = 12


class OrderState(StrEnum):
    """Where an order stands.

    OFFERED waits for its money, PAID for its vouchers. From ISSUED on its vouchers say what became of it.
    """

    OFFERED = "OFFERED"
    PAID = "PAID"
    ISSUED = "ISSUED"
    USED = "USED"
    RETURNED = "RETURNED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


class VoucherState(StrEnum):
    """Where a voucher stands. EXPIRED is never written: its day has passed, and its money can still go back."""

    ISSUED = "ISSUED"
    USED = "USED"
    RETURNED = "RETURNED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class ShopItem:
    """Something that is sold: the service whose rule prices it, its public price in kopecks, and how long it is good."""

    id: str
    service: str
    name: Text
    price: int
    valid_days: int
    about: Text | None = None


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """What a partner sells in the programme's shop, and the outlet that its receipts are written at."""

    outlet: str
    items: tuple[ShopItem, ...]

    def item(self, slug: str) -> ShopItem | None:
        """An item by its slug."""
        return next((one for one in self.items if one.id == slug), None)


def last_day(item: ShopItem, paid_at: datetime, zone: str) -> date:
    """The last day on which a voucher that was paid at a moment is taken, by the clock of its outlet."""
    return business_date(paid_at, zone) + timedelta(days=item.valid_days)


def ends_at(day: date, zone: str) -> datetime:
    """The first moment after a day, by the clock of an outlet."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))


def order_state(written: OrderState, vouchers: tuple[VoucherState, ...]) -> OrderState:
    """How an order stands by what is written of it and by its vouchers: one that can be used keeps it open."""
    if written is not OrderState.ISSUED:
        return written
    found = set(vouchers)
    for state, told in (
        (VoucherState.ISSUED, OrderState.ISSUED),
        (VoucherState.USED, OrderState.USED),
        (VoucherState.EXPIRED, OrderState.EXPIRED),
    ):
        if state in found:
            return told
    return OrderState.RETURNED


def number_of(random_part: int) -> str:
    """The number of an order's receipt: twelve digits of its id, in groups of four."""
    digits = f"{random_part % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}d}"
    return "-".join(digits[place : place + 4] for place in range(0, NUMBER_DIGITS, 4))
