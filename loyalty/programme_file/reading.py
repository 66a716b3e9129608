"""Reading one value at a time out of a parsed file; what cannot be read becomes a finding and None."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from loyalty.money import parse_money, parse_percent
from loyalty.programme_file.findings import Findings
from loyalty.programme_file.nearest import nearest
from loyalty.programme_file.nodes import Items, Node, Pairs, Scalar
from loyalty.refusals import Refusal
from loyalty.texts import Text, clean

SLUG_LENGTH_MAX = 63
TEXT_LENGTH_MAX = 300
LIST_LENGTH_MAX = 1000

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)

E = TypeVar("E", bound=StrEnum)


@dataclass(slots=True)
class Fields:
    """The fields of one map of the file: `what` names it in messages, such as `partner "igora"`."""

    what: str
    line: int
    by_key: Mapping[str, Node]
    lines: Mapping[str, int]
    findings: Findings

    def line_of(self, key: str) -> int:
        """The line of a field, or of the map where the field is missing."""
        return self.lines.get(key, self.line)

    def has(self, key: str) -> bool:
        """Whether anything was written for the field."""
        node = self.by_key.get(key)
        return not (node is None or (isinstance(node, Scalar) and node.is_nothing))

    def wrong(self, key: str, message: str, mend: str) -> None:
        """Note what is wrong with a field."""
        self.findings.add(self.line_of(key), f"{self.what}: {message}", mend)

    def needed(self, key: str, example: str) -> Node | None:
        """The node of a field that must be there."""
        if not self.has(key):
            self.wrong(key, f'"{key}" is missing.', f"write `{key}: {example}`.")
            return None
        return self.by_key[key]

    def scalar(self, key: str, example: str) -> str | None:
        """The written text of a field that must be there."""
        node = self.needed(key, example)
        if node is None or isinstance(node, Scalar):
            return None if node is None else node.text
        self.wrong(key, f'"{key}" is a list or a map where one value belongs.', f"write `{key}: {example}`.")
        return None

    def slug(self, key: str = "id") -> str | None:
        """A name for machines, stable across versions."""
        text = self.scalar(key, "some-name")
        if text is None:
            return None
        if len(text) > SLUG_LENGTH_MAX or not _SLUG.fullmatch(text):
            self.wrong(
                key, f'"{text[:SLUG_LENGTH_MAX]}" is no slug.', "use small Latin letters, digits and single hyphens."
            )
            return None
        return text

    def one_of(self, key: str, kinds: type[E]) -> E | None:
        """One of a closed list of words."""
        text = self.scalar(key, next(iter(kinds)).value)
        return None if text is None else one_word(self, key, text, kinds)

    def money(self, key: str) -> int | None:
        """A sum, in kopecks."""
        text = self.scalar(key, "100000")
        if text is None:
            return None
        try:
            return parse_money(text)
        except ValueError:
            self.wrong(key, f'"{key}" is no sum of money.', f"write digits alone, such as `{key}: 100000` or `99.50`.")
            return None

    def whole(self, key: str, low: int, high: int) -> int | None:
        """A small whole number within bounds."""
        text = self.scalar(key, str(low))
        if text is None:
            return None
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            self.wrong(key, f'"{key}" is not a whole number from {low} to {high}.', f"write `{key}: {low}` or more.")
            return None
        return int(text)

    def flag(self, key: str) -> bool | None:
        """Either true or false, and none of the other spellings."""
        text = self.scalar(key, "true")
        if text is None or text in ("true", "false"):
            return None if text is None else text == "true"
        self.wrong(key, f'"{key}" is neither true nor false.', f"write `{key}: true` or `{key}: false`.")
        return None

    def text(self, key: str, *, length_max: int = TEXT_LENGTH_MAX, lines: bool = False) -> Text | None:
        """A text in Russian, or a map of `ru` and `en`."""
        node = self.needed(key, "текст")
        if node is None:
            return None
        if isinstance(node, Scalar):
            ru = self._cleaned(key, node, length_max, lines=lines)
            return None if ru is None else Text(ru)
        parts = fields_of(node, f'{self.what}, "{key}"', ("ru", "en"), self.findings)
        written = {} if parts is None else parts.by_key
        ru_node, en_node = written.get("ru"), written.get("en")
        if not isinstance(ru_node, Scalar) or not isinstance(en_node, Scalar | None):
            self.wrong(key, f'"{key}" has no Russian text.', f"write `{key}: {{ru: …, en: …}}`.")
            return None
        ru = self._cleaned(key, ru_node, length_max, lines=lines)
        en = None if en_node is None else self._cleaned(key, en_node, length_max, lines=lines)
        return None if ru is None else Text(ru, en)

    def optional_text(self, key: str) -> Text | None:
        """A text that may be left out."""
        return self.text(key) if self.has(key) else None

    def entries(self, key: str, example: str) -> tuple[Node, ...]:
        """The nodes of a list that must be there and not be empty."""
        node = self.needed(key, example)
        if node is None:
            return ()
        if not isinstance(node, Items) or not node.items:
            self.wrong(key, f'"{key}" is not a list with entries.', f"write `{key}: {example}`.")
            return ()
        if len(node.items) > LIST_LENGTH_MAX:
            self.wrong(key, f'"{key}" has more than {LIST_LENGTH_MAX} entries.', "split the programme.")
            return ()
        return node.items

    def _cleaned(self, key: str, node: Scalar, length_max: int, *, lines: bool) -> str | None:
        try:
            return clean(node.text.strip(), field=key, length_max=length_max, lines=lines)
        except Refusal as refusal:
            mends = {
                "text.empty": ("is empty", "write the text, or leave the field out where it is not needed."),
                "text.too_long": ("is too long", f"keep it within {length_max} characters."),
                "text.characters": ("has characters that nobody sees", "write it again without copying."),
            }
            wrong, mend = mends[refusal.words]
            self.findings.add(node.line, f'{self.what}: "{key}" {wrong}.', mend)
            return None


def fields_of(node: Node, what: str, keys: Iterable[str], findings: Findings) -> Fields | None:
    """The fields of a map; unknown and repeated keys are findings, since a misspelt key must not be silently ignored."""
    known = tuple(keys)
    if not isinstance(node, Pairs):
        findings.add(node.line, f"{what} is not a map of fields.", f"write its fields: {', '.join(known)}.")
        return None
    by_key: dict[str, Node] = {}
    lines: dict[str, int] = {}
    strange: list[tuple[Scalar, Node]] = []
    for key, value in node.pairs:
        if key.text not in known:
            strange.append((key, value))
        elif key.text in by_key:
            findings.add(key.line, f'{what}: "{key.text}" is written twice.', "keep one of the two.")
        else:
            by_key[key.text], lines[key.text] = value, key.line
    for key, value in strange:
        free = [word for word in known if word not in by_key]
        meant = misspelt(key.text, free, known, f'{what}: there is no field "{key.text[:60]}".', key.line, findings)
        if meant is not None:
            by_key[meant], lines[meant] = value, key.line
    return Fields(what, node.line, by_key, lines, findings)


def misspelt(  # noqa: PLR0917
    written: str, near: Iterable[str], known: Iterable[str], message: str, line: int, findings: Findings
) -> str | None:
    """Note a word that is none of the known ones, once however often it is written, and give the one that was meant."""
    meant = nearest(written, near)
    words = ", ".join(known) or "none yet"
    mend = f"use one of: {words}." if meant is None else f"write `{meant}`, or another of: {words}."
    findings.add(line, message, mend, cause=(written, words))
    return meant


def one_word(fields: Fields, key: str, text: str, kinds: type[E]) -> E | None:
    """A member of a closed list by its word."""
    if text in kinds.__members__:
        return kinds[text]
    known = [kind.value for kind in kinds]
    message = f'{fields.what}: "{text[:40]}" is unknown.'
    meant = misspelt(text, known, known, message, fields.line_of(key), fields.findings)
    return None if meant is None else kinds(meant)


def words_of(fields: Fields, key: str, example: str) -> tuple[Scalar, ...]:
    """A list of plain words; a single word counts as a list of one."""
    node = fields.needed(key, example)
    if node is None:
        return ()
    if isinstance(node, Scalar):
        return (node,)
    words = tuple(item for item in node.items if isinstance(item, Scalar)) if isinstance(node, Items) else ()
    if not isinstance(node, Items) or len(words) != len(node.items) or not words:
        fields.wrong(key, f'"{key}" is not a list of words.', f"write `{key}: {example}`.")
        return ()
    if len({word.text for word in words}) != len(words):
        fields.wrong(key, f'"{key}" names something twice.', "name each once.")
    return words


def percent_of(fields: Fields, key: str, node: Node) -> int | None:
    """Basis points of a written percentage."""
    try:
        if isinstance(node, Scalar):
            return parse_percent(node.text)
    except ValueError:
        pass
    fields.findings.add(node.line, f'{fields.what}: "{key}" is no percentage.', "write 0 to 100, such as `5` or `7.5`.")
    return None
