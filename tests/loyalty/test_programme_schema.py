"""The schema that editors complete programme files by says the same as the check."""

import json
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest

from loyalty.bookings import StayCounts, StayPayment
from loyalty.control import LimitOf, Response
from loyalty.programme import Channel, DocumentKind, PartnerKind
from loyalty.programme_file import shapes
from loyalty.programme_file.announced import AHEAD_MAX
from loyalty.programme_file.head import TIERS_MAX, VERSION_LENGTH_MAX
from loyalty.programme_file.points import NEW_DEVICE_HOURS_MAX
from loyalty.programme_file.reading import SLUG_LENGTH_MAX
from loyalty.programme_file.window import DAYS_MAX, GRACE_DAYS_MAX, MONTHS_MAX
from loyalty.promotions.campaigns import Choice, OnReturn, Weekday
from loyalty.settlement import SettlementMode
from loyalty.windows import AfterRefund, Fall, WindowKind
from tests.makers.programme_files import FILES, text_of

SCHEMA: dict[str, Any] = json.loads(text_of("schema.json"))
PARTS: dict[str, Any] = SCHEMA["$defs"]


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        (SCHEMA, shapes.PROGRAMME),
        (PARTS["tier"], shapes.TIER),
        (PARTS["tier_window"], shapes.TIER_WINDOW),
        (PARTS["partner"], shapes.PARTNER),
        (PARTS["outlet"], shapes.OUTLET),
        (PARTS["service"], shapes.SERVICE),
        (PARTS["rule"], shapes.RULE),
        (PARTS["document"], shapes.DOCUMENT),
        (PARTS["points"], shapes.POINTS),
        (PARTS["unit"], shapes.UNIT),
        (PARTS["points"]["properties"]["confirm"], shapes.CONFIRM),
        (PARTS["booking"], shapes.BOOKING),
        (PARTS["booking_code"], shapes.BOOKING_CODE),
        (PARTS["site"], shapes.SITE),
        (PARTS["site_offer"], shapes.SITE_OFFER),
        (PARTS["shop"], shapes.SHOP),
        (PARTS["shop_item"], shapes.SHOP_ITEM),
        (PARTS["settlement"], shapes.SETTLEMENT),
        (PARTS["partner_settlement"], shapes.PARTNER_SETTLEMENT),
        (PARTS["promotions"], shapes.PROMOTIONS),
        (PARTS["promotions"]["properties"]["max_discount"], shapes.MAX_DISCOUNT),
        (PARTS["group"], shapes.GROUP),
        (PARTS["campaign"], shapes.CAMPAIGN),
        (PARTS["when"], shapes.WHEN),
        (PARTS["when"]["properties"]["nth_purchase"], shapes.NTH),
        (PARTS["when"]["properties"]["birthday"], shapes.BIRTHDAY),
        (PARTS["when"]["properties"]["members"], shapes.MEMBERS),
        (PARTS["bounds"], shapes.BOUNDS),
        (PARTS["gives"], shapes.GIVES),
        (PARTS["budget"], shapes.BUDGET),
        (PARTS["control"], shapes.CONTROL),
        (PARTS["limit"], shapes.LIMIT),
        (PARTS["window"], shapes.WINDOW),
        (PARTS["control"]["properties"]["refund_after_spend"], shapes.POINTS_WITHIN),
        (PARTS["control"]["properties"]["spent_at_once"], shapes.POINTS_WITHIN),
        (PARTS["family"], shapes.FAMILY),
    ],
)
def test_the_fields_are_those_of_the_check(part: dict[str, Any], fields: tuple[str, ...]) -> None:
    assert tuple(part["properties"]) == fields
    assert set(part["required"]) <= set(fields)
    assert part["additionalProperties"] is False


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (PARTS["channel"]["enum"], Channel),
        (PARTS["partner"]["properties"]["kind"]["enum"], PartnerKind),
        (PARTS["document"]["properties"]["kind"]["enum"], DocumentKind),
        (PARTS["limit"]["properties"]["of"]["enum"], LimitOf),
        (PARTS["limit"]["properties"]["then"]["enum"], Response),
        (PARTS["control"]["properties"]["own_card"]["enum"], Response),
        (SCHEMA["properties"]["currency"]["enum"], shapes.Currency),
        (PARTS["tier_window"]["properties"]["kind"]["enum"], WindowKind),
        (PARTS["tier_window"]["properties"]["fall"]["enum"], Fall),
        (SCHEMA["properties"]["tier_after_refund"]["enum"], AfterRefund),
        (PARTS["booking"]["properties"]["counts"]["enum"], StayCounts),
        (PARTS["booking"]["properties"]["payment"]["enum"], StayPayment),
        (PARTS["settlement"]["properties"]["mode"]["enum"], SettlementMode),
        (PARTS["partner_settlement"]["properties"]["mode"]["enum"], SettlementMode),
        (PARTS["group"]["properties"]["choose"]["enum"], Choice),
        (PARTS["campaign"]["properties"]["on_return"]["enum"], OnReturn),
        (PARTS["when"]["properties"]["weekdays"]["oneOf"][0]["enum"], Weekday),
    ],
)
def test_the_closed_lists_are_those_of_the_rules(words: list[str], kinds: type[StrEnum]) -> None:
    assert words == [kind.value for kind in kinds]


def test_the_limits_are_those_of_the_check() -> None:
    assert PARTS["slug"]["maxLength"] == SLUG_LENGTH_MAX
    assert SCHEMA["properties"]["tiers"]["maxItems"] == TIERS_MAX
    assert PARTS["document"]["properties"]["version"]["maxLength"] == VERSION_LENGTH_MAX
    window = PARTS["tier_window"]["properties"]
    maxima = (window["days"]["maximum"], window["months"]["maximum"], window["grace_days"]["maximum"])
    assert maxima == (DAYS_MAX, MONTHS_MAX, GRACE_DAYS_MAX)
    ahead = (window["announce_days"], PARTS["points"]["properties"]["announce_days"])
    assert [one["items"]["maximum"] for one in ahead] == [AHEAD_MAX, AHEAD_MAX]
    new_device = PARTS["points"]["properties"]["confirm"]["properties"]["new_device_hours"]
    assert (new_device["minimum"], new_device["maximum"]) == (1, NEW_DEVICE_HOURS_MAX)


def test_a_window_of_one_word_is_one_that_needs_no_length() -> None:
    word, _ = SCHEMA["properties"]["tier_window"]["oneOf"]
    assert word["enum"] == [kind.value for kind in WindowKind if kind is not WindowKind.ROLLING]


def test_every_reference_leads_somewhere() -> None:
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            for key, value in node.items():
                yield from [value] if key == "$ref" else references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    assert {reference.removeprefix("#/$defs/") for reference in references(SCHEMA)} == set(PARTS)


@pytest.mark.parametrize("file", sorted(FILES.glob("*.yaml")), ids=lambda file: file.name)
def test_every_programme_names_the_schema(file: Any) -> None:
    assert file.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=schema.json\n")
