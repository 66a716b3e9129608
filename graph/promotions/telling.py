"""The facts of a campaign's reasons in the reader's words, by the version that gave them."""

from functools import lru_cache
from typing import Final

from graph.words import Locale, sentence
from loyalty.money import PERCENT_WHOLE, print_percent, print_quantity, tell_money
from loyalty.points import form
from loyalty.programme import Programme
from loyalty.promotions.campaigns import Conditions, Weekday
from loyalty.reasons import Reason, ReasonCode

SENTENCES_MAX: Final = 1024
DAYS: Final[dict[Weekday, tuple[str, str]]] = {
    Weekday.MON: ("пн", "Mon"),
    Weekday.TUE: ("вт", "Tue"),
    Weekday.WED: ("ср", "Wed"),
    Weekday.THU: ("чт", "Thu"),
    Weekday.FRI: ("пт", "Fri"),
    Weekday.SAT: ("сб", "Sat"),
    Weekday.SUN: ("вс", "Sun"),
}


def campaign_facts(reason: Reason, programme: Programme, locale: Locale) -> dict[str, str | int]:
    """What fills the places of a sentence about a campaign; nothing for other reasons."""
    promotions = programme.promotions
    if promotions is None or reason.campaign is None:
        return {}
    campaign = promotions.by_id[reason.campaign]
    facts: dict[str, str | int] = {"campaign": campaign.name.in_locale(locale)}
    if reason.other is not None:
        facts["other"] = promotions.by_id[reason.other].name.in_locale(locale)
    if reason.count is not None:
        facts["count"] = reason.count
        facts["quantity"] = print_quantity(reason.count)
        facts["points"] = told_points(reason.count, programme, locale)
    if reason.code is ReasonCode.CAMPAIGN_TIMES and reason.basis_points is not None:
        facts["times"] = told_times(reason.basis_points, locale)
    if reason.code is ReasonCode.CAMPAIGN_NOT_NOW:
        facts["when"] = told_when(campaign.conditions, locale)
    return facts


def with_sum(reason: Reason, programme: Programme, locale: Locale) -> str:
    """The sentence of a reason whose facts are a campaign and a sum."""
    return _around_sum(reason.code, reason.campaign or "", programme, locale).format(
        tell_money(reason.amount or 0, locale)
    )


@lru_cache(maxsize=SENTENCES_MAX)
def _around_sum(code: ReasonCode, campaign: str, programme: Programme, locale: Locale) -> str:
    # A sum is another one on nearly every line of a long receipt, and what is said round it is not.
    promotions = programme.promotions
    name = campaign if promotions is None else promotions.by_id[campaign].name.in_locale(locale)
    facts = {"campaign": name.replace("{", "{{").replace("}", "}}"), "amount": "{}"}
    return sentence(f"reason.{code.value}", locale, facts)


def told_times(factor: int, locale: Locale) -> str:
    """A factor of points: 15 000 is one and a half."""
    times = print_percent(factor * 100 // PERCENT_WHOLE)  # it has the digits of a percentage of hundreds
    if locale == "en":
        return times
    # Two, three and four (not twelve) and any fraction take the singular's genitive; the rest the plural's.
    few = "." in times or (times[-1] in "234" and times[-2:-1] != "1")
    return f"{times.replace('.', ',')} {'раза' if few else 'раз'}"


def told_points(count: int, programme: Programme, locale: Locale) -> str:
    """So many points by their name."""
    if programme.points is None:
        return str(count)
    return f"{count}\u00a0{form(programme.points.unit, count).in_locale(locale)}"


def unit_facts(programme: Programme, locale: Locale) -> dict[str, str | int]:
    """What the programme calls its points where a sentence counts none; nothing where it has none."""
    return {} if programme.points is None else {"many": programme.points.unit.many.in_locale(locale)}


def told_when(asked: Conditions, locale: Locale) -> str:
    """Days of the week and hours."""
    told = []
    if asked.weekdays:
        told.append(", ".join(DAYS[day][locale == "en"] for day in asked.weekdays))
    if asked.hours is not None:
        clock = {"opens": _clock(asked.hours.opens), "closes": _clock(asked.hours.closes)}
        told.append(sentence("campaign.hours", locale, clock))
    return " ".join(told) or sentence("campaign.always", locale)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
