"""What the vendor takes: every field of a request by its documented shape. Anything else is refused, not guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
UTC_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
PHONE: Final = re.compile(r"\+\d{10,15}")
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL: Final = re.compile(r"https?://\S+")


class Wrong(Exception):
    """A request that is not what the contract says."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Word:
    """A text of some length, perhaps of some shape or of a closed list."""

    most: int = 200
    like: re.Pattern[str] | None = None
    among: frozenset[str] | None = None

    def check(self, value: Any, path: str) -> None:
        """Refuse what is no such text."""
        if not isinstance(value, str) or not 0 < len(value) <= self.most:
            raise Wrong("InvalidField", f"{path} must be a text of 1 to {self.most} characters")
        if (self.like and not self.like.fullmatch(value)) or (self.among and value not in self.among):
            raise Wrong("InvalidField", f"{path} is not what is expected there")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number or, for sums, any number."""

    low: int = 0
    high: int = 10**9
    is_sum: bool = False

    def check(self, value: Any, path: str) -> None:
        """Refuse what is no such number."""
        kinds = int | float if self.is_sum else int
        if isinstance(value, bool) or not isinstance(value, kinds) or not self.low <= value <= self.high:
            raise Wrong("InvalidField", f"{path} must be a number from {self.low} to {self.high}")


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    of: Any
    least: int = 1
    most: int = 100

    def check(self, value: Any, path: str) -> None:
        """Refuse what is no such list."""
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            raise Wrong("InvalidField", f"{path} must be a list of {self.least} to {self.most}")
        for place, one in enumerate(value):
            self.of.check(one, f"{path}[{place}]")


@dataclass(frozen=True, slots=True)
class Thing:
    """An object; a name that ends in `?` may be left out or null."""

    fields: Mapping[str, Any]

    def check(self, value: Any, path: str) -> None:
        """Refuse what is no such object, and fields that nobody documented."""
        if not isinstance(value, dict):
            raise Wrong("InvalidField", f"{path} must be an object")
        known = {name.removesuffix("?"): kind for name, kind in self.fields.items()}
        if unknown := sorted(value.keys() - known.keys()):
            raise Wrong("UnknownField", f"{path} has unknown fields: {', '.join(unknown)}")
        for name, kind in known.items():
            if value.get(name) is None:
                if f"{name}?" not in self.fields:
                    raise Wrong("MissingField", f"{path}.{name} is required")
            else:
                kind.check(value[name], f"{path}.{name}")


_ID: Final = Word(32)
_NAME: Final = Word(100)
_SEX: Final = Word(10, among=frozenset({"Male", "Female"}))
_GUEST: Final = Thing({"firstName": _NAME, "lastName": _NAME, "middleName?": _NAME, "citizenship?": _ID, "sex?": _SEX})
_COUNT: Final = Thing({"adultCount": Whole(1, 20), "childAges?": Many(Whole(0, 17), least=0, most=20)})
_DATES: Final = Thing({"arrivalDateTime": Word(16, like=MOMENT), "departureDateTime": Word(16, like=MOMENT)})
_ROOM_STAY: Final = Thing(
    {
        "stayDates": _DATES,
        "ratePlan": Thing({"id": _ID}),
        "roomType": Thing({"id": _ID, "placements": Many(Thing({"code": Word(64)}))}),
        "guests": Many(_GUEST, most=20),
        "guestCount": _COUNT,
        "checksum": Word(200),
        "services?": Many(Thing({"id": _ID, "quantity?": Whole(1, 99)}), least=0),
    }
)
_CONTACTS: Final = Thing(
    {
        "phones": Many(Thing({"phoneNumber": Word(16, like=PHONE)}), most=5),
        "emails": Many(Thing({"emailAddress": Word(254, like=EMAIL)}), most=5),
    }
)
_CUSTOMER: Final = Thing(
    {
        "firstName": _NAME,
        "lastName": _NAME,
        "middleName?": _NAME,
        "citizenship?": _ID,
        "contacts?": _CONTACTS,
        "comment?": Word(250),
    }
)
_PREPAYMENT: Final = Thing(
    {
        "paymentType": Word(10, among=frozenset({"Cash", "PrePay"})),
        "prepaidSum": Whole(0, 10**8, is_sum=True),
        "remark?": Word(50),
    }
)
_GUARANTEE: Final = Thing({"id": Word(64), "successUrl?": Word(500, like=URL), "declineUrl?": Word(500, like=URL)})
_BOOKING: Final = {
    "propertyId": _ID,
    "roomStays": Many(_ROOM_STAY, most=10),
    "customer": _CUSTOMER,
    "services?": Many(Thing({"id": _ID}), least=0),
    "bookingComments?": Many(Word(250), least=0, most=5),
    "corporateId?": _ID,
}
_PREPAID: Final = {"prepayment?": _PREPAYMENT}
VERIFY: Final = {
    "v1": Thing({"booking": Thing(_BOOKING | _PREPAID)}),
    "v2": Thing({"booking": Thing(_BOOKING)}),
}
CREATE: Final = {
    "v1": Thing({"booking": Thing(_BOOKING | _PREPAID | {"createBookingToken": Word(200)})}),
    "v2": Thing({"booking": Thing(_BOOKING | {"createBookingToken": Word(200), "guarantee": _GUARANTEE})}),
}
CANCEL: Final = Thing({"reason?": Word(250), "expectedPenaltyAmount?": Whole(0, 10**9, is_sum=True)})
LOWEST: Final = Thing(
    {
        "propertyIds": Many(_ID, most=200),
        "adults": Whole(1, 20),
        "arrivalDate": Word(10),
        "departureDate": Word(10),
        "childAges?": Many(Whole(0, 17), least=0, most=20),
        "include?": Word(60, among=frozenset({"roomTypeShortContent", "ratePlanShortContent"})),
        "corporateIds?": Many(_ID, least=0),
    }
)
