"""docs/programme.md is followed word by word: its example fails as it says, and is right after its mend."""

import re
from pathlib import Path

from loyalty.purchases import BasketLine, price
from tests.makers.programme_files import checked_text, compiled

GUIDE = (Path(__file__).parents[2] / "docs" / "programme.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
SHOWN = re.findall(r"^my\.yaml:.*$", GUIDE, re.MULTILINE)


def example(*, mended: bool) -> str:
    """The file of the guide, as it stands when it is checked or after the mend."""
    head, partners, documents, rule = BLOCKS
    partners += rule if mended else ""
    return f"{head}\n{partners}\n{documents}"


def test_the_example_fails_as_the_guide_shows() -> None:
    told = [finding.told("my.yaml") for finding in checked_text(example(mended=False)).findings]
    assert sorted(told) == sorted(SHOWN)


def test_the_example_is_right_after_the_mend() -> None:
    programme = compiled(example(mended=True))
    stay = BasketLine(service="stay", name="Ночь", quantity=1000, gross=10_000_00)
    by_phone = price(programme, partner="inn", channel="PHONE", tier="friend", lines=[stay])
    assert (by_phone.discount, by_phone.accumulated) == (750_00, 0)
    dinner = BasketLine(service="restaurant", name="Ужин", quantity=1000, gross=1_000_00)
    assert price(programme, partner="inn", channel="TILL", tier="guest", lines=[dinner]).discount == 50_00
