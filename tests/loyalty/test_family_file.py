"""The section `family` of a programme file: what is wrong is named with the mend, what is right is kept."""

import pytest

from loyalty.families import FamilyTerms
from loyalty.programme_file.stored import from_data, to_data
from tests.makers.programme_files import SMALL, checked_text, compiled


def small(family: str) -> str:
    """The small programme of two tiers with families."""
    return SMALL.replace("partners:\n", f"family: {family}\npartners:\n", 1)


def test_a_family_is_read_kept_and_read_again() -> None:
    """A-053: what is left out is usual, and an old version that knew of no shared progress is read as it was."""
    programme = compiled(small("{seats: 4, progress: true}"))
    assert programme.family == FamilyTerms(seats=4, pool=False, invite_hours=72, spend_after_days=7, progress=True)
    assert programme.shares_progress
    assert from_data(to_data(programme), 1).family == programme.family
    kept = to_data(compiled(small("{seats: 4}")))
    assert kept["family"] == {"seats": 4, "pool": False, "invite_hours": 72, "spend_after_days": 7}
    assert not from_data(kept, 1).shares_progress


@pytest.mark.parametrize(
    ("text", "family", "message"),
    [
        (SMALL, "{seats: 4, pool: true}", "the programme has no points to put together."),
        (SMALL, "{seats: 4, progress: often}", '"progress" is neither true nor false.'),
        (
            SMALL.replace("  - {id: second, name: Второй, threshold: 1000}\n", "").replace(
                "{first: 0, second: 7.5}", "{first: 0}"
            ),
            "{seats: 4, progress: true}",
            "the programme has one tier, and nowhere to go to.",
        ),
    ],
)
def test_a_family_that_cannot_be_is_refused(text: str, family: str, message: str) -> None:
    """A-053: nothing is shared that the programme has not."""
    told = checked_text(text.replace("partners:\n", f"family: {family}\npartners:\n", 1)).faults
    assert [one.message for one in told] == [f"family: {message}"]
