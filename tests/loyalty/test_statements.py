"""Which steps a statement may take, and for whom (E4)."""

from itertools import product

import pytest

from loyalty.statements import Side, StatementState, may_do, may_follow, moves, needs_note, side_for, sides_of, who_pays

S = StatementState
WAYS = {
    (S.CLOSED, S.SENT),
    (S.SENT, S.CONFIRMED),
    (S.SENT, S.DISPUTED),
    (S.DISPUTED, S.SENT),
    (S.DISPUTED, S.PAID),
    (S.CONFIRMED, S.PAID),
}


def test_a_statement_goes_from_its_close_to_its_payment() -> None:
    """C-14, E4: CLOSED → SENT → CONFIRMED / DISPUTED → PAID, a dispute back to the sender, and nothing else."""
    assert {(one, other) for one, other in product(S, S) if may_follow(one, other)} == WAYS


@pytest.mark.parametrize("state", list(S))
def test_each_side_does_its_own_part(state: StatementState) -> None:
    """C-14: who pays confirms, who is paid tells the payment, both may dispute, the programme may do everything."""
    everything = tuple(to for to in (S.SENT, S.CONFIRMED, S.DISPUTED, S.PAID) if (state, to) in WAYS)
    assert moves(state, frozenset({Side.PROGRAMME})) == everything
    assert set(moves(state, frozenset({Side.PAYER}))) == set(everything) & {S.CONFIRMED, S.DISPUTED}
    assert set(moves(state, frozenset({Side.PAYEE}))) == set(everything) & {S.DISPUTED, S.PAID}
    assert moves(state, frozenset()) == ()


def test_only_a_dispute_has_to_say_why() -> None:
    assert [state for state in S if needs_note(state)] == [S.DISPUTED]


@pytest.mark.parametrize(
    ("partners", "sides"),
    [
        (None, {Side.PROGRAMME}),
        ({"shop"}, {Side.PAYER}),
        ({"cafe"}, {Side.PAYEE}),
        ({"cafe", "shop"}, {Side.PAYER, Side.PAYEE}),
        ({"spa"}, set()),
        (set(), set()),
    ],
)
def test_somebody_acts_for_the_partners_whose_settlement_is_theirs(partners: set[str] | None, sides: set[Side]) -> None:
    """INV-22."""
    assert sides_of("shop", "cafe", partners) == sides
    assert not may_do(S.SENT, frozenset(sides - {Side.PROGRAMME}))


def test_who_pays_is_turned_round_where_more_came_back() -> None:
    assert who_pays("shop", "cafe", 2400) == ("shop", "cafe")
    assert who_pays("shop", "cafe", -2400) == ("cafe", "shop")
    # Nobody of a partner's acts for the programme, whose slug is empty.
    assert sides_of("", "cafe", {""}) == frozenset()


def test_whoever_keeps_both_sides_acts_for_the_one_whose_step_it_is() -> None:
    """E4."""
    both = frozenset({Side.PAYER, Side.PAYEE})
    assert side_for(StatementState.CONFIRMED, both) is Side.PAYER
    assert side_for(StatementState.PAID, both) is Side.PAYEE
    assert side_for(StatementState.PAID, frozenset({Side.PROGRAMME})) is Side.PROGRAMME
