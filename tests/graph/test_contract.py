"""The schema keeps what clients outside were promised: nothing renamed, nothing stricter, every door with its guard."""

from pathlib import Path

import pytest
from graphql import (
    BreakingChange,
    BreakingChangeType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
)

from graph.schema import SNAPSHOT, printed, schema

CONTRACT = Path(__file__).with_name("contract.graphql")
DOORS = {"public", "member", "till", "staff", "needs"}


def promised() -> GraphQLSchema:
    return build_schema(CONTRACT.read_text(encoding="utf-8"))


def kept() -> GraphQLSchema:
    return build_schema(printed(), assume_valid=True)


def test_the_snapshot_is_the_schema() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == printed(), "run `make schema` and read the difference"


def test_no_promise_is_broken() -> None:
    def matters(change: BreakingChange) -> bool:
        return change.type is not BreakingChangeType.DIRECTIVE_REMOVED

    assert [change.description for change in find_breaking_changes(promised(), kept()) if matters(change)] == []


@pytest.mark.parametrize("root", ["Query", "Mutation", "Subscription"])
def test_every_root_field_says_who_may_call_it(root: str) -> None:
    kind = kept().type_map[root]
    assert isinstance(kind, GraphQLObjectType)
    for name, field in kind.fields.items():
        assert field.ast_node
        doors = {directive.name.value for directive in field.ast_node.directives or ()} & DOORS
        assert len(doors) == 1, f"{root}.{name} needs exactly one of {sorted(DOORS)}"


@pytest.mark.parametrize("root", ["Query", "Mutation", "Subscription"])
def test_doors_are_those_of_the_contract(root: str) -> None:
    def doors(of: GraphQLSchema) -> dict[str, set[str]]:
        kind = of.type_map[root]
        assert isinstance(kind, GraphQLObjectType)
        return {
            name: {directive.name.value for directive in field.ast_node.directives or ()} & DOORS
            for name, field in kind.fields.items()
            if field.ast_node
        }

    ours = doors(kept())
    assert {name: ours.get(name) for name in doors(promised())} == doors(promised())


def test_every_mutation_can_answer_a_problem() -> None:
    mutation = schema()._schema.mutation_type
    assert mutation
    for name, field in mutation.fields.items():
        members = {kind.name for kind in getattr(getattr(field.type, "of_type", None), "types", ())}
        assert "Problem" in members, f"{name} must answer a union with Problem"


async def test_the_library_itself_writes_nothing_about_a_document(caplog: pytest.LogCaptureFixture) -> None:
    result = await schema().execute('{ discount(partner: "secret", service: 1, nothing: 2) { mine { net } } }')
    assert result.errors
    assert caplog.text == ""
