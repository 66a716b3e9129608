"""Reading the body of a call: every value is of its type and in its bounds, or is refused with its path."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from graph.scalars import read_moment, read_uuid
from loyalty.money import parse_money, parse_quantity
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean

T = TypeVar("T")
TEXT_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON object with its path. Members it is not asked for are left alone: a newer plugin may send more."""

    members: Mapping[str, Any]
    path: str = ""

    def at(self, name: str) -> str:
        """The path of a member."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether a member is there and not null."""
        return self.members.get(name) is not None

    def text(self, name: str, *, most: int = TEXT_MAX) -> str:
        """A text that people can read."""
        return clean(self._string(name), field=self.at(name), length_max=most)

    def raw(self, name: str, *, most: int) -> str:
        """A text as it is, of bounded length: what a scanner typed."""
        value = self._string(name)
        if len(value) > most:
            raise Refusal(Code.INVALID_INPUT, "text.too_long", field=self.at(name), length_max=most)
        return value

    def uuid(self, name: str) -> UUID:
        """An identifier."""
        return self._read(name, read_uuid, "value.uuid")

    def moment(self, name: str) -> datetime:
        """A moment with its zone, in UTC."""
        return self._read(name, read_moment, "value.moment")

    def money(self, name: str) -> int:
        """Kopecks of a decimal string."""
        return self._read(name, parse_money, "value.money")

    def quantity(self, name: str) -> int:
        """Thousandths of a decimal string."""
        return self._read(name, parse_quantity, "quantity.unreadable")

    def number(self, name: str, *, most: int) -> int:
        """A whole number from 0."""
        value = self._needed(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refusal(Code.INVALID_INPUT, "pos.type", field=self.at(name))
        if not 0 <= value <= most:
            raise Refusal(Code.INVALID_INPUT, "pos.number", field=self.at(name), most=most)
        return value

    def choice(self, name: str, choices: Sequence[str]) -> str:
        """One of a few words."""
        value = self._string(name)
        if value not in choices:
            raise Refusal(Code.INVALID_INPUT, "pos.choice", field=self.at(name), choices=", ".join(choices))
        return value

    def part(self, name: str) -> "Body":
        """An object inside."""
        return body_of(self._needed(name), self.at(name))

    def parts(self, name: str, *, most: int, least: int = 1) -> "list[Body]":
        """A list of objects."""
        value = self._needed(name)
        if not isinstance(value, list):
            raise Refusal(Code.INVALID_INPUT, "pos.type", field=self.at(name))
        if not least <= len(value) <= most:
            raise Refusal(Code.INVALID_INPUT, "pos.list", field=self.at(name), most=most)
        return [body_of(one, f"{self.at(name)}.{place}") for place, one in enumerate(value)]

    def maybe(self, name: str, read: Callable[[str], T]) -> T | None:
        """What a reader makes of a member that may be left out."""
        return read(name) if self.has(name) else None

    def _needed(self, name: str) -> Any:
        value = self.members.get(name)
        if value is None:
            raise Refusal(Code.INVALID_INPUT, "text.empty", field=self.at(name))
        return value

    def _string(self, name: str) -> str:
        value = self._needed(name)
        if not isinstance(value, str):
            raise Refusal(Code.INVALID_INPUT, "pos.type", field=self.at(name))
        return value

    def _read(self, name: str, read: Callable[[str], T], words: str) -> T:
        value = self._string(name)
        try:
            return read(value)
        except OverflowError:
            raise Refusal(Code.INVALID_INPUT, "value.year", field=self.at(name)) from None
        except ValueError:
            raise Refusal(Code.INVALID_INPUT, words, field=self.at(name)) from None


def body_of(value: Any, path: str = "") -> Body:
    """An object, or a refusal."""
    if not isinstance(value, dict):
        raise Refusal(Code.INVALID_INPUT, "pos.type", field=path or None)
    return Body(value, path)
