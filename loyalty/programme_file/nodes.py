"""A parsed file as values: scalars, lists and maps that remember their lines. Who parsed it, and from what, is unknown here."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Scalar:
    """One written value, as text. `quoted` tells the text "" from nothing at all."""

    text: str
    line: int
    quoted: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was written: `key:` or `key: null`."""
        return not self.quoted and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """A map, with its keys in the order of the file and repeated ones still there."""

    pairs: tuple[tuple[Scalar, "Node"], ...]
    line: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of another file, row by row; its rows remember their lines in that file."""

    file: str
    rows: tuple[Pairs, ...]
    line: int


Node: TypeAlias = Scalar | Items | Pairs | Sheet
