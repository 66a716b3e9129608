"""The queue of signals."""

from __future__ import annotations

import strawberry

from graph.context import Info
from graph.control.types import FraudSignal, FraudSignalKind, FraudSignalPage, SignalState
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import needs
from services import programmes
from services.control import signals


@strawberry.type
class ControlQueries:
    """The queue of signals."""

    @strawberry.field(
        extensions=[needs(signals.REVIEW)],
        description="Signals of the places where the reader reviews, the newest first.",
    )
    async def fraud_signals(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        state: SignalState | None = None,
        kind: FraudSignalKind | None = None,
    ) -> FraudSignalPage:
        """Signals of the reader's places."""
        context = info.context
        size, place = page_size(first), read_cursor(after)
        rows = await signals.page(
            context.staff.access,
            rows=size + 1,
            after=None if place is None else (place.at, place.id),
            state=None if state is None else state.value,
            kind=None if kind is None else kind.value,
        )
        programme, shown = await programmes.current(context.now), rows[:size]
        following = str(Cursor(shown[-1].found_at, shown[-1].id)) if len(rows) > size else None
        items = [FraudSignal.of(one, context.actor, programme, context.locale) for one in shown]
        return FraudSignalPage(items=items, next=following)
