"""Statements on their way: sent to both partners, confirmed or disputed, paid. Each step is written once and stays."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME as EVERYWHERE
from loyalty.scopes import Access, Scope
from loyalty.statements import Side, StatementState, may_do, may_follow, moves, needs_note, side_for, sides_of, who_pays
from models import database
from models.database import Record
from models.ids import uuid7
from services.audit import Actor
from services.resources import Resources
from services.staff.acting import Act, acting, reason_of
from services.work import Work

KEEP: Final = "settlement.manage"
OPERATION: Final = "moveStatement"
_COLUMNS: Final = "month, issuer, partner, state, note, party, author, at"
_MINE: Final = f"""
SELECT {_COLUMNS} FROM settlement_step
WHERE ($1::text[] IS NULL OR issuer = ANY ($1) OR partner = ANY ($1)) ORDER BY month, issuer, partner, step
"""  # noqa: S608 - a constant
_OF: Final = f"""
SELECT {_COLUMNS} FROM settlement_step WHERE month = $1 AND issuer = $2 AND partner = $3 ORDER BY step
"""  # noqa: S608 - a constant
# Whoever moves a statement of a month waits for whoever does: the month itself never changes.
_LOCK: Final = "SELECT true FROM settlement_period WHERE month = $1 FOR UPDATE"
_DUE: Final = "SELECT sum(due)::bigint FROM settlement_sum WHERE month = $1 AND issuer = $2 AND partner = $3"
_STEP: Final = """
INSERT INTO settlement_step (id, month, issuer, partner, step, state, note, party, author, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Which statement: what an issuer ('' the programme) owes a partner for a month."""

    month: date
    issuer: str
    partner: str


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did: `party` is the partner on whose behalf, None the programme."""

    state: StatementState
    at: datetime
    author: str
    party: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its history; `due` in kopecks, as its month has it."""

    pair: Pair
    due: int
    is_closed: bool
    steps: Sequence[Step]

    @property
    def state(self) -> StatementState:
        """How far it has come."""
        if self.steps:
            return self.steps[-1].state
        return StatementState.CLOSED if self.is_closed else StatementState.OPEN

    @property
    def sides(self) -> tuple[str, str]:
        """(who pays, whom)."""
        return who_pays(self.pair.issuer, self.pair.partner, self.due)

    def moves(self, access: Access) -> tuple[StatementState, ...]:
        """Where somebody may bring it now."""
        return moves(self.state, sides_of(*self.sides, access.partners(KEEP)))


@dataclass(frozen=True, slots=True)
class Move:
    """What is asked: which statement, where to, and why; `key` makes a repeated request the same one."""

    pair: Pair
    to: StatementState
    note: str | None
    key: str


async def steps(partners: Sequence[str] | None) -> Mapping[Pair, Sequence[Step]]:
    """The histories of the statements in which these partners are named; None: of all."""
    found: dict[Pair, list[Step]] = defaultdict(list)
    for row in await database.fetch(_MINE, partners):
        found[Pair(row["month"], row["issuer"], row["partner"])].append(_step(row))
    return found


async def move(actor: Actor, wanted: Move, *, resources: Resources, now: datetime) -> Statement:
    """Bring a statement one step on, once for its key; a repeated request hears the statement as it is.

    Raises NOT_FOUND for a statement of others and for one that there is not, FORBIDDEN for a step that is another side's,
    INVALID_INPUT for a month that is open, a step that does not follow and a dispute without a note, and KEY_REUSED.
    """
    asked = wanted.note or ""
    note = reason_of(asked, field="input.note") if asked or needs_note(wanted.to) else None
    async with acting(actor, KEEP, f"settlement.{wanted.to.lower()}", resources=resources, now=now, reason=note) as act:
        partners = act.actor.access.partners(KEEP)
        if partners is not None and not partners & {wanted.pair.issuer, wanted.pair.partner}:
            raise _unknown()
        found = await _locked(act.tx, wanted.pair)
        made, pair = uuid7(), wanted.pair
        facts = (pair.month, pair.issuer, pair.partner, wanted.to, note)
        if await act.is_first(OPERATION, wanted.key, *facts, about=made, field="input.idempotencyKey"):
            found = await _moved(act, found, wanted.to, note, made)
    return found


async def _moved(act: Act, found: Statement, to: StatementState, note: str | None, made: UUID) -> Statement:
    pair, sides = found.pair, sides_of(*found.sides, act.actor.access.partners(KEEP))
    if not may_follow(found.state, to):
        raise Refusal(Code.INVALID_INPUT, f"settlement.not_from.{found.state.value}", field="input.to")
    if not may_do(to, sides):
        raise Refusal(Code.FORBIDDEN, f"settlement.not_yours.{to.value}", field="input.to")
    payer, payee = found.sides
    party = {Side.PROGRAMME: None, Side.PAYER: payer, Side.PAYEE: payee}[side_for(to, sides)]
    step = Step(to, act.now, act.actor.name, party, note)
    told = (pair.month, pair.issuer, pair.partner, len(found.steps) + 1, to.value, note, party, step.author, step.at)
    await act.tx.execute(_STEP, made, *told)
    act.record(
        "statement",
        f"{pair.month:%Y-%m} {pair.issuer or '-'} {pair.partner}",
        scope=EVERYWHERE if party is None else Scope((party,)),
        before={"state": found.state.value},
        after={"state": to.value},
    )
    return Statement(pair, found.due, True, (*found.steps, step))


async def _locked(tx: Work, pair: Pair) -> Statement:
    """The statement as it is, until the end of the unit."""
    if not await tx.fetchval(_LOCK, pair.month):
        raise Refusal(Code.INVALID_INPUT, "settlement.not_from.OPEN", field="input.month")
    due: int | None = await tx.fetchval(_DUE, pair.month, pair.issuer, pair.partner)
    if not due:
        raise _unknown()
    return Statement(
        pair, due, True, [_step(row) for row in await tx.fetch(_OF, pair.month, pair.issuer, pair.partner)]
    )


def _unknown() -> Refusal:
    return Refusal(Code.NOT_FOUND, "settlement.no_statement", field="input.month")


def _step(row: Record) -> Step:
    return Step(StatementState(row["state"]), row["at"], row["author"], row["party"], row["note"])
