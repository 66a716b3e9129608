"""TravelLine behind the port of booking engines. What is unverified of its contract: docs/travelline.md."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Final, Literal
from urllib.parse import quote, urlsplit

from integrations.bookings import (
    Booked,
    Changes,
    HotelCard,
    HotelEvent,
    LowestStay,
    Made,
    OfferedStay,
    Order,
    Party,
    PaymentWay,
    PenaltyDiffers,
    Terms,
    TokenSpent,
)
from integrations.calling import VendorRefused
from integrations.messaging.calling import LOOPBACK
from integrations.ports import Uncertain
from integrations.travelline import events, reading
from integrations.travelline.calling import Connection, NotThere
from loyalty.stays import StayEvent

Version = Literal["v1", "v2"]
PICTURE_BYTES_MAX: Final = 3_000_000
PAGE: Final = 200
# What the first version of the interface knows: the hotel takes the money.
AT_HOTEL: Final = PaymentWay("", "AtArrival", 0)
REMARK_CHARACTERS_MAX: Final = 250
REMARKS_MAX: Final = 5
PAID_REMARK: Final = "оплачено на сайте программы"
_TOKEN_CODES: Final = ("token",)
_PENALTY_CODES: Final = ("penalty",)


class TravelLine:
    """One API connection. `version` 2 lets TravelLine take the money; in version 1 the hotel takes it.

    What a guest has paid us for is always booked by version 1, the one that knows a channel which takes the money.
    """

    name = "TravelLine"

    def __init__(self, connection: Connection, *, version: Version) -> None:
        self._connection = connection
        self._version = version

    def read_events(self, body: bytes) -> Sequence[HotelEvent]:
        """The events of a body that was posted to us."""
        return events.events_of(body)

    def meaning(self, kind: str) -> StayEvent | None:
        """What a kind of event says of a stay."""
        return events.MEANINGS.get(kind)

    async def card(self, property_id: str) -> HotelCard:
        """A hotel's texts, rooms and rates."""
        body = await self._connection.get("content", f"content/v1/properties/{_part(property_id)}")
        return reading.card_of(body)

    async def picture(self, url: str) -> bytes:
        """A picture that a card names."""
        return await self._connection.fetch(url, most=PICTURE_BYTES_MAX)

    async def search(
        self, property_id: str, arrival: date, departure: date, party: Party, corporate: str | None
    ) -> Sequence[OfferedStay]:
        """What one hotel has for one room's guests."""
        asked = [
            ("arrivalDate", arrival.isoformat()),
            ("departureDate", departure.isoformat()),
            ("adults", str(party.adults)),
            *(("childAges", str(age)) for age in party.child_ages),
            *((("corporateIds", corporate),) if corporate else ()),
        ]
        body = await self._connection.get("search", f"search/v1/properties/{_part(property_id)}/room-stays", asked)
        return [reading.offered(row) for row in reading.rows(body.get("roomStays"))]

    async def lowest(
        self, property_ids: Sequence[str], arrival: date, departure: date, party: Party
    ) -> Sequence[LowestStay]:
        """The cheapest stay of each of these hotels."""
        asked: dict[str, Any] = {
            "propertyIds": list(property_ids),
            "adults": party.adults,
            "arrivalDate": arrival.isoformat(),
            "departureDate": departure.isoformat(),
        }
        if party.child_ages:
            asked["childAges"] = list(party.child_ages)
        body = await self._connection.ask("lowest", "search/v1/properties/room-stays/search", asked)
        return [reading.lowest_of(row) for row in reading.rows(body.get("roomStays"))]

    async def verify(self, order: Order) -> Terms | None:
        """The terms as of now, or None where the rooms are gone."""
        version = self._version_of(order)
        path = f"reservation/{version}/bookings/verify"
        checksums = tuple(stay.checksum for stay in order.stays)
        body = await self._connection.ask("reservation", path, {"booking": self._booking(order, checksums)})
        terms = reading.terms_of(body)
        return terms if terms is None or version == "v2" else replace(terms, ways=(AT_HOTEL,))

    async def create(self, order: Order, terms: Terms, way: PaymentWay, *, back: str) -> Made:
        """Book by the token of the terms, once."""
        version = self._version_of(order)
        asked = self._booking(order, terms.checksums) | {"createBookingToken": terms.token}
        if version == "v2":
            pays = {"successUrl": back, "declineUrl": back} if way.amount else {}
            asked["guarantee"] = {"id": way.id} | pays
        try:
            body = await self._connection.order("reservation", f"reservation/{version}/bookings", {"booking": asked})
        except VendorRefused as refused:
            if _is_about(refused, _TOKEN_CODES):
                raise TokenSpent(str(refused)) from None
            raise
        return _made(body)

    async def penalty(self, number: str, at: datetime, *, is_prepaid: bool = False) -> int:
        """What cancelling would cost at a moment."""
        version = "v1" if is_prepaid else self._version
        path = f"reservation/{version}/bookings/{_part(number)}/calculate-cancellation-penalty"
        moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = await self._connection.get("reservation", path, [("cancellationDateTimeUtc", moment)])
        return reading.sum_of(body.get("penaltyAmount"))

    async def cancel(self, number: str, expected: int, *, is_prepaid: bool = False) -> None:
        """Cancel a booking if that costs what is expected."""
        version = "v1" if is_prepaid else self._version
        path = f"reservation/{version}/bookings/{_part(number)}/cancel"
        try:
            await self._connection.order("cancel", path, {"expectedPenaltyAmount": _roubles(expected)})
        except VendorRefused as refused:
            if _is_about(refused, _PENALTY_CODES):
                raise PenaltyDiffers(str(refused)) from None
            raise

    async def changes(self, property_id: str, *, mark: str | None, since: datetime) -> Changes:
        """A hotel's bookings from a mark on, or since a moment, oldest change first."""
        begins = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        place = ("lastModification", begins) if mark is None else ("continueToken", mark)
        path = f"read-reservation/v1/properties/{_part(property_id)}/bookings"
        body = await self._connection.get("list", path, [place, ("count", str(PAGE))])
        found = tuple(reading.change_of(row) for row in reading.rows(body.get("bookingSummaries")))
        return Changes(found, str(body.get("continueToken") or mark or ""), body.get("hasMoreData") is True)

    async def booked(self, property_id: str, number: str) -> Booked | None:
        """A booking as it stands, or None where the hotel has none of this number."""
        path = f"read-reservation/v1/properties/{_part(property_id)}/bookings/{_part(number)}"
        try:
            return reading.booked_of(await self._connection.get("details", path))
        except NotThere:
            return None

    def _version_of(self, order: Order) -> Version:
        return self._version if order.prepaid is None else "v1"

    def _booking(self, order: Order, checksums: Sequence[str]) -> dict[str, Any]:
        customer = order.customer
        names = {"firstName": customer.first_name, "lastName": customer.last_name}
        if customer.patronymic:
            names["middleName"] = customer.patronymic
        phones = [{"phoneNumber": customer.phone}] if customer.phone else []
        contacts = {"phones": phones, "emails": [{"emailAddress": customer.email}]}
        booking: dict[str, Any] = {
            "propertyId": order.property_id,
            "roomStays": [
                {
                    "stayDates": {"arrivalDateTime": stay.arrives_at, "departureDateTime": stay.leaves_at},
                    "ratePlan": {"id": stay.rate_id},
                    "roomType": {"id": stay.room_id, "placements": [{"code": code} for code in stay.placements]},
                    "guests": [names],
                    "guestCount": {"adultCount": stay.party.adults, "childAges": list(stay.party.child_ages)},
                    "checksum": checksum,
                }
                for stay, checksum in zip(order.stays, checksums, strict=True)
            ],
            "customer": {**names, "contacts": contacts},
        }
        if order.remarks:
            booking["bookingComments"] = [text[:REMARK_CHARACTERS_MAX] for text in order.remarks[:REMARKS_MAX]]
        if order.corporate:
            booking["corporateId"] = order.corporate
        if order.prepaid is not None:
            paid = {"paymentType": "PrePay", "prepaidSum": _roubles(order.prepaid), "remark": PAID_REMARK}
            booking["prepayment"] = paid
        elif self._version == "v1":
            booking["prepayment"] = {"paymentType": "Cash", "prepaidSum": 0}
        return booking


def _made(body: Any) -> Made:
    booking = reading.one(body.get("booking")) or {}
    number, status = booking.get("number"), booking.get("status")
    if not isinstance(number, str) or not number:
        raise Uncertain("booked and gave no number")
    url = (reading.one(booking.get("guarantee")) or {}).get("paymentUrl")
    return Made(number, status == "Confirmed", _payment_page(url) if status == "Unconfirmed" else None)


def _payment_page(url: Any) -> str | None:
    """The page where the guest pays, if it is one that a browser may be sent to."""
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not parts.hostname:
        return None
    return url if parts.scheme == "https" or parts.hostname in LOOPBACK else None


def _is_about(refused: VendorRefused, words: Sequence[str]) -> bool:
    """The full list of codes is published nowhere, so the word is looked for in code and text."""
    said = refused.said.lower()
    return any(word in said for word in words)


def _roubles(kopecks: int) -> int | float:
    whole, rest = divmod(kopecks, 100)
    return whole if not rest else kopecks / 100


def _part(text: str) -> str:
    return quote(text, safe="")
