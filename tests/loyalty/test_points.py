"""Points: earned, spread and spent in whole numbers, exact to the last one, and alive until the end of a local day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from loyalty import points
from loyalty.points import (
    PointsLine,
    PointsTerms,
    Rounding,
    Unit,
    apply_points,
    form,
    is_new_phone,
    needs_yes,
    shares,
    spendable,
)
from loyalty.texts import Text

UNIT = Unit(Text("Баллы"), Text("балл"), Text("балла"), Text("баллов"))
TERMS = PointsTerms(
    unit=UNIT,
    worth=100,
    rounding=Rounding.DOWN,
    life_days=365,
    activation_days=14,
    hold_minutes=10,
    return_grace_days=0,
    tender_factors=(("GIFT_CARD", 0), ("INSTALMENT", 5000), ("MOBILE_TERMINAL", 8000)),
    earn_max_receipt=None,
    earn_max_day=None,
    balance_max=None,
    confirm_above=1000,
    confirm_share=3000,
)
MSK = "Europe/Moscow"

money = st.integers(0, 10**9)
rate = st.integers(0, 10_000)
lines = st.lists(st.builds(PointsLine, net=money, earns=rate, redeem_cap=rate), min_size=1, max_size=12)
terms = st.builds(
    lambda worth, rounding, factors: replace(TERMS, worth=worth, rounding=rounding, tender_factors=factors),
    st.sampled_from([1, 50, 100, 333]),
    st.sampled_from(Rounding),
    st.tuples(st.tuples(st.just("CARD"), rate), st.tuples(st.just("CASH"), rate)),
)


@given(st.integers(0, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
@example(1, [0, 1])
def test_shares_add_up_and_never_pass_their_weight(total: int, weights: list[int]) -> None:
    """INV-08: a sum of the receipt is spread so that its lines add up exactly."""
    whole = sum(weights)
    if not whole:
        total = 0
    spread = shares(total, weights)
    assert sum(spread) == total
    for part, weight in zip(spread, weights, strict=True):
        exact = Fraction(total * weight, whole) if whole else Fraction(0)
        assert abs(part - exact) < 1
        assert part <= weight or total > whole


@given(terms, lines, st.data())
def test_what_is_spent_stays_within_every_cap(terms: PointsTerms, lines: list[PointsLine], data: st.DataObject) -> None:
    """INV-09: points paid stay within the rule's cap and the net, line by line, and their worth is paid to the kopeck."""
    spent = data.draw(st.integers(0, spendable(terms, lines)))
    made = apply_points(terms, lines, spent=spent, tenders=None)
    assert sum(line.paid for line in made) == spent * terms.worth
    assert sum(line.spent for line in made) == spent
    for line, part in zip(lines, made, strict=True):
        assert 0 <= part.paid <= line.payable <= line.net
        assert part.spent >= 0
        assert part.earned >= 0


@given(terms, lines, st.data())
def test_a_receipt_earns_what_exact_fractions_say_rounded_once(
    terms: PointsTerms, lines: list[PointsLine], data: st.DataObject
) -> None:
    """A-214, A-215: every kind of payment earns by its own factor; what points paid earns nothing."""
    spent = data.draw(st.integers(0, spendable(terms, lines)))
    rest = sum(line.net for line in lines) - spent * terms.worth
    cash = data.draw(st.integers(0, rest))
    made = apply_points(terms, lines, spent=spent, tenders=[("CASH", cash), ("CARD", rest - cash)])
    counted = Fraction(cash * terms.factor("CASH") + (rest - cash) * terms.factor("CARD"), 10_000)
    exact = sum(
        (Fraction(line.net - part.paid, rest) * counted * Fraction(line.earns, 10_000) / terms.worth)
        for line, part in zip(lines, made, strict=True)
        if rest
    )
    rounded = int(exact) if terms.rounding is Rounding.DOWN else int(exact + Fraction(1, 2))
    assert sum(part.earned for part in made) == rounded
    assert all(part.earned == 0 for line, part in zip(lines, made, strict=True) if line.earns == 0)


@given(lines, st.integers(0, 100), st.integers(0, 100))
def test_the_limits_of_earning_hold(lines: list[PointsLine], receipt: int, room: int) -> None:
    """I-30."""
    made = apply_points(replace(TERMS, earn_max_receipt=receipt), lines, spent=0, tenders=None, room=room)
    free = apply_points(TERMS, lines, spent=0, tenders=None)
    assert sum(part.earned for part in made) == min(sum(part.earned for part in free), receipt, room)


def test_five_percent_of_what_was_paid_in_money() -> None:
    """E5 (10): a dinner of 1 000 ₽, 300 ₽ of it paid with points, earns 5 % of 700 ₽."""
    dinner = [PointsLine(net=100_000, earns=500, redeem_cap=3000)]
    assert spendable(TERMS, dinner) == 300
    (made,) = apply_points(TERMS, dinner, spent=300, tenders=[("CARD", 70_000)])
    assert (made.paid, made.spent, made.earned) == (30_000, 300, 35)


@pytest.mark.parametrize(
    ("kind", "earned"), [("CARD", 50), ("INSTALMENT", 25), ("MOBILE_TERMINAL", 40), ("GIFT_CARD", 0), ("POINTS", 0)]
)
def test_a_kind_of_payment_earns_by_its_factor(kind: str, earned: int) -> None:
    """A-214, A-215."""
    line = PointsLine(net=100_000, earns=500, redeem_cap=0)
    (made,) = apply_points(TERMS, [line], spent=0, tenders=[(kind, 100_000)])
    assert made.earned == earned


def test_halves_of_points_on_lines_are_not_lost_by_rounding_each() -> None:
    """Three lines that earn 0.9 each bring two points together, not none."""
    made = apply_points(TERMS, [PointsLine(1800, 500, 0)] * 3, spent=0, tenders=None)
    assert [part.earned for part in made] == [1, 1, 0]


def test_points_live_until_the_end_of_a_local_day() -> None:
    """E6 (4): earned on 1 March at 23:30 in Moscow, usable from the 15th, gone after 15 March of the next year."""
    lived = points.life(TERMS, datetime(2026, 3, 1, 20, 30, tzinfo=UTC), MSK)
    assert lived.activates_at == datetime(2026, 3, 14, 21, tzinfo=UTC)
    assert lived.expires_at == datetime(2027, 3, 15, 21, tzinfo=UTC)
    assert points.last_day(lived.expires_at, MSK) == date(2027, 3, 15)


def test_points_may_live_for_ever_and_at_once() -> None:
    lived = points.life(replace(TERMS, life_days=None, activation_days=0), datetime(2026, 3, 1, tzinfo=UTC), MSK)
    assert (lived.activates_at, lived.expires_at) == (None, None)


@given(
    st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    st.sampled_from([MSK, "Asia/Vladivostok", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia"]),
)
def test_the_last_day_is_the_day_that_was_meant(day: date, zone: str) -> None:
    """Also where clocks are put forward at midnight, so that a day has no 00:00. One day in Samoa never was."""
    assume(zone != "Pacific/Apia" or day not in {date(2011, 12, 29), date(2011, 12, 30)})
    assert points.last_day(points.day_ends(day, zone), zone) == day
    assert points.day_begins(day, zone).astimezone(ZoneInfo(zone)).date() == day


def test_large_spendings_ask_the_guest() -> None:
    """Security 3.6: above 1000 points, or 30 % of the balance, a day."""
    assert not needs_yes(TERMS, wanted=300, spent_today=0, balance=1000)
    assert needs_yes(TERMS, wanted=301, spent_today=0, balance=1000)
    assert needs_yes(TERMS, wanted=1, spent_today=300, balance=1000)
    assert needs_yes(TERMS, wanted=1001, spent_today=0, balance=10**6)
    assert not needs_yes(replace(TERMS, confirm_above=None, confirm_share=None), wanted=10**6, spent_today=0, balance=1)


def test_new_phones_ask_the_guest() -> None:
    """Security 3.6: paired less than 72 hours ago, and not the first; only where the programme says so."""
    now = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
    asking, hour = replace(TERMS, confirm_new_device_hours=72), timedelta(hours=1)
    assert is_new_phone(asking, paired_at=now, is_first=False, now=now)
    assert is_new_phone(asking, paired_at=now - 72 * hour + timedelta(microseconds=1), is_first=False, now=now)
    assert not is_new_phone(asking, paired_at=now - 72 * hour, is_first=False, now=now)
    assert not is_new_phone(asking, paired_at=now, is_first=True, now=now)
    assert is_new_phone(asking, paired_at=None, is_first=False, now=now)
    assert not is_new_phone(TERMS, paired_at=now, is_first=False, now=now)
    assert not is_new_phone(TERMS, paired_at=None, is_first=False, now=now)


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "баллов"),
        (1, "балл"),
        (2, "балла"),
        (5, "баллов"),
        (11, "баллов"),
        (12, "баллов"),
        (21, "балл"),
        (-3, "балла"),
    ],
)
def test_russian_counts_in_three_forms(number: int, word: str) -> None:
    assert form(UNIT, number).ru == word


@pytest.mark.parametrize(
    ("left", "whole", "ahead"),
    [
        (31, 99, None),
        (30, 99, 30),
        (8, 99, 30),
        (7, 99, 7),
        (2, 99, 7),
        (1, 99, 1),
        (0, 99, 1),
        (5, 6, None),
        (1, 6, 1),
    ],
)
def test_the_announcement_that_stands(left: int, whole: int, ahead: int | None) -> None:
    """C-13: the latest that has come, and none for points that were not there on its day."""
    assert points.announcement((30, 7, 1), left=left, whole=whole) == ahead
    assert points.announcement((), left=left, whole=whole) is None
