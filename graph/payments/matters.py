"""Money that waits, as the staff sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.scalars import Money
from graph.staff.types import Scope
from graph.words import Locale, sentence
from loyalty.programme import Programme
from loyalty.scopes import Access
from services.payments.deciding import MANAGE
from services.payments.waiting import Decision, Matter, Waiting

strawberry.enum(Matter, name="MoneyMatter", description="What waits, and for what.")
strawberry.enum(
    Decision,
    name="MoneyDecision",
    description="TRY: look at once. REFUND: nothing comes of it, all of its money goes back. AGAIN: a new refund. "
    "BY_HAND: it was given back already. CLOSE: nobody has paid.",
)


@strawberry.type(description="A payment or a refund that waits for a person.")
class MoneyWaiting:
    """A payment or a refund that waits for a person."""

    id: UUID
    matter: Matter
    amount: Money
    what: str = strawberry.field(description="What was paid for.")
    place: Scope
    since: datetime
    text: str = strawberry.field(description="What is wrong.")
    advice: str = strawberry.field(description="What to do about it.")
    fault: str | None = strawberry.field(description="The acquirer's reason, in its own words.")
    number: str | None = strawberry.field(description="The acquirer's number of the payment.")
    decisions: list[Decision] = strawberry.field(description="What I may do about it.")

    @classmethod
    def of(cls, one: Waiting, access: Access, programme: Programme, locale: Locale) -> Self:
        """What waits, in a reader's language."""
        return cls(
            id=one.id,
            matter=one.matter,
            amount=Money(one.amount),
            what=one.what,
            place=Scope.of(one.scope, programme, locale),
            since=one.since,
            text=sentence(f"payment.matter.{one.matter}", locale),
            advice=sentence(f"payment.advice.{one.matter}", locale),
            fault=one.fault,
            number=one.number,
            decisions=list(one.decisions) if access.within(MANAGE, one.scope) else [],
        )


@strawberry.type(description="What was decided is written down, and is on its way.")
class MoneyDecided:
    """What was decided."""

    id: UUID
    decision: Decision


DecideMoneyResult = Annotated[MoneyDecided | Problem, strawberry.union("DecideMoneyResult")]
