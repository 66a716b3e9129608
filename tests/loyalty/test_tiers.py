"""Tiers follow from sums: monotone, exact at the threshold, and nothing left at the top."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from loyalty.tiers import Progress, next_tier, progress, range_of, tier_at
from tests.makers.programme_files import znak_kachestva

SUMS = st.integers(0, 3_000_000_00)


@given(SUMS, SUMS)
def test_more_spend_never_lowers_a_tier(one: int, more: int) -> None:
    """A-066, I-23: and the order of facts does not matter: only their sum does."""
    programme = znak_kachestva()
    places = {tier.id: place for place, tier in enumerate(programme.tiers)}
    assert places[tier_at(programme, one).id] <= places[tier_at(programme, one + more).id]


@given(SUMS, st.integers(0, 3), st.integers(0, 100))
def test_a_lower_threshold_never_lowers_a_tier(accumulated: int, place: int, percent: int) -> None:
    """I-23: whatever one threshold comes down to, above the one before it, nobody stands lower than before."""
    programme = znak_kachestva()
    tiers = list(programme.tiers)
    floor = tiers[place - 1].threshold + 1 if place else 0
    lower = floor + (tiers[place].threshold - floor) * percent // 100 if place else 0
    tiers[place] = replace(tiers[place], threshold=min(tiers[place].threshold, lower))
    before, after = (
        one.tiers.index(tier_at(one, accumulated)) for one in (programme, replace(programme, tiers=tuple(tiers)))
    )
    assert after >= before


@given(SUMS)
def test_a_sum_lies_in_the_range_of_its_tier(accumulated: int) -> None:
    programme = znak_kachestva()
    low, high = range_of(programme, tier_at(programme, accumulated))
    assert low <= accumulated
    assert high is None or accumulated < high


@given(SUMS)
def test_spending_what_is_left_reaches_the_next_tier(accumulated: int) -> None:
    """A-054: the scale's target is exact to the kopeck."""
    programme = znak_kachestva()
    stands = progress(programme, accumulated)
    if stands.left is None:
        assert stands.tier is programme.tiers[-1]
        assert stands.next is None
        return
    assert stands.left > 0
    assert tier_at(programme, accumulated + stands.left) is stands.next
    assert tier_at(programme, accumulated + stands.left - 1) is stands.tier


def test_the_published_screen() -> None:
    """A-050, A-054: a Мечтатель with 10 726 ₽ on a scale to 100 000 ₽."""
    programme = znak_kachestva()
    dreamer, pioneer = programme.tiers[:2]
    assert progress(programme, 10_726_00) == Progress(dreamer, pioneer, 10_726_00, 89_274_00)


def test_the_top_has_no_next() -> None:
    programme = znak_kachestva()
    assert next_tier(programme, programme.tiers[-1]) is None
    assert range_of(programme, programme.tiers[-1]) == (1_000_000_00, None)
