"""The words before a tier ends: until when it holds, and what keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from loyalty.business_days import tell_day
from loyalty.money import tell_money
from loyalty.programme import Programme, Tier
from loyalty.tiers import Keep
from services.messages.writing import Written

# The hour is told where the owner's day is not over when the tier ends: the programme's midnight is not theirs.
UNTIL: Final[Mapping[str, tuple[str, str]]] = {
    "ru": ("{programme}: уровень «{tier}» — по {day}.", "{programme}: уровень «{tier}» — до {hour} {day}."),
    "en": ("{programme}: {tier} holds through {day}.", "{programme}: {tier} holds until {hour} on {day}."),
}
KEEP: Final[Mapping[str, str]] = {
    "ru": " Чтобы сохранить его, ещё {left} по {by}.",
    "en": " To keep it, spend {left} more by {by}.",
}
THEN: Final[Mapping[str, str]] = {"ru": " Потом — «{then}».", "en": " After that, {then}."}
SUBJECT: Final[Mapping[str, str]] = {"ru": "Уровень «{tier}» — по {day}", "en": "{tier} holds through {day}"}


@dataclass(frozen=True, slots=True)
class Ending:
    """A tier with its end: the last local day of its owner, the end itself by the owner's clock, what comes after it."""

    tier: Tier
    day: date
    ends: datetime
    then: Tier
    keep: Keep | None


def words(ending: Ending, programme: Programme, locale: str, now: datetime) -> Written:
    """The announcement in its reader's language."""
    locale = "en" if locale == "en" else "ru"
    today = now.astimezone(ending.ends.tzinfo).date()
    facts = {
        "programme": programme.name.in_locale(locale),
        "tier": ending.tier.name.in_locale(locale),
        "then": ending.then.name.in_locale(locale),
        "day": tell_day(ending.day, locale, today=today),
        "hour": f"{ending.ends:%H:%M}",
    }
    parts = [UNTIL[locale][0 if ending.ends.time() == time.min else 1]]
    if ending.keep is None:
        parts.append(THEN[locale])
    else:
        parts.append(KEEP[locale])
        facts |= {"left": tell_money(ending.keep.left, locale), "by": tell_day(ending.keep.by, locale, today=today)}
    return Written("".join(parts).format_map(facts), SUBJECT[locale].format_map(facts))
