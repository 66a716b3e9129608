"""The words of an announcement: how much ends and until when it can be used, short enough for one part of a text message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from loyalty.business_days import tell_day
from loyalty.points import form
from loyalty.programme import Programme
from services.messages.writing import Written

# The hour is told where the owner's day is not over when the points end: the programme's midnight is not theirs.
TEXT: Final[Mapping[str, tuple[str, str, str, str]]] = {
    "ru": (
        "{programme}: {points}, последний день — {day}.",
        "{programme}: {points}, до {hour} {day}.",
        "{programme}: {points} в семейном счёте, последний день — {day}.",
        "{programme}: {points} в семейном счёте, до {hour} {day}.",
    ),
    "en": (
        "{programme}: {points}, last day {day}.",
        "{programme}: {points}, until {hour} on {day}.",
        "{programme}: {points} in the family account, last day {day}.",
        "{programme}: {points} in the family account, until {hour} on {day}.",
    ),
}
SUBJECT: Final[Mapping[str, str]] = {"ru": "{points}: последний день — {day}", "en": "{points}: last day {day}"}


@dataclass(frozen=True, slots=True)
class Ending:
    """Points that end together: how many, the last local day, and the end itself by its owner's clock.

    `shared` are those that the owner gave to a family's pool.
    """

    points: int
    day: date
    ends: datetime
    shared: bool = False


def words(ending: Ending, programme: Programme, locale: str, now: datetime) -> Written:
    """The announcement in its reader's language."""
    assert programme.points is not None  # noqa: S101 - nothing ends where there are no points
    locale = "en" if locale == "en" else "ru"
    number = f"{ending.points:,}".replace(",", "," if locale == "en" else "\u00a0")
    facts = {
        "programme": programme.name.in_locale(locale),
        "points": f"{number}\u00a0{form(programme.points.unit, ending.points).in_locale(locale)}",
        "day": tell_day(ending.day, locale, today=now.astimezone(ending.ends.tzinfo).date()),
        "hour": f"{ending.ends:%H:%M}",
    }
    place = 2 * ending.shared + (ending.ends.time() != time.min)
    return Written(TEXT[locale][place].format_map(facts), SUBJECT[locale].format_map(facts))
