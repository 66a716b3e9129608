"""The short way through plain values answers what graphql-core answers, errors included."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
import strawberry
from graphql import parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import queries
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graph.executor import Executor
from graph.permissions import public
from graph.scalars import Money
from graph.schema import assembled


@strawberry.enum
class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


@strawberry.type
class Leaf:
    id: strawberry.ID
    amount: Money
    at: datetime
    colour: Colour | None
    ok: bool
    count: int
    text: str | None


@strawberry.type
class Branch:
    name: str
    leaf: Leaf
    other: Leaf | None
    leaves: list[Leaf]
    sparse: list[Leaf | None] | None
    tags: list[str]
    colours: list[Colour]

    @strawberry.field
    def shout(self) -> str:
        return self.name.upper()

    @strawberry.field
    async def whisper(self) -> str:
        return self.name.lower()

    @strawberry.field
    def twig(self) -> "Branch | None":
        return None if self.name == "inner" else make_branch("inner")


def make_leaf(**other: Any) -> Leaf:
    values: dict[str, Any] = {
        "id": strawberry.ID("a"),
        "amount": Money(12345),
        "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "colour": Colour.RED,
        "ok": True,
        "count": 7,
        "text": "кофе",
    }
    return Leaf(**(values | other))


def make_branch(name: str, **other: Any) -> Branch:
    values: dict[str, Any] = {
        "leaf": make_leaf(),
        "other": None,
        "leaves": [make_leaf(count=place) for place in range(3)],
        "sparse": [make_leaf(colour=None), None],
        "tags": ["a", "b"],
        "colours": [Colour.BLUE],
    }
    return Branch(name=name, **(values | other))


# Every way in which a value can disappoint its type.
ODD: list[dict[str, Any]] = [
    {},
    {"leaf": None},
    {"leaf": make_leaf(amount=None)},
    {"leaf": make_leaf(text=3, count="9", ok=0)},
    {"leaf": make_leaf(count=2**40)},
    {"leaf": make_leaf(colour="GREEN")},
    {"other": make_leaf(amount="x")},
    {"leaves": None},
    {"leaves": [None]},
    {"leaves": (make_leaf(), make_leaf(at=None))},
    {"leaves": 5},
    {"sparse": [make_leaf(id=None), make_leaf()]},
    {"tags": ["a", None]},
    {"tags": ValueError("tags")},
    {"colours": ["BLUE", "NONE"]},
]


@strawberry.type
class Query:
    @strawberry.field(extensions=[public()])
    def branch(self, odd: int = 0) -> Branch | None:
        return make_branch("outer", **ODD[odd])

    @strawberry.field(extensions=[public()])
    async def branches(self, odd: int = 0) -> list[Branch]:
        return [make_branch("outer"), make_branch("Second", **ODD[odd])]


HOUSE = assembled(Query)
CORE = HOUSE._schema
AWAITABLE: Any = optimized_is_awaitable


async def answer(executor: type[StrawberryGraphQLCoreExecutionContext], text: str, **variables: Any) -> tuple[Any, Any]:
    built: Any = executor.build(
        CORE, parse(text), raw_variable_values=variables, is_awaitable=AWAITABLE, operation_extensions={}
    )
    result = built.execute_operation()
    if optimized_is_awaitable(result):
        result = await result
    errors = [(error.message, error.path) for error in result.errors or ()]
    return result.data, sorted(errors, key=str)


async def check(text: str, **variables: Any) -> None:
    ours, theirs = (
        await answer(Executor, text, **variables),
        await answer(StrawberryGraphQLCoreExecutionContext, text, **variables),
    )
    assert ours == theirs
    assert str(ours[0]) == str(theirs[0]), "keys come in the order they were asked for"


WHOLE = """
query ($odd: Int!, $more: Boolean!) {
  branch(odd: $odd) { ...all twig { shout leaf { amount } } }
  list: branches(odd: $odd) { __typename whisper ...all @include(if: $more) n: name }
}
fragment all on Branch {
  whisper tags leaf { __typename a: amount amount at } shout colours name other { amount text }
  leaves { id count colour ok text at } sparse { ...few } leaf { colour }
}
fragment few on Leaf { id count }
"""


@pytest.mark.parametrize("more", [True, False])
@pytest.mark.parametrize("odd", range(len(ODD)))
async def test_odd_values_end_in_the_same_errors(odd: int, more: bool) -> None:  # noqa: FBT001
    await check(WHOLE, odd=odd, more=more)


@given(
    text=queries(HOUSE.as_str().replace(" @public", "").replace("directive", "# directive"), fields=["branch"]),
    odd=st.integers(0, len(ODD) - 1),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
async def test_random_documents_have_the_same_answers(text: str, odd: int) -> None:
    await check(text.replace("(odd: 0)", f"(odd: {odd})"))
