"""Tiers that outlive a return to the end they had, against lives that are walked through from day to day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from loyalty.points import day_begins
from loyalty.programme_file.stored import digest, from_data, to_data
from loyalty.tiers import Facts, holds_of, level_at, stand, with_purchase
from loyalty.windows import AfterRefund, Return, TierWindow, WindowKind
from tests.makers.tiers_model import outlived
from tests.makers.windows import DAY, DAYS, FACTS, FIRST, THRESHOLDS, WINDOWS, in_window

ZONE = "Europe/Moscow"
KEPT = WINDOWS.map(lambda window: replace(window, after_refund=AfterRefund.PERIOD_END))
YEAR = TierWindow(WindowKind.CALENDAR, after_refund=AfterRefund.PERIOD_END)
Back = tuple[int, int, int]
# Which purchase, how many days after it, and how many percent of it.
BACK = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 500), st.integers(1, 60)), max_size=5)


def returns_of(bought: Mapping[date, int], wanted: list[Back]) -> list[tuple[date, date, int]]:
    """(purchase, return, amount): never more than was bought."""
    left, made = dict(bought), []
    for place, after, percent in wanted:
        if bought:
            day = sorted(bought)[place % len(bought)]
            amount = min(left[day], bought[day] * percent // 100)
            left[day] -= amount
            made.append((day, day + timedelta(days=after), amount))
    return [one for one in made if one[2]]


def facts_of(bought: Mapping[date, int], returns: list[tuple[date, date, int]]) -> Facts:
    """The facts as they are read: days net of what came back."""
    net = dict(bought)
    for day, _, amount in returns:
        net[day] -= amount
    return Facts(sum(net.values()), net, None, [Return(*one) for one in returns])


def noon(day: date) -> datetime:
    return day_begins(day, ZONE) + timedelta(hours=12)


@given(KEPT, FACTS, BACK)
def test_the_rule_is_the_life_day_by_day(window: TierWindow, bought: dict[date, int], wanted: list[Back]) -> None:
    """INV-11, I-20: what a return takes is felt when the tier would have ended, and by no other day."""
    returns = returns_of(bought, wanted)
    holds = holds_of(in_window(window), facts_of(bought, returns))
    found = [level_at(holds, noon(FIRST + timedelta(days=number))) for number in range(DAYS)]
    assert found == outlived(window, THRESHOLDS, bought, returns, first=FIRST, number_of_days=DAYS)


@given(KEPT, FACTS, BACK, DAY)
def test_what_is_read_is_enough(window: TierWindow, bought: dict[date, int], wanted: list[Back], on: date) -> None:
    """Purchases older than the oldest day that may be felt change nothing, nor does what came back of them."""
    programme, returns = in_window(window), [one for one in returns_of(bought, wanted) if one[1] <= on]
    oldest = window.oldest_day(on, len(THRESHOLDS))
    whole = facts_of(bought, returns)
    read = replace(
        whole,
        days={day: amount for day, amount in whole.days.items() if day >= oldest},
        returns=[one for one in whole.returns if one.bought >= oldest],
    )
    assert stand(programme, read, noon(on)) == stand(programme, whole, noon(on))


@given(KEPT, FACTS, BACK, DAY)
def test_what_keeps_a_tier_keeps_it_and_a_kopeck_less_does_not(
    window: TierWindow, bought: dict[date, int], wanted: list[Back], on: date
) -> None:
    """The cabinet's sentence holds after a return too."""
    programme = in_window(window)
    bought = {day: amount for day, amount in bought.items() if day <= on}
    facts = facts_of(bought, [one for one in returns_of(bought, wanted) if one[1] <= on])
    standing = stand(programme, facts, noon(on))
    assume(standing.keep is not None and standing.until is not None)
    assert standing.keep is not None
    assert standing.until is not None
    place = programme.tiers.index(standing.tier)
    left, last = standing.keep.left, noon(standing.keep.by)
    for at in (noon(on), last):
        assert level_at(holds_of(programme, with_purchase(programme, facts, at, left)), standing.until) >= place
    assert level_at(holds_of(programme, with_purchase(programme, facts, last, left - 1)), standing.until) < place


@given(KEPT, FACTS, BACK, DAY)
def test_a_return_never_raises_and_at_once_never_holds_more(
    window: TierWindow, bought: dict[date, int], wanted: list[Back], on: date
) -> None:
    """I-20: between the tier without the return and the tier of a programme that feels it at once."""
    facts = facts_of(bought, returns_of(bought, wanted))
    at_once = in_window(replace(window, after_refund=AfterRefund.AT_ONCE))
    never, kept = Facts(sum(bought.values()), bought), in_window(window)
    level = level_at(holds_of(kept, facts), noon(on))
    assert level_at(holds_of(at_once, facts), noon(on)) <= level <= level_at(holds_of(kept, never), noon(on))


def test_a_year_in_words() -> None:
    """Reached in 2025, returned in 2026: kept to the end of 2026. Bought and returned on one day: nothing is kept."""
    programme = in_window(YEAR)
    returned = facts_of({date(2025, 5, 2): 5_000_00}, [(date(2025, 5, 2), date(2026, 2, 1), 4_500_00)])
    standing = stand(programme, returned, datetime(2026, 2, 1, 9, tzinfo=UTC))
    assert (standing.tier.id, standing.until) == ("t3", day_begins(date(2027, 1, 1), ZONE))
    assert stand(programme, returned, day_begins(date(2027, 1, 1), ZONE)).tier.id == "t0"
    same_day = facts_of({date(2025, 5, 2): 5_000_00}, [(date(2025, 5, 2), date(2025, 5, 2), 4_500_00)])
    assert stand(programme, same_day, datetime(2025, 5, 2, 20, tzinfo=UTC)).tier.id == "t0"
    # What came back helps to reach nothing: five hundred are left, and five hundred more are a thousand.
    more = with_purchase(programme, returned, datetime(2026, 3, 1, 9, tzinfo=UTC), 999_99)
    assert stand(programme, more, day_begins(date(2027, 1, 1), ZONE)).tier.id == "t0"


def test_it_is_kept_with_its_version_and_old_content_keeps_its_digest() -> None:
    window = TierWindow(WindowKind.ROLLING, months=12)
    old, new = to_data(in_window(window)), to_data(in_window(replace(window, after_refund=AfterRefund.PERIOD_END)))
    assert set(old["tier_window"]) == {"kind", "days", "months", "from_month", "grace_days", "fall"}
    assert digest(old) != digest(new)
    ahead = replace(window, after_refund=AfterRefund.PERIOD_END, announce_days=(30, 7))
    assert from_data(to_data(in_window(ahead)), 1).tier_window == ahead
