"""Outside systems as the staff sees them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

import strawberry

from graph.scalars import Money
from graph.status.telling import advice, name_of, told
from services.status.judging import Kind, State, Trouble

if TYPE_CHECKING:
    from graph.words import Locale
    from services.status.reading import System

strawberry.enum(Kind, name="SystemKind", description="What a system is to us; INBOX and JOBS are queues of our own.")
strawberry.enum(State, name="SystemState", description="How a system is. UNUSED: nothing was ever asked of it.")
strawberry.enum(
    Trouble,
    name="SystemTroubleCode",
    description="What is wrong. NOT_LET_IN, UNAVAILABLE, TOO_OFTEN: the last call; UNSTEADY: a tenth of a day's calls failed.",
)


@strawberry.type(description="Something wrong with a system, in plain words, and what to do.")
class SystemTrouble:
    """Something wrong with a system."""

    code: Trouble
    text: str
    advice: str


@strawberry.type(description="A system outside, or a queue of ours, as it is now.")
class OutsideSystem:
    """A system outside, or a queue of ours."""

    id: strawberry.ID
    kind: Kind
    name: str
    state: State
    troubles: list[SystemTrouble] = strawberry.field(description="The gravest first.")
    answered_at: datetime | None = strawberry.field(description="When it answered or called last.")
    failed_at: datetime | None = strawberry.field(description="When a call failed last.")
    detail: str | None = strawberry.field(description="What it said then, in its own words.")
    held_until: datetime | None = strawberry.field(description="Until when it is left alone after failures.")
    calls: int = strawberry.field(description="Calls of the last day.")
    failures: int = strawberry.field(description="Those of them that failed.")
    waiting: int = strawberry.field(description="What waits for it.")
    waiting_since: datetime | None
    aside: int = strawberry.field(description="What was put aside or given up.")
    balance: Money | None = strawberry.field(description="What is left on a gateway's account.")

    @classmethod
    def of(cls, one: System, locale: Locale, now: datetime) -> Self:
        """The system as it is read."""
        facts = one.facts
        return cls(
            id=strawberry.ID(one.id),
            kind=one.kind,
            name=name_of(one.id, locale),
            state=one.state,
            troubles=[
                SystemTrouble(
                    code=code,
                    text=told(one.kind, code, facts, locale),
                    advice=advice(one.kind, code, facts, locale),
                )
                for code in one.troubles
            ],
            answered_at=facts.answered_at,
            failed_at=facts.failed_at,
            detail=facts.detail,
            held_until=facts.held_until if facts.is_held(now) else None,
            calls=facts.answered + facts.failed,
            failures=facts.failed,
            waiting=facts.waiting,
            waiting_since=facts.waiting_since,
            aside=facts.aside,
            balance=None if facts.balance is None else Money(facts.balance),
        )
