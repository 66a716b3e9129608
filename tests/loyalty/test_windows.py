"""Windows that end, against a model that walks from day to day: nothing but the days of purchases decides."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loyalty.points import day_begins
from loyalty.tiers import Facts, Grant, changes, counted, holds_of, level_at, stand, with_purchase
from loyalty.windows import Fall, TierWindow, WindowKind
from tests.makers.tiers_model import walked
from tests.makers.windows import DAY, DAYS, FACTS, FIRST, THRESHOLDS, WINDOWS, in_window


@given(WINDOWS, FACTS)
def test_the_rule_is_the_life_day_by_day(window: TierWindow, days: dict[date, int]) -> None:
    """INV-11, C-08: the level of any day follows from the days of purchases alone."""
    programme = in_window(window)
    holds = holds_of(programme, Facts(sum(days.values()), days))
    levels = walked(window, THRESHOLDS, days, FIRST, DAYS)
    noon = timedelta(hours=12)
    found = [
        level_at(holds, day_begins(FIRST + timedelta(days=number), "Europe/Moscow") + noon) for number in range(DAYS)
    ]
    assert found == levels


@given(WINDOWS, FACTS, DAY)
def test_what_is_read_is_enough(window: TierWindow, days: dict[date, int], on: date) -> None:
    """Rows older than the oldest day that may be felt change nothing."""
    programme, now = in_window(window), day_begins(on, "Europe/Moscow") + timedelta(hours=9)
    oldest = window.oldest_day(on, len(THRESHOLDS))
    read = {day: amount for day, amount in days.items() if day >= oldest}
    assert stand(programme, Facts(sum(days.values()), read), now) == stand(
        programme, Facts(sum(days.values()), days), now
    )


@given(WINDOWS, FACTS, DAY)
def test_a_tier_holds_until_the_moment_that_is_told(window: TierWindow, days: dict[date, int], on: date) -> None:
    """C-08: the moment the clock is told is the moment it changes, and not a microsecond before."""
    programme, now = in_window(window), day_begins(on, "Europe/Moscow") + timedelta(hours=9)
    facts = Facts(sum(days.values()), days)
    standing = stand(programme, facts, now)
    if standing.changes_at is None:
        assert changes(programme, facts, standing.tier.id, now, now + timedelta(days=3 * DAYS)) == []
        return
    before = stand(programme, facts, standing.changes_at - timedelta(microseconds=1))
    assert before.tier is standing.tier
    assert stand(programme, facts, standing.changes_at).tier is not standing.tier
    (change,) = changes(programme, facts, standing.tier.id, now, standing.changes_at)
    assert change.at == standing.changes_at


@given(WINDOWS, FACTS, DAY, st.none() | st.integers(1, 400))
def test_what_keeps_a_tier_keeps_it_and_a_kopeck_less_does_not(
    window: TierWindow, days: dict[date, int], on: date, granted: int | None
) -> None:
    """The cabinet's sentence: so much more by that day, and the tier holds beyond its end."""
    programme, now = in_window(window), day_begins(on, "Europe/Moscow") + timedelta(hours=9)
    days = {day: amount for day, amount in days.items() if day <= on}
    grant = None if granted is None else Grant("t2", day_begins(on + timedelta(days=granted), "Europe/Moscow"))
    facts = Facts(sum(days.values()), days, grant)
    standing = stand(programme, facts, now)
    assume(standing.keep is not None and standing.until is not None)
    assert standing.keep is not None
    assert standing.until is not None
    place = programme.tiers.index(standing.tier)
    left, last = standing.keep.left, day_begins(standing.keep.by, "Europe/Moscow") + timedelta(hours=10)
    for at in (now, last):
        assert level_at(holds_of(programme, with_purchase(programme, facts, at, left)), standing.until) >= place
    assert level_at(holds_of(programme, with_purchase(programme, facts, last, left - 1)), standing.until) < place


@given(WINDOWS, FACTS, DAY, st.integers(0, 3), st.integers(1, 300))
def test_a_grant_never_lowers(window: TierWindow, days: dict[date, int], on: date, level: int, life: int) -> None:
    programme, now = in_window(window), day_begins(on, "Europe/Moscow") + timedelta(hours=9)
    without = stand(programme, Facts(0, days), now)
    grant = Grant(f"t{level}", now + timedelta(days=life))
    granted = stand(programme, Facts(0, days, grant), now)
    assert granted.tier.threshold == max(without.tier.threshold, THRESHOLDS[level])
    assert granted.is_granted == (THRESHOLDS[level] > without.tier.threshold)
    assert stand(programme, Facts(0, days, grant), grant.until) == stand(programme, Facts(0, days), grant.until)


def test_a_year_in_words() -> None:
    """Reached in November, held through the next year, and lost with its grace, one step at a time."""
    window = TierWindow(WindowKind.CALENDAR, grace_days=14, fall=Fall.ONE_STEP)
    programme = in_window(window)
    facts = Facts(5_000_00, {date(2024, 11, 20): 5_000_00})
    levels = [
        (moment, level_at(holds_of(programme, facts), day_begins(moment, "Europe/Moscow")))
        for moment in (date(2024, 11, 19), date(2024, 11, 20), date(2026, 1, 14), date(2026, 1, 15), date(2027, 1, 15))
    ]
    assert [level for _, level in levels] == [0, 3, 3, 2, 1]
    standing = stand(programme, facts, datetime(2025, 6, 1, tzinfo=UTC))
    assert standing.until == day_begins(date(2026, 1, 15), "Europe/Moscow")
    assert standing.keep is not None
    assert (standing.keep.left, standing.keep.by) == (5_000_00, date(2025, 12, 31))
    assert counted(programme, facts, datetime(2025, 6, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize(
    ("day", "months", "gone"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 15)),
        (date(2024, 5, 1), 24, date(2026, 5, 1)),
    ],
)
def test_months_of_any_length(day: date, months: int, gone: date) -> None:
    assert TierWindow(WindowKind.ROLLING, months=months).counts_until(day) == gone
