"""Card numbers: sixteen digits with a check digit for our own, and the board numbers of the old plastic cards."""

import re

PREFIX = "7012"
RANDOM_PART_END = 10**11  # the random part is below this: eleven digits between the prefix and the check digit
PLASTIC_DIGITS_MIN = 4
PLASTIC_DIGITS_MAX = 20

_OWN = re.compile(r"7012[0-9]{12}", re.ASCII)
_GAPS = re.compile(r"[ \u00a0\-]+")


def card_number(random_part: int) -> str:
    """The number made of a random part that the caller drew, `0 <= random_part < RANDOM_PART_END`."""
    if not 0 <= random_part < RANDOM_PART_END:
        raise ValueError("the random part has eleven digits")
    payload = f"{PREFIX}{random_part:011d}"
    return payload + luhn_digit(payload)


def is_card_number(text: str) -> bool:
    """Whether this is a number of our own kind with a right check digit."""
    return _OWN.fullmatch(text) is not None and luhn_digit(text[:-1]) == text[-1]


def luhn_digit(payload: str) -> str:
    """The check digit of ISO/IEC 7812-1 for a row of digits."""
    total = 0
    for place, letter in enumerate(reversed(payload)):
        doubled = int(letter) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def plastic_number(text: str) -> str:
    """The board number of an old card as it is kept: digits alone. Raises ValueError for anything else."""
    digits = _GAPS.sub("", text)
    if not (digits.isascii() and digits.isdigit() and PLASTIC_DIGITS_MIN <= len(digits) <= PLASTIC_DIGITS_MAX):
        raise ValueError("a board number is a row of digits")
    return digits
