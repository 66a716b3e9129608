"""What a stay costs at the invented houses: nights, weekends, extra beds, a tax at the desk, and when leaving is dear."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from integrations.standins.travelline.houses import BREAKFAST, House, Rate, Room

FRIDAY, SATURDAY = 4, 5
WEEKEND_PERCENT: Final = 120
EXTRA_BED: Final = 1_500
TAX_A_NIGHT: Final = 100
INFANT_UNTIL: Final = 5
SECRET: Final = b"nobody computes a checksum"


@dataclass(frozen=True, slots=True)
class Stay:
    """A room for some people from a day to a day."""

    house: House
    room: Room
    rate: Rate
    arrival: date
    departure: date
    adults: int
    child_ages: tuple[int, ...] = ()
    dearer: int = 0

    @property
    def nights(self) -> list[date]:
        """The nights of the stay."""
        return [self.arrival + timedelta(days=day) for day in range((self.departure - self.arrival).days)]

    @property
    def arrives_at(self) -> datetime:
        """When the key is given, as the hotel's clock says."""
        return datetime.combine(self.arrival, time.fromisoformat(self.house.check_in))

    @property
    def leaves_at(self) -> datetime:
        """When the key is given back."""
        return datetime.combine(self.departure, time.fromisoformat(self.house.check_out))

    @property
    def placements(self) -> list[dict[str, Any]]:
        """Who sleeps where; empty where they do not fit."""
        infants = sorted(age for age in self.child_ages if age <= INFANT_UNTIL)[: self.room.infants]
        sleepers = self.adults + len(self.child_ages) - len(infants)
        if not 0 < sleepers <= self.room.beds + self.room.extra_beds or self.adults < 1:
            return []
        grown = min(self.adults, self.room.beds)
        children = min(sleepers - self.adults, self.room.beds - grown)
        extra = sleepers - grown - children
        rows = [("Adult", grown), ("Child", children), ("ExtraAdult", extra), ("ChildBandWithoutBed", len(infants))]
        ages = {"Child": (INFANT_UNTIL + 1, 17), "ChildBandWithoutBed": (0, INFANT_UNTIL)}
        return [
            {
                "code": f"{kind}-{count}",
                "count": count,
                "kind": kind,
                "minAge": ages.get(kind, (None, None))[0],
                "maxAge": ages.get(kind, (None, None))[1],
            }
            for kind, count in rows
            if count
        ]

    @property
    def by_night(self) -> list[tuple[date, int]]:
        """Roubles of each night."""
        extra = sum(place["count"] for place in self.placements if place["kind"].startswith("Extra"))
        found = []
        for night in self.nights:
            full = self.room.roubles + EXTRA_BED * extra
            percent = self.rate.percent * (WEEKEND_PERCENT if night.weekday() in (FRIDAY, SATURDAY) else 100)
            found.append((night, (full * percent // 10_000) // 10 * 10))
        found[0] = (found[0][0], found[0][1] + self.dearer)
        return found

    @property
    def price(self) -> int:
        """Roubles before the tax at the desk."""
        return sum(roubles for _, roubles in self.by_night)

    @property
    def total(self) -> dict[str, Any]:
        """The price and the tax as the vendor prints them."""
        tax = TAX_A_NIGHT * len(self.nights)
        taxes = [{"amount": tax, "name": "Туристический налог", "description": "Оплата при заезде"}]
        return {"priceBeforeTax": self.price, "taxAmount": tax, "taxes": taxes}

    @property
    def free_until(self) -> datetime | None:
        """Until when leaving costs nothing, in UTC; None for a rate that is never given back."""
        if not self.rate.is_refundable:
            return None
        local = (self.arrives_at - timedelta(days=1)).replace(tzinfo=ZoneInfo(self.house.zone))
        return local.astimezone(ZoneInfo("UTC"))

    def policy(self, now: datetime) -> dict[str, Any]:
        """The cancellation policy as of now."""
        deadline = self.free_until
        if deadline is None or deadline <= now:
            return {
                "freeCancellationPossible": False,
                "freeCancellationDeadlineLocal": None,
                "freeCancellationDeadlineUtc": None,
                "penaltyAmount": self.penalty(now),
            }
        return {
            "freeCancellationPossible": True,
            "freeCancellationDeadlineLocal": (self.arrives_at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M"),
            "freeCancellationDeadlineUtc": deadline.strftime("%Y-%m-%dT%H:%MZ"),
            "penaltyAmount": self.by_night[0][1],
        }

    def penalty(self, now: datetime) -> int:
        """Roubles that leaving costs at a moment."""
        if not self.rate.is_refundable:
            return self.price
        deadline = self.free_until
        return 0 if deadline is not None and now < deadline else self.by_night[0][1]

    def checksum(self, now: datetime) -> str:
        """Covers the cost, the currency and when the penalty begins; no two of them are alike by chance."""
        said = f"{self.price}|RUB|{self.policy(now)['freeCancellationDeadlineUtc']}"
        return hmac.digest(SECRET, said.encode(), "sha256").hex()[:32]


def room_stay(stay: Stay, now: datetime, *, left: int) -> dict[str, Any]:
    """One DetailedRoomStay of a search."""
    return {
        "propertyId": stay.house.id,
        "roomType": {"id": stay.room.id, "placements": stay.placements},
        "ratePlan": {"id": stay.rate.id, "corporateIds": list(stay.rate.corporates) or None},
        "guestCount": {"adultCount": stay.adults, "childAges": list(stay.child_ages)},
        "stayDates": {
            "arrivalDateTime": stay.arrives_at.strftime("%Y-%m-%dT%H:%M"),
            "departureDateTime": stay.leaves_at.strftime("%Y-%m-%dT%H:%M"),
        },
        "availability": left,
        "currencyCode": "RUB",
        "total": stay.total,
        "cancellationPolicy": stay.policy(now),
        "includedServices": [{"id": BREAKFAST}] if stay.rate.has_breakfast else [],
        "mealPlanCode": "BreakFast" if stay.rate.has_breakfast else "RoomOnly",
        "checksum": stay.checksum(now),
        "fullPlacementsName": _placed(stay),
        "bookingFormLink": None,
    }


def open_rates(house: House, corporates: Sequence[str]) -> list[Rate]:
    """The rates somebody may see: those for corporates only where one of theirs was named."""
    return [rate for rate in house.rates if not rate.corporates or set(rate.corporates) & set(corporates)]


def _placed(stay: Stay) -> str:
    words = {"Adult": "взрослых", "Child": "детей", "ExtraAdult": "на доп. местах", "ChildBandWithoutBed": "без места"}
    return ", ".join(f"{place['count']} {words[place['kind']]}" for place in stay.placements)
