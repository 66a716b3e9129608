"""What a till reads of a hard limit: its span in minutes where it is no whole hour, in both languages (A-242)."""

import pytest

from graph.words import sentence
from loyalty.control import Control, Limit, LimitOf, Metric, Response
from services.control.limits import refusal


@pytest.mark.parametrize(
    ("minutes", "ru", "en"),
    [(5, "5 мин", "5 min"), (90, "90 мин", "90 min"), (60, "1 ч", "1 h"), (1440, "24 ч", "24 h")],
)
def test_a_burst_is_told_by_its_own_span(minutes: int, ru: str, en: str) -> None:
    limit = Limit(LimitOf.TILL, Metric.RECEIPTS, 3, minutes, Response.REFUSE)
    told = refusal("LIMIT:0", Control(limits=(limit,)), field="input.quote")
    assert sentence(told.words, "ru", told.facts).startswith(
        f"Предел программы для этой кассы: чеков за {ru} — не больше 3."
    )
    assert sentence(told.words, "en", told.facts).startswith(
        f"A limit of the programme for this till: 3 receipts in {en} at most."
    )
