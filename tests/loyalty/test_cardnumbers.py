"""Card numbers: the check digit, our prefix, and the board numbers of old plastic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty import cardnumbers


@pytest.mark.parametrize(("payload", "digit"), [("7992739871", "3"), ("453201511283036", "6"), ("0", "0")])
def test_known_check_digits(payload: str, digit: str) -> None:
    assert cardnumbers.luhn_digit(payload) == digit


@given(st.integers(0, cardnumbers.RANDOM_PART_END - 1))
def test_a_number_has_our_prefix_and_a_right_check_digit(random_part: int) -> None:
    number = cardnumbers.card_number(random_part)
    assert len(number) == 16
    assert number.startswith("7012")
    assert cardnumbers.is_card_number(number)


@given(st.integers(0, cardnumbers.RANDOM_PART_END - 1), st.integers(4, 15), st.integers(1, 9))
def test_a_wrong_digit_is_noticed(random_part: int, place: int, shift: int) -> None:
    number = cardnumbers.card_number(random_part)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not cardnumbers.is_card_number(wrong)


@pytest.mark.parametrize("random_part", [-1, cardnumbers.RANDOM_PART_END])
def test_the_random_part_has_eleven_digits(random_part: int) -> None:
    with pytest.raises(ValueError, match="eleven"):
        cardnumbers.card_number(random_part)


@pytest.mark.parametrize(
    ("text", "kept"), [("00123", "00123"), (" 1234 5678-90 ", "1234567890"), ("7012\u00a00000", "70120000")]
)
def test_a_board_number_is_kept_as_digits(text: str, kept: str) -> None:
    """A-013: the number of an old plastic card."""
    assert cardnumbers.plastic_number(text) == kept


@pytest.mark.parametrize("text", ["", "123", "1" * 21, "12AB", "１２３４", "12\n34"])
def test_anything_else_is_no_board_number(text: str) -> None:
    with pytest.raises(ValueError, match="board number"):
        cardnumbers.plastic_number(text)
