"""Payments as payers read them."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from graph.payments.words import WORDS
from graph.scalars import Money
from graph.words import Locale, sentence
from loyalty.payments import PaymentState
from services.payments.rows import PaymentFacts

strawberry.enum(
    PaymentState,
    name="PaymentState",
    description="OPENING: its page is being made; PENDING: it waits to be paid there; the others are the end of it.",
)
_PROBLEMS = frozenset({PaymentState.CANCELED, PaymentState.EXPIRED, PaymentState.FAILED})


@strawberry.type(description="A payment of mine by the programme's acquirer. Ask again until its state is an end.")
class Payment:
    """A payment of mine."""

    id: UUID
    state: PaymentState
    amount: Money
    refunded: Money = strawberry.field(description="What of it was given back or is on its way.")
    confirmation_url: str | None = strawberry.field(description="The acquirer's page to pay on, only while it waits.")
    expires_at: datetime = strawberry.field(description="Until when it is waited for.")
    problem: str | None = strawberry.field(description="Why nothing was paid.")

    @classmethod
    def of(cls, payment: PaymentFacts, locale: Locale) -> Self:
        """The payment in a reader's language."""
        return cls(
            id=payment.id,
            state=payment.state,
            amount=Money(payment.amount),
            refunded=Money(payment.refunded),
            confirmation_url=payment.confirmation_url if payment.state is PaymentState.PENDING else None,
            expires_at=payment.expires_at,
            problem=_problem(payment, locale) if payment.state in _PROBLEMS else None,
        )


def _problem(payment: PaymentFacts, locale: Locale) -> str:
    key = f"payment.reason.{payment.reason}"
    return sentence(key if key in WORDS else "payment.reason.other", locale)
