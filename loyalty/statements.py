"""What becomes of a statement: what one partner owes another for a month's points, from its close until it is paid."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from loyalty.settlement import PROGRAMME


class StatementState(StrEnum):
    """How far a statement has come. OPEN and CLOSED are its month's; the others are written down one by one."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    SENT = "SENT"
    CONFIRMED = "CONFIRMED"
    DISPUTED = "DISPUTED"
    PAID = "PAID"


class Side(StrEnum):
    """On whose behalf somebody acts: the programme's, or of the partner who pays or is paid."""

    PROGRAMME = "PROGRAMME"
    PAYER = "PAYER"
    PAYEE = "PAYEE"


_BOTH: Final = frozenset({Side.PAYER, Side.PAYEE})
# To what → (from where, by whom). The programme may do everything: not every partner has people in the panel. Who owes
# does not say that it was paid, and who is owed does not accept for the other.
_MOVES: Final[Mapping[StatementState, tuple[frozenset[StatementState], frozenset[Side]]]] = {
    StatementState.SENT: (frozenset({StatementState.CLOSED, StatementState.DISPUTED}), frozenset()),
    StatementState.CONFIRMED: (frozenset({StatementState.SENT}), frozenset({Side.PAYER})),
    StatementState.DISPUTED: (frozenset({StatementState.SENT}), _BOTH),
    StatementState.PAID: (
        frozenset({StatementState.CONFIRMED, StatementState.DISPUTED}),
        frozenset({Side.PAYEE}),
    ),
}


def may_follow(state: StatementState, to: StatementState) -> bool:
    """Whether a statement may go from one state to another, whoever does it."""
    return to in _MOVES and state in _MOVES[to][0]


def may_do(to: StatementState, sides: frozenset[Side]) -> bool:
    """Whether somebody who acts for these sides may bring a statement there."""
    return to in _MOVES and (Side.PROGRAMME in sides or bool(sides & _MOVES[to][1]))


def side_for(to: StatementState, sides: frozenset[Side]) -> Side:
    """For whom somebody brings a statement there who may act for these sides: the one whose step it is, the payer first."""
    return next(one for one in Side if one in sides and (one is Side.PROGRAMME or one in _MOVES[to][1]))


def moves(state: StatementState, sides: frozenset[Side]) -> tuple[StatementState, ...]:
    """Where somebody may bring a statement now, in the order of the table."""
    return tuple(to for to in _MOVES if may_follow(state, to) and may_do(to, sides))


def needs_note(to: StatementState) -> bool:
    """Whether it must be said why."""
    return to is StatementState.DISPUTED


def who_pays(issuer: str, partner: str, due: int) -> tuple[str, str]:
    """(who pays, whom): the issuer for its points, unless more of them came back in the month than was taken."""
    return (issuer, partner) if due >= 0 else (partner, issuer)


def sides_of(payer: str, payee: str, partners: Collection[str] | None) -> frozenset[Side]:
    """For whom somebody acts who keeps the settlement of these partners; None: of the whole programme."""
    if partners is None:
        return frozenset({Side.PROGRAMME})
    mine = ((Side.PAYER, payer), (Side.PAYEE, payee))
    return frozenset(side for side, slug in mine if slug != PROGRAMME and slug in partners)
