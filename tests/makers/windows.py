"""Programmes whose tiers end, and any facts of a member of theirs."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from loyalty.programme import Programme
from loyalty.windows import Fall, TierWindow, WindowKind
from tests.makers.programme_files import SMALL, compiled

THRESHOLDS = (0, 1_000_00, 2_000_00, 5_000_00)
FIRST, DAYS = date(2024, 2, 1), 1600
LATER = 1200
TIERS = "".join(
    f"  - {{id: t{place}, name: Т{place}, threshold: {sum_ // 100}}}\n" for place, sum_ in enumerate(THRESHOLDS)
)


@cache
def plain() -> Programme:
    """A programme of four tiers."""
    rows = "{" + ", ".join(f"t{place}: 0" for place in range(len(THRESHOLDS))) + "}"
    text = SMALL.replace(
        "  - {id: first, name: Первый, threshold: 0}\n  - {id: second, name: Второй, threshold: 1000}\n", TIERS
    )
    return compiled(text.replace("{first: 0, second: 7.5}", rows))


def in_window(window: TierWindow) -> Programme:
    """The same with another window."""
    return replace(plain(), tier_window=window)


DAY = st.integers(0, LATER).map(lambda number: FIRST + timedelta(days=number))
FACTS = st.dictionaries(DAY, st.sampled_from([1, 400_00, 999_99, 1_000_00, 1_500_00, 6_000_00]), max_size=8)
GRACE = st.sampled_from([0, 1, 30, 90])
ROLLING = st.one_of(
    st.builds(TierWindow, st.just(WindowKind.ROLLING), days=st.sampled_from([1, 30, 365]), grace_days=GRACE),
    st.builds(TierWindow, st.just(WindowKind.ROLLING), months=st.sampled_from([1, 6, 12]), grace_days=GRACE),
).flatmap(lambda one: st.sampled_from([one, replace(one, fall=Fall.ONE_STEP)] if one.grace_days else [one]))
CALENDAR = st.builds(
    TierWindow,
    st.just(WindowKind.CALENDAR),
    from_month=st.integers(1, 12),
    grace_days=GRACE,
    fall=st.sampled_from(Fall),
)
WINDOWS = st.one_of(ROLLING, CALENDAR)
