"""A-214: what a receipt brings whose bank says yes later."""

import random

import pytest

from loyalty.instalments import Decision, HeldBack, InstalmentState, after, credit


def test_what_came_back_meanwhile_is_taken_off() -> None:
    """A-214: the counted sum follows the returned net, points the formula of returns, rounded for the house once."""
    lines = [
        HeldBack("a", 100_00, counts=True, earned=7, refunded_net=33_33, refunded_part=1000, whole=3000),
        HeldBack("b", 50_00, counts=False, earned=5),
    ]
    brought = credit(lines)
    assert (brought.counted, brought.counted_back, brought.counts) == (100_00, 33_33, 66_67)
    assert brought.points_back == (("a", 2), ("b", 0))
    assert (brought.points, brought.earns) == (12, 10)


def test_nothing_is_left_of_what_came_back_whole() -> None:
    brought = credit([HeldBack("a", 100_00, counts=True, earned=7, refunded_net=100_00, refunded_part=3, whole=3)])
    assert (brought.counts, brought.earns) == (0, 0)


def test_a_yes_and_a_return_in_either_order_end_alike() -> None:
    """A-214, INV-10: any part that came back before the yes is worth what it would have been worth after it."""
    chance = random.Random(7)
    for _ in range(500):
        net, earned, whole = chance.randrange(1, 10**6), chance.randrange(10**4), chance.randrange(1, 5000)
        part = chance.randrange(whole + 1)
        net_back = net * part // whole
        line = HeldBack("a", net, counts=True, earned=earned, refunded_net=net_back, refunded_part=part, whole=whole)
        brought = credit([line])
        assert brought.counts == net - net_back
        assert brought.earns == earned - earned * part // whole


@pytest.mark.parametrize(
    ("state", "decision", "moves"),
    [
        ("WAITING", "CONFIRMED", True),
        ("WAITING", "CANCELLED", True),
        ("CONFIRMED", "CONFIRMED", False),
        ("CANCELLED", "CANCELLED", False),
        ("CONFIRMED", "CANCELLED", None),
        ("CANCELLED", "CONFIRMED", None),
        ("EXPIRED", "CONFIRMED", None),
        ("EXPIRED", "CANCELLED", None),
    ],
)
def test_the_first_word_counts(state: str, decision: str, moves: object) -> None:
    assert after(InstalmentState(state), Decision(decision)) is moves
