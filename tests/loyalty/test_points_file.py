"""The section `points` of a programme file: read, kept and read back, and refused where it says nothing."""

import pytest

from loyalty.goodwill import GoodwillTerms
from loyalty.points import Rounding
from loyalty.programme_file.stored import from_data, to_data
from tests.makers.programme_files import SMALL, checked_text, compiled, znak_kachestva

SECTION = """\
points:
  unit:
    name: {ru: Бонусы, en: Bonus points}
    one: {ru: бонус, en: point}
    few: {ru: бонуса, en: points}
    many: {ru: бонусов, en: points}
  worth: 1
  rounding: DOWN
  life_days: 365
  hold_minutes: 10
  tenders: {GIFT_CARD: 0, INSTALMENT: 50}
  earn_max: {receipt: 5000}
  confirm: {above: 1000, share: 30}
  announce_days: [7, 30]
partners:
"""
WITH_POINTS = SMALL.replace("partners:\n", SECTION).replace(
    "discount: 3, accumulates: false,", "discount: 3, accumulates: false, earns: {first: 0, second: 5}, redeem_cap: 30,"
)


def test_the_section_is_read_with_the_rates_of_its_rules() -> None:
    programme = compiled(WITH_POINTS)
    assert programme.points is not None
    assert (programme.points.worth, programme.points.rounding, programme.points.life_days) == (100, Rounding.DOWN, 365)
    assert programme.points.tender_factors == (("GIFT_CARD", 0), ("INSTALMENT", 5000))
    assert (programme.points.earn_max_receipt, programme.points.earn_max_day) == (5000, None)
    assert (programme.points.confirm_above, programme.points.confirm_share) == (1000, 3000)
    assert programme.points.announce_days == (30, 7)
    bar = {rule.tier: (rule.earns, rule.redeem_cap) for rule in programme.partners[0].rules if rule.service == "bar"}
    assert bar == {"first": (0, 3000), "second": (500, 3000)}
    reasons = {tier: programme.cells["inn", "bar", "TILL", tier].reasons for tier in ("first", "second")}
    assert [reason.code for reason in reasons["first"]][2:] == ["earns_not_yet", "redeems"]
    assert [reason.code for reason in reasons["second"]][2:] == ["earns", "redeems"]


def test_it_is_kept_with_the_version_and_read_back() -> None:
    programme = compiled(WITH_POINTS)
    again = from_data(to_data(programme), 1)
    assert to_data(again) == to_data(programme)
    assert again.points == programme.points
    assert again.partners[0].rules == programme.partners[0].rules


def test_new_phones_are_read_kept_and_left_out_where_nothing_is_said() -> None:
    """A-242: content from before keeps its digest, so applying the same file makes no version."""
    said = compiled(WITH_POINTS.replace("share: 30}", "share: 30, new_device_hours: 72}"))
    assert said.points is not None
    assert said.points.confirm_new_device_hours == 72
    assert from_data(to_data(said), 1).points == said.points
    plain = compiled(WITH_POINTS)
    assert plain.points is not None
    assert plain.points.confirm_new_device_hours is None
    assert set(to_data(said)["points"]) - set(to_data(plain)["points"]) == {"confirm_new_device_hours"}


def test_what_the_staff_moves_by_hand_is_read_kept_and_left_out() -> None:
    """A-102: content from before keeps its digest; left out, nobody moves any."""
    plain = compiled(WITH_POINTS)
    assert plain.points is not None
    assert plain.points.goodwill is None
    assert "goodwill" not in to_data(plain)["points"]
    for written, read in (
        ("{day: 500, approve_above: 100}", GoodwillTerms(500, 100)),
        ("{day: 500, approve_above: 0, operator_day: 900}", GoodwillTerms(500, 0, 900)),
    ):
        said = compiled(WITH_POINTS.replace("  announce_days", f"  goodwill: {written}\n  announce_days"))
        assert said.points is not None
        assert said.points.goodwill == read
        assert from_data(to_data(said), 1).points == said.points


def test_points_that_nobody_confirms_are_told() -> None:
    """A-242, security 3.6: allowed, and worth knowing before it is applied."""
    assert checked_text(WITH_POINTS).notices == ()
    for nothing in ("", "  confirm: {}\n"):
        checked = checked_text(WITH_POINTS.replace("  confirm: {above: 1000, share: 30}\n", nothing))
        assert checked.programme is not None
        (notice,) = checked.notices
        assert "spends all the points there are, unasked" in notice.told("file")
    for some in ("above: 0", "share: 30", "new_device_hours: 72"):
        assert checked_text(WITH_POINTS.replace("above: 1000, share: 30", some)).notices == ()


def test_a_programme_without_points_is_kept_as_ever() -> None:
    """Its content keeps its digest: applying the same file makes no version."""
    data = to_data(znak_kachestva())
    assert "points" not in data
    assert {key for partner in data["partners"] for row in partner["rules"] for key in row} == {
        "service",
        "channel",
        "accumulates",
        "note",
        "basis_points",
    }
    assert all(len(cell.reasons) == 2 for cell in znak_kachestva().cells.values())


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("worth: 1\n", "worth: 0\n", "a point that pays nothing"),
        ("rounding: DOWN", "rounding: UP", '"UP" is unknown'),
        ("[7, 30]", "[7, 0]", '"announce_days" are not whole numbers'),
        ("[7, 30]", "[7, 7]", '"announce_days" names something twice'),
        ("life_days: 365", "life_days: 0", '"life_days" is not a whole number'),
        ("hold_minutes: 10", "hold_minutes: 600", '"hold_minutes" is not a whole number from 1 to 60'),
        ("GIFT_CARD: 0", "POINTS: 0", 'there is no field "POINTS"'),
        ("GIFT_CARD: 0", "GIFT_CARD: 101", '"GIFT_CARD" is no percentage'),
        ("share: 30", "share: lots", '"share" is no percentage'),
        ("share: 30}", "new_device_hours: 0}", '"new_device_hours" is not a whole number from 1 to 720'),
        ("share: 30}", "new_device_hours: 721}", '"new_device_hours" is not a whole number from 1 to 720'),
        ("  announce_days", "  goodwill: {day: 5}\n  announce_days", '"approve_above" is missing'),
        ("  announce_days", "  goodwill: {day: 0, approve_above: 0}\n  announce_days", '"day" is not a whole number'),
        ("  announce_days", "  goodwill: {day: 5, approve_above: 5}\n  announce_days", "nobody is ever asked"),
        ("  announce_days", "  goodwill: {day: 5, month: 5}\n  announce_days", 'there is no field "month"'),
        ("share: 30}", "new_city: true}", 'there is no field "new_city"'),
        ("  worth: 1\n", "", '"worth" is missing'),
        ("    few: {ru: бонуса, en: points}\n", "", '"few" is missing'),
        ("redeem_cap: 30", "redeem_cap: many", 'there is no row "many"'),
        (SECTION, "partners:\n", "the programme has no points"),
    ],
)
def test_what_says_nothing_is_refused_with_its_mend(written: str, instead: str, told: str) -> None:
    assert WITH_POINTS.count(written) == 1
    checked = checked_text(WITH_POINTS.replace(written, instead))
    assert checked.programme is None
    assert any(told in finding.told("file") for finding in checked.faults), [f.told("file") for f in checked.faults]
