"""Decisions about signals."""

from __future__ import annotations

from uuid import UUID

import strawberry

from graph.context import Info
from graph.control.types import DecideSignalResult, FraudSignal, SignalDecided, SignalDecision
from graph.permissions import needs
from services import programmes
from services.control import deciding, signals


@strawberry.type
class ControlMutations:
    """Decisions about signals."""

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
