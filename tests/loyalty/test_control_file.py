"""The section `control` of a programme file: read, kept and read back, and refused where it says nothing."""

import pytest

from loyalty.control import NOTHING, Control, Limit, LimitOf, Metric, RefundAfterSpend, Response, SpentAtOnce
from loyalty.programme_file.stored import from_data, to_data
from tests.loyalty.test_points_file import WITH_POINTS
from tests.makers.programme_files import SMALL, checked_text, compiled

SECTION = """\
control:
  limits:
    - {of: CARD, receipts: 10, hours: 24, then: SIGNAL}
    - {of: CARD, receipts: 30, hours: 24, then: REFUSE}
    - {of: TILL, amount: 1500.50, minutes: 30, then: SIGNAL}
    - {of: MEMBER, points: 400, hours: 24, then: REFUSE}
    - {of: CARD_AT_TILL, refunds: 3, hours: 48, then: REFUSE}
  own_card: REFUSE
  distant_outlets: {minutes: 30}
  refund_after_spend: {points: 100, hours: 24}
  cards_on_device: 3
  spent_at_once: {points: 60, minutes: 20}
partners:
"""
WATCHED = WITH_POINTS.replace("partners:\n", SECTION, 1)


def test_the_section_is_read_and_kept() -> None:
    """A-242."""
    programme = compiled(WATCHED)
    assert programme.control == Control(
        limits=(
            Limit(LimitOf.CARD, Metric.RECEIPTS, 10, 1440, Response.SIGNAL),
            Limit(LimitOf.CARD, Metric.RECEIPTS, 30, 1440, Response.REFUSE),
            Limit(LimitOf.TILL, Metric.AMOUNT, 150_050, 30, Response.SIGNAL),
            Limit(LimitOf.MEMBER, Metric.POINTS, 400, 1440, Response.REFUSE),
            Limit(LimitOf.CARD_AT_TILL, Metric.REFUNDS, 3, 2880, Response.REFUSE),
        ),
        own_card=Response.REFUSE,
        distant_minutes=30,
        refund_after_spend=RefundAfterSpend(100, 1440),
        cards_on_device=3,
        spent_at_once=SpentAtOnce(60, 20),
    )
    assert [limit.metric for limit in programme.control.soft] == [Metric.RECEIPTS, Metric.AMOUNT]
    assert [limit.most for limit in programme.control.hard([Metric.REFUNDS])] == [3]
    assert from_data(to_data(programme), 1).control == programme.control


def test_without_the_section_nothing_is_watched_and_the_digest_is_what_it_was() -> None:
    programme = compiled(SMALL)
    assert programme.control == NOTHING
    assert "control" not in to_data(programme)


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("receipts: 10, hours: 24", "hours: 24", "a limit counts one thing"),
        ("receipts: 10, hours: 24", "receipts: 10, amount: 5, hours: 24", "a limit counts one thing"),
        ("receipts: 10, hours: 24", "receipts: 10", "say how long once"),
        ("receipts: 10, hours: 24", "receipts: 10, hours: 24, minutes: 5", "say how long once"),
        ("receipts: 10, hours: 24", "receipts: many, hours: 24", '"receipts" is not a whole number'),
        ("receipts: 10, hours: 24", "receipts: 30, hours: 24", "nobody can pass the soft one"),
        (
            "receipts: 30, hours: 24, then: REFUSE",
            "receipts: 30, hours: 24, then: SIGNAL",
            "counts what an earlier one",
        ),
        ("of: TILL", "of: TIL", '"TIL" is unknown'),
        ("own_card: REFUSE", "own_card: SHOUT", '"SHOUT" is unknown'),
        ("cards_on_device: 3", "cards_on_device: 0", "is not a whole number from 1"),
        ("cards_on_device: 3", "cards_on_phone: 3", 'there is no field "cards_on_phone"'),
        ("{points: 100, hours: 24}", "{hours: 24}", '"points" is missing'),
        ("{points: 60, minutes: 20}", "{points: 60}", "say how long once"),
    ],
)
def test_what_says_nothing_is_told_with_its_line(written: str, instead: str, told: str) -> None:
    assert WATCHED.count(written) == 1
    text = WATCHED.replace(written, instead)
    faults = checked_text(text).faults
    assert any(told in fault.message for fault in faults), faults
    first, last = text[: text.index("control:")].count("\n"), text.index("partners:\n")
    assert all(first < fault.line <= text[:last].count("\n") for fault in faults)


def test_points_are_limited_only_where_there_are_some() -> None:
    faults = checked_text(SMALL.replace("partners:\n", SECTION, 1)).faults
    assert [fault.message for fault in faults if "no points" in fault.message] == [
        "control, limit 4: the programme has no points to spend.",
        "control: the programme has no points to spend.",
        "control: the programme has no points to spend.",
    ]
