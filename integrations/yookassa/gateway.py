"""YooKassa behind the port of acquirers: one stage, paid on its page, the order's id as the key of idempotence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from integrations.payments import (
    PaymentHint,
    PaymentOrder,
    PaymentTold,
    ReceiptLine,
    RefundOrder,
    RefundTold,
)
from integrations.ports import Unavailable, Uncertain
from integrations.yookassa import reading
from integrations.yookassa.calling import Connection, NotThere
from loyalty.money import print_money

DESCRIPTION_CHARACTERS_MAX: Final = 128
REFUND_CHARACTERS_MAX: Final = 250
LISTED_AT_ONCE: Final = 100
PAGES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Receipts:
    """How fiscal receipts are written: code of the VAT rate, mode of payment, and the system of taxation if named."""

    vat: int
    mode: str
    tax_system: int | None = None


class YooKassa:
    """One shop. `receipts` None: the shop's receipts are written elsewhere, and nothing of the payer is sent."""

    name = "YooKassa"

    def __init__(self, connection: Connection, *, receipts: Receipts | None) -> None:
        self._connection = connection
        self._receipts = receipts
        self.needs_contact = receipts is not None

    async def open(self, order: PaymentOrder) -> PaymentTold:
        """Have a payment ready to be paid on YooKassa's page."""
        body = {
            "amount": _sum(order.amount),
            "capture": True,
            "confirmation": {"type": "redirect", "return_url": order.back},
            "description": order.description[:DESCRIPTION_CHARACTERS_MAX],
            "metadata": {reading.ORDER: str(order.id)},
        } | self._receipt(order.lines, order.contact)
        answer = await self._connection.post("open", "payments", body, key=str(order.id))
        try:
            return reading.payment_of(answer)
        except Unavailable as error:
            raise Uncertain(str(error)) from None

    async def ask(self, payment: str) -> PaymentTold | None:
        """How a payment stands."""
        try:
            return reading.payment_of(await self._connection.get("ask", f"payments/{payment}"))
        except NotThere:
            return None

    async def refund(self, order: RefundOrder) -> RefundTold:
        """Give money back."""
        body = {
            "payment_id": order.payment,
            "amount": _sum(order.amount),
            "description": order.description[:REFUND_CHARACTERS_MAX],
        } | self._receipt(order.lines, order.contact)
        answer = await self._connection.post("refund", "refunds", body, key=str(order.id))
        try:
            return reading.refund_of(answer)
        except Unavailable as error:
            raise Uncertain(str(error)) from None

    async def ask_refund(self, refund: str) -> RefundTold | None:
        """How a refund stands."""
        try:
            return reading.refund_of(await self._connection.get("ask refund", f"refunds/{refund}"))
        except NotThere:
            return None

    async def refunds_of(self, payment: str) -> Sequence[RefundTold]:
        """Every refund of a payment, page by page. Raises `Unavailable` for a list without an end."""
        found: list[RefundTold] = []
        cursor: list[tuple[str, str]] = []
        for _ in range(PAGES_MAX):
            named = [("payment_id", payment), ("limit", str(LISTED_AT_ONCE)), *cursor]
            items, following = reading.refunds_of(await self._connection.get("list refunds", "refunds", named))
            found += [one for one in items if one.payment == payment]
            if following is None:
                return found
            cursor = [("cursor", following)]
        raise Unavailable("answered a list without an end")

    def read(self, body: bytes) -> PaymentHint:
        """What a notification points at."""
        return reading.hint_of(body)

    def _receipt(self, lines: Sequence[ReceiptLine], contact: str | None) -> dict[str, Any]:
        if self._receipts is None:
            return {}
        customer = {} if contact is None else _customer(contact)
        told: dict[str, Any] = {"customer": customer, "items": [self._item(line) for line in lines]}
        if self._receipts.tax_system is not None:
            told["tax_system_code"] = self._receipts.tax_system
        return {"receipt": told}

    def _item(self, line: ReceiptLine) -> dict[str, Any]:
        assert self._receipts is not None  # noqa: S101 - only asked for where receipts are written
        return {
            "description": line.text[:DESCRIPTION_CHARACTERS_MAX],
            "quantity": "1.00",
            "amount": _sum(line.amount),
            "vat_code": self._receipts.vat,
            "payment_subject": line.subject,
            "payment_mode": self._receipts.mode,
        }


def _customer(contact: str) -> dict[str, str]:
    return {"email": contact} if "@" in contact else {"phone": contact.removeprefix("+")}


def _sum(kopecks: int) -> dict[str, str]:
    return {"value": print_money(kopecks), "currency": reading.CURRENCY}
