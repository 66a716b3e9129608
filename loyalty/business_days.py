"""Business dates: the local date of an instant where the receipt was made."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def business_date(instant: datetime, time_zone: str) -> date:
    """The date on the wall of a place in `time_zone` at `instant`, which must know its own offset."""
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset names no moment")
    return instant.astimezone(ZoneInfo(time_zone)).date()
