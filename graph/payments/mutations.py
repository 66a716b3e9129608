"""Decisions about money that waits."""

from uuid import UUID

import strawberry

from graph.context import Info
from graph.payments.matters import DecideMoneyResult, MoneyDecided
from graph.permissions import needs
from services.paid_for import SUBJECTS
from services.payments import deciding
from services.payments.waiting import Decision


@strawberry.type
class PaymentMutations:
    """Decisions about money that waits."""

    @strawberry.mutation(
        extensions=[needs(deciding.MANAGE)],
        description="Do something about money that waits: one of its `decisions`, once. The reason stands in the log.",
    )
    async def decide_money(
        self,
        info: Info,
        id: UUID,  # noqa: A002 - the contract
        decision: Decision,
        reason: str,
    ) -> DecideMoneyResult:
        """Decide about money that waits."""
        context = info.context
        await deciding.decide(
            context.actor,
            id,
            decision,
            reason,
            subjects=SUBJECTS,
            resources=context.resources,
            now=context.now,
        )
        return MoneyDecided(id=id, decision=decision)
