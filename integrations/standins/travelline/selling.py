"""Searching, verifying, booking and cancelling, as the documented answers say it."""

from datetime import datetime
from typing import Any, Final

from integrations.standins.travelline import telling, wanted
from integrations.standins.travelline.desk import Reservation, Reservations, dates_of, is_in_window
from integrations.standins.travelline.plan import Plan
from integrations.standins.travelline.prices import Stay, room_stay
from integrations.standins.travelline.wanted import Wrong

AT_ARRIVAL, CARD, SBP = "g-1", "g-2", "g-3"
_METHODS: Final = {
    AT_ARRIVAL: ("AtArrival", "Cash", "Оплата при заезде"),
    CARD: ("BankCard", "Prepay", "Банковская карта"),
    SBP: ("SBP", "Prepay", "Система быстрых платежей"),
}


class Selling:
    """The part of the stand-in that sells."""

    def __init__(self, reservations: Reservations, plan: Plan) -> None:
        self.reservations = reservations
        self._plan = plan

    def offers(self, house_id: str, asked: dict[str, list[str]], now: datetime) -> list[dict[str, Any]]:
        """Search B: everything that one property has for these people on these days."""
        known = {"arrivalDate", "departureDate", "adults", "childAges", "corporateIds"}
        if unknown := sorted(asked.keys() - known - {"includeExtraStays", "includeExtraServices"}):
            raise Wrong("UnknownParameter", f"unknown parameters: {', '.join(unknown)}")
        for name in ("arrivalDate", "departureDate", "adults"):
            if len(asked.get(name, ())) != 1:
                raise Wrong("MissingParameter", f"{name} is required once")
        house = self.reservations.houses.get(house_id)
        if house is None:
            raise Wrong("NotFound", "no such property")
        days = dates_of(asked["arrivalDate"][0], asked["departureDate"][0])
        adults, ages = (
            _number(asked["adults"][0], 1, 20),
            tuple(_number(age, 0, 17) for age in asked.get("childAges", ())),
        )
        if not is_in_window(days[0], now):
            return []
        corporates = asked.get("corporateIds", [])
        found = self.reservations.stays_of(house, days, adults, ages, corporates)
        return [room_stay(stay, now, left=left) for stay, left in found]

    def lowest(self, asked: Any, now: datetime) -> list[dict[str, Any]]:
        """Search A: the lowest price of each property, without a checksum."""
        wanted.LOWEST.check(asked, "request")
        days = dates_of(asked["arrivalDate"], asked["departureDate"])
        ages = tuple(asked.get("childAges") or ())
        if not is_in_window(days[0], now):
            return []
        cheapest = []
        for house_id in asked["propertyIds"]:
            house = self.reservations.houses.get(house_id)
            if house is None:
                continue
            corporates = asked.get("corporateIds") or []
            found = self.reservations.stays_of(house, days, asked["adults"], ages, corporates)
            if found:
                stay, left = min(found, key=lambda one: one[0].price)
                told = room_stay(stay, now, left=left)
                short = (
                    "propertyId",
                    "roomType",
                    "ratePlan",
                    "currencyCode",
                    "total",
                    "includedServices",
                    "mealPlanCode",
                )
                cheapest.append({name: told[name] for name in (*short, "fullPlacementsName", "bookingFormLink")})
        return cheapest

    def verify(self, asked: Any, version: str, now: datetime) -> dict[str, Any]:
        """Whether a booking can be made at these terms; if they changed, an alternative with the new ones."""
        wanted.VERIFY[version].check(asked, "request")
        body = asked["booking"]
        stays = self._stays(body)
        if any(self.reservations.left(stay) < 1 for stay in stays):
            warning = {"code": "NotAvailable", "message": "No rooms are left for these dates"}
            return {"booking": None, "alternativeBooking": None, "warnings": [warning]}
        asked_for, grown = [one["checksum"] for one in body["roomStays"]], [self._grown(stay) for stay in stays]
        # Who has seen the price that grew, and asks for it by the checksum it came with, gets it.
        changed = asked_for != [stay.checksum(now) for stay in grown]
        if not changed or asked_for == [stay.checksum(now) for stay in stays]:
            stays = grown
        told = self._verified(body, stays, version, now)
        booking, alternative = (None, told) if changed else (told, None)
        return {"booking": booking, "alternativeBooking": alternative, "warnings": None}

    def create(self, asked: Any, version: str, now: datetime, *, pay_url: str) -> dict[str, Any]:
        """Make the booking of a token."""
        wanted.CREATE[version].check(asked, "request")
        body = asked["booking"]
        token = body["createBookingToken"]
        used = self.reservations.used.get(token)
        if used is not None and self._plan.repeated == "same":
            return {"booking": telling.created(self.reservations.by_number[used])}
        method = _METHODS.get(body.get("guarantee", {}).get("id", AT_ARRIVAL))
        if method is None:
            raise Wrong("InvalidGuarantee", "no such guarantee option")
        if version == "v2" and "contacts" not in body["customer"]:
            raise Wrong("MissingField", "customer.contacts is required")
        pays_now = method[1] == "Prepay"
        made = self.reservations.create(token, body, now, status="Unconfirmed" if pays_now else "Confirmed")
        if pays_now:
            back = {name: url for name, url in body["guarantee"].items() if name != "id" and url}
            made.pays = {"paymentUrl": f"{pay_url}/pay/{made.number}", **back}
        return {"booking": telling.created(made)}

    def booking(self, number: str) -> Reservation:
        """The booking of a number. Raises `Wrong`."""
        found = self.reservations.by_number.get(number)
        if found is None:
            raise Wrong("NotFound", "no such booking")
        return found

    def penalty(self, number: str, at: str | None, now: datetime) -> dict[str, Any]:
        """What leaving at a moment would cost."""
        booking = self.booking(number)
        if at is not None and not wanted.UTC_MOMENT.fullmatch(at):
            raise Wrong("InvalidField", "cancellationDateTimeUtc is written as 2027-02-12T10:00:00Z")
        moment = now if at is None else datetime.fromisoformat(at)
        return {"penaltyAmount": sum(stay.penalty(moment) for stay in booking.stays)}

    def cancel(self, number: str, asked: Any, now: datetime) -> Reservation:
        """Cancel a booking; it stays where the expected penalty differs from the real one."""
        wanted.CANCEL.check(asked, "request")
        booking = self.booking(number)
        if booking.status == "Cancelled":
            raise Wrong("AlreadyCancelled", "the booking is cancelled already")
        penalty = sum(stay.penalty(now) for stay in booking.stays)
        expected = asked.get("expectedPenaltyAmount")
        if expected is not None and expected != penalty:
            raise Wrong("PenaltyAmountMismatch", "the penalty differs from what was expected")
        return self.reservations.change(booking, now, status="Cancelled", penalty=penalty, cancelled=now)

    def _stays(self, body: dict[str, Any]) -> list[Stay]:
        house = self.reservations.houses.get(body["propertyId"])
        if house is None:
            raise Wrong("NotFound", "no such property")
        return [self.reservations.stay_of(house, one, body.get("corporateId")) for one in body["roomStays"]]

    def _grown(self, stay: Stay) -> Stay:
        roubles = self._plan.dearer.get(stay.room.id, 0)
        kept = {name: getattr(stay, name) for name in ("house", "room", "rate", "arrival", "departure", "adults")}
        return Stay(**kept, child_ages=stay.child_ages, dearer=roubles) if roubles else stay

    def _verified(self, body: dict[str, Any], stays: list[Stay], version: str, now: datetime) -> dict[str, Any]:
        price = sum(stay.price for stay in stays)
        told = body | {
            "roomStays": [
                one | {"checksum": stay.checksum(now), "total": stay.total, "cancellationPolicy": stay.policy(now)}
                for one, stay in zip(body["roomStays"], stays, strict=True)
            ],
            "total": {"priceBeforeTax": price, "taxAmount": sum(stay.total["taxAmount"] for stay in stays)},
            "currencyCode": "RUB",
            "cancellationPolicy": stays[0].policy(now),
            "createBookingToken": self.reservations.issue_token(body, stays, now),
        }
        if version == "v2":
            told["guaranteeOptions"] = [
                {
                    "id": number,
                    "paymentMethodCode": code,
                    "paymentMethodType": kind,
                    "prepayment": price if kind == "Prepay" else 0,
                    "name": name,
                    "description": "",
                    "legalNotice": "",
                }
                for number, (code, kind, name) in _METHODS.items()
            ]
        return told


def _number(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise Wrong("InvalidParameter", f"a number from {low} to {high} is expected")
    return int(text)
