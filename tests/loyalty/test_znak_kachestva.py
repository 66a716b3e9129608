"""The programme «Знак Качества» as published: tiers, benefits and the ten rows of its table, plus the doubts."""

import pytest

from loyalty.programme import Channel, Programme
from loyalty.tiers import tier_at
from tests.makers.programme_files import plastic_past, read_to_the_letter, znak_kachestva

TIERS = ("dreamer", "pioneer", "traveller", "collector")
SEVEN = ("igora", "dacha-vintera", "tochka-na-karte", "terra-nordika", "favorit", "leningrad-center", "myasnoy-blok")
FIVE = SEVEN[:5]

# The published table: row, partner, service, channels, whether it counts. Every row gives the discount of the tier.
# A-088 is not of the table: a form on the hotel's own site is taken to count as its desk does.
TABLE = [
    ("A-078", "igora", "stay", ("PHONE", "EMAIL", "DESK"), False),
    ("A-079", "igora", "stay", ("CABINET",), True),
    ("A-080", "igora", "restaurants", ("TILL",), True),
    ("A-081", "igora", "web-shop", ("SHOP",), True),
    ("A-082", "igora", "ski", ("TILL",), False),
    ("A-083", "igora", "spa", ("TILL",), False),
    ("A-084", "igora", "ice-palace", ("TILL",), True),
    ("A-085", "dacha-vintera", "stay", ("PHONE", "EMAIL", "DESK"), False),
    ("A-085", "dacha-vintera", "stay", ("CABINET",), True),
    ("A-088", "dacha-vintera", "stay", ("PARTNER_SITE",), False),
    ("A-085", "dacha-vintera", "restaurant", ("TILL",), True),
]


def rates(programme: Programme, partner: str, service: str, channel: str) -> list[int]:
    """Basis points of a service for every tier."""
    found = [programme.rule(partner, service, channel, tier.id) for tier in programme.tiers]
    return [rule.basis_points for rule in found if rule is not None]


@pytest.mark.parametrize(("row", "partner", "service", "channels", "counts"), TABLE)
def test_a_row_of_the_table(row: str, partner: str, service: str, channels: tuple[str, ...], counts: bool) -> None:  # noqa: FBT001 - a column
    """A-077, A-078, A-079, A-080, A-081, A-082, A-083, A-084, A-085, A-088: discount and counting are two answers."""
    for channel in channels:
        for tier, basis_points in zip(TIERS, (0, 500, 1000, 1500), strict=True):
            rule = znak_kachestva().rule(partner, service, channel, tier)
            assert rule is not None, row
            assert (rule.basis_points, rule.accumulates) == (basis_points, counts), row


def test_the_two_tables_hold_these_rows_and_nothing_else() -> None:
    """A-076: what is not in the published table is not sold."""
    rows = {(partner, service, channel) for _, partner, service, channels, _ in TABLE for channel in channels}
    told = {
        (partner.id, rule.service, rule.channel.value)
        for partner in znak_kachestva().partners
        if partner.id in ("igora", "dacha-vintera")
        for rule in partner.rules
    }
    assert told == rows


def test_every_cell_of_every_partner_has_one_answer() -> None:
    """INV-15: no cell without a rule, and none with two."""
    programme = znak_kachestva()
    for partner in programme.partners:
        asked = [(s.id, channel, tier) for s in partner.services for channel in s.channels for tier in TIERS]
        answered = [(rule.service, rule.channel, rule.tier) for rule in partner.rules]
        assert sorted(asked) == sorted(answered)


def test_four_tiers_at_their_thresholds() -> None:
    """A-068, A-069, A-070, A-071, A-072."""
    told = [(tier.id, tier.name.ru, tier.threshold) for tier in znak_kachestva().tiers]
    assert told == [
        ("dreamer", "Мечтатель", 0),
        ("pioneer", "Первооткрыватель", 100_000_00),
        ("traveller", "Путешественник", 500_000_00),
        ("collector", "Коллекционер", 1_000_000_00),
    ]


@pytest.mark.parametrize(
    ("accumulated", "tier"),
    [(0, 0), (99_999_99, 0), (100_000_00, 1), (499_999_99, 1), (500_000_00, 2), (999_999_99, 2), (1_000_000_00, 3)],
)
def test_a_threshold_is_reached_at_its_sum(accumulated: int, tier: int) -> None:
    """A-066, A-069, A-070, A-071, A-072."""
    assert tier_at(znak_kachestva(), accumulated).id == TIERS[tier]


def test_seven_partners_and_no_placeholders() -> None:
    """A-015, A-074: the seven names, those without a published table with one service."""
    programme = znak_kachestva()
    assert tuple(partner.id for partner in programme.partners) == SEVEN
    for partner in programme.partners[2:]:
        channels = (Channel.TILL, Channel.SHOP) if partner.shop else (Channel.TILL,)
        assert [(s.name.ru, s.channels) for s in partner.services] == [("Все услуги", channels)]
        assert all(rule.accumulates for rule in partner.rules)


def test_no_discount_now_and_benefit_later() -> None:
    """A-073: a Мечтатель has no discount anywhere, and every service gives one later."""
    for partner in znak_kachestva().partners:
        for service in partner.services:
            for channel in service.channels:
                told = rates(znak_kachestva(), partner.id, service.id, channel)
                assert told[0] == 0 < told[1]


def test_five_per_cent_at_seven_and_fifteen_at_five() -> None:
    """A-074, A-075: Ленинград Центр and Блок keep the rate of the tier below the top."""
    for partner in znak_kachestva().partners:
        service = partner.services[0]
        told = rates(znak_kachestva(), partner.id, service.id, service.channels[0])
        assert told == ([0, 500, 1000, 1500] if partner.id in FIVE else [0, 500, 1000, 1000])


def test_the_reading_by_the_letter_is_two_rows_away() -> None:
    """A-073, A-074, A-075 as the cells stand: nothing, nothing, five, fifteen."""
    programme = read_to_the_letter()
    assert rates(programme, "igora", "spa", "TILL") == [0, 0, 500, 1500]
    assert rates(programme, "myasnoy-blok", "all", "TILL") == [0, 0, 500, 500]


def test_both_sources_of_accumulation_count() -> None:
    """A-067: bookings in the cabinet, and the card shown at the partners."""
    for partner, service, channel in (("igora", "stay", "CABINET"), ("igora", "restaurants", "TILL")):
        rule = znak_kachestva().rule(partner, service, channel, "dreamer")
        assert rule is not None
        assert rule.accumulates


def test_the_group_is_named_in_words() -> None:
    """A-055."""
    assert znak_kachestva().group_name is not None
    assert znak_kachestva().group_name.ru == "Группа Банка Россия"  # type: ignore[union-attr]


def test_joining_is_for_cyrillic_names_from_fourteen() -> None:
    """A-031, A-032, A-033: the programme says so, not the code."""
    assert (znak_kachestva().minimum_age, znak_kachestva().names_cyrillic_only) == (14, True)


def test_each_consent_has_a_text_of_its_own() -> None:
    """A-039, A-040."""
    documents = znak_kachestva().documents_by_kind
    assert len(documents) == 4
    assert len({document.sha256 for document in documents.values()}) == 4
    assert all(document.text.ru.startswith("ОБРАЗЕЦ") for document in documents.values())
    assert all(document.text.ru.count("\n\n") >= 3 for document in documents.values())


def test_the_old_scheme_had_two_levels() -> None:
    """A-014: «Белая» 5 %, «Серебряная» 10 %, at the same partners."""
    programme = plastic_past()
    assert [tier.name.ru for tier in programme.tiers] == ["Белая карта", "Серебряная карта"]
    assert tuple(partner.id for partner in programme.partners) == SEVEN
    assert {tuple(rates(programme, p.id, r.service, r.channel)) for p in programme.partners for r in p.rules} == {
        (500, 1000)
    }


def test_the_partners_stay_the_same_from_version_to_version() -> None:
    """Receipts and tills keep their slugs."""
    now, then = znak_kachestva(), plastic_past()
    assert set(now.outlets_by_id) == set(then.outlets_by_id)
    assert {p.id: set(p.services_by_id) for p in now.partners} == {p.id: set(p.services_by_id) for p in then.partners}


def test_everything_is_told_in_english_too() -> None:
    for programme in (znak_kachestva(), plastic_past()):
        names = [programme.name, *(tier.name for tier in programme.tiers)]
        for partner in programme.partners:
            names += [partner.name, *(o.name for o in partner.outlets), *(s.name for s in partner.services)]
        names += programme.notes
        assert all(name.en for name in names)
