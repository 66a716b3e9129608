"""Checking programme files: every slip is told with its line and its mend, and all of them in one run."""

import re

import pytest

from loyalty.programme_file.nearest import SHORT, nearest
from loyalty.programme_file.stored import digest, from_data, to_data
from tests.makers.programme_files import SMALL, checked_text, compiled, plastic_past, znak_kachestva

# What is changed in the small programme, into what, and what the check says about it.
SLIPS = [
    ("id: small", "id: Small Programme", 1, "is no slug"),
    ("id: small\n", "", 1, '"id" is missing'),
    ("name: Маленькая", "nmae: Маленькая", 2, 'there is no field "nmae"'),
    ("currency: RUB", "currency: EUR", 3, '"EUR" is unknown'),
    ("Europe/Moscow", "Europe/Moskow", 4, "is no time zone"),
    ("minimum_age: 18", "minimum_age: 18.5", 5, "is not a whole number"),
    ("minimum_age: 18", "minimum_age: 121", 5, "is not a whole number"),
    ("names_cyrillic_only: false", "names_cyrillic_only: no", 6, "neither true nor false"),
    ("tier_window: LIFETIME", "tier_window: YEAR", 7, '"YEAR" is unknown'),
    ("tier_window: LIFETIME", "tier_window: ROLLING", 7, "a rolling window has a length"),
    ("tier_window: LIFETIME", "tier_window: [ROLLING]", 7, "is not a map of fields"),
    ("tier_window: LIFETIME", "tier_window: {months: 12}", 7, '"kind" is missing'),
    ("tier_window: LIFETIME", "tier_window: {kind: ROLLING}", 7, "a rolling window has one length"),
    ("tier_window: LIFETIME", "tier_window: {kind: ROLLING, days: 30, months: 1}", 7, "a rolling window has one length"),
    ("tier_window: LIFETIME", "tier_window: {kind: ROLLING, days: 0}", 7, "is not a whole number from 1 to 3650"),
    ("tier_window: LIFETIME", "tier_window: {kind: ROLLING, mouths: 1}", 7, 'there is no field "mouths"'),
    ("tier_window: LIFETIME", "tier_window: {kind: ROLLING, months: 1, fall: ONE_STEP}", 7, "would fall on one day"),
    ("tier_window: LIFETIME", "tier_window: {kind: ROLLING, months: 1, from_month: 2}", 7, '"from_month" has no meaning here'),
    ("tier_window: LIFETIME", "tier_window: {kind: CALENDAR, from_month: 13}", 7, "is not a whole number from 1 to 12"),
    ("tier_window: LIFETIME", "tier_window: {kind: CALENDAR, months: 12}", 7, '"months" has no meaning here'),
    ("tier_window: LIFETIME", "tier_window: {kind: CALENDAR, fall: SLOWLY}", 7, '"SLOWLY" is unknown'),
    ("tier_window: LIFETIME", "tier_window: {kind: LIFETIME, grace_days: 5}", 7, '"grace_days" has no meaning here'),
    ("tier_window: LIFETIME", "tier_window: {kind: LIFETIME, announce_days: [7]}", 7, '"announce_days" has no meaning here'),
    ("tier_window: LIFETIME", "tier_window: {kind: CALENDAR, announce_days: [0]}", 7, '"announce_days" are not whole numbers'),
    ("tier_window: LIFETIME", "tier_window: {kind: CALENDAR, announce_days: [7, 7]}", 7, "names something twice"),
    ("tier_after_refund: AT_ONCE", "tier_after_refund: PERIOD_END", 8, "would outlive every return"),
    ("tier_after_refund: AT_ONCE", "tier_after_refund: LATER", 8, '"LATER" is unknown'),
    ("threshold: 0}", "threshold: 5}", 10, "the first tier must be there for everybody"),
    ("threshold: 1000}", "threshold: 0}", 11, "thresholds must rise"),
    ("threshold: 1000}", "threshold: 1 000}", 11, "is no sum of money"),
    ("threshold: 1000}", "threshold: -1}", 11, "is no sum of money"),
    ("threshold: 1000}", "threshold: [1]}", 11, "a list or a map where one value belongs"),
    ("id: second, name", "id: first, name", 11, "this slug is already a tier"),
    ("second: 7.5}", "second: 107}", 13, "is no percentage"),
    ("second: 7.5}", "second: 5 %}", 13, "is no percentage"),
    (", second: 7.5}", "}", 13, '"second" is missing'),
    ("second: 7.5}", "second: 7.5, third: 9}", 13, 'there is no field "third"'),
    ("kind: HOTEL", "kind: HOSTEL", 17, '"HOSTEL" is unknown'),
    ("{ru: Гостиница, en: Inn}", "{en: Inn}", 16, "has no Russian text"),
    ("name: Стойка}", "name: Стойка, time_zone: Mars/Base}", 19, "is no time zone"),
    ("[DESK, CABINET]}\n      - {id: bar", "[DESK, DESK]}\n      - {id: bar", 21, "names something twice"),
    ("[DESK, CABINET]}\n      - {id: bar", "[DESK, CABNET]}\n      - {id: bar", 21, '"CABNET" is unknown'),
    ("id: bar, name", "id: stay, name", 22, "already a service of the partner (line 21)"),
    ("services: [bar]", "services: [bra]", 25, 'the partner has no service "bra"'),
    ("services: [bar]", "services: [stay]", 22, 'service "bar" through TILL has no answer for any tier'),
    ("channels: [TILL], discount", "channels: [SHOP], discount", 25, "is not sold through SHOP"),
    ("discount: usual", "discount: unusual", 24, 'there is no row "unusual" in rates'),
    ("discount: usual", "discount: {first: 1}", 24, '"second" is missing'),
    ("discount: 3,", "discount: 3.125,", 25, "is no percentage"),
    ("accumulates: true", "accumulates: sometimes", 24, "neither true nor false"),
    ("note: Бар не в счёт.", "note: ''", 25, "is empty"),
    (", discount: usual", ", tiers: [third], discount: usual", 24, 'there is no tier "third"'),
    (", discount: usual", ", tiers: [second], discount: usual", 21, "through DESK has no answer for tier first"),
    (", accumulates: true}", ", accumulates: true}\n      - {services: [stay], channels: [DESK], discount: 1, accumulates: true}", 25, "already answered on line 24"),
    ("kind: MARKETING", "kind: OFFER", 30, "there is already a text of kind OFFER"),
    ("kind: MARKETING", "kind: OFFER", 26, "no text of kind MARKETING"),
    ("id: mail", "id: offer", 30, '"offer" is already a document'),
    ("text: Текст.}\n  - {id: data", "text: ''}\n  - {id: data", 27, "is empty"),
    ("title: Письма", 'title: "Пись\\u202Eма"', 30, "characters that nobody sees"),
    ("name: Стойка", "name: " + "я" * 301, 19, "is too long"),
    ("outlets:\n      - {id: inn, name: Стойка}", "outlets: []", 18, "is not a list with entries"),
    ("rules:\n      - {services: [stay], channels: [DESK, CABINET], discount: usual, accumulates: true}\n      - {services: [bar], channels: [TILL], discount: 3, accumulates: false, note: Бар не в счёт.}", "rules: none", 23, "is not a list with entries"),
    ("rates:", "rates: 5\nretired: []\nx:", 12, "is not a map of rows"),
    ("partners:\n  - id: inn", "partners:\n  - 5\n  - id: inn", 15, "is not a map of fields"),
]  # fmt: skip


def found(text: str) -> list[tuple[int, str]]:
    """Line and message of every fault."""
    return [(finding.line, finding.message) for finding in checked_text(text).faults]


def test_the_small_programme_is_right() -> None:
    assert checked_text(SMALL).findings == ()


@pytest.mark.parametrize(("written", "slip", "line", "message"), SLIPS)
def test_a_slip_is_told_with_its_line(written: str, slip: str, line: int, message: str) -> None:
    assert SMALL.count(written) >= 1
    faults = found(SMALL.replace(written, slip, 1))
    assert any(at == line and message in told for at, told in faults), faults


@pytest.mark.parametrize(("written", "slip"), [slip[:2] for slip in SLIPS])
def test_a_faulty_file_makes_no_programme_and_every_fault_has_a_mend(written: str, slip: str) -> None:
    checked = checked_text(SMALL.replace(written, slip, 1))
    assert checked.programme is None
    assert all(finding.mend.endswith(".") for finding in checked.faults)


def test_all_slips_are_told_at_once() -> None:
    text = SMALL.replace("kind: HOTEL", "kind: HOSTEL").replace("currency: RUB", "currency: EUR")
    text = text.replace("services: [bar]", "services: [bra]")
    assert [line for line, _ in found(text)] == [3, 17, 25]


KEYS = [(match.start(1), match.group(1)) for match in re.finditer(r"([a-z_]{4,}): ?", SMALL) if match[1] != "usual"]


@pytest.mark.parametrize(("place", "key"), KEYS, ids=[f"{key} at {place}" for place, key in KEYS])
def test_a_misspelt_key_is_told_once_and_nothing_follows_from_it(place: int, key: str) -> None:
    """Whatever depends on it is read as it was meant: one slip, one line."""
    slip = SMALL[:place] + key[:-2] + key[-1] + key[-2] + "q" + SMALL[place + len(key) :]
    faults = found(slip) if len(key) > SHORT else found(SMALL[:place] + key[:-1] + SMALL[place + len(key) :])
    line = SMALL[:place].count("\n") + 1
    assert [at for at, _ in faults] == [line], faults


@pytest.mark.parametrize(
    ("written", "slip", "message"),
    [
        ("usual: {first", "usaul: {first", 'rule 1: there is no row "usual" in rates.'),
        ("usual: {first: 0", "usual: {frist: 0", 'there is no field "frist"'),
        ("- {id: second", "- {id: sekond", 'there is no field "second"'),
        ("threshold: 1000}", "threshold: many}", "is no sum of money"),
        ("{id: bar, name: Бар, ", "{id: bar, ", '"name" is missing'),
        ("{id: bar, name: Бар, channels: [TILL]}", "{id: bar, name: Бар, channels: []}", "is not a list of words"),
        ("services: [bar]", "services: [bra]", 'has no service "bra"'),
        ("services: [bar]", "services: [sauna]", 'has no service "sauna"'),
        ("[DESK, CABINET], discount", "[DESK, CABNIET], discount", '"CABNIET" is unknown'),
        ("[DESK, CABINET], discount", "[DESK, FAX], discount", '"FAX" is unknown'),
        (", discount: usual", ", tiers: [frist, second], discount: usual", 'there is no tier "frist"'),
    ],
)
def test_a_slip_in_a_name_is_told_once(written: str, slip: str, message: str) -> None:
    text = SMALL.replace(written, slip, 1)
    assert text != SMALL
    faults = found(text)
    assert [message in told for _, told in faults] == [True], faults


def test_one_slip_on_many_lines_is_one_finding_with_all_of_them() -> None:
    faults = found(SMALL.replace("accumulates:", "acumulates:"))
    assert faults == [
        (24, 'partner "inn", rule 1: there is no field "acumulates". The same on line 25.'),
    ]


def test_what_lies_too_far_away_is_not_guessed() -> None:
    checked = checked_text(SMALL.replace("currency: RUB", "money: RUB"))
    assert ['"currency" is missing' in fault.message for fault in checked.faults] == [True, False]
    assert nearest("ta", ["tab", "tax"]) is None
    assert nearest("chanel", ["channels", "name"]) == "channels"


def test_an_outlet_has_a_slug_of_its_own() -> None:
    """A receipt is unique by its outlet, so two partners never share the slug of one."""
    twin = SMALL.split("partners:\n")[1].split("documents:")[0].replace("- id: inn", "- id: twin")
    faults = found(SMALL.replace("documents:", twin + "documents:"))
    assert len(faults) == 1
    assert "already an outlet (line 19)" in faults[0][1]


def test_a_partner_is_added_with_one_entry() -> None:
    """A-015: the list of partners grows without touching anything else."""
    twin = SMALL.split("partners:\n")[1].split("documents:")[0]
    twin = twin.replace("- id: inn", "- id: twin").replace("{id: inn,", "{id: twin-desk,")
    programme = compiled(SMALL.replace("documents:", twin + "documents:"))
    assert [partner.id for partner in programme.partners] == ["inn", "twin"]
    assert programme.rule("twin", "bar", "TILL", "first") is not None


def test_tiers_may_have_rules_of_their_own() -> None:
    rules = (
        "{services: [bar], channels: [TILL], tiers: [first], discount: 1, accumulates: true}\n"
        "      - {services: [bar], channels: [TILL], tiers: [second], discount: {second: 2.25}, accumulates: false}"
    )
    old = "{services: [bar], channels: [TILL], discount: 3, accumulates: false, note: Бар не в счёт.}"
    programme = compiled(SMALL.replace(old, rules))
    cells = [programme.rule("inn", "bar", "TILL", tier) for tier in ("first", "second")]
    assert [(cell.basis_points, cell.accumulates) for cell in cells if cell] == [(100, True), (225, False)]
    assert to_data(from_data(to_data(programme), 1)) == to_data(programme)


def test_a_falling_discount_is_worth_a_notice() -> None:
    checked = checked_text(SMALL.replace("first: 0, second: 7.5", "first: 8, second: 7.5"))
    assert checked.programme is not None
    assert "second gets less than first" in checked.notices[0].message


@pytest.mark.parametrize(
    ("written", "change", "message"),
    [
        ("id: small", "id: other", 'the programme in force is "small"'),
        ("{id: inn, name", "{id: inn-2, name", 'outlet "inn" of inn was in the version in force and is gone'),
        ("text: Текст.}\n  - {id: data", "text: Другой.}\n  - {id: data", 'the text of "offer" has changed'),
        ('kind: OFFER, version: "1"', 'kind: OFFER, version: "2"', 'the text of "offer" has changed'),
    ],
)
def test_a_new_version_may_not_orphan_what_was_written(written: str, change: str, message: str) -> None:
    """D7: receipts, tills and consents keep their slugs and their texts."""
    checked = checked_text(SMALL.replace(written, change, 1), version=2, earlier=compiled(SMALL))
    assert checked.programme is None
    assert [message in fault.message for fault in checked.faults] == [True]


def test_a_service_that_is_closed_for_good_is_named() -> None:
    service = "      - {id: bar, name: Бар, channels: [TILL]}\n"
    rule = "      - {services: [bar], channels: [TILL], discount: 3, accumulates: false, note: Бар не в счёт.}\n"
    text = SMALL.replace(service, "").replace(rule, "")
    faults = checked_text(text, version=2, earlier=compiled(SMALL)).faults
    assert 'retired: ["inn/bar"]' in faults[0].mend
    assert compiled(text + "retired: [inn/bar]\n", version=2, earlier=compiled(SMALL)).version == 2
    again = checked_text(SMALL + "retired: [inn/bar]\n", version=2, earlier=compiled(SMALL)).faults
    assert ["is retired and still in the file" in fault.message for fault in again] == [True]


def test_a_partner_that_is_gone_is_told_once() -> None:
    old = znak_kachestva()
    text = SMALL.replace("id: small", "id: znak-kachestva")
    faults = checked_text(text, version=3, earlier=old).faults
    assert len(faults) == len(old.partners)


def test_an_outlet_does_not_move_to_another_partner() -> None:
    twin = SMALL.split("partners:\n")[1].split("documents:")[0]
    twin = twin.replace("- id: inn", "- id: twin").replace("{id: inn,", "{id: twin-desk,")
    old = compiled(SMALL.replace("documents:", twin + "documents:"))
    moved = SMALL.replace("{id: inn, name: Стойка}", "{id: twin-desk, name: Стойка}") + "retired: [twin, inn/inn]\n"
    faults = checked_text(moved, version=2, earlier=old).faults
    assert ["belonged to twin and now stands at inn" in fault.message for fault in faults] == [True]


def test_tiers_that_end_are_worth_a_notice() -> None:
    """A-014: the two levels of plastic end, and nothing is orphaned by it."""
    changed = SMALL.replace("id: second", "id: third").replace("second: 7.5", "third: 7.5")
    checked = checked_text(changed, version=2, earlier=compiled(SMALL))
    assert checked.programme is not None
    assert "tiers second end with this version" in checked.notices[0].message


def test_what_is_kept_is_what_was_written() -> None:
    for programme in (compiled(SMALL), znak_kachestva(), plastic_past()):
        again = from_data(to_data(programme), programme.version)
        assert to_data(again) == to_data(programme)
        assert again.cells == programme.cells
        assert again.notes == programme.notes
        assert [document.sha256 for document in again.documents] == [d.sha256 for d in programme.documents]


def test_comments_and_order_make_no_other_content() -> None:
    lines = SMALL.splitlines(keepends=True)
    shuffled = "# a comment\n" + "".join([lines[2], lines[0], lines[1], *lines[3:]])
    assert digest(to_data(compiled(shuffled))) == digest(to_data(compiled(SMALL)))
    other = SMALL.replace("second: 7.5", "second: 8")
    assert digest(to_data(compiled(other))) != digest(to_data(compiled(SMALL)))
