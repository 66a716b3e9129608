"""The cascade as a rule: A-229, and the promise that reports end in one state in any order and number."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.messages import (
    ARRIVED,
    FAILURES,
    Channel,
    End,
    Fate,
    Resolve,
    Send,
    State,
    Step,
    Wait,
    later,
    next_move,
    state_of,
)

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
SOON, PAST = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)
VIBER, SMS, EMAIL = Channel.VIBER, Channel.SMS, Channel.EMAIL
STORIES = [
    (Fate.ACCEPTED, Fate.SENT, Fate.DELIVERED, Fate.READ),
    (Fate.ACCEPTED, Fate.SENT, Fate.UNDELIVERED),
    (Fate.ACCEPTED, Fate.EXPIRED),
    (Fate.FAILED,),
]


@pytest.mark.parametrize("story", STORIES)
def test_reports_of_a_story_end_alike_in_any_order(story: Sequence[Fate]) -> None:
    """The permutation test of the fault matrix, with every report twice."""
    for order in permutations(story):
        assert reduce(later, [*order, *order], Fate.HANDING) == story[-1]


@given(st.lists(st.sampled_from(Fate), min_size=1), st.randoms(use_true_random=False))
def test_reports_of_any_kind_end_alike_in_any_order(told: list[Fate], chance: st.DataObject) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reduce(later, told, Fate.HANDING) == reduce(later, shuffled, Fate.HANDING)


@given(st.sampled_from(sorted(ARRIVED)), st.sampled_from(Fate))
def test_what_arrived_has_arrived(arrived: Fate, told: Fate) -> None:
    assert later(arrived, told) in ARRIVED
    assert later(Fate.READ, told) is Fate.READ


def test_the_cheapest_channel_is_first() -> None:
    """A-229."""
    assert next_move([Step(VIBER), Step(SMS), Step(EMAIL)], NOW) == Send(0)


@pytest.mark.parametrize("failure", sorted(FAILURES))
def test_a_failure_moves_on_at_once(failure: Fate) -> None:
    """A-229."""
    steps = [Step(VIBER, failure, SOON), Step(SMS)]
    assert next_move(steps, NOW) == Send(1)
    assert state_of(steps, NOW) is State.NEXT_CHANNEL


@pytest.mark.parametrize("fate", [Fate.ACCEPTED, Fate.SENT])
def test_silence_is_waited_for_until_the_deadline(fate: Fate) -> None:
    """A-229."""
    assert next_move([Step(VIBER, fate, SOON), Step(SMS)], NOW) == Wait(SOON)
    assert next_move([Step(VIBER, fate, PAST), Step(SMS)], NOW) == Send(1)
    assert next_move([Step(VIBER, fate, NOW), Step(SMS)], NOW) == Send(1)


def test_an_unknown_hand_over_is_looked_into_and_never_repeated_blindly() -> None:
    assert next_move([Step(SMS, Fate.HANDING, SOON), Step(EMAIL)], NOW) == Resolve(0)
    assert next_move([Step(SMS, Fate.HANDING, PAST), Step(EMAIL)], NOW) == Send(1)
    assert next_move([Step(SMS, Fate.HANDING, PAST)], NOW) == Resolve(0), "the last one is asked about on and on"


def test_a_late_report_of_an_earlier_channel_ends_the_cascade() -> None:
    assert next_move([Step(VIBER, Fate.DELIVERED, PAST), Step(SMS, Fate.SENT, SOON)], NOW) == End(State.DELIVERED)
    assert next_move([Step(VIBER, Fate.READ, PAST), Step(SMS, Fate.FAILED, SOON)], NOW) == End(State.READ)


def test_the_last_channel_may_stay_silent() -> None:
    """Mail reports nothing: that it was taken is all that will be known."""
    assert next_move([Step(EMAIL, Fate.SENT, PAST)], NOW) == End(State.SENT)
    assert next_move([Step(EMAIL, Fate.SENT, None)], NOW) == End(State.SENT)
    assert next_move([Step(EMAIL, Fate.FAILED, None)], NOW) == End(State.UNDELIVERED)
    assert next_move([], NOW) == End(State.UNDELIVERED)


STEPS = st.lists(
    st.builds(
        Step, st.sampled_from(Channel), st.none() | st.sampled_from(Fate), st.none() | st.sampled_from([PAST, SOON])
    ),
    max_size=3,
)


@given(STEPS)
def test_nothing_is_sent_twice_or_after_it_arrived(steps: list[Step]) -> None:
    move = next_move(steps, NOW)
    if isinstance(move, Send):
        assert not any(step.fate in ARRIVED for step in steps)
        assert all(steps[place].fate is None for place in range(move.place, len(steps)))
    if isinstance(move, Resolve):
        assert steps[move.place].fate is Fate.HANDING
    if isinstance(move, Wait):
        assert move.until > NOW
