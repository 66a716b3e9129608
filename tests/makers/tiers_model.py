"""Tiers in time, naively: the member's life walked through day by day, every purchase added up anew each day."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from loyalty.windows import Fall, TierWindow, WindowKind


def reached(thresholds: Sequence[int], amount: int) -> int:
    """The place of the last threshold that a sum has reached."""
    return max(place for place, threshold in enumerate(thresholds) if threshold <= amount)


def supported(window: TierWindow, thresholds: Sequence[int], days: Mapping[date, int], on: date) -> int:
    """The level that the purchases of the window's stretch reach on a day, counted by hand."""
    if window.kind is WindowKind.CALENDAR:
        begin = date(on.year if on.month >= window.from_month else on.year - 1, window.from_month, 1)
        return reached(thresholds, sum(amount for day, amount in days.items() if begin <= day <= on))
    return reached(thresholds, sum(amount for day, amount in days.items() if day <= on and counts(window, day, on)))


def counts(window: TierWindow, day: date, on: date) -> bool:
    """Whether a purchase of a day counts on another one."""
    if window.days is not None:
        return (on - day).days < window.days
    months = (on.year - day.year) * 12 + on.month - day.month
    last = (date(on.year + on.month // 12, on.month % 12 + 1, 1) - timedelta(days=1)).day
    return months < (window.months or 0) or (months == window.months and on.day < min(day.day, last))


def walked(
    window: TierWindow, thresholds: Sequence[int], days: Mapping[date, int], first: date, number_of_days: int
) -> list[int]:
    """The level of every day, by living through them one after the other."""
    levels, held, missed = [], 0, 0
    supports: list[int] = []
    for number in range(number_of_days):
        on = first + timedelta(days=number)
        supports.append(supported(window, thresholds, days, on))
        if window.kind is WindowKind.CALENDAR:
            held = max(held, supports[-1])
            begin = on - timedelta(days=window.grace_days)
            if (begin.month, begin.day) == (window.from_month, 1):
                before = supported(window, thresholds, days, begin - timedelta(days=1))
                least = max(supports[-1], before)
                held = least if window.fall is Fall.TO_FACTS else max(held - 1, least)
        elif window.fall is Fall.TO_FACTS:
            held = max(supports[-window.grace_days - 1 :])
        elif supports[-1] >= held:
            held, missed = supports[-1], 0
        else:
            missed += 1
            if missed > window.grace_days:
                held, missed = max(held - 1, supports[-1]), 1
                missed = 0 if held == supports[-1] else missed
        levels.append(held)
    return levels


def outlived(
    window: TierWindow,
    thresholds: Sequence[int],
    bought: Mapping[date, int],
    returns: Sequence[tuple[date, date, int]],
    *,
    first: date,
    number_of_days: int,
) -> list[int]:
    """The level of every day where a tier outlives returns: the life as it was, and beside it, from the day of each
    return (purchase, return, amount), the life in which nothing was bought or returned from that day on.
    """

    def lived(before: date) -> list[int]:
        days = {day: amount for day, amount in bought.items() if day < before}
        for day, back, amount in returns:
            if day < before and back < before:
                days[day] -= amount
        return walked(window, thresholds, days, first, number_of_days)

    levels = lived(date.max)
    for begins in {back for _, back, _ in returns}:
        start = (begins - first).days
        for place, level in enumerate(lived(begins)):
            if place >= start:
                levels[place] = max(levels[place], level)
    return levels
