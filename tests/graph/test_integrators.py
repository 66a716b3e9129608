"""What integrators send fits every later schema, and what ends says until when (A-236, A-237)."""

import re
from datetime import date
from pathlib import Path

import pytest
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.type import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType
from graphql.utilities import separate_operations

from graph.guard import guard
from graph.schema import printed

ROOT = Path(__file__).parents[2]
OPERATIONS = sorted(
    [*(ROOT / "examples").rglob("*.graphql"), *(Path(__file__).parent / "integrators").glob("*.graphql")]
)
DATED = re.compile(r"^(?P<day>\d{4}-\d{2}-\d{2}): \S")


def kept() -> GraphQLSchema:
    return build_schema(printed(), assume_valid=True)


def deprecations(of: GraphQLSchema) -> dict[str, str]:
    """Place → reason of everything that is marked as ending."""
    found: dict[str, str] = {}
    for name, kind in of.type_map.items():
        if isinstance(kind, GraphQLEnumType):
            parts = dict(kind.values)
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            parts = dict(kind.fields)
        else:
            continue
        for part, value in parts.items():
            if value.deprecation_reason is not None:
                found[f"{name}.{part}"] = value.deprecation_reason
            for argument, asked in getattr(value, "args", {}).items():
                if asked.deprecation_reason is not None:
                    found[f"{name}.{part}({argument})"] = asked.deprecation_reason
    return found


def undated(of: GraphQLSchema) -> list[str]:
    """Whatever ends and does not say until which day it works."""
    wrong = []
    for place, reason in deprecations(of).items():
        match = DATED.match(reason)
        try:
            date.fromisoformat(match["day"] if match else "")
        except ValueError:
            wrong.append(place)
    return wrong


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_an_integrator_sends_still_fits(file: Path) -> None:
    """A-236, A-237."""
    faults = validate(kept(), parse(file.read_text(encoding="utf-8")))
    assert [fault.message for fault in faults] == []


@pytest.mark.parametrize("file", OPERATIONS, ids=lambda file: str(file.relative_to(ROOT)))
def test_each_is_small_enough_and_behind_one_door(file: Path) -> None:
    """A-236: sent alone with its fragments it passes the guard, and a file is one caller's: a till's or a member's."""
    schema, document = kept(), parse(file.read_text(encoding="utf-8"))
    doors = set()
    for operation in separate_operations(document).values():
        guard(operation)
        (asked,) = (node for node in operation.definitions if isinstance(node, OperationDefinitionNode))
        root = schema.get_root_type(asked.operation)
        assert root is not None
        fields = [node.name.value for node in asked.selection_set.selections if isinstance(node, FieldNode)]
        for field in fields:
            declared = root.fields[field].ast_node
            assert declared is not None
            doors |= {one.name.value for one in declared.directives or ()}
    assert doors - {"public"} in ({"till"}, {"member"}), doors


def test_a_field_that_is_gone_is_noticed() -> None:
    text = (ROOT / "examples" / "python" / "till.graphql").read_text(encoding="utf-8")
    faults = validate(kept(), parse(text.replace("firstName", "givenName")))
    assert [fault.message for fault in faults if "givenName" in fault.message]


def test_whatever_ends_says_until_when() -> None:
    """A-236: «2027-06-01: use …» on fields, arguments and values alike."""
    assert undated(kept()) == []
    sample = build_schema("""
        enum E { A B @deprecated(reason: "2027-13-01: use A") }
        type Query {
          good: E @deprecated(reason: "2027-06-01: use other")
          bad: E @deprecated(reason: "soon")
          other(old: Int @deprecated(reason: "use new"), new: Int): E
        }
    """)
    assert undated(sample) == ["E.B", "Query.bad", "Query.other(old)"]
