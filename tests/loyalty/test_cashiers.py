"""The sign of a cashier: a number of the till's own, and no room for a name (A-242)."""

import pytest

from loyalty.cashiers import CASHIER_MAX, cashier_of
from loyalty.refusals import Code, Refusal


@pytest.mark.parametrize(
    "told", [None, "7", "0042", "b1f0a001-0000-4000-8000-000000000001", "hall.2_x", "x" * CASHIER_MAX]
)
def test_a_sign_is_kept_as_it_is(told: str | None) -> None:
    assert cashier_of(told, field="input.cashier") == told


@pytest.mark.parametrize("told", ["", " ", "Анна", "Anna Ivanova", "-7", "7\n", "७", "x" * (CASHIER_MAX + 1)])
def test_what_may_be_a_name_is_refused(told: str) -> None:
    with pytest.raises(Refusal) as refused:
        cashier_of(told, field="input.cashier")
    assert (refused.value.code, refused.value.field) == (Code.INVALID_INPUT, "input.cashier")
