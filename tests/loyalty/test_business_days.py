"""The business date is that of the outlet's own wall."""

from datetime import UTC, date, datetime

import pytest

from loyalty.business_days import business_date


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Moscow", date(2026, 11, 23)),
        ("Europe/Kaliningrad", date(2026, 11, 22)),
        ("Asia/Vladivostok", date(2026, 11, 23)),
    ],
)
def test_midnight_differs_by_zone(zone: str, expected: date) -> None:
    assert business_date(datetime(2026, 11, 22, 21, 30, tzinfo=UTC), zone) == expected


def test_an_instant_without_an_offset_is_a_fault() -> None:
    with pytest.raises(ValueError, match="offset"):
        business_date(datetime.fromisoformat("2026-11-22T00:00"), "Europe/Moscow")
