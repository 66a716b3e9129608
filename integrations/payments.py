"""What Kunak asks of an acquirer, as a protocol and value types. Sums are kopecks, the currency is the rouble."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from integrations.ports import Refused


class PaymentFate(StrEnum):
    """What became of a payment or a refund at the acquirer. PENDING may still become anything, the others stay."""

    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    CANCELED = "CANCELED"


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A line of the fiscal receipt: what is sold, for how much in all, and what it is by the tax law's words."""

    text: str
    amount: int
    subject: str = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """A payment to be taken. The same `id` with the same facts is the same payment however often it is asked for.

    `back` is where the payer returns to; `contact`, an e-mail address or an E.164 phone, gets the receipt.
    """

    id: UUID
    amount: int
    description: str
    back: str
    lines: tuple[ReceiptLine, ...] = ()
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTold:
    """A payment as the acquirer has it: its own id, what became of it, and why.

    `order` is the id that we gave it, if it has one of ours. `page` is where it is paid, while it can be.
    """

    id: str
    fate: PaymentFate
    amount: int
    order: UUID | None = None
    page: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """Money to be given back of a payment, by the acquirer's id of it. The same `id` is the same refund, for a day."""

    id: UUID
    payment: str
    amount: int
    description: str
    lines: tuple[ReceiptLine, ...] = ()
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTold:
    """A refund as the acquirer has it; `made_at` by the acquirer's clock, where it says so."""

    id: str
    fate: PaymentFate
    amount: int
    payment: str
    reason: str | None = None
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PaymentHint:
    """What was posted to us: that something happened to an object. Anybody can write one, so the acquirer is asked."""

    event: str
    object: str
    is_refund: bool


class KeySpent(Refused):
    """This id was asked for before with other words: the first request was heard, and this one was not."""


class PaymentGateway(Protocol):
    """Takes money from people's cards and accounts, and gives it back.

    Everything but `read` may raise `Unavailable` (surely not done), `Drained` and `TooOften`; `open` and `refund` also
    `Refused` (not done, and never will be), `KeySpent` and `Uncertain` (perhaps done: ask again with the same order).
    """

    name: str
    needs_contact: bool
    """Whether orders need a `contact`, for the receipt."""

    async def open(self, order: PaymentOrder) -> PaymentTold:
        """Have a payment ready to be paid on the acquirer's page."""

    async def ask(self, payment: str) -> PaymentTold | None:
        """How a payment stands; None where the acquirer has none of this id."""

    async def refund(self, order: RefundOrder) -> RefundTold:
        """Give money back."""

    async def ask_refund(self, refund: str) -> RefundTold | None:
        """How a refund stands; None where the acquirer has none of this id."""

    async def refunds_of(self, payment: str) -> Sequence[RefundTold]:
        """Every refund of a payment, whoever made it: what came of one without an answer stands here."""

    def read(self, body: bytes) -> PaymentHint:
        """What a body that was posted to us points at. Raises `Unreadable`."""
