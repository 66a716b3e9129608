"""The code of a fiscal receipt, read or refused."""

from datetime import datetime

import pytest

from loyalty.fiscal import FiscalReceipt, fiscal_of_sale, read_fiscal
from loyalty.refusals import Code, Refusal

CODE = "t=20260314T1226&s=1250.50&fn=9999078900004792&i=12345&fp=1234567890&n=1"


def test_a_code_says_moment_sum_and_document() -> None:
    """C-15: minutes with or without seconds, whole roubles too, members that it does not know left alone."""
    moment = datetime(2026, 3, 14, 12, 26)  # noqa: DTZ001 - the till's own wall
    whole = FiscalReceipt(moment, 125_050, "9999078900004792", 12345, 1_234_567_890, 1)
    assert read_fiscal(CODE) == whole
    assert read_fiscal(f"  {CODE}\n") == whole
    assert read_fiscal(f"{CODE}&x=1") == whole
    seconds = read_fiscal(CODE.replace("T1226", "T122630").replace("1250.50", "1250"))
    assert seconds is not None
    assert (seconds.at, seconds.total) == (moment.replace(second=30), 125_000)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "911234567890128176835041",
        "https://example.ru/?t=20260314T1226",
        CODE.replace("&n=1", ""),
        CODE.replace("n=1", "n=5"),
        CODE + "&n=1",
        CODE.replace("T1226", "T2526"),
        CODE.replace("20260314", "20260231"),
        CODE.replace("1250.50", "-1"),
        CODE.replace("1250.50", "1250,50"),
        CODE.replace("9999078900004792", "99990789"),
        CODE.replace("i=12345", "i=１２"),
        CODE.replace("fp=1234567890", "fp=12345678901"),
        CODE + "&" + "x" * 200,
    ],
)
def test_anything_else_is_no_receipt(text: str) -> None:
    assert read_fiscal(text) is None
    with pytest.raises(Refusal) as refused:
        fiscal_of_sale(text, field="input.fiscal")
    assert (refused.value.code, refused.value.words) == (Code.INVALID_INPUT, "claim.fiscal_unreadable")


def test_a_return_is_no_purchase() -> None:
    """C-15: the receipt of a return claims nothing."""
    with pytest.raises(Refusal) as refused:
        fiscal_of_sale(CODE.replace("n=1", "n=2"), field="input.fiscal")
    assert refused.value.words == "claim.fiscal_return"
