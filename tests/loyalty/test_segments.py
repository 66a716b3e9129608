"""Parts of a text message, as operators count them (A-227)."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.segments import ALONE, GSM7, GSM7_PAIRS, IN_ROW, segments, split

LATIN = st.text(st.sampled_from(sorted(GSM7 | GSM7_PAIRS)), max_size=500)
ANYTHING = st.text(st.characters(codec="utf-8"), max_size=500)


def units(text: str, encoding: str) -> int:
    """Counted another way: by what is really encoded."""
    if encoding == "UCS2":
        return len(text.encode("utf-16-be")) // 2
    return len(text) + sum(text.count(letter) for letter in GSM7_PAIRS)


@pytest.mark.parametrize(
    ("text", "encoding", "parts"),
    [
        ("", "GSM7", 1),
        ("a" * 160, "GSM7", 1),
        ("a" * 161, "GSM7", 2),
        ("a" * 306, "GSM7", 2),
        ("a" * 307, "GSM7", 3),
        ("€" * 80, "GSM7", 1),
        ("€" * 81, "GSM7", 2),
        ("я" * 70, "UCS2", 1),
        ("я" * 71, "UCS2", 2),
        ("я" * 134, "UCS2", 2),
        ("я" * 135, "UCS2", 3),
        ("a" * 70 + "№", "UCS2", 2),
        ("🙂" * 35, "UCS2", 1),
        ("🙂" * 36, "UCS2", 2),
    ],
)
def test_the_borders(text: str, encoding: str, parts: int) -> None:
    found = segments(text)
    assert (found.encoding, found.parts) == (encoding, parts)


def test_a_pair_is_never_parted() -> None:
    """An escape at the end of a part would lose its letter; the part ends one septet earlier."""
    first, second = split("a" * 152 + "€" + "a" * 50)
    assert first == "a" * 152
    assert second == "€" + "a" * 50
    assert split("я" * 66 + "🙂" + "я" * 20) == ["я" * 66, "🙂" + "я" * 20]


@given(LATIN | ANYTHING)
def test_any_text_is_parted_whole_and_as_full_as_may_be(text: str) -> None:
    found, parts = segments(text), split(text)
    assert "".join(parts) == text
    assert found.parts == len(parts)
    assert found.units == units(text, found.encoding)
    room = ALONE[found.encoding] if len(parts) == 1 else IN_ROW[found.encoding]
    assert all(units(part, found.encoding) <= room for part in parts)
    for part, follower in pairwise(parts):
        assert units(part + follower[0], found.encoding) > room


@given(ANYTHING)
def test_one_letter_outside_makes_the_whole_text_dear(text: str) -> None:
    assert segments(text + "Ж").encoding == "UCS2"
