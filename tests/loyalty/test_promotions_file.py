"""The section `promotions` of a programme file: read, kept and read back, and refused with line and mend."""

import pytest

from loyalty.programme_file.stored import digest, from_data, to_data
from loyalty.promotions.campaigns import (
    Amount,
    Bounds,
    Budget,
    Caps,
    Choice,
    Fact,
    Hours,
    Nth,
    PointsTimes,
    TierBoost,
    Weekday,
)
from tests.makers.campaigns import campaigns_text
from tests.makers.programme_files import SMALL, checked_text, compiled

HEAD = "max_discount: {line: 50, receipt: 30}\nexcluded: [inn/delivery]\ngroups: [{id: one, choose: BEST}]"
FULL = (
    "id: full, name: {ru: Полная, en: Full}, from: 2026-01-01, to: 2026-12-31, priority: 7, group: one, code: true,"
    " when: {tiers: [second], partners: [inn], outlets: [inn], channels: [TILL], services: [bar, spa],"
    ' weekdays: [SUN, MON], hours: "22:00-02:00", line_min: 10, basket_min: 1000.50, quantity_min: 2,'
    " nth_purchase: {every: 5}, birthday: {before: 3, after: 0},"
    " members: {age: {from: 18}, accumulated: {from: 100, to: 5000}}},"
    " gives: {amount: 250}, budget: {discount: 100000, uses: 500}, per_member: 1, holdout: 10, on_return: KEEP"
)
PLAIN = "id: plain, name: Простая, group: one, gives: {points_times: 1.5}"
TEXT = campaigns_text(FULL, PLAIN, head=HEAD)


def test_everything_that_may_be_written_is_read() -> None:
    """A-226, E1: campaigns are data of the programme file."""
    promotions = compiled(TEXT).promotions
    assert promotions is not None
    assert (promotions.caps, promotions.groups) == (Caps(5000, 3000), {"one": Choice.BEST})
    assert promotions.excluded == {("inn", "delivery")}
    full, plain = promotions.by_id["full"], promotions.by_id["plain"]
    assert (full.priority, full.group, full.needs_code, full.uses_per_member, full.holdout) == (7, "one", True, 1, 1000)
    assert (full.effect, full.budget, full.on_return) == (Amount(250_00), Budget(discount=100_000_00, uses=500), "KEEP")
    asked = full.conditions
    assert (asked.hours, asked.nth_purchase, asked.weekdays) == (
        Hours(1320, 120),
        Nth(5, is_every=True),
        (Weekday.MON, Weekday.SUN),
    )
    assert (asked.line_min, asked.basket_min, asked.quantity_min) == (10_00, 1000_50, 2000)
    assert asked.members == (Bounds(Fact.AGE, 18, None), Bounds(Fact.ACCUMULATED, 100_00, 5000_00))
    assert plain.effect == PointsTimes(15_000)


def test_it_is_kept_with_the_version_whatever_the_order_of_the_file() -> None:
    programme = compiled(TEXT)
    again = from_data(to_data(programme), 1)
    assert to_data(again) == to_data(programme)
    assert again.promotions is not None
    assert programme.promotions is not None
    assert again.promotions.by_id == programme.promotions.by_id
    assert again.promotions.ordered == programme.promotions.ordered
    assert digest(to_data(compiled(campaigns_text(PLAIN, FULL, head=HEAD)))) == digest(to_data(programme))


def test_a_tier_is_given_for_days() -> None:
    """A-226: read, and kept with the version."""
    programme = compiled(TEXT.replace("points_times: 1.5", "tier: second, days: 30"))
    again = from_data(to_data(programme), 1).promotions
    assert again is not None
    assert TierBoost("second", 30) in [campaign.effect for campaign in again.campaigns]


def test_a_programme_without_campaigns_is_kept_as_ever() -> None:
    assert "promotions" not in to_data(compiled(SMALL))


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("gives: {amount: 250}", "gives: {amount: 0}", "a campaign that gives nothing is no campaign"),
        ("gives: {amount: 250}", "gives: {amount: 250, percent: 5}", "a campaign gives exactly one thing"),
        ("gives: {amount: 250}", "gives: {amuont: 250}", 'there is no field "amuont"'),
        ("gives: {amount: 250}", "gives: {percent: 101}", '"percent" is no percentage'),
        ("gives: {amount: 250}", "gives: {gift_points: 5}", "the campaign gives no discount"),
        ("points_times: 1.5", "points_times: 1", "the factor is not above 1"),
        ("points_times: 1.5", "tier: first, days: 5", 'there is no tier "first" above the first'),
        ("points_times: 1.5", "tier: secnod, days: 5", 'there is no tier "secnod" above the first'),
        ("points_times: 1.5", "tier: second", '"days" is missing'),
        ("points_times: 1.5", "tier: second, days: 0", '"days" is not a whole number'),
        ("points_times: 1.5", "points_times: 2, days: 5", "only a tier is given for days"),
        ("from: 2026-01-01", "from: 2026-02-30", '"2026-02-30" is no date'),
        ("from: 2026-01-01", "from: 2027-01-01", "it would end before it begins"),
        ("tiers: [second]", "tiers: [third]", '"third" is none of the tiers'),
        ("services: [bar, spa]", "services: [sap]", '"sap" is none of the services'),
        ("weekdays: [SUN, MON]", "weekdays: [SUNDAY]", '"SUNDAY" is unknown'),
        ('hours: "22:00-02:00"', 'hours: "22-2"', "are no hours"),
        ("nth_purchase: {every: 5}", "nth_purchase: {every: 5, number: 1}", "one purchase or every so many"),
        ("birthday: {before: 3, after: 0}", "birthday: {before: 3}", '"after" is missing'),
        ("age: {from: 18}", "age: {from: 18, to: 17}", "nothing lies between these bounds"),
        ("age: {from: 18}", "age: {}", '"age" has no bound'),
        ("budget: {discount: 100000, uses: 500}", "budget: {}", "the budget bounds nothing"),
        ("budget: {discount: 100000, uses: 500}", "budget: {points: 5}", "only gift points are known beforehand"),
        ("per_member: 1", "per_member: 0", '"per_member" is not a whole number'),
        ("group: one, code", "group: two, code", 'there is no group "two"'),
        ("choose: BEST", "choose: LUCK", '"LUCK" is unknown'),
        ("excluded: [inn/delivery]", "excluded: [inn/deliveries]", 'no partner sells "inn/deliveries"'),
        ("id: plain", "id: full", "this slug is already a campaign"),
        ("on_return: KEEP", "on_return: LOSE", '"LOSE" is unknown'),
    ],
)
def test_what_says_nothing_is_refused_with_its_line_and_mend(written: str, instead: str, told: str) -> None:
    assert TEXT.count(written) == 1
    text = TEXT.replace(written, instead)
    checked = checked_text(text)
    assert checked.programme is None
    (finding, *_) = [one for one in checked.faults if told in one.message]
    assert "Mend: " in finding.told("file")
    line = max(number for number, line in enumerate(text.splitlines(), 1) if instead in line)
    assert finding.line == line


def test_points_need_points_and_a_group_of_one_is_told() -> None:
    without = TEXT[: TEXT.index("points:")] + TEXT[TEXT.index("promotions:") :]
    without = without.replace(", earns: 5, redeem_cap: 30", "").replace(", earns: 5", "")
    assert any("the programme has no points" in one.message for one in checked_text(without).faults)
    agreed = campaigns_text(FULL, head=HEAD).replace(
        "hold_minutes: 10\n", "hold_minutes: 10\n  confirm: {above: 1000}\n"
    )
    alone = checked_text(agreed)
    assert [notice.message for notice in alone.notices] == ['promotions: fewer than two campaigns are in group "one".']
