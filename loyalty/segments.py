"""How many parts a text message has: GSM-7 and UCS-2 after 3GPP TS 23.038 and 23.040."""

from dataclasses import dataclass
from typing import Final, Literal

GSM7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Written as an escape and a letter, which must not be parted.
GSM7_PAIRS: Final = frozenset("^{}\\[~]|€\f")
ALONE: Final = {"GSM7": 160, "UCS2": 70}
# A part of several gives up six bytes to its place in the row.
IN_ROW: Final = {"GSM7": 153, "UCS2": 67}
FIRST_OF_PAIRS: Final = 0x10000


@dataclass(frozen=True, slots=True)
class Segments:
    """A text as operators count it: its alphabet, its units (septets or 16-bit units), and the parts that are paid for."""

    encoding: Literal["GSM7", "UCS2"]
    units: int
    parts: int


def segments(text: str) -> Segments:
    """Count a text. A single letter outside GSM-7, so any Cyrillic one, makes the whole text UCS-2."""
    encoding: Literal["GSM7", "UCS2"] = "GSM7" if set(text) <= GSM7 | GSM7_PAIRS else "UCS2"
    return Segments(encoding, sum(_units(letter, encoding) for letter in text), len(split(text)))


def split(text: str) -> list[str]:
    """The parts of a text, each as full as may be; what belongs together stays in one part. An empty text is one part."""
    encoding = "GSM7" if set(text) <= GSM7 | GSM7_PAIRS else "UCS2"
    if sum(_units(letter, encoding) for letter in text) <= ALONE[encoding]:
        return [text]
    parts, room = [""], IN_ROW[encoding]
    for letter in text:
        units = _units(letter, encoding)
        if units > room:
            parts.append("")
            room = IN_ROW[encoding]
        parts[-1] += letter
        room -= units
    return parts


def _units(letter: str, encoding: str) -> int:
    if encoding == "GSM7":
        return 2 if letter in GSM7_PAIRS else 1
    return 2 if ord(letter) >= FIRST_OF_PAIRS else 1
