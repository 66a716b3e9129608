"""Scalars of the contract: what they look like on the wire and what they are inside.

A wrong JSON type is a mistake of the document and raises. A string that cannot be read is an `Unreadable`: it
travels as far as the field it was sent to, where `graph/arguments.py` refuses it with the path of the field.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NewType, TypeVar
from uuid import UUID

import strawberry
from graphql import GraphQLError, IntValueNode, StringValueNode, ValueNode
from strawberry.types.scalar import ScalarDefinition

from loyalty.money import parse_money, print_money

Money = NewType("Money", int)
"""Kopecks inside, a string with two digits after the point outside."""
Points = NewType("Points", int)
"""Whole points; a JSON integer, since GraphQL's Int has 32 bits only."""

_Day = TypeVar("_Day", bound=date)

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_YEARS = (1900, 2199)
_POINTS_MAX = 2**53 - 1
_POINTS_DIGITS = 17


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value of the right type that says nothing; it keeps the key of the sentence, never the value."""

    words: str


def read_date(value: str) -> date:
    """A calendar day in its one spelling, which the standard parser is too kind about."""
    if not _DATE.fullmatch(value):
        raise ValueError("not a date")
    return _within_reason(date.fromisoformat(value))


def read_moment(value: str) -> datetime:
    """A moment with its zone, in UTC."""
    if not _MOMENT.fullmatch(value):
        raise ValueError("not a moment")
    return _within_reason(datetime.fromisoformat(value).astimezone(UTC))


def _within_reason(value: _Day) -> _Day:
    # At the ends of the calendar a time zone or a day more is an overflow somewhere below.
    if not _YEARS[0] <= value.year <= _YEARS[1]:
        raise OverflowError("a year nobody means")
    return value


def print_moment(value: datetime) -> str:
    """A moment in UTC with `Z`."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_uuid(value: str) -> UUID:
    """An identifier in its canonical spelling, without the braces and prefixes that `UUID` allows."""
    if not _UUID.fullmatch(value):
        raise ValueError("not an identifier")
    return UUID(value)


def _of_text(name: str, words: str, read: Callable[[str], object], write: Callable[[Any], str]) -> ScalarDefinition:
    def parse_value(value: object) -> object:
        if not isinstance(value, str):
            raise GraphQLError(f"{name} must be a string.")
        try:
            return read(value)
        except OverflowError:
            return Unreadable("value.year")
        except ValueError:
            return Unreadable(words)

    def parse_literal(node: ValueNode, _variables: object = None) -> object:
        return parse_value(node.value if isinstance(node, StringValueNode) else None)

    return strawberry.scalar(name=name, serialize=write, parse_value=parse_value, parse_literal=parse_literal)


def _read_points(value: object) -> Points:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _POINTS_MAX:
        raise GraphQLError("Points must be a whole number.")
    return Points(value)


def _read_points_literal(node: ValueNode, _variables: object = None) -> Points:
    return _read_points(
        int(node.value) if isinstance(node, IntValueNode) and len(node.value) <= _POINTS_DIGITS else None
    )


SCALARS: Mapping[object, ScalarDefinition] = {
    Money: _of_text("Money", "value.money", parse_money, print_money),
    date: _of_text("Date", "value.date", read_date, date.isoformat),
    datetime: _of_text("DateTime", "value.moment", read_moment, print_moment),
    UUID: _of_text("UUID", "value.uuid", read_uuid, str),
    Points: strawberry.scalar(
        name="Points", serialize=int, parse_value=_read_points, parse_literal=_read_points_literal
    ),
}
