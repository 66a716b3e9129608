"""Phones: as people type them, and as we keep them (A-036)."""

import pytest

from loyalty.refusals import Code, Refusal
from services.phones import phone, phone_or_none


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+7 (921) 123-45-67", "+79211234567"),
        ("+7\u00a0921\u00a0123\u201345\u201167", "+79211234567"),
        ("8921 123 45 67", "+79211234567"),
        ("9211234567", "+79211234567"),
        ("79211234567", "+79211234567"),
        ("+7 8921 123 45 67", "+79211234567"),
        ("84951234567", "+74951234567"),
        ("+358 40 1234567", "+358401234567"),
        ("+1 650 253 0000", "+16502530000"),
        ("810 358 40 1234567", "+358401234567"),
    ],
)
def test_a_number_has_one_spelling(typed: str, kept: str) -> None:
    assert phone(typed, field="input.phone") == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "12", "921123456", "92112345678", "+70000000000", "+7 921 123 45 67 доб. 2"),
        *(
            "8 800 555 35 35",
            "8 809 505 11 11",
            "８９２１１２３４５６７",
            "+7921ABCDEFG",
            "9" * 40,
            "+7921\n1234567",
            "tel:+79211234567",
        ),
    ],
)
def test_what_reaches_no_person_is_refused(typed: str) -> None:
    """Too short, too long, free and premium numbers, letters and other digits."""
    assert phone_or_none(typed) is None
    with pytest.raises(Refusal) as refusal:
        phone(typed, field="input.phone")
    assert (refusal.value.code, refusal.value.words) == (Code.INVALID_INPUT, "people.phone")
    assert refusal.value.field == "input.phone"
