"""The discount to expect before buying, for every tier."""

import pytest

from loyalty.benefits import benefits
from loyalty.refusals import Code, Refusal
from tests.makers.programme_files import znak_kachestva


def test_one_answer_for_each_tier() -> None:
    """A-074, A-075: with the sums where an amount was named."""
    found = benefits(znak_kachestva(), partner="igora", service="spa", channel="TILL", amount=1_000_00)
    assert [(cell.tier.id, cell.basis_points, cell.accumulates, cell.discount, cell.net) for cell in found] == [
        ("dreamer", 0, False, 0, 1_000_00),
        ("pioneer", 500, False, 50_00, 950_00),
        ("traveller", 1000, False, 100_00, 900_00),
        ("collector", 1500, False, 150_00, 850_00),
    ]


def test_without_an_amount_there_are_no_sums() -> None:
    found = benefits(znak_kachestva(), partner="igora", service="spa", channel="TILL", amount=None)
    assert {(cell.discount, cell.net) for cell in found} == {(None, None)}


@pytest.mark.parametrize(
    ("partner", "service", "channel", "code", "field"),
    [
        ("nobody", "spa", "TILL", Code.NOT_FOUND, "partner"),
        ("igora", "sauna", "TILL", Code.SERVICE_NOT_SOLD_HERE, "service"),
        ("igora", "spa", "CABINET", Code.CHANNEL_NOT_ALLOWED, "channel"),
    ],
)
def test_what_is_not_sold_has_no_answer(partner: str, service: str, channel: str, code: Code, field: str) -> None:
    with pytest.raises(Refusal) as told:
        benefits(znak_kachestva(), partner=partner, service=service, channel=channel, amount=None)
    assert (told.value.code, told.value.field) == (code, field)
