"""Values that mean harm, by the type they are sent as; and documents that carry them, made from the schema."""

import json
from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    get_named_type,
)

Path = tuple[str | int, ...]
BODY_READ: Final = 60_000

TEXTS: Final[tuple[Any, ...]] = (
    "",
    "   ",
    "\n\t",
    "x" * 1001,
    "я" * 5_000,
    "nul\x00nul",
    "bell\x07bell",
    "c1\x85c1",
    "del\x7fdel",
    "lone\ud800surrogate",
    "\udfff",
    "right-to-left\u202eabc",
    "zero\u200bwidth\u2060join\ufeff",
    "\U0001f600\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "e\u0301" * 10,
    "\u0430pple@ex\u0430mple.com",
    "<script>alert('kunak')</script>",
    "{{7*7}}${7*7}#{7*7}",
    "%s%n%x%d",
    "'; DROP TABLE member; --",
    '" OR "1"="1',
    "=cmd|' /C calc'!A0",
    "kunak@example.ru\r\nBcc: all@example.ru",
    "../../../../etc/passwd",
    "\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18" * 3,
    "9" * 24,
    "+7921" * 40,
    "null",
)
WRONG_TYPES: Final[tuple[Any, ...]] = (5, -1, 1.5, True, {}, {"a": "b"}, [1], [[["deep"]]], 2**31, 2**53 + 1, 10**19)
MONEY: Final = (
    "-0.01",
    "0.001",
    "1000000000000000",
    "1,50",
    "1e3",
    "\u0663",
    "NaN",
    "Infinity",
    "",
    " 1",
    "+1",
    "0",
    "0.00",
)
DATES: Final = (
    "2023-02-29",
    "2026-04-31",
    "0001-01-01",
    "9999-12-31",
    "2199-01-01",
    "20260101",
    "2026-W10-1",
    "",
    "0000-00-00",
)
MOMENTS: Final = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59.999999999Z",
    "2026-03-29T02:30:00",
    "2026-03-14T12:00:00+14:00",
    "2026-03-14",
    "1773480000",
    "",
)
UUIDS: Final = (
    "x",
    "",
    str(UUID(int=0)),
    str(UUID(int=2**128 - 1)),
    "{0190a0b0-0000-7000-8000-000000000000}",
    "' OR 1=1 --",
)
ENUMS: Final[tuple[Any, ...]] = ("UNKNOWN", "till", "TILL ", "", 1, True, ["TILL"], {})
NUMBERS: Final = (-1, 0, 2**31 - 1, 2**31, 2**53 + 1, "1", 1.5, True)


def values_of(kind: GraphQLNamedType) -> tuple[Any, ...]:
    """What to try in a leaf of this type."""
    if isinstance(kind, GraphQLEnumType):
        return (*ENUMS, None)
    by_name: dict[str, tuple[Any, ...]] = {
        "Money": (*MONEY, *WRONG_TYPES),
        "Date": (*DATES, *WRONG_TYPES),
        "DateTime": (*MOMENTS, *WRONG_TYPES),
        "UUID": (*UUIDS, *WRONG_TYPES),
        "Int": NUMBERS,
        "Boolean": (0, 1, "true", "", [], {}),
    }
    return (*by_name.get(kind.name, (*TEXTS, *WRONG_TYPES)), None)


def leaves(kind: GraphQLInputType, path: Path) -> Iterator[tuple[Path, GraphQLNamedType]]:
    """Every leaf below an argument, the first item of lists; lists themselves come as `[]`."""
    if isinstance(kind, GraphQLNonNull):
        yield from leaves(kind.of_type, path)
    elif isinstance(kind, GraphQLList):
        yield path, _LIST
        yield from leaves(kind.of_type, (*path, 0))
    elif isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            yield from leaves(field.type, (*path, name))
    else:
        yield path, get_named_type(kind)


class _List(GraphQLNamedType):
    """Marks the place of a whole list."""


_LIST: Final = _List("AnyList")


def attempts(field: GraphQLField, usual: dict[str, Any]) -> Iterator[tuple[Path, Any, dict[str, Any]]]:
    """(where, what, variables): the usual arguments of a field with one of them spoilt."""
    for name, argument in field.args.items():
        for path, kind in leaves(argument.type, (name,)):
            for value in _lists(usual, path) if kind is _LIST else values_of(kind):
                spoilt = deepcopy(usual)
                if _put(spoilt, path, value):
                    yield path, value, spoilt
        spoilt = deepcopy(usual)
        if isinstance(spoilt.get(name), dict):
            spoilt[name]["unknownField"] = "kunak-unknown-value"
            yield (name, "unknownField"), "kunak-unknown-value", spoilt


def _lists(usual: dict[str, Any], path: Path) -> tuple[Any, ...]:
    at: Any = usual
    for step in path:
        at = (at or {}).get(step) if isinstance(step, str) else at[step]
    one = at[0] if at else None
    if one is None:
        return [], [None], None, {}, "list", [[]]
    # As many as a body may hold: what is larger is refused before anybody reads it.
    most = min(400, BODY_READ // len(json.dumps(one)))
    return [], [None], None, {}, "list", [[]], [one, one], [one] * 101, [one] * most


def _put(into: Any, path: Path, value: Any) -> bool:
    for step, following in pairwise(path):
        if isinstance(step, int):
            if not isinstance(into, list) or not into:
                return False
            into = into[step]
        else:
            into = into.setdefault(step, [] if isinstance(following, int) else {})
        if into is None:
            return False
    if isinstance(path[-1], int) and not into:
        return False
    into[path[-1]] = value
    return True


def document_of(name: str, field: GraphQLField, rest: str, *, kind: str = "mutation") -> str:
    """An operation with every argument of its field as a variable."""
    declared = ", ".join(f"${argument}: {part.type}" for argument, part in field.args.items())
    given = ", ".join(f"{argument}: ${argument}" for argument in field.args)
    return f"{kind} M{f'({declared})' if declared else ''} {{ {name}{f'({given})' if given else ''} {{ {rest} }} }}"
