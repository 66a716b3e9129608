"""Scalars, texts and pages: what is read, what is refused with its path, and what is a mistake of the document."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from graphql import FloatValueNode, GraphQLError, IntValueNode, StringValueNode
from hypothesis import given
from hypothesis import strategies as st

from graph.arguments import TEXT_LONGEST, checked
from graph.paging import Cursor, page_size, read_cursor
from graph.scalars import SCALARS, Money, Points, Unreadable, print_moment
from loyalty.refusals import Code, Refusal


def read(kind: object, value: object) -> object:
    parse = SCALARS[kind].parse_value
    assert parse
    return parse(value)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Money, "0", 0),
        (Money, "3284.5", 328450),
        (Money, "999999999999.99", 99999999999999),
        (date, "2024-02-29", date(2024, 2, 29)),
        (datetime, "2026-03-14T12:00:00+14:00", datetime(2026, 3, 13, 22, tzinfo=UTC)),
        (datetime, "2026-03-14T12:00Z", datetime(2026, 3, 14, 12, tzinfo=UTC)),
        (UUID, "0190A0B0-0000-7000-8000-000000000000", UUID("0190a0b0-0000-7000-8000-000000000000")),
        (Points, 2**53 - 1, 2**53 - 1),
    ],
)
def test_values_are_read(kind: object, text: object, value: object) -> None:
    assert read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(
            (Money, text)
            for text in ("", "-0.01", "0.001", "1,50", "1e3", "+1", " 1", "1 000", "1000000000000", "١", "NaN", "1.")
        ),
        *(
            (date, text)
            for text in ("2026-02-29", "2026-04-31", "20260101", "2026-W01-1", "0000-01-01", "2026-1-1", "")
        ),
        *(
            (datetime, text)
            for text in ("2026-03-14T12:00:00", "2026-03-14", "0001-01-01T00:00:00+14:00", "2026-13-01T00:00Z")
        ),
        *((datetime, text) for text in ("9999-12-31T23:59:59-14:00", "2026-03-14T25:00Z", "2026-03-14T12:00:00+25:00")),
        *(
            (UUID, text)
            for text in ("x", "{0190a0b0-0000-7000-8000-000000000000}", "0190a0b0000070008000000000000000", "' OR 1=1")
        ),
    ],
)
def test_a_string_that_says_nothing_is_no_value_and_no_echo(kind: object, text: str) -> None:
    found = read(kind, text)
    assert isinstance(found, Unreadable)
    assert not text or text not in repr(found)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (date, "0001-01-01"),
        (date, "1899-12-31"),
        (date, "9999-12-31"),
        (datetime, "2200-01-01T00:00:00Z"),
        (datetime, "0001-01-01T00:00:00+14:00"),
        (datetime, "9999-12-31T23:59:59.999999999Z"),
    ],
)
def test_a_year_nobody_means_is_refused_before_it_overflows(kind: object, text: str) -> None:
    assert read(kind, text) == Unreadable("value.year")


@pytest.mark.parametrize("kind", [Money, date, datetime, UUID])
@pytest.mark.parametrize("value", [1, 1.5, True, [], {}])
def test_another_type_is_a_mistake_of_the_document(kind: object, value: object) -> None:
    with pytest.raises(GraphQLError) as refused:
        read(kind, value)
    assert refused.value.message.endswith("must be a string.")


@pytest.mark.parametrize("value", [2**53, -(2**53), True, 1.0, "1", None])
def test_points_are_whole_and_exact(value: object) -> None:
    with pytest.raises(GraphQLError):
        read(Points, value)


def test_literals_are_read_by_their_kind() -> None:
    money, points = SCALARS[Money].parse_literal, SCALARS[Points].parse_literal
    assert money
    assert points
    assert money(StringValueNode(value="1.5"), None) == 150
    assert points(IntValueNode(value="9007199254740991"), None) == 2**53 - 1
    for literal, value in ((money, IntValueNode(value="5")), (points, FloatValueNode(value="5.0"))):
        with pytest.raises(GraphQLError):
            literal(value, None)
    with pytest.raises(GraphQLError):
        points(IntValueNode(value="9" * 5000), None)


def test_moments_are_told_in_utc() -> None:
    assert print_moment(datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)) == "2026-03-14T09:26:53Z"


@given(st.text())
def test_no_text_gets_through_that_the_database_could_not_keep(value: str) -> None:
    try:
        kept = checked(value, "name")
    except Refusal as refusal:
        said = (refusal.code, refusal.field)
    else:
        said = (Code.INVALID_INPUT, "name")
        kept.encode("utf-8")
        assert "\x00" not in kept
        assert len(kept) <= TEXT_LONGEST
    assert said == (Code.INVALID_INPUT, "name")


def test_twins_that_look_alike_are_kept_alike() -> None:
    assert checked("e\u0301\u0438\u0306", "name") == "\u00e9\u0439"


def test_a_cursor_finds_its_place_again() -> None:
    cursor = Cursor(datetime(2026, 3, 14, 9, 26, 53, 589793, tzinfo=UTC), UUID(int=7))
    assert read_cursor(str(cursor)) == cursor
    assert read_cursor(None) is None


@given(st.text())
def test_a_cursor_of_somebody_elses_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_cursor(text)
    assert refused.value.field == "after"


@pytest.mark.parametrize("first", [0, -1, 101, 2**31 - 1])
def test_a_page_has_one_to_a_hundred_rows(first: int) -> None:
    assert page_size(1) == 1
    assert page_size(100) == 100
    with pytest.raises(Refusal) as refused:
        page_size(first)
    assert refused.value.field == "first"
