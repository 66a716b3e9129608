"""What happened to points, in words."""

from graph.words import Locale, sentence
from services.settlement.reading import Line


def told_fact(line: Line, locale: Locale) -> str:
    """What happened, and for a late fact why it is counted in a later month."""
    told = sentence(f"settlement.fact.{line.kind.value}", locale)
    return sentence("settlement.late", locale, {"told": told}) if line.is_late else told
