"""Decisions about signals, and the way back from one."""

from __future__ import annotations

from uuid import UUID

import strawberry

from graph.cards.types import Card
from graph.context import Info
from graph.control.types import (
    CardUnblocked,
    DecideSignalResult,
    FraudSignal,
    SignalDecided,
    SignalDecision,
    UnblockCardResult,
)
from graph.permissions import needs
from services import programmes
from services.control import deciding, signals, unblocking
from services.control.deciding import MANAGE_CARDS


@strawberry.type
class ControlMutations:
    """Decisions about signals, and the way back from one."""

    @strawberry.mutation(
        extensions=[needs(signals.REVIEW)],
        description="Write a note, or decide an open signal once. Blocking its card needs `card.manage` there too.",
    )
    async def decide_signal(self, info: Info, signal: UUID, decision: SignalDecision, note: str) -> DecideSignalResult:
        """Write a note or a decision."""
        context = info.context
        found = await deciding.decide(
            context.actor, signal, decision.value, note, resources=context.resources, now=context.now
        )
        programme = await programmes.current(context.now)
        return SignalDecided(signal=FraudSignal.of(found, context.actor, programme, context.locale))

    @strawberry.mutation(
        extensions=[needs(MANAGE_CARDS)],
        description="Give a blocked card back, at every place that blocked it. One that works is answered as it is.",
    )
    async def unblock_card(self, info: Info, card: UUID, reason: str) -> UnblockCardResult:
        """Give a blocked card back."""
        context = info.context
        found = await unblocking.unblock(
            context.actor, card, reason=reason, resources=context.resources, now=context.now
        )
        return CardUnblocked(card=Card.of(found))
