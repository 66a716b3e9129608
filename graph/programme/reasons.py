"""Telling the reasons of a line: stored as codes and ids, read in the words of the version that gave them."""

from collections.abc import Mapping, Sequence

from graph.promotions.telling import campaign_facts, unit_facts, with_sum
from graph.words import Locale, sentence
from loyalty.money import tell_money, tell_percent
from loyalty.programme import Programme
from loyalty.reasons import Reason


def tell(stored: Sequence[Mapping[str, object]], programme: Programme, locale: Locale) -> list[tuple[str, str]]:
    """(code, sentence) of each reason; `programme` is the version that priced the line."""
    return [tell_one(Reason.of(reason), programme, locale) for reason in stored]


def tell_one(reason: Reason, programme: Programme, locale: Locale) -> tuple[str, str]:
    """The code of a reason and its sentence."""
    if reason.note is not None:
        return reason.code.value, programme.notes[reason.note].in_locale(locale)
    if reason.amount is not None:
        return reason.code.value, with_sum(reason, programme, locale)
    facts: dict[str, str | int] = campaign_facts(reason, programme, locale) | unit_facts(programme, locale)
    if reason.tier is not None:
        facts["tier"] = programme.tiers_by_id[reason.tier].name.in_locale(locale)
    if reason.next is not None:
        following = programme.tiers_by_id[reason.next]
        facts["next"] = following.name.in_locale(locale)
        facts["threshold"] = tell_money(following.threshold, locale)
    if reason.basis_points is not None:
        facts["percent"] = tell_percent(reason.basis_points, locale)
    return reason.code.value, sentence(f"reason.{reason.code.value}", locale, facts)
