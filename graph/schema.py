"""The schema: every subject's queries, mutations and subscriptions under one roof, and its printed snapshot."""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLObjectType,
    Undefined,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition, get_object_definition
from strawberry.types.execution import ExecutionContext
from strawberry.types.field import StrawberryField

from graph.arguments import Checked
from graph.problems import Refusals
from graph.scalars import SCALARS

SNAPSHOT = Path(__file__).with_name("schema.graphql")
SUBJECTS = (
    "programme",
    "sites",
    "members",
    "profiles",
    "cards",
    "tills",
    "entry",
    "erasing",
    "merging",
    "quotes",
    "purchases",
    "claims",
    "points",
    "goodwill",
    "bookings",
    "shop",
    "tiers",
    "families",
    "activity",
    "messages",
    "staff",
    "plugins",
    "settlement",
    "control",
    "operations",
    "promotions",
    "webhooks",
    "guests",
    "status",
    "payments",
    "previews",
    "restaurants",
)
"""Folders of graph/ in the order of the snapshot; each may hold queries, mutations and subscriptions."""


class House(strawberry.Schema):
    """A schema that checks the arguments of every field which takes any."""

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        for kind in self._schema.type_map.values():
            _forget_null_defaults(kind)

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log nothing: the library would write the document with its literals; `graph/faults.py` reports faults."""

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields of a type, those with arguments behind the check."""
        fields = super().get_fields(type_definition)
        if not type_definition.is_input:
            for field in fields:
                if field.arguments and not any(isinstance(extension, Checked) for extension in field.extensions):
                    # Innermost, so that guards refuse before arguments are looked at.
                    field.extensions = [Checked(), *field.extensions]
        return fields


def _forget_null_defaults(kind: GraphQLNamedType) -> None:
    # Python needs a default for what may be left out; the contract says the same without `= null`.
    inputs: list[GraphQLArgument | GraphQLInputField] = []
    if isinstance(kind, GraphQLInputObjectType):
        inputs += kind.fields.values()
    elif isinstance(kind, GraphQLObjectType):
        inputs += [argument for field in kind.fields.values() for argument in field.args.values()]
    for value in inputs:
        if value.default_value is None:
            value.default_value = Undefined


def assembled(query: type, mutation: type | None = None, subscription: type | None = None) -> House:
    """A schema of these roots with the scalars, refusals and checks of the house."""
    return House(
        query=query,
        mutation=mutation,
        subscription=subscription,
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
        exception_handlers=[Refusals()],
    )


@cache
def schema() -> House:
    """The schema of Kunak, built once."""
    query = _root("Query", "queries", "The questions anybody, a member or a till may ask.")
    if query is None:
        raise ValueError("no subject has queries")
    return assembled(
        query,
        _root("Mutation", "mutations", "Everything that changes something; each answers its done type or a Problem."),
        _root("Subscription", "subscriptions", "What a phone hears while its card is open."),
    )


def _root(name: str, part: str, description: str) -> type | None:
    mixins = tuple(mixin for subject in SUBJECTS for mixin in _mixins(f"graph.{subject}", part))
    return strawberry.type(type(name, mixins, {}), description=description) if mixins else None


def _mixins(package: str, part: str) -> Iterator[type]:
    if find_spec(package) is None or find_spec(f"{package}.{part}") is None:
        return
    for kind in vars(import_module(f"{package}.{part}")).values():
        is_ours = isinstance(kind, type) and kind.__module__ == f"{package}.{part}"
        if is_ours and kind.__name__.lower().endswith(part) and get_object_definition(kind) is not None:
            yield kind


def printed() -> str:
    """The schema as `graph/schema.graphql` keeps it."""
    return f"{schema().as_str()}\n"


if __name__ == "__main__":
    SNAPSHOT.write_text(printed(), encoding="utf-8")
