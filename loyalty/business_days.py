"""Business dates: the local date of an instant where the receipt was made."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_MONTHS: Final = {
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def business_date(instant: datetime, time_zone: str) -> date:
    """The date on the wall of a place in `time_zone` at `instant`, which must know its own offset."""
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset names no moment")
    return instant.astimezone(ZoneInfo(time_zone)).date()


def tell_day(day: date, locale: str, *, today: date) -> str:
    """A day inside a sentence: `14 мая`, `14 May`; with its year where that is not today's. Spaces do not break."""
    month = _MONTHS["en" if locale == "en" else "ru"][day.month - 1]
    return "\u00a0".join([str(day.day), month, *([str(day.year)] if day.year != today.year else [])])
