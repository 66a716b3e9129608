"""Points moved by hand: what a day bounds, and what a second person is asked about."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.goodwill import GoodwillTerms, Moved, Verdict, judged, left

TERMS = GoodwillTerms(day=500, approve_above=100, operator_day=300)
points = st.integers(-600, 600).filter(bool)


def test_a_bound_is_what_may_still_be_moved() -> None:
    """A-102, E2: one more than `approve_above` waits, one more than `day` is refused; given and taken alike."""
    for sign in (1, -1):
        assert judged(TERMS, sign * 100, Moved()) is Verdict.AT_ONCE
        assert judged(TERMS, sign * 101, Moved()) is Verdict.WAITS
        assert judged(TERMS, sign * 500, Moved(), seconded=True) is Verdict.AT_ONCE
        assert judged(TERMS, sign * 501, Moved(), seconded=True) is Verdict.TOO_MUCH
    assert judged(TERMS, 1, Moved(member=100, member_alone=100)) is Verdict.WAITS
    assert judged(TERMS, 100, Moved(member=400, member_alone=0)) is Verdict.AT_ONCE
    assert judged(TERMS, 101, Moved(member=400)) is Verdict.TOO_MUCH
    assert judged(TERMS, 1, Moved(operator_alone=300)) is Verdict.WAITS
    assert judged(GoodwillTerms(500, 100), 1, Moved(operator_alone=10_000)) is Verdict.AT_ONCE
    assert judged(GoodwillTerms(500, 0), 1, Moved()) is Verdict.WAITS


@given(st.lists(st.tuples(points, st.booleans()), max_size=20))
def test_in_parts_nobody_moves_more_than_in_one(wishes: list[tuple[int, bool]]) -> None:
    """A-102: however a day is cut up, alone no more than `approve_above`, with others no more than `day`."""
    given_, alone = 0, 0
    for wish, seconded in wishes:
        size, room = abs(wish), left(TERMS, Moved(given_))
        verdict = judged(TERMS, wish, Moved(given_, alone, alone), seconded=seconded)
        if verdict is Verdict.AT_ONCE:
            given_ += size
            alone += 0 if seconded else size
        assert (verdict is Verdict.TOO_MUCH) == (size > room)
        assert alone <= TERMS.approve_above
        assert given_ <= TERMS.day
