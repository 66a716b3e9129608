"""How a stay stands by what was told of it, as a rule without a database (A-056; security.md 6.4)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from loyalty.bookings import BookingState, HotelTerms, StayCounts
from loyalty.stays import TURNED, StayEvent, StayStands, StayTold, happened, turned

IN, OUT, NOT_IN, NOT_OUT = StayEvent.CHECK_IN, StayEvent.CHECK_OUT, StayEvent.NOT_IN, StayEvent.NOT_OUT
ARRIVES = datetime(2026, 3, 13, tzinfo=UTC)
LATER = ARRIVES + timedelta(days=30)
TERMS = HotelTerms("41007", "desk", "stay", StayCounts.CHECK_OUT, delay_days=5)
BOOKED = StayStands(BookingState.CONFIRMED)


def story(*events: StayEvent) -> list[StayTold]:
    """What happened at the desk, an hour between each. Ids fall while the clock rises: it is the clock that counts."""
    at = ARRIVES + timedelta(hours=15)
    return [StayTold(at + timedelta(hours=n), 99 - n, one) for n, one in enumerate(events)]


def after(
    told: Sequence[StayTold], stay: StayStands = BOOKED, now: datetime = LATER, terms: HotelTerms | None = TERMS
) -> StayStands:
    """How a stay stands once it was brought to what was told."""
    return turned(stay, told, begins=ARRIVES, terms=terms, now=now) or stay


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], BookingState.CONFIRMED),
        ([IN], BookingState.CHECKED_IN),
        ([IN, NOT_IN], BookingState.CONFIRMED),
        ([IN, NOT_IN, IN], BookingState.CHECKED_IN),
        ([IN, NOT_IN, IN, OUT], BookingState.CHECKED_OUT),
        ([IN, NOT_IN, IN, OUT, NOT_OUT], BookingState.CHECKED_IN),
        ([IN, NOT_IN, IN, OUT, NOT_OUT, OUT], BookingState.CHECKED_OUT),
    ],
)
def test_in_every_order_it_stands_as_it_ended_at_the_desk(events: list[StayEvent], state: BookingState) -> None:
    """All orders of up to six events, told at once and told one after the other as they come, some of them twice."""
    told = story(*events)
    left = told[-1].at if state is BookingState.CHECKED_OUT else None
    ended = StayStands(state, left, None if left is None else left + timedelta(days=5))
    for order in permutations(told):
        assert after(order) == ended
        assert after([*order, *order]) == ended
        stay, heard = BOOKED, list[StayTold]()
        for one in order:
            heard.append(one)
            stay = after(heard, stay)
        assert stay == ended


def test_the_newest_alone_decides_whatever_was_lost() -> None:
    """Any of a story's events may never have come: how it ended is said by the last one that did."""
    told = story(IN, NOT_IN, IN, OUT, NOT_OUT, OUT)
    for lost in range(2 ** len(told)):
        heard = [one for place, one in enumerate(told) if not lost >> place & 1]
        if heard:
            assert after(heard) == after(heard[-1:])


def test_an_event_that_was_held_up_undoes_nothing() -> None:
    told = story(IN, OUT)
    out = after(told)
    assert turned(out, [*told, *story(IN)], begins=ARRIVES, terms=TERMS, now=LATER) is None


def test_within_one_moment_they_happened_as_they_came() -> None:
    """The vendor's clock has seconds: our ids grow in the order of its array."""
    at = ARRIVES + timedelta(hours=12)
    for first, second in ((OUT, NOT_OUT), (NOT_OUT, OUT), (IN, NOT_IN)):
        told = [StayTold(at, 1, first), StayTold(at, 2, second)]
        assert after(told) == after(told[::-1]) == after(told[1:])


@pytest.mark.parametrize("state", sorted(set(BookingState) - TURNED))
@pytest.mark.parametrize("event", StayEvent)
def test_where_nobody_stays_no_word_of_a_hotel_turns_it(state: BookingState, event: StayEvent) -> None:
    """What was cancelled stays so, and what was counted is a purchase."""
    assert turned(StayStands(state), story(event), begins=ARRIVES, terms=TERMS, now=LATER) is None


def test_who_was_given_up_and_came_all_the_same_stays() -> None:
    """A no-show ends with a check-in or a check-out; a check-in taken back says what a no-show says."""
    absent = StayStands(BookingState.NO_SHOW)
    assert after(story(IN), absent).state is BookingState.CHECKED_IN
    assert after(story(OUT), absent).state is BookingState.CHECKED_OUT
    assert after(story(IN, NOT_IN), absent) is absent


def test_a_guest_leaves_within_the_stay_and_the_past() -> None:
    """Not before the first day begins, not after now; without terms nothing is counted."""
    early = [StayTold(ARRIVES - timedelta(days=3), 1, OUT)]
    assert after(early) == StayStands(BookingState.CHECKED_OUT, ARRIVES, ARRIVES + timedelta(days=5))
    now = ARRIVES + timedelta(days=1)
    soon = [StayTold(now + timedelta(minutes=30), 1, OUT)]
    assert after(soon, now=now).left_at == now
    assert after(early, terms=None) == StayStands(BookingState.CHECKED_OUT, ARRIVES)


def test_a_clock_that_cannot_be_right_is_not_believed() -> None:
    """An hour of error is one; a moment before the booking or behind the message is none, nor is a moment that is missing."""
    booked, received = ARRIVES, ARRIVES + timedelta(days=2)
    hour, moment = timedelta(hours=1), timedelta(microseconds=1)
    for told in (booked - hour, booked, received, received + hour):
        assert happened(told, received, booked) == told
    for wrong in (booked - hour - moment, received + hour + moment, datetime(2009, 1, 1, tzinfo=UTC), None):
        assert happened(wrong, received, booked) == received
