"""Statements brought one step on."""

from __future__ import annotations

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.settlement.parties import read_party
from graph.settlement.statements import MoveStatementInput, MoveStatementResult, SettlementStatement, StatementMoved
from loyalty.statements import StatementState
from services.settlement import statements
from services.settlement.statements import Move, Pair


@strawberry.type
class SettlementMutations:
    """Statements brought one step on."""

    @strawberry.mutation(
        extensions=[needs(statements.KEEP)],
        description="Bring a statement of a closed month one step on. The programme sends it and may do every step; who"
        " pays confirms, both sides may dispute, who is paid says that it was paid.",
    )
    async def move_statement(self, info: Info, input: MoveStatementInput) -> MoveStatementResult:  # noqa: A002 - the contract
        """Bring a statement one step on."""
        context = info.context
        pair = Pair(input.month.replace(day=1), read_party(input.issuer) or "", input.partner)
        wanted = Move(pair, StatementState(input.to.value), input.note, input.idempotency_key)
        done = await statements.move(context.actor, wanted, resources=context.resources, now=context.now)
        return StatementMoved(statement=SettlementStatement.of(done, context.actor.access))
