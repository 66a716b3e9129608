"""The code of a voucher: as long as the card's and as well guarded against slips, and never taken for one."""

import pytest

from loyalty.codes import read_code
from loyalty.vouchers import code_of, read_voucher

CODE = code_of(12_345_678_901_234_567_890)


def test_a_voucher_is_no_card_and_a_card_no_voucher() -> None:
    """A-081: both have 24 digits for the hand scanners' sake, and each is refused as the other."""
    assert (len(CODE), CODE[:2]) == (24, "93")
    assert read_voucher(CODE) == CODE
    assert read_code(CODE) is None
    assert read_voucher("91" + CODE[2:]) is None


def test_what_scanners_and_people_put_between_the_digits_is_dropped() -> None:
    groups = " ".join(CODE[place : place + 4] for place in range(0, 24, 4))
    for written in (
        groups,
        f"\x02{CODE}\x03\r\n",
        f"\ufeff{CODE}",
        groups.replace(" ", "-"),
        groups.replace(" ", "\u00a0"),
    ):
        assert read_voucher(written) == CODE


def test_one_wrong_digit_and_two_that_changed_places_are_seen() -> None:
    for place, digit in enumerate(CODE):
        other = str((int(digit) + 1) % 10)
        assert read_voucher(CODE[:place] + other + CODE[place + 1 :]) is None
    for place in range(23):
        if CODE[place] != CODE[place + 1]:
            assert read_voucher(CODE[:place] + CODE[place + 1] + CODE[place] + CODE[place + 2 :]) is None


@pytest.mark.parametrize("written", ["", "93", CODE[:-1], CODE + "1", "٣" * 24, "x" * 24, "9" * 97, CODE + "\0"])
def test_what_is_no_code_is_none(written: str) -> None:
    assert read_voucher(written) is None


@pytest.mark.parametrize("number", [-1, 10**20])
def test_a_number_out_of_bounds_is_no_voucher(number: int) -> None:
    with pytest.raises(ValueError, match="twenty"):
        code_of(number)
