"""Arguments as they arrive: every text is checked and every unreadable value refused before a resolver sees it."""

from collections.abc import Container, Hashable
from functools import cache
from typing import Any, cast

from strawberry.extensions import FieldExtension
from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField
from strawberry.utils.str_converters import to_camel_case

from graph.context import Info
from graph.scalars import Unreadable
from loyalty.refusals import Code, Refusal
from loyalty.texts import storable

LIST_LONGEST = 100
"""No list of the contract is longer; what is cut one after this (`shortened`) is still refused for its length."""
TEXT_LONGEST = 1000
"""No text of the contract needs more; a field that needs less says so in its service."""

_camel_case = cache(to_camel_case)


@cache
def _attributes(kind: Hashable) -> tuple[tuple[str, str], ...]:
    definition = get_object_definition(cast("type", kind))
    return tuple((field.name, to_camel_case(field.name)) for field in definition.fields) if definition else ()


def checked(value: Any, path: str) -> Any:
    """The value with its texts in normal form, or a refusal that names the place, such as `input.lines.0.amount`."""
    if isinstance(value, str):
        if type(value) is not str:
            return value  # an enum
        return storable(value, field=path, length_max=TEXT_LONGEST)
    if isinstance(value, Unreadable):
        raise Refusal(Code.INVALID_INPUT, value.words, field=path)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list):
        if len(value) > LIST_LONGEST:
            raise Refusal(Code.INVALID_INPUT, "list.too_long", field=path, most=LIST_LONGEST)
        return [checked(item, f"{path}.{place}") for place, item in enumerate(value)]
    for attribute, name in _attributes(cast("Hashable", type(value))):
        before = getattr(value, attribute)
        after = checked(before, f"{path}.{name}")
        if after is not before:
            setattr(value, attribute, after)
    return value


def shortened(variables: Any) -> Any:
    """The variables with every list cut where its refusal is certain, so that reading it costs no more than that."""
    if isinstance(variables, dict):
        return {name: shortened(value) for name, value in variables.items()}
    if isinstance(variables, list):
        return [shortened(value) for value in variables[: LIST_LONGEST + 1]]
    return variables


class Checked(FieldExtension):
    """Stands before the resolver of every field that takes arguments; the schema puts it there by itself.

    A field whose argument is read by a rule of its own, such as the code of a scanner that ends with a carriage
    return, puts it there with the names of those arguments.
    """

    def __init__(self, *, untouched: Container[str] = ()) -> None:
        self._untouched = untouched
        self._names: dict[str, str] = {}

    def apply(self, field: StrawberryField) -> None:
        """Learn what the contract calls the arguments of the field."""
        self._names = {
            argument.python_name: argument.graphql_name or _camel_case(argument.python_name)
            for argument in field.arguments
        }

    def resolve(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        """Call the resolver with checked arguments."""
        for name, value in kwargs.items():
            if name not in self._untouched:
                kwargs[name] = checked(value, self._names.get(name, name))
        return next_(source, info, **kwargs)

    # No coroutine of its own: the resolver's is handed on as it is.
    resolve_async = resolve
