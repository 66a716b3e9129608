"""Hotels that are booked in the cabinet: on what terms a stay counts, and in which states a booking stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

NIGHTS_MAX: Final = 30
DAYS_AHEAD: Final = 365
ROOMS_MAX: Final = 4
ADULTS_MAX: Final = 6
CHILDREN_MAX: Final = 4
CHILD_AGE_MAX: Final = 17
EVENTS_KEPT: Final = timedelta(days=30)


class StayCounts(StrEnum):
    """What makes a stay count: the hotel says that the guest has left, or the day of departure has passed."""

    CHECK_OUT = "CHECK_OUT"
    DEPARTURE = "DEPARTURE"


class StayPayment(StrEnum):
    """Who takes the money: the hotel or its engine, or we, at once and by our acquirer."""

    HOTEL = "HOTEL"
    ONLINE = "ONLINE"


class BookingState(StrEnum):
    """Where a booking stands."""

    OFFERED = "OFFERED"
    CREATING = "CREATING"
    AWAITING_PAYMENT = "AWAITING_PAYMENT"
    CONFIRMED = "CONFIRMED"
    CHECKED_IN = "CHECKED_IN"
    CHECKED_OUT = "CHECKED_OUT"
    ACCRUED = "ACCRUED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    NO_SHOW = "NO_SHOW"
    FAILED = "FAILED"


BOOKED: Final = frozenset({BookingState.CONFIRMED, BookingState.CHECKED_IN, BookingState.CHECKED_OUT})
"""The states in which a room is kept for the guest, or a stay waits to be counted."""


@dataclass(frozen=True, slots=True)
class PromoCode:
    """A word that opens a closed rate of the hotel: what its engine calls a corporate client."""

    code: str
    corporate: str


@dataclass(frozen=True, slots=True)
class HotelTerms:
    """How a partner's rooms are booked: its id at the engine, where the purchase is written, and when a stay counts."""

    property_id: str
    outlet: str
    service: str
    counts: StayCounts
    delay_days: int
    codes: tuple[PromoCode, ...] = ()
    payment: StayPayment = StayPayment.HOTEL

    def corporate_of(self, code: str) -> str | None:
        """What a promo code opens, whatever its case; None for a code that is nobody's."""
        wanted = code.casefold()
        return next((one.corporate for one in self.codes if one.code.casefold() == wanted), None)


def comes_back(paid: int, penalty: int | None) -> int:
    """What of the money comes back to a guest who leaves: all but the penalty, which is at most all."""
    return max(0, paid - (penalty or 0))


def counts_at(terms: HotelTerms, left_at: datetime) -> datetime:
    """When a stay counts whose guest left at a moment."""
    return left_at + timedelta(days=terms.delay_days)


def begins_at(arrival: date, zone: str) -> datetime:
    """When the first day of a stay begins."""
    return datetime.combine(arrival, time(), ZoneInfo(zone))


def departs_at(departure: date, check_out: str, zone: str) -> datetime:
    """When the last day of a stay ends by the hotel's rules."""
    try:
        hour = time.fromisoformat(check_out)
    except ValueError:
        hour = time(12)
    return datetime.combine(departure, hour, ZoneInfo(zone))


def dates_fault(arrival: date, departure: date, today: date) -> str | None:
    """What is wrong with the days of a stay, as a key of the words; None for nothing."""
    if arrival < today:
        return "booking.arrival_past"
    if departure <= arrival:
        return "booking.departure_before"
    if (departure - arrival).days > NIGHTS_MAX:
        return "booking.too_long"
    if (departure - today).days > DAYS_AHEAD:
        return "booking.too_far"
    return None


def party_fault(adults: int, child_ages: Sequence[int]) -> str | None:
    """What is wrong with the guests of one room, as a key of the words; None for nothing."""
    if not 1 <= adults <= ADULTS_MAX:
        return "booking.adults"
    if len(child_ages) > CHILDREN_MAX:
        return "booking.children"
    if any(not 0 <= age <= CHILD_AGE_MAX for age in child_ages):
        return "booking.child_age"
    return None
