"""Tiers of a family that shares its progress: a sum of everybody's facts, whoever comes and goes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.programme import Programme
from loyalty.tiers import Facts, Grant, changes, counted, stand, together
from loyalty.windows import TierWindow, WindowKind
from tests.makers.programme_files import znak_kachestva

NOW = datetime(2026, 3, 14, 9, tzinfo=UTC)
TODAY = NOW.date()
WINDOWS = (
    TierWindow(),
    TierWindow(WindowKind.ROLLING, days=30, grace_days=10),
    TierWindow(WindowKind.CALENDAR, from_month=4, grace_days=14),
)
days = st.dictionaries(
    st.integers(-400, 0).map(lambda back: TODAY + timedelta(days=back)), st.integers(1, 90_000_000), max_size=6
)
facts = days.map(lambda found: Facts(sum(found.values()), found))
households = st.lists(facts, min_size=1, max_size=5)
windows = st.sampled_from(WINDOWS)


def programme_with(window: TierWindow) -> Programme:
    return replace(znak_kachestva(), tier_window=window)


@given(windows, households)
def test_contributions_are_the_whole_of_what_counts(window: TierWindow, people: list[Facts]) -> None:
    """A-053: what each brings adds up to the sum that everybody's tier follows from, in every window."""
    programme = programme_with(window)
    shared = [together(one, people[:place] + people[place + 1 :]) for place, one in enumerate(people)]
    parts = sum(counted(programme, one, NOW) for one in people)
    assert {stand(programme, one, NOW).accumulated for one in shared} == {parts}
    assert len({stand(programme, one, NOW).tier.id for one in shared}) == 1


@given(windows, households)
def test_who_leaves_and_comes_back_is_counted_once(window: TierWindow, people: list[Facts]) -> None:
    """A-053: own facts stay own; leaving is the family without them, and coming back is as if nobody had left."""
    programme = programme_with(window)
    first, rest = people[0], people[1:]
    before = together(first, rest)
    alone = together(first, [])
    assert (alone.total, dict(alone.days)) == (first.total, dict(first.days))
    again = together(alone, rest)
    assert (again.total, dict(again.days)) == (before.total, dict(before.days))
    assert stand(programme, again, NOW) == stand(programme, before, NOW)
    assert [dict(one.days) for one in rest] == [dict(one.days) for one in people[1:]]


@given(windows, households)
def test_nobody_stands_lower_for_sharing(window: TierWindow, people: list[Facts]) -> None:
    """A-053: company lifts or leaves a tier as it is."""
    programme = programme_with(window)
    level = programme.tiers.index
    for place, one in enumerate(people):
        shared = together(one, people[:place] + people[place + 1 :])
        assert level(stand(programme, shared, NOW).tier) >= level(stand(programme, one, NOW).tier)


def test_a_grant_is_its_owners_alone() -> None:
    """A-053, A-067: a tier given by hand is not shared, and holds beside the family's."""
    programme = programme_with(TierWindow())
    granted = Facts(0, {}, Grant(programme.tiers[-1].id, NOW + timedelta(days=1)))
    other = Facts(programme.tiers[1].threshold)
    assert stand(programme, together(granted, [other]), NOW).tier is programme.tiers[-1]
    assert stand(programme, together(other, [granted]), NOW).tier is programme.tiers[1]


def test_a_change_tells_whether_time_brought_it() -> None:
    """C-08: at the first moment facts of others may have moved; at every later one it was time."""
    programme = programme_with(WINDOWS[1])
    bought = {date(2026, 3, 1): programme.tiers[1].threshold}
    found = changes(programme, Facts(0, bought), programme.tiers[0].id, NOW, NOW + timedelta(days=60))
    assert [(change.tier.id, change.by_time) for change in found] == [
        (programme.tiers[1].id, False),
        (programme.tiers[0].id, True),
    ]
