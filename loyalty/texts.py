"""What may stand in a text that a person or a till sends, and texts of the programme in two languages."""

import unicodedata
from dataclasses import dataclass

from loyalty.refusals import Code, Refusal

_LINE_CONTROLS = frozenset("\n\t")
# Marks that turn the reading order round or are not seen at all: a name carrying one is not the name it looks like.
_UNSEEN = frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x2060, 0xFEFF))
)


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Russian and, where it was written, in English."""

    ru: str
    en: str | None = None

    def in_locale(self, locale: str) -> str:
        """The text for a reader: English where asked for and written, Russian otherwise."""
        return self.en if locale == "en" and self.en is not None else self.ru


def storable(text: str, *, field: str, length_max: int) -> str:
    """The text in NFC if it can be kept at all: no control characters but line break and tab, no lone surrogates.

    They are refused here, since PostgreSQL and its driver refuse them only after the work has begun.
    """
    if not text.isprintable() and any(_is_forbidden_control(letter) for letter in text):
        raise Refusal(Code.INVALID_INPUT, "text.characters", field=field)
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)
    if len(composed) > length_max:
        raise Refusal(Code.INVALID_INPUT, "text.too_long", field=field, length_max=length_max)
    return composed


def clean(text: str, *, field: str, length_max: int, lines: bool = False) -> str:
    """The text in NFC if people can read it: storable, not blank, nothing unseen, on one line unless `lines`."""
    composed = storable(text, field=field, length_max=length_max)
    if not composed.isprintable() and any(
        letter in _UNSEEN or (not lines and letter in _LINE_CONTROLS) for letter in composed
    ):
        raise Refusal(Code.INVALID_INPUT, "text.characters", field=field)
    if not composed.strip():
        raise Refusal(Code.INVALID_INPUT, "text.empty", field=field)
    return composed


def _is_forbidden_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs") and letter not in _LINE_CONTROLS
