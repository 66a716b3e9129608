"""The code of a voucher: 24 digits of `93`, twenty at random, and the check of the card's code. No card's code begins so."""

import re
from typing import Final

from loyalty.codes import CODE_DIGITS, check_of

PREFIX: Final = "93"
RANDOM_DIGITS: Final = 20
_NOISE: Final = re.compile("[\x01-\x20\x7f\ufeff\u00a0-]+")


def code_of(random_part: int) -> str:
    """The digits of a random number below 10²⁰ that the caller drew."""
    if not 0 <= random_part < 10**RANDOM_DIGITS:
        raise ValueError("a voucher has twenty digits of chance")
    first22 = f"{PREFIX}{random_part:0{RANDOM_DIGITS}d}"
    return first22 + check_of(first22)


def read_voucher(scanned: str) -> str | None:
    """The digits of what a scanner or a person typed; None when it is no voucher's code or was misread."""
    if len(scanned) > 4 * CODE_DIGITS:
        return None
    digits = _NOISE.sub("", scanned)
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    return digits if digits.startswith(PREFIX) and int(digits) % 97 == 1 else None
