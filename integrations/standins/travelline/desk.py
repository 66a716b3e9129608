"""The reservations of the stand-in: verified offers, bookings by number, and the list of what changed."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from integrations.standins.travelline.houses import HOUSES, House
from integrations.standins.travelline.prices import Stay, open_rates
from integrations.standins.travelline.wanted import Wrong

TOKEN_LIFE: Final = timedelta(hours=24)
DAYS_AHEAD: Final = 365
NIGHTS_MAX: Final = 100


@dataclass
class Reservation:
    """A booking: what was asked for, and how it stands."""

    number: str
    stays: list[Stay]
    asked: dict[str, Any]
    status: str
    created: datetime
    modified: datetime
    sequence: int
    penalty: int | None = None
    cancelled: datetime | None = None
    pays: dict[str, str] = field(default_factory=dict)

    @property
    def price(self) -> int:
        """Roubles before the tax at the desk."""
        return sum(stay.price for stay in self.stays)


@dataclass(frozen=True, slots=True)
class Issued:
    """What a token creates: the verified booking, its checksums, and until when."""

    body: dict[str, Any]
    checksums: list[str]
    stays: list[Stay]
    until: datetime


class Reservations:
    """Everything one account has sold."""

    def __init__(self, houses: tuple[House, ...] = HOUSES) -> None:
        self.houses = {house.id: house for house in houses}
        self.by_number: dict[str, Reservation] = {}
        self.tokens: dict[str, Issued] = {}
        self.used: dict[str, str] = {}
        self.sold_out: set[tuple[str, date]] = set()
        self._sequence = 0

    def stays_of(
        self, house: House, days: tuple[date, date], adults: int, ages: tuple[int, ...], corporates: list[str]
    ) -> list[tuple[Stay, int]]:
        """Every stay that is free, with how many of its rooms are left."""
        found = []
        for room in house.rooms:
            for rate in open_rates(house, corporates):
                stay = Stay(house, room, rate, *days, adults, ages)
                left = self.left(stay)
                if stay.placements and left > 0:
                    found.append((stay, left))
        return found

    def left(self, stay: Stay) -> int:
        """How many rooms of a stay's type are free on every night of it."""
        fewest = stay.room.count
        for night in stay.nights:
            taken = sum(
                1
                for booking in self.by_number.values()
                if booking.status != "Cancelled"
                for other in booking.stays
                if other.room.id == stay.room.id and night in other.nights
            )
            fewest = min(fewest, 0 if (stay.room.id, night) in self.sold_out else stay.room.count - taken)
        return fewest

    def stay_of(self, house: House, asked: dict[str, Any], corporate: str | None) -> Stay:
        """The stay that a room stay of a request means. Raises `Wrong`."""
        room = next((one for one in house.rooms if one.id == asked["roomType"]["id"]), None)
        rates = open_rates(house, [corporate] if corporate else [])
        rate = next((one for one in rates if one.id == asked["ratePlan"]["id"]), None)
        if room is None or rate is None:
            raise Wrong("NotFound", "no such room type or rate plan")
        begins = datetime.fromisoformat(asked["stayDates"]["arrivalDateTime"])
        ends = datetime.fromisoformat(asked["stayDates"]["departureDateTime"])
        count = asked["guestCount"]
        ages = tuple(count.get("childAges") or ())
        if ends.date() <= begins.date():
            raise Wrong("InvalidDates", "the departure is not after the arrival")
        stay = Stay(house, room, rate, begins.date(), ends.date(), count["adultCount"], ages)
        if (stay.arrives_at, stay.leaves_at) != (begins, ends):
            raise Wrong("InvalidStayDates", "the time of arrival differs from the default check-in time")
        if not 1 <= len(asked["guests"]) <= count["adultCount"] + len(ages):
            raise Wrong("GuestCountMismatch", "the number of guests does not match guestCount")
        if [place["code"] for place in asked["roomType"]["placements"]] != [one["code"] for one in stay.placements]:
            raise Wrong("InvalidPlacements", "these placements do not hold these guests")
        return stay

    def issue_token(self, body: dict[str, Any], stays: list[Stay], now: datetime) -> str:
        """A token that creates this one booking."""
        token = secrets.token_urlsafe(24)
        checksums = [stay.checksum(now) for stay in stays]
        self.tokens[token] = Issued(without_token(body), checksums, stays, now + TOKEN_LIFE)
        return token

    def create(self, token: str, body: dict[str, Any], now: datetime, *, status: str) -> Reservation:
        """Book by a token, once. Raises `Wrong`."""
        known = self.tokens.get(token)
        if known is None or known.until <= now or token in self.used:
            raise Wrong("InvalidCreateBookingToken", "createBookingToken is wrong, used or too old")
        verified, stays = known.body, known.stays
        if without_token(body) != verified:
            raise Wrong("BookingChanged", "the booking differs from what was verified")
        if [stay["checksum"] for stay in body["roomStays"]] != known.checksums:
            raise Wrong("InvalidChecksum", "the checksums are not those of the verified booking")
        if any(self.left(stay) < 1 for stay in stays):
            raise Wrong("NotAvailable", "no rooms are left")
        house = self.houses[body["propertyId"]]
        number = f"{stays[0].arrival:%Y%m%d}-{house.id}-{secrets.randbelow(10**8):08d}"
        self._sequence += 1
        made = Reservation(number, stays, verified, status, now, now, self._sequence)
        self.by_number[number] = made
        self.used[token] = number
        return made

    def change(self, booking: Reservation, now: datetime, **to: Any) -> Reservation:
        """Write a change of a booking; it comes last in the list of changes."""
        self._sequence += 1
        changed = replace(booking, modified=now, sequence=self._sequence, **to)
        self.by_number[booking.number] = changed
        return changed

    def since(self, sequence: int) -> list[Reservation]:
        """What changed after a place of the list, oldest first. What nobody has paid for is no booking yet."""
        rows = [one for one in self.by_number.values() if one.sequence > sequence and one.status != "Unconfirmed"]
        return sorted(rows, key=lambda one: one.sequence)


def without_token(body: dict[str, Any]) -> dict[str, Any]:
    """A booking as it was verified: without what only a create has, and without checksums, which change."""
    kept = {name: value for name, value in body.items() if name not in {"createBookingToken", "guarantee"}}
    kept["roomStays"] = [{k: v for k, v in stay.items() if k != "checksum"} for stay in kept["roomStays"]]
    return kept


def dates_of(arrival: str, departure: str) -> tuple[date, date]:
    """The days of a search. Raises `Wrong`."""
    try:
        begins, ends = date.fromisoformat(arrival), date.fromisoformat(departure)
    except (ValueError, TypeError):
        raise Wrong("InvalidDates", "dates are written as 2027-02-12") from None
    if ends <= begins or (ends - begins).days > NIGHTS_MAX:
        raise Wrong("InvalidDates", f"a stay has 1 to {NIGHTS_MAX} nights")
    return begins, ends


def is_in_window(arrival: date, now: datetime) -> bool:
    """Whether a search of this day finds anything: past days and far ones are answered like sold-out ones."""
    return now.date() <= arrival <= now.date() + timedelta(days=DAYS_AHEAD)
