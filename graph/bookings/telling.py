"""The engine's words in plain ones: conditions, meals, ways to pay, and why something came to nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from graph.bookings.words import WORDS
from graph.words import Locale, sentence
from integrations.bookings import Conditions
from loyalty.business_days import tell_day
from loyalty.money import print_money


def conditions_text(conditions: Conditions, zone: str, locale: Locale) -> str:
    """What leaving costs, in a sentence."""
    if conditions.penalty is None:
        return sentence("booking.always_free", locale)
    penalty = _roubles(conditions.penalty, locale)
    if conditions.free_until is None:
        return sentence("booking.never_free", locale, {"penalty": penalty})
    until = _local(conditions.free_until, zone, locale)
    return sentence("booking.free_until", locale, {"until": until, "penalty": penalty})


def meal_text(code: str, locale: Locale) -> str | None:
    """What a meal plan is called; None for one that we have no word for."""
    key = f"booking.meal.{code}"
    return sentence(key, locale) if key in WORDS else None


def way_text(method: str, locale: Locale) -> str:
    """What a way to pay is called."""
    key = f"booking.way.{method}"
    return sentence(key if key in WORDS else "booking.way.other", locale)


def fault_text(fault: str, locale: Locale) -> str:
    """Why a booking came to nothing, or still stands."""
    return sentence(f"booking.fault.{fault}", locale)


def _roubles(kopecks: int, locale: Locale) -> str:
    """«5 920 ₽» and «5,920 ₽», as the pages write sums; kopecks only where there are any."""
    whole, _, rest = print_money(kopecks).partition(".")
    told = f"{int(whole):,}" + ("" if rest == "00" else f".{rest}")
    if locale == "ru":
        told = told.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
    return f"{told}\N{NO-BREAK SPACE}₽"


def _local(at: datetime, zone: str, locale: Locale) -> str:
    local = at.astimezone(ZoneInfo(zone or "UTC"))
    return f"{tell_day(local.date(), locale, today=local.date())}, {local:%H:%M}"
