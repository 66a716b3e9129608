"""Money, quantities and percentages: what is read, what is refused, how halves are rounded."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty import money

KOPECKS = st.integers(0, 10**14 - 1)


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("0", 0),
        ("3284", 328400),
        ("3284.5", 328450),
        ("3284.05", 328405),
        ("007.10", 710),
        ("999999999999.99", 10**14 - 1),
    ],
)
def test_money_is_read_in_kopecks(text: str, kopecks: int) -> None:
    assert money.parse_money(text) == kopecks


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "-1",
        "+1",
        "1,50",
        "1e3",
        "1.",
        ".5",
        "1.234",
        "1000000000000",
        "١٢",
        "１",
        "0x1",
        "NaN",
        "1\n",
        "1_0",
    ],
)
def test_anything_else_is_no_money(text: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        money.parse_money(text)


@given(KOPECKS)
def test_money_printed_is_read_back_and_has_two_digits(kopecks: int) -> None:
    printed = money.print_money(kopecks)
    assert money.parse_money(printed) == kopecks
    assert printed[-3] == "."


def test_a_negative_sum_keeps_its_sign_and_digits() -> None:
    assert money.print_money(-5) == "-0.05"


@pytest.mark.parametrize(
    ("text", "thousandths", "printed"),
    [
        ("1", 1000, "1"),
        ("1.500", 1500, "1.5"),
        ("0.001", 1, "0.001"),
        ("1000000", 10**9, "1000000"),
        ("02.0", 2000, "2"),
    ],
)
def test_quantities_are_thousandths(text: str, thousandths: int, printed: str) -> None:
    assert money.parse_quantity(text) == thousandths
    assert money.print_quantity(thousandths) == printed


@pytest.mark.parametrize("text", ["0", "0.000", "0.0001", "1000000.001", "-1", "1,5", "", "١", "9999999", "1e3"])
def test_other_quantities_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"quantity|decimal"):
        money.parse_quantity(text)


@given(st.integers(1, money.QUANTITY_MAX))
def test_quantities_printed_are_read_back(thousandths: int) -> None:
    printed = money.print_quantity(thousandths)
    assert money.parse_quantity(printed) == thousandths
    assert "." not in printed or printed[-1] != "0"


@pytest.mark.parametrize(
    ("basis_points", "printed"), [(500, "5"), (750, "7.5"), (0, "0"), (1275, "12.75"), (10_000, "100")]
)
def test_percentages_have_no_trailing_zeros(basis_points: int, printed: str) -> None:
    assert money.print_percent(basis_points) == printed
    assert money.parse_percent(printed) == basis_points


@pytest.mark.parametrize("text", ["100.01", "101", "-5", "5%", "7,5", "0.005"])
def test_other_percentages_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"percentage|decimal"):
        money.parse_percent(text)


@pytest.mark.parametrize(
    ("gross", "basis_points", "discount"),
    [
        (1082000, 500, 54100),
        (10, 500, 1),
        (9, 500, 0),
        (30, 500, 2),
        (29, 500, 1),
        (1, 10_000, 1),
        (333, 1500, 50),
        (0, 1500, 0),
    ],
)
def test_a_discount_is_rounded_half_up(gross: int, basis_points: int, discount: int) -> None:
    assert money.discount_of(gross, basis_points) == discount


@given(KOPECKS, st.integers(0, 10_000))
def test_a_discount_is_the_nearest_kopeck_and_never_more_than_the_line(gross: int, basis_points: int) -> None:
    discount = money.discount_of(gross, basis_points)
    exact = Fraction(gross * basis_points, 10_000)
    assert 0 <= discount <= gross
    assert -Fraction(1, 2) < exact - discount <= Fraction(1, 2) or exact - discount == -Fraction(1, 2)
    assert discount == int(exact + Fraction(1, 2))


@pytest.mark.parametrize(
    ("kopecks", "locale", "told"),
    [
        (10_000_000, "ru", "100\u00a0000\u00a0₽"),
        (54150, "ru", "541,50\u00a0₽"),
        (10_000_050, "en", "100,000.50\u00a0₽"),
        (-100, "ru", "−1\u00a0₽"),
    ],
)
def test_money_in_a_sentence(kopecks: int, locale: str, told: str) -> None:
    assert money.tell_money(kopecks, locale) == told


def test_a_percentage_in_a_sentence() -> None:
    assert (money.tell_percent(750, "ru"), money.tell_percent(750, "en")) == ("7,5\u00a0%", "7.5%")
