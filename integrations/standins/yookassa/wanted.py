"""What the vendor takes: every field of a request by its documented shape. Anything else is refused, not guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

SUM: Final = re.compile(r"[0-9]{1,10}\.[0-9]{2}")
QUANTITY: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,3})?")
URL: Final = re.compile(r"https?://\S+")
EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
PHONE: Final = re.compile(r"[0-9]{4,15}")
LEAST: Final = Decimal("1.00")
METADATA_MAX: Final = 16
SUBJECTS: Final = frozenset(
    {
        *("commodity", "excise", "job", "service", "gambling_bet", "gambling_prize", "lottery", "lottery_prize"),
        *("intellectual_activity", "payment", "agent_commission", "property_right", "non_operating_gain"),
        *("insurance_premium", "sales_tax", "resort_fee", "composite", "another", "marked", "non_marked"),
    }
)
MODES: Final = frozenset(
    {
        *("full_prepayment", "partial_prepayment", "advance", "full_payment", "partial_payment"),
        *("credit", "credit_payment"),
    }
)


class Wrong(Exception):
    """A request that is not what the contract says: told with a code, and the field where there is one."""

    def __init__(
        self, description: str, parameter: str | None = None, *, status: int = 400, code: str = "invalid_request"
    ) -> None:
        super().__init__(description)
        self.description, self.parameter, self.status, self.code = description, parameter, status, code


@dataclass(frozen=True, slots=True)
class Word:
    """A text of some length, perhaps of some shape or of a closed list."""

    most: int = 200
    like: re.Pattern[str] | None = None
    among: frozenset[str] | None = None

    def check(self, value: Any, path: str) -> None:
        """Refuse what is no such text."""
        fits = isinstance(value, str) and 0 < len(value) <= self.most
        if not fits or (self.like and not self.like.fullmatch(value)) or (self.among and value not in self.among):
            raise Wrong("Incorrect field value", path)


@dataclass(frozen=True, slots=True)
class Exactly:
    """A value of a closed list that is no text: a yes, a no, a whole number."""

    among: tuple[Any, ...]

    def check(self, value: Any, path: str) -> None:
        """Refuse any other."""
        if not any(type(value) is type(one) and value == one for one in self.among):
            raise Wrong("Incorrect field value", path)


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    of: Any
    most: int

    def check(self, value: Any, path: str) -> None:
        """Refuse what is no such list."""
        if not isinstance(value, list) or not 1 <= len(value) <= self.most:
            raise Wrong("Incorrect number of items", path)
        for place, one in enumerate(value):
            self.of.check(one, f"{path}[{place}]")


@dataclass(frozen=True, slots=True)
class Thing:
    """An object; a name that ends in `?` may be left out."""

    fields: Mapping[str, Any]

    def check(self, value: Any, path: str) -> None:
        """Refuse what is no such object, and fields that nobody documented."""
        if not isinstance(value, dict):
            raise Wrong("An object is expected", path or None)
        known = {name.removesuffix("?"): kind for name, kind in self.fields.items()}
        for name in sorted(value.keys() - known.keys()):
            raise Wrong("Unknown field", _joined(path, name))
        for name, kind in known.items():
            if name in value:
                kind.check(value[name], _joined(path, name))
            elif f"{name}?" not in self.fields:
                raise Wrong("Missing required field", _joined(path, name))


@dataclass(frozen=True, slots=True)
class Metadata:
    """Sixteen words of the shop's own at most."""

    def check(self, value: Any, path: str) -> None:
        """Refuse what is no such object."""
        if not isinstance(value, dict) or len(value) > METADATA_MAX:
            raise Wrong("Incorrect metadata", path)
        for name, one in value.items():
            Word(32).check(name, path)
            Word(512).check(one, f"{path}.{name}")


_AMOUNT: Final = Thing({"value": Word(13, like=SUM), "currency": Word(3, among=frozenset({"RUB"}))})
_CUSTOMER: Final = Thing({"full_name?": Word(256), "email?": Word(254, like=EMAIL), "phone?": Word(15, like=PHONE)})
_ITEM: Final = Thing(
    {
        "description": Word(128),
        "quantity": Word(10, like=QUANTITY),
        "amount": _AMOUNT,
        "vat_code": Exactly(tuple(range(1, 13))),
        "payment_subject?": Word(40, among=SUBJECTS),
        "payment_mode?": Word(40, among=MODES),
    }
)
_RECEIPT: Final = Thing(
    {"customer": _CUSTOMER, "items": Many(_ITEM, 80), "tax_system_code?": Exactly(tuple(range(1, 7)))}
)
_CONFIRMATION: Final = Thing(
    {
        "type": Word(20, among=frozenset({"redirect"})),
        "return_url": Word(2048, like=URL),
        "enforce?": Exactly((True, False)),
    }
)
PAYMENT: Final = Thing(
    {
        "amount": _AMOUNT,
        "capture?": Exactly((True, False)),
        "confirmation": _CONFIRMATION,
        "description?": Word(128),
        "metadata?": Metadata(),
        "receipt?": _RECEIPT,
    }
)
CAPTURE: Final = Thing({"amount?": _AMOUNT, "receipt?": _RECEIPT})
CANCEL: Final = Thing({})
REFUND: Final = Thing(
    {
        "payment_id": Word(64),
        "amount": _AMOUNT,
        "description?": Word(250),
        "receipt?": _RECEIPT,
        "metadata?": Metadata(),
    }
)
REFUNDS: Final = Thing(
    {"payment_id?": Word(64), "limit?": Word(3, like=re.compile("[1-9][0-9]?|100")), "cursor?": Word(64)}
)


def amount_of(body: Mapping[str, Any]) -> Decimal:
    """The sum of a request that has one. Raises `Wrong` for less than a rouble."""
    amount = Decimal(body["amount"]["value"])
    if amount < LEAST:
        raise Wrong("Incorrect amount: the least is 1.00", "amount.value")
    return amount


def check_receipt(body: Mapping[str, Any], amount: Decimal, *, required: bool) -> None:
    """Refuse a receipt that reaches nobody or sums to something else, and its absence where it is required."""
    receipt = body.get("receipt")
    if receipt is None:
        if required:
            raise Wrong("Receipt is missing or illegal", "receipt")
        return
    if not receipt["customer"].keys() & {"email", "phone"}:
        raise Wrong("Receipt is missing or illegal", "receipt.customer")
    if sum(Decimal(one["quantity"]) * Decimal(one["amount"]["value"]) for one in receipt["items"]) != amount:
        raise Wrong("Receipt is missing or illegal", "receipt.items")


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
