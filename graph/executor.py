"""The executor of graphql-core with a short way through plain values.

Most of an answer is attributes of objects that are already in memory. A field without a resolver of its own, whose
whole selection is made of such fields, is read by a function compiled once for a request: no path, no info object and
no check for awaitables at every leaf. Whatever that function cannot finish (a null where none may be, a value of
another kind) is done again by graphql-core, so that values and errors are the same by construction.
"""

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLUnionType,
    is_list_type,
    is_non_null_type,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.types.field import StrawberryField

from graph.plans import Finish, Plans, Step, always, each, leaf, or_null, selection

_DEFINITION: Final = "strawberry-definition"
_TYPENAME: Final = "__typename"


class Executor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation."""

    def __init__(self, *parts: Any, plans: Plans | None = None, **named: Any) -> None:
        super().__init__(*parts, **named)
        self._shared = plans or Plans()
        # What is looked up by its id is kept with its plan, so that the id is not given to another one meanwhile.
        self._plans: dict[int, tuple[Any, Mapping[str, Step]]] = {}
        self._finishes: dict[tuple[int, int], tuple[Any, Finish | None]] = {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Execute the fields of one object: the plain ones here, the others by graphql-core."""
        plan = self._plan(parent_type, grouped_field_set)
        if not plan:
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        plain: dict[str, Any] = {}
        for step in plan.values():
            try:
                plain[step.name] = step.finish(getattr(source_value, step.attribute))
            except Exception:  # noqa: BLE001, S112 - graphql-core meets the same value and says what is wrong with it
                continue
        if len(plain) == len(grouped_field_set):
            return plain
        rest = {name: details for name, details in grouped_field_set.items() if name not in plain}
        others: Any = super().execute_fields(parent_type, source_value, path, rest, position_context)
        order = list(grouped_field_set)
        if self.is_awaitable(others):
            return _joined_later(order, plain, others)
        return _joined(order, plain, others)

    def complete_value(  # noqa: PLR0917 - the shape is of graphql-core
        self, return_type: Any, field_details_list: Any, info: Any, path: Any, result: Any, position_context: Any
    ) -> Any:
        """Complete what a resolver gave: at once where it is plain all the way down."""
        if result is not None and not isinstance(return_type, GraphQLScalarType | GraphQLEnumType | GraphQLUnionType):
            key = (id(return_type), id(field_details_list))
            known = self._finishes.get(key)
            if known is None:
                known = self._finishes[key] = field_details_list, self._finish(return_type, field_details_list)
            if known[1] is not None:
                try:
                    return known[1](result)
                except Exception:  # noqa: BLE001, S110 - graphql-core meets the same value and says what is wrong with it
                    pass
        return super().complete_value(return_type, field_details_list, info, path, result, position_context)

    def _plan(self, kind: GraphQLObjectType, grouped: Any) -> Mapping[str, Step]:
        known = self._plans.get(id(grouped))
        if known is None:
            key = (kind.name, *((name, *_nodes(details)) for name, details in grouped.items()))
            steps = self._shared.steps.get(key)
            if steps is None:
                found = (self._step(kind, name, details) for name, details in grouped.items())
                steps = self._shared.steps[key] = {step.name: step for step in found if step}
            known = self._plans[id(grouped)] = grouped, steps
        return known[1]

    def _step(self, kind: GraphQLObjectType, name: str, details: Any) -> Step | None:
        field_name = details[0].node.name.value
        if field_name == _TYPENAME:
            return Step(name, "__class__", always(kind.name))
        field = kind.fields.get(field_name)
        attribute = _attribute(field) if field else None
        if field is None or attribute is None:
            return None
        finish = self._finish(field.type, details)
        return Step(name, attribute, finish) if finish else None

    def _finish(self, kind: GraphQLOutputType, details: Any) -> Finish | None:
        key = (str(kind), *_nodes(details))
        if key not in self._shared.finishes:
            if is_non_null_type(kind):
                finish = self._of_something(kind.of_type, details)
            else:
                finish = self._of_something(kind, details)
                finish = or_null(finish) if finish else None
            self._shared.finishes[key] = finish
        return self._shared.finishes[key]

    def _of_something(self, kind: Any, details: Any) -> Finish | None:
        if is_list_type(kind):
            finish = self._finish(kind.of_type, details)
            return each(finish) if finish else None
        if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
            return leaf(kind)
        if not isinstance(kind, GraphQLObjectType) or kind.is_type_of is not None:
            return None
        grouped = self.collect_subfields(kind, details).grouped_field_set
        plan = self._plan(kind, grouped)
        return selection(tuple(plan.values())) if len(plan) == len(grouped) else None


def _nodes(details: Any) -> tuple[int, ...]:
    # The nodes live as long as their document, and the document as long as its plans.
    return tuple(id(one.node) for one in details)


def _attribute(field: GraphQLField) -> str | None:
    """The attribute a field without a resolver stands for."""
    definition = field.extensions.get(_DEFINITION)
    if isinstance(definition, StrawberryField) and definition.is_basic_field and not field.args:
        return definition.python_name
    return None


def _joined(order: list[str], plain: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    return {name: plain[name] if name in plain else others[name] for name in order if name in plain or name in others}


async def _joined_later(order: list[str], plain: dict[str, Any], others: Any) -> dict[str, Any]:
    return _joined(order, plain, await others)
