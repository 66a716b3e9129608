"""Tills as the staff see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.programme.types import Channel
from graph.staff.types import Scope
from graph.tills.types import TillKind, TillScope
from graph.words import Locale
from loyalty.programme import Programme
from services.staff.counters import Counter


@strawberry.type(description="A till as it is run. Its key is shown when it is added and never again.")
class TillEntry:
    """A till as it is run."""

    id: UUID
    name: str
    kind: TillKind
    scope: Scope
    channels: list[Channel]
    scopes: list[TillScope]
    per_minute: int | None = strawberry.field(description="Requests of its key; null: as many as its kind.")
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, found: Counter, programme: Programme, locale: Locale) -> Self:
        """A till."""
        return cls(
            id=found.id,
            name=found.name,
            kind=TillKind(found.kind),
            scope=Scope.of(found.scope, programme, locale),
            channels=[Channel(channel) for channel in found.channels],
            scopes=[TillScope(scope) for scope in found.scopes],
            per_minute=found.per_minute,
            created_at=found.created_at,
            ended_at=found.ended_at,
        )


@strawberry.type(description="A page of tills, the newest first.")
class TillPage:
    """A page of tills."""

    items: list[TillEntry]
    next: str | None


@strawberry.input(description="A till to be added.")
class AddTillInput:
    """A till to be added."""

    name: str
    partner: strawberry.ID
    outlet: strawberry.ID
    kind: TillKind = TillKind.ORDINARY
    channels: list[Channel]
    scopes: list[TillScope] | None = strawberry.field(default=None, description="Without it: every one but GUESTS.")
    per_minute: int | None = None
    reason: str


@strawberry.type(description="The till is there. Its key is shown this once.")
class TillAdded:
    """The till is there."""

    till: TillEntry
    key: str


@strawberry.type(description="The till has ended, with its key and every page paired with it.")
class TillEnded:
    """The till has ended."""

    till: TillEntry


AddTillResult = Annotated[TillAdded | Problem, strawberry.union("AddTillResult")]
EndTillResult = Annotated[TillEnded | Problem, strawberry.union("EndTillResult")]
