"""docs/programme.md is followed word by word: its example fails as it says, and is right after its mend."""

import re
from pathlib import Path

from loyalty.purchases import BasketLine, price
from tests.makers.programme_files import checked_text, compiled, text_of

GUIDE = (Path(__file__).parents[2] / "docs" / "programme.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
POINTS = next(block for block in BLOCKS if block.startswith("points:"))
PROMOTIONS = next(block for block in BLOCKS if block.startswith("promotions:"))
CONTROL = next(block for block in BLOCKS if block.startswith("control:"))
SHOWN = re.findall(r"^my\.yaml:.*$", GUIDE, re.MULTILINE)


def example(*, mended: bool) -> str:
    """The file of the guide, as it stands when it is checked or after the mend."""
    head, partners, documents, rule, *_ = BLOCKS
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


def test_the_section_of_points_is_right_as_it_stands() -> None:
    inn = example(mended=True).replace("discount: 5, accumulates: true", "discount: 5, accumulates: true, earns: 5")
    programme = compiled(inn.replace("partners:\n", f"{POINTS}\npartners:\n"))
    assert programme.points is not None
    assert programme.points.worth == 100
    rule = programme.rule("inn", "restaurant", "TILL", "guest")
    assert rule is not None
    assert (rule.earns, rule.redeem_cap) == (500, 0)


def test_the_section_of_control_is_right_as_it_stands() -> None:
    programme = compiled(example(mended=True).replace("partners:\n", f"{POINTS}\n{CONTROL}\npartners:\n"))
    assert [limit.then.value for limit in programme.control.limits] == ["SIGNAL", "REFUSE"]
    assert programme.control.cards_on_device == 4


def test_the_section_of_campaigns_is_right_as_it_stands() -> None:
    text = text_of("znak-kachestva.yaml")
    before, _, rest = text.partition("\npromotions:\n")
    _, _, after = rest.partition("\npartners:\n")
    checked = checked_text(f"{before}\n{PROMOTIONS}\npartners:\n{after}")
    assert checked.findings == ()
    assert checked.programme is not None
    assert checked.programme.promotions is not None
    assert checked.programme.promotions.by_id["slope-basket"].holdout == 1000
