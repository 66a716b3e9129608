"""Plugins as the staff reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

import strawberry

from services.pos.plugins import PluginFacts


@strawberry.type(description="A plugin on a restaurant's terminal: what it last said of itself.")
class Plugin:
    """A plugin on a restaurant's terminal."""

    id: strawberry.ID
    terminal: str
    version: str
    front_version: str | None
    queue: int = strawberry.field(description="Events that waited on its disk.")
    clock_ahead_seconds: int = strawberry.field(description="How far the terminal's clock is ahead of ours.")
    first_seen_at: datetime
    last_seen_at: datetime
    till: strawberry.ID
    till_name: str
    partner: strawberry.ID
    outlet: strawberry.ID
    is_ended: bool = strawberry.field(description="Whether the key it called with is ended.")

    @classmethod
    def of(cls, facts: PluginFacts) -> Self:
        """The plugin as it is read."""
        return cls(
            id=strawberry.ID(str(facts.id)),
            terminal=facts.terminal,
            version=facts.version,
            front_version=facts.front_version,
            queue=facts.queue,
            clock_ahead_seconds=-round(facts.skew / timedelta(seconds=1)),
            first_seen_at=facts.first_seen_at,
            last_seen_at=facts.last_seen_at,
            till=strawberry.ID(str(facts.till_id)),
            till_name=facts.till,
            partner=strawberry.ID(facts.partner),
            outlet=strawberry.ID(facts.outlet),
            is_ended=facts.is_revoked,
        )
