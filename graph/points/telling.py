"""Telling about points in the programme's own words: why not more of them, and what moved them."""

from datetime import date

from graph.words import Locale, sentence
from loyalty.points import PointsReason, form
from loyalty.programme import Programme
from services.points.history import Move


def told_reason(reason: PointsReason, programme: Programme, locale: Locale) -> tuple[str, str]:
    """(code, sentence) of why a guest can spend so many points and not more."""
    facts: dict[str, str | int] = {"points": reason.points, "day": _day(reason.day, locale)}
    if programme.points is not None:
        unit = programme.points.unit
        facts["unit"] = form(unit, reason.points).in_locale(locale)
        facts["many"] = unit.many.in_locale(locale)
    return reason.code.value, sentence(f"points.{reason.code.value}", locale, facts)


def told_move(move: Move, programme: Programme, locale: Locale) -> tuple[str, str]:
    """(code, sentence) of what moved a member's points."""
    facts = {"place": _place(move, programme, locale), "why": move.why or ""}
    words = f"points.move.{move.kind}" + (".why" if move.why else "")
    return f"points_{move.kind.lower()}", sentence(words, locale, facts)


def _place(move: Move, programme: Programme, locale: Locale) -> str:
    partner = programme.partners_by_id.get(move.partner or "")
    if partner is None:
        return sentence("points.place.programme", locale)
    name = partner.name.in_locale(locale)
    if move.receipt_number is None:
        outlet = programme.outlets_by_id.get(move.outlet or "")
        return name if outlet is None else f"{name}, {outlet.name.in_locale(locale)}"
    facts = {"partner": name, "receipt": move.receipt_number, "day": _day(move.business_date, locale)}
    return sentence("points.place.receipt", locale, facts)


def _day(day: date | None, locale: Locale) -> str:
    if day is None:
        return ""
    return day.isoformat() if locale == "en" else f"{day:%d.%m.%Y}"
