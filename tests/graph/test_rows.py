"""The rows of pages: counted before they are read, through fragments, variables and defaults."""

from typing import Any

import pytest
from graphql import parse

from graph.rows import pages, rows
from graph.schema import schema

PAGE = "items { id }"


def count(text: str, **variables: Any) -> int:
    return rows(pages(parse(text), schema()._schema), variables)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ me { id } }", 0),
        (f"{{ me {{ purchases {{ {PAGE} }} }} }}", 20),
        (f"{{ me {{ purchases(first: 50) {{ {PAGE} }} }} }}", 50),
        (f"{{ me {{ a: purchases(first: 100) {{ {PAGE} }} b: purchases(first: 7) {{ {PAGE} }} }} }}", 107),
        (
            f"{{ me {{ ...F ... on Member {{ ...F }} }} }} fragment F on Member {{ p: purchases(first: 9) {{ {PAGE} }} }}",
            18,
        ),
        (f"query ($n: Int! = 30) {{ me {{ purchases(first: $n) {{ {PAGE} }} }} }}", 30),
    ],
)
def test_pages_are_added_up(text: str, expected: int) -> None:
    assert count(text) == expected


@pytest.mark.parametrize(("given", "expected"), [(5, 5), (100, 100), (10**9, 100), (-4, 1), (None, 100), ("x", 100)])
def test_a_variable_counts_as_much_as_its_field_would_allow(given: Any, expected: int) -> None:
    text = f"query ($n: Int!) {{ me {{ purchases(first: $n) {{ {PAGE} }} }} }}"
    assert count(text, n=given) == expected
