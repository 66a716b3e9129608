"""The generated matrix (T11, security.md 7): every operation that names a right × every holder of one right alone."""

from datetime import datetime
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
)

from graph.permissions import Needs
from graph.schema import schema
from loyalty.rights import RIGHTS
from loyalty.scopes import PROGRAMME
from models import database
from tests.graph.staff.conftest import Panel
from tests.makers.hostile import document_of
from tests.makers.staff import make_holder
from tests.makers.state import state


def named() -> dict[tuple[str, str], str]:
    """(kind, field) → the right printed beside it, for every root field that names one."""
    found: dict[tuple[str, str], str] = {}
    for kind in ("query", "mutation", "subscription"):
        root = getattr(schema()._schema, f"{kind}_type")
        for name, field in root.fields.items():
            for directive in field.extensions["strawberry-definition"].directives:
                if isinstance(directive, Needs):
                    found[kind, name] = directive.right
    return found


OPERATIONS = named()
NOTED = "SELECT outcome, right_code, action FROM audit_event WHERE sequence > $1 ORDER BY sequence"


def some(kind: Any) -> Any:
    """A value of the right shape that means nothing."""
    if isinstance(kind, GraphQLNonNull):
        return some(kind.of_type)
    if isinstance(kind, GraphQLList):
        return []
    if isinstance(kind, GraphQLInputObjectType):
        return {name: some(field.type) for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    return {
        "Int": 1,
        "Boolean": False,
        "UUID": "0190a0b0-0000-7000-8000-000000000000",
        "Money": "1.00",
        "Points": 1,
    }.get(kind.name, "x")


def document(kind: str, name: str) -> tuple[str, dict[str, Any]]:
    """A call of a field with the least it asks for."""
    root: GraphQLObjectType = getattr(schema()._schema, f"{kind}_type")
    field: GraphQLField = root.fields[name]
    asked = {key: some(part.type) for key, part in field.args.items() if isinstance(part.type, GraphQLNonNull)}
    asked = {key: value for key, value in asked.items() if key != "first"}
    given = GraphQLField(field.type, {key: part for key, part in field.args.items() if key in asked})
    rest = "__typename ... on Problem { code }" if kind == "mutation" else "__typename"
    return document_of(name, given, rest, kind=kind), asked


def test_there_are_operations_and_their_rights_are_of_the_table() -> None:
    """Every right that a field names is one of the closed table."""
    assert len(OPERATIONS) >= 12
    assert set(OPERATIONS.values()) <= RIGHTS.keys()


@pytest.mark.parametrize("right", sorted(RIGHTS))
async def test_a_right_opens_what_names_it_and_nothing_else(panel: Panel, now: datetime, right: str) -> None:
    """A-089..A-112, I-32: each right alone opens the operations that name it; what is closed changes nothing.

    I-31: a refusal is one row of the audit with the right that was lacking; what was only read, or refused for another
    cause, is none.
    """
    await panel.enter(await make_holder(panel.resources, now, (right, PROGRAMME)))
    opened: set[tuple[str, str]] = set()
    for (kind, name), needed in OPERATIONS.items():
        text, asked = document(kind, name)
        before, last = await state(), await database.fetchval("SELECT coalesce(max(sequence), 0) FROM audit_event")
        await database.execute("DELETE FROM limit_counter")  # a crowd of refusals is cut
        body = (await panel.send(text, asked)).json()
        told = body["errors"][0]["extensions"]["code"] if "errors" in body else _code(body["data"][name])
        noted = [tuple(row) for row in await database.fetch(NOTED, last)]
        if told == "FORBIDDEN":
            assert await state() == before, name
            assert noted == [("REFUSED", needed, name)]
            continue
        opened.add((kind, name))
        changed = kind == "mutation" and told is None
        assert [(outcome, held) for outcome, held, _ in noted] == ([("DONE", needed)] if changed else []), name
    assert opened == {operation for operation, needed in OPERATIONS.items() if needed == right}


async def test_nobody_is_asked_to_sign_in_everywhere(panel: Panel) -> None:
    for kind, name in OPERATIONS:
        text, asked = document(kind, name)
        body = (await panel.send(text, asked)).json()
        told = body["errors"][0]["extensions"]["code"] if "errors" in body else _code(body["data"][name])
        assert told == "UNAUTHENTICATED", name


def _code(answer: Any) -> str | None:
    return answer.get("code") if isinstance(answer, dict) else None
