"""What of a booking's rules is arithmetic: who takes the money, and what of it comes back (A-057)."""

from datetime import timedelta

import pytest

from loyalty.bookings import HotelTerms, StayCounts, StayPayment, comes_back
from loyalty.payments import pause
from loyalty.programme_file.booking import booking_data, read_booking_data


@pytest.mark.parametrize(
    ("paid", "penalty", "back"), [(100, None, 100), (100, 0, 100), (100, 40, 60), (100, 100, 0), (95, 100, 0)]
)
def test_all_but_the_penalty_comes_back(paid: int, penalty: int | None, back: int) -> None:
    assert comes_back(paid, penalty) == back


@pytest.mark.parametrize("payment", StayPayment)
def test_who_takes_the_money_is_kept_with_a_version_and_the_default_is_not_written(payment: StayPayment) -> None:
    terms = HotelTerms("7", "desk", "stay", StayCounts.DEPARTURE, 5, payment=payment)
    kept = booking_data(terms)
    assert ("payment" in kept["booking"]) == (payment is StayPayment.ONLINE)
    assert read_booking_data(kept) == terms


def test_what_waits_is_looked_at_ever_more_seldom() -> None:
    assert [pause(timedelta(seconds=age)).total_seconds() for age in (0, 20, 60, 3600, 86400)] == [5, 5, 15, 600, 600]
