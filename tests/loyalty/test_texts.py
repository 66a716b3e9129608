"""What people type: stored as sent after NFC, or refused with the field named."""

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.texts import Text, clean, storable


@pytest.mark.parametrize(
    "text", ["Анна", "O'Neil — <script>", "Зонт 🌂", "=SUM(A1)", "'; drop table member; --", " a "]
)
def test_words_are_kept_as_they_were_sent(text: str) -> None:
    assert clean(text, field="name", length_max=100) == text


def test_two_spellings_of_one_letter_become_one() -> None:
    assert clean("и\u0306од", field="name", length_max=4) == "йод"


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1bb", "a\ud800b", "a\u202eb", "a\u200bb", "\ufeffa", "a\x7fb", "a\u0085b", "a\nb"]
)
def test_what_cannot_be_seen_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as told:
        clean(text, field="input.name", length_max=100)
    assert (told.value.code, told.value.words, told.value.field) == (
        Code.INVALID_INPUT,
        "text.characters",
        "input.name",
    )


def test_lines_are_for_long_texts_only() -> None:
    assert clean("a\n\tb", field="text", length_max=10, lines=True) == "a\n\tb"


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "text.empty"), (" \u00a0", "text.empty"), ("абв", "text.too_long"), ("a" * 10**6, "text.too_long")],
)
def test_empty_and_long_texts_are_refused(text: str, words: str) -> None:
    with pytest.raises(Refusal) as told:
        clean(text, field="name", length_max=2)
    assert (told.value.code, told.value.words) == (Code.INVALID_INPUT, words)


def test_a_text_is_told_in_english_where_it_was_written() -> None:
    assert Text("Игора", "Igora").in_locale("en") == "Igora"
    assert Text("Игора", "Igora").in_locale("ru") == "Игора"
    assert Text("Игора").in_locale("en") == "Игора"


def test_what_can_be_kept_is_more_than_what_can_be_read() -> None:
    """A scanner may put a byte order mark before its digits, and an optional field may be blank."""
    assert storable("\ufeff91\n", field="code", length_max=10) == "\ufeff91\n"
    assert storable("", field="name", length_max=10) == ""
    with pytest.raises(Refusal) as told:
        storable("a\x00", field="name", length_max=10)
    assert told.value.words == "text.characters"
