"""Statements on their way from the close of a month until they are paid, as the panel shows them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

import strawberry

from graph.problems import Problem
from graph.scalars import Money
from graph.settlement.parties import party_id
from loyalty.scopes import Access
from services.settlement.reading import VIEW
from services.settlement.statements import Statement, Step


@strawberry.enum(
    description="OPEN and CLOSED as its month; then SENT to both sides, CONFIRMED by who pays or DISPUTED, and PAID."
)
class StatementState(StrEnum):
    """How far a statement has come."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    SENT = "SENT"
    CONFIRMED = "CONFIRMED"
    DISPUTED = "DISPUTED"
    PAID = "PAID"


@strawberry.type(description="A step of a statement. Whoever did it is named to the own side and to the programme.")
class SettlementStep:
    """A step of a statement."""

    state: StatementState
    at: datetime
    party: strawberry.ID = strawberry.field(description="On whose behalf: a partner, or `-` the programme.")
    author: str | None
    note: str | None

    @classmethod
    def of(cls, step: Step, mine: frozenset[str] | None) -> Self:
        """A step as a reader sees it: people of another partner have no names."""
        is_own = mine is None or (step.party is not None and step.party in mine)
        return cls(
            state=StatementState(step.state.value),
            at=step.at,
            party=party_id(step.party or ""),
            author=step.author if is_own else None,
            note=step.note,
        )


@strawberry.type(description="What one side pays another for a month's points, and how far that has come.")
class SettlementStatement:
    """What one side pays another for a month's points."""

    month: date
    issuer: strawberry.ID
    partner: strawberry.ID
    payer: strawberry.ID
    payee: strawberry.ID
    amount: Money
    state: StatementState
    history: list[SettlementStep] = strawberry.field(description="The oldest first.")
    moves: list[StatementState] = strawberry.field(description="Where the reader may bring it now.")

    @classmethod
    def of(cls, told: Statement, access: Access) -> Self:
        """A statement of the reader's side."""
        payer, payee = told.sides
        mine = access.partners(VIEW)
        return cls(
            month=told.pair.month,
            issuer=party_id(told.pair.issuer),
            partner=party_id(told.pair.partner),
            payer=party_id(payer),
            payee=party_id(payee),
            amount=Money(abs(told.due)),
            state=StatementState(told.state.value),
            history=[SettlementStep.of(step, mine) for step in told.steps],
            moves=[StatementState(to.value) for to in told.moves(access)],
        )

    @classmethod
    def maybe(cls, told: Statement | None, access: Access) -> Self | None:
        """The statement of a pair that has one."""
        return None if told is None else cls.of(told, access)


@strawberry.input(description="A statement, and where it is brought. `note` must say why it is disputed.")
class MoveStatementInput:
    """A statement, and where it is brought."""

    idempotency_key: str
    month: date
    issuer: strawberry.ID
    partner: strawberry.ID
    to: StatementState
    note: str | None = None


@strawberry.type(description="The statement after the step.")
class StatementMoved:
    """The statement after the step."""

    statement: SettlementStatement


MoveStatementResult = Annotated[StatementMoved | Problem, strawberry.union("MoveStatementResult")]
