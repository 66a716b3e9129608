"""TravelLine's answers as our values. Ids come as texts or numbers, objects as lists of one: both are read."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from html import unescape
from typing import Any, Final

from integrations.bookings import (
    Booked,
    BookedRoom,
    Change,
    Conditions,
    HotelCard,
    LowestStay,
    OfferedStay,
    Party,
    PaymentWay,
    RateKind,
    RoomKind,
    Terms,
)
from integrations.messaging.calling import whole
from integrations.ports import Unavailable
from integrations.travelline.zones import zone_of

ABOUT_CHARACTERS_MAX: Final = 2000
PICTURES_MAX: Final = 12
ROUBLES: Final = "RUB"
_TAG: Final = re.compile(r"<[^>]*>")
_BREAK: Final = re.compile(r"<(br|/p|/li|/h\d)[^>]*>", re.IGNORECASE)
_LOCAL: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


class Odd(Unavailable):
    """An answer that is not what the contract says: nothing is guessed from it."""


def sum_of(value: Any) -> int:
    """Roubles of an answer in kopecks, half up."""
    try:
        amount = Decimal(str(value)) * 100
    except InvalidOperation:
        raise Odd("a sum that is no number") from None
    if isinstance(value, bool) or not amount.is_finite() or amount < 0:
        raise Odd("a sum that is no number")
    return int(amount.to_integral_value(ROUND_HALF_UP))


def one(value: Any) -> Mapping[str, Any] | None:
    """An object, or the only one of a list."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    return value if isinstance(value, dict) else None


def rows(value: Any) -> Iterable[Mapping[str, Any]]:
    """The objects of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def plain(html: Any) -> str:
    """A hotelier's description as text: no mark-up of theirs ever reaches a page of ours."""
    if not isinstance(html, str):
        return ""
    text = unescape(_TAG.sub("", _BREAK.sub("\n", html)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    kept = "\n".join(line for line in lines if line)
    return "".join(letter for letter in kept if letter.isprintable() or letter == "\n")[:ABOUT_CHARACTERS_MAX]


def card_of(body: Mapping[str, Any]) -> HotelCard:
    """A Property."""
    address = one((body.get("contactInfo") or {}).get("address")) or {}
    policy = body.get("policy") or {}
    return HotelCard(
        property_id=_id(body.get("id")),
        name=plain(body.get("name")),
        about=plain(body.get("description")),
        city=plain(address.get("cityName")),
        time_zone=zone_of(one(body.get("timeZone")) or {}),
        check_in=str(policy.get("checkInTime") or ""),
        check_out=str(policy.get("checkOutTime") or ""),
        pictures=_pictures(body.get("images")),
        rooms=tuple(_room(row) for row in rows(body.get("roomTypes"))),
        rates=tuple(
            RateKind(_id(row.get("id")), plain(row.get("name")), plain(row.get("description")))
            for row in rows(body.get("ratePlans"))
        ),
    )


def _room(row: Mapping[str, Any]) -> RoomKind:
    occupancy = row.get("occupancy") or {}
    beds = (whole(occupancy.get(name)) or 0 for name in ("adultBed", "extraBed"))
    amenities = tuple(plain(each.get("name")) for each in rows(row.get("amenities")))
    size = one(row.get("size")) or {}
    return RoomKind(
        id=_id(row.get("id")),
        name=plain(row.get("name")),
        about=plain(row.get("description")),
        metres=whole(size.get("value")) if size.get("unit") == "SquareMetre" else None,
        sleeps=sum(beds),
        amenities=tuple(name for name in amenities if name),
        pictures=_pictures(row.get("images")),
    )


def _pictures(images: Any) -> tuple[str, ...]:
    urls = (row.get("url") for row in rows(images))
    return tuple(url for url in urls if isinstance(url, str))[:PICTURES_MAX]


def offered(row: Mapping[str, Any]) -> OfferedStay:
    """A DetailedRoomStay."""
    room, dates, total = row.get("roomType") or {}, row.get("stayDates") or {}, row.get("total") or {}
    count = row.get("guestCount") or {}
    if row.get("currencyCode") != ROUBLES:
        raise Odd("a price in another currency")
    checksum = row.get("checksum")
    if not isinstance(checksum, str) or not checksum:
        raise Odd("an offer without a checksum")
    return OfferedStay(
        property_id=_id(row.get("propertyId")),
        room_id=_id(room.get("id")),
        rate_id=_id((row.get("ratePlan") or {}).get("id")),
        placements=tuple(str(place.get("code")) for place in rows(room.get("placements"))),
        arrives_at=_local(dates.get("arrivalDateTime")),
        leaves_at=_local(dates.get("departureDateTime")),
        party=Party(
            whole(count.get("adultCount")) or 0, tuple(whole(age) or 0 for age in count.get("childAges") or ())
        ),
        left=whole(row.get("availability")) or 0,
        price=sum_of(total.get("priceBeforeTax")),
        tax=sum_of(total.get("taxAmount") or 0),
        conditions=conditions_of(row.get("cancellationPolicy")),
        meal=str(row.get("mealPlanCode") or ""),
        checksum=checksum,
    )


def lowest_of(row: Mapping[str, Any]) -> LowestStay:
    """A ShortRoomStay."""
    if row.get("currencyCode") != ROUBLES:
        raise Odd("a price in another currency")
    total = row.get("total") or {}
    return LowestStay(
        property_id=_id(row.get("propertyId")),
        room_id=_id((row.get("roomType") or {}).get("id")),
        rate_id=_id((row.get("ratePlan") or {}).get("id")),
        price=sum_of(total.get("priceBeforeTax")),
        tax=sum_of(total.get("taxAmount") or 0),
    )


def conditions_of(policy: Any) -> Conditions:
    """A cancellation policy: free until a moment, dear already, or always free."""
    found = one(policy) or {}
    amount = found.get("penaltyAmount")
    until = found.get("freeCancellationDeadlineUtc")
    is_free = found.get("freeCancellationPossible") is True
    return Conditions(
        free_until=moment_of(until) if is_free and until else None, penalty=None if amount is None else sum_of(amount)
    )


def terms_of(body: Mapping[str, Any]) -> Terms | None:
    """What verify answered."""
    same, other = one(body.get("booking")), one(body.get("alternativeBooking"))
    found = same or other
    if found is None:
        return None
    stays = list(rows(found.get("roomStays")))
    token = found.get("createBookingToken")
    if not isinstance(token, str) or not token or any(not isinstance(stay.get("checksum"), str) for stay in stays):
        raise Odd("a verified booking without its token or a checksum")
    total = one(found.get("total")) or {}
    return Terms(
        price=sum_of(total.get("priceBeforeTax")),
        tax=sum_of(total.get("taxAmount") or 0),
        conditions=conditions_of(found.get("cancellationPolicy") or stays[0].get("cancellationPolicy")),
        token=token,
        checksums=tuple(str(stay["checksum"]) for stay in stays),
        prices=tuple(sum_of((one(stay.get("total")) or {}).get("priceBeforeTax") or 0) for stay in stays),
        ways=tuple(
            PaymentWay(str(row.get("id")), str(row.get("paymentMethodCode")), sum_of(row.get("prepayment") or 0))
            for row in rows(found.get("guaranteeOptions"))
        ),
        is_changed=same is None,
    )


def change_of(row: Mapping[str, Any]) -> Change:
    """A line of the list of changes."""
    return Change(
        number=str(row.get("number")),
        is_cancelled=row.get("status") == "Cancelled",
        created_at=moment_of(row.get("createdDateTime")),
        modified_at=moment_of(row.get("modifiedDateTime")),
    )


def booked_of(body: Mapping[str, Any]) -> Booked:
    """A booking as its hotel reads it."""
    found = one(body.get("booking")) or body
    stays = list(rows(found.get("roomStays")))
    if not stays:
        raise Odd("a booking without rooms")
    contacts = (one(found.get("customer")) or {}).get("contacts") or {}
    cancellation = one(found.get("cancellation"))
    total = one(found.get("total")) or {}
    days = [
        [date.fromisoformat(_local((stay.get("stayDates") or {}).get(end))[:10]) for end in _ENDS] for stay in stays
    ]
    return Booked(
        number=str(found.get("number")),
        is_cancelled=found.get("status") == "Cancelled",
        arrival=min(begins for begins, _ in days),
        departure=max(ends for _, ends in days),
        price=sum_of(total.get("priceBeforeTax")),
        rooms=tuple(_booked_room(stay) for stay in stays),
        penalty=None if cancellation is None else sum_of(cancellation.get("penaltyAmount") or 0),
        phones=tuple(str(row.get("phoneNumber")) for row in rows(contacts.get("phones"))),
        emails=tuple(str(row.get("emailAddress")) for row in rows(contacts.get("emails"))),
    )


_ENDS: Final = ("arrivalDateTime", "departureDateTime")


def _booked_room(stay: Mapping[str, Any]) -> BookedRoom:
    room = stay.get("roomType") or {}
    rate = next(iter(rows(stay.get("ratePlans"))), None) or stay.get("ratePlan") or {}
    price = (one(stay.get("total")) or {}).get("priceBeforeTax")
    return BookedRoom(_id(room.get("id")), _id(rate.get("id")), plain(room.get("name")), sum_of(price))


def moment_of(text: Any) -> datetime:
    """A moment in UTC."""
    try:
        at = datetime.fromisoformat(str(text))
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Odd("a moment that cannot be read") from None


def _id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value):
        raise Odd("something without an id")
    return str(value)


def _local(value: Any) -> str:
    if not isinstance(value, str) or not _LOCAL.fullmatch(value):
        raise Odd("a time of a stay that cannot be read")
    return value
