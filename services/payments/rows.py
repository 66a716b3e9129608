"""Rows of payments and refunds as values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from integrations.payments import PaymentGateway, ReceiptLine
from integrations.ports import Unavailable
from loyalty.payments import PaymentState, RefundState
from models import database
from models.database import Record
from services.resources import Resources
from services.work import Work

_COLUMNS: Final = """
p.id, p.subject_kind, p.subject_id, p.member_id, p.amount, p.refunded, p.description, p.return_path, p.lines, p.contact,
p.state, p.provider_id, p.confirmation_url, p.reason, p.tries, p.opened_at, p.expires_at, p.paid_at
"""
REFUND_COLUMNS: Final = """
r.id, r.payment_id, r.amount, r.reason, r.state, r.provider_id, r.fault, r.tries, r.asked_at, r.first_sent_at, r.key
"""
_ONE: Final = f"SELECT {_COLUMNS} FROM payment AS p WHERE p.id = $1"  # noqa: S608 - constants
_MANY: Final = f"SELECT {_COLUMNS} FROM payment AS p WHERE p.id = ANY ($1)"  # noqa: S608
_BY_PROVIDER: Final = f"SELECT {_COLUMNS} FROM payment AS p WHERE p.provider_id = $1"  # noqa: S608
_OF_SUBJECT: Final = f"""
SELECT {_COLUMNS} FROM payment AS p WHERE p.subject_kind = $1 AND p.subject_id = $2 ORDER BY p.opened_at DESC, p.id DESC
LIMIT 1
"""  # noqa: S608
_REFUND: Final = f"SELECT {REFUND_COLUMNS} FROM payment_refund AS r WHERE r.id = $1"  # noqa: S608
_REFUND_BY_PROVIDER: Final = f"SELECT {REFUND_COLUMNS} FROM payment_refund AS r WHERE r.provider_id = $1"  # noqa: S608


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A payment as it stands. Sums are kopecks; `refunded` is given back or on the way."""

    id: UUID
    kind: str
    subject: UUID
    member: UUID
    amount: int
    refunded: int
    description: str
    return_path: str
    lines: tuple[ReceiptLine, ...]
    contact: str | None
    state: PaymentState
    provider_id: str | None
    confirmation_url: str | None
    reason: str | None
    tries: int
    opened_at: datetime
    expires_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund as it stands. `reason` is ours, `fault` the acquirer's. `key` is set once it was asked for anew."""

    id: UUID
    payment: UUID
    amount: int
    reason: str
    state: RefundState
    provider_id: str | None
    fault: str | None
    tries: int
    asked_at: datetime
    first_sent_at: datetime | None
    key: UUID | None


def gateway_of(resources: Resources) -> PaymentGateway:
    """The acquirer. Raises `Unavailable` where none is connected any more: what waits for it goes on waiting."""
    if resources.payments is None:
        raise Unavailable("no acquirer is connected")
    return resources.payments


async def find(payment: UUID) -> PaymentFacts | None:
    """A payment."""
    return _payment(await database.fetchrow(_ONE, payment))


async def find_all(payments: list[UUID]) -> list[PaymentFacts | None]:
    """Payments by their ids, in the order of the ids."""
    found = {row["id"]: _payment(row) for row in await database.fetch(_MANY, payments)}
    return [found.get(payment) for payment in payments]


async def by_provider(number: str) -> PaymentFacts | None:
    """The payment that the acquirer calls so."""
    return _payment(await database.fetchrow(_BY_PROVIDER, number))


async def of_subject(kind: str, subject: UUID) -> PaymentFacts | None:
    """The newest payment for a thing."""
    return _payment(await database.fetchrow(_OF_SUBJECT, kind, subject))


async def find_refund(refund: UUID) -> RefundFacts | None:
    """A refund."""
    return refund_of(await database.fetchrow(_REFUND, refund))


async def refund_by_provider(number: str) -> RefundFacts | None:
    """The refund that the acquirer calls so."""
    return refund_of(await database.fetchrow(_REFUND_BY_PROVIDER, number))


async def locked(tx: Work, payment: UUID) -> PaymentFacts | None:
    """A payment nobody else changes until the unit of work ends."""
    return _payment(await tx.fetchrow(f"{_ONE} FOR UPDATE", payment))


async def locked_refund(tx: Work, refund: UUID) -> RefundFacts | None:
    """A refund nobody else changes until the unit of work ends; its payment is locked before."""
    return refund_of(await tx.fetchrow(f"{_REFUND} FOR UPDATE", refund))


async def change(tx: Work, payment: UUID, now: datetime, **to: Any) -> None:
    """Write columns of a locked payment."""
    names = ", ".join(f"{name} = ${place}" for place, name in enumerate(to, start=3))
    await tx.execute(f"UPDATE payment SET changed_at = $2, {names} WHERE id = $1", payment, now, *to.values())  # noqa: S608


async def change_refund(tx: Work, refund: UUID, now: datetime, **to: Any) -> None:
    """Write columns of a locked refund."""
    names = ", ".join(f"{name} = ${place}" for place, name in enumerate(to, start=3))
    await tx.execute(f"UPDATE payment_refund SET changed_at = $2, {names} WHERE id = $1", refund, now, *to.values())  # noqa: S608


def _payment(row: Record | None) -> PaymentFacts | None:
    if row is None:
        return None
    plain = dict(row)
    lines = tuple(ReceiptLine(**line) for line in orjson.loads(plain.pop("lines")))
    return PaymentFacts(
        kind=plain.pop("subject_kind"),
        subject=plain.pop("subject_id"),
        member=plain.pop("member_id"),
        state=PaymentState(plain.pop("state")),
        lines=lines,
        **plain,
    )


def refund_of(row: Record | None) -> RefundFacts | None:
    """The refund of a row."""
    if row is None:
        return None
    plain = dict(row)
    return RefundFacts(payment=plain.pop("payment_id"), state=RefundState(plain.pop("state")), **plain)
