"""The payments and refunds of one shop, and how each of them may change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import uuid4

from integrations.standins.yookassa.wanted import Wrong

LIFE: Final = timedelta(hours=1)
LISTED: Final = "10"
Status = Literal["pending", "waiting_for_capture", "succeeded", "canceled"]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment: what was asked for, and how it stands."""

    id: str
    asked: dict[str, Any]
    amount: Decimal
    status: Status
    created: datetime
    captured: datetime | None = None
    party: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that goes back."""

    id: str
    payment: str
    asked: dict[str, Any]
    amount: Decimal
    status: Status
    created: datetime
    reason: str | None = None


@dataclass
class Books:
    """Everything one shop has taken and given back."""

    payments: dict[str, Payment] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)

    def open(self, asked: dict[str, Any], amount: Decimal, now: datetime) -> Payment:
        """A payment that waits for its payer."""
        made = Payment(str(uuid4()), asked, amount, "pending", now)
        self.payments[made.id] = made
        return made

    def payment(self, number: str, now: datetime) -> Payment:
        """A payment by its id; one that nobody paid within an hour has ended. Raises `Wrong`."""
        found = self.payments.get(number)
        if found is None:
            raise Wrong("Payment doesn't exist or access denied", "payment_id", status=404, code="not_found")
        if found.status == "pending" and now - found.created >= LIFE:
            return self.end(found, "yoo_money", "expired_on_confirmation")
        return found

    def pay(self, payment: Payment, now: datetime) -> Payment:
        """The payer has paid."""
        if payment.asked.get("capture", False):
            return self._change(payment, status="succeeded", captured=now)
        return self._change(payment, status="waiting_for_capture")

    def capture(self, payment: Payment, now: datetime) -> Payment:
        """Take money that is held. Raises `Wrong`."""
        _must(payment, "waiting_for_capture")
        return self._change(payment, status="succeeded", captured=now)

    def cancel(self, payment: Payment) -> Payment:
        """Let money go that is held. Raises `Wrong`."""
        _must(payment, "waiting_for_capture")
        return self.end(payment, "merchant", "canceled_by_merchant")

    def end(self, payment: Payment, party: str, reason: str) -> Payment:
        """Nothing comes of a payment any more."""
        return self._change(payment, status="canceled", party=party, reason=reason)

    def left(self, payment: Payment) -> Decimal:
        """What of a payment can still be given back."""
        gone = (one.amount for one in self.refunds.values() if one.payment == payment.id and one.status != "canceled")
        return payment.amount - sum(gone, Decimal(0))

    def refund(self, payment: Payment, asked: dict[str, Any], amount: Decimal, status: Status, now: datetime) -> Refund:
        """Give money of a payment back. Raises `Wrong`."""
        _must(payment, "succeeded")
        if amount > self.left(payment):
            raise Wrong("Refund amount is more than what is left of the payment", "amount.value")
        reason = "insufficient_funds" if status == "canceled" else None
        made = Refund(str(uuid4()), payment.id, asked, amount, status, now, reason)
        self.refunds[made.id] = made
        return made

    def listed(self, asked: Mapping[str, str], told: Callable[[Refund], dict[str, Any]]) -> dict[str, Any]:
        """A page of the refunds, of one payment where it is named, the newest first."""
        found = [one for one in self.refunds.values() if one.payment == asked.get("payment_id", one.payment)][::-1]
        begin = next((place for place, one in enumerate(found) if one.id == asked.get("cursor")), 0)
        page = found[begin : begin + int(asked.get("limit", LISTED))]
        rest = found[begin + len(page) :]
        body = {"type": "list", "items": [told(one) for one in page]}
        return body | ({"next_cursor": rest[0].id} if rest else {})

    def settle(self, refund: Refund, status: Status) -> Refund:
        """A refund that took its time has ended."""
        reason = "general_decline" if status == "canceled" else None
        self.refunds[refund.id] = changed = replace(refund, status=status, reason=reason)
        return changed

    def _change(self, payment: Payment, **to: Any) -> Payment:
        self.payments[payment.id] = changed = replace(payment, **to)
        return changed


def _must(payment: Payment, status: Status) -> None:
    if payment.status != status:
        raise Wrong(f"Payment isn't in status {status}: it is {payment.status}", "payment_id")
