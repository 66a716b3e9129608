"""Some days of the month that `make month` plays: a fifth of everything fails, and at the end both sides agree."""

from datetime import UTC, datetime

from tests.month.playing import Wish, play_month

BEGINS = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)


async def test_a_few_days_of_hotels_and_restaurants_end_equal(db: None) -> None:
    """A-028, A-087, security.md 5: three hotels, four restaurants, faults of every kind; no kopeck differs at the end."""
    tally = await play_month(BEGINS, Wish(days=2, orders=40, bookings=10, guests=8, seed=7), lambda _: None)
    assert tally.differing == ()
    assert tally.orders >= 30
    assert tally.stays >= 4
    assert tally.counted["webhooks lost"]
    assert tally.counted["plugin died"]
