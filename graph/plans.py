"""Reading plain values: functions compiled for one selection of one type, made of attributes and leaves alone."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from graphql import GraphQLEnumType, GraphQLScalarType

from graph.scalars import print_moment
from loyalty.money import print_money

Read = Callable[[Any], Any]

_INT: Final = 2**31
# These raise for null by themselves, as every `run` of a leaf does.
_WRITTEN: Final[Mapping[str, Read]] = {
    "Money": print_money,
    "Date": date.isoformat,
    "DateTime": print_moment,
}


class NotFinished(Exception):
    """A value is not what its type promises; graphql-core says what the answer, or the error, is."""


@dataclass(frozen=True, slots=True)
class Finish:
    """How a value becomes its part of the answer: values of the class `kept` stay, others go through `run`.

    `run` raises for null, which passes only where the field `is_nullable`.
    """

    run: Read
    kept: type | None = None
    is_nullable: bool = False

    def __call__(self, value: Any) -> Any:
        """The finished value, outside a compiled function."""
        if (self.is_nullable and value is None) or type(value) is self.kept:
            return value
        return self.run(value)


@dataclass(frozen=True, slots=True)
class Step:
    """One field of a selection: its name in the answer, the attribute it stands for, and what becomes of the value."""

    name: str
    attribute: str
    finish: Finish


class Plans:
    """What was compiled for one document; for each of its selections the same for every request."""

    def __init__(self) -> None:
        self.steps: dict[Hashable, Mapping[str, Step]] = {}
        self.finishes: dict[Hashable, Finish | None] = {}


def or_null(finish: Finish) -> Finish:
    """The same for a field that may be null."""
    return replace(finish, is_nullable=True)


def each(finish: Finish) -> Finish:
    """Every item of a list."""

    def run(values: Any) -> list[Any]:
        if type(values) is not list and type(values) is not tuple:
            raise NotFinished
        return [finish(value) for value in values]

    def run_plainly(values: Any) -> list[Any]:
        if type(values) is not list and type(values) is not tuple:
            raise NotFinished
        return [read(value) for value in values]

    read = finish.run
    return Finish(run if finish.is_nullable or finish.kept else run_plainly)


def always(value: str) -> Finish:
    """The same, whatever the object is."""
    return Finish(lambda _source: value)


def leaf(kind: GraphQLScalarType | GraphQLEnumType) -> Finish:
    """A scalar or an enum."""
    coerce = kind.coerce_output_value
    if isinstance(kind, GraphQLEnumType):
        return Finish(_enum(coerce))
    if kind.name in _WRITTEN:
        return Finish(_WRITTEN[kind.name])

    def run(value: Any) -> Any:
        return _some(coerce(_some(value)))

    def whole(value: Any) -> Any:
        return value if type(value) is int and -_INT <= value < _INT else run(value)

    if kind.name == "Int":
        return Finish(whole)
    return Finish(run, kept={"String": str, "ID": str, "Boolean": bool}.get(kind.name))


def _enum(coerce: Read) -> Read:
    names: dict[Any, str] = {}

    def run(value: Any) -> Any:
        name = names.get(value)
        if name is None:
            name = names[value] = _some(coerce(_some(value)))
        return name

    return run


def _some(value: Any) -> Any:
    if value is None:
        raise NotFinished
    return value


def selection(steps: tuple[Step, ...]) -> Finish:
    """An object, as a dictionary of these fields.

    The function is written as Python and compiled, three times as quick as a loop over the steps. Only attributes of
    our own types, names of GraphQL and numbers go into its text.
    """
    known: dict[str, Any] = {"NotFinished": NotFinished, "str": str, "bool": bool}
    lines = ["def run(source):", " if source is None: raise NotFinished"]
    for place, step in enumerate(steps):
        if not step.attribute.isidentifier() or not step.name.isidentifier():
            raise ValueError(f"{step.attribute!r} and {step.name!r} are no names")
        finish, value = step.finish, f"v{place}"
        known[f"f{place}"] = finish.run
        tests = [f"{value} is not None"] if finish.is_nullable else []
        tests += [f"{value}.__class__ is not {finish.kept.__name__}"] if finish.kept else []
        lines.append(f" {value} = source.{step.attribute}")
        condition = f"if {' and '.join(tests)}: " if tests else ""
        lines.append(f" {condition}{value} = f{place}({value})")
    lines.append(f" return {{{', '.join(f'{step.name!r}: v{place}' for place, step in enumerate(steps))}}}")
    exec(compile("\n".join(lines), "<selection>", "exec"), known)  # noqa: S102 - every word of it was checked above
    run: Read = known["run"]
    return Finish(run)
