"""The section `shop` of a programme file: what is wrong is named with its line and the mend, what is right is kept."""

from datetime import UTC, date, datetime

import pytest

from loyalty.programme_file.stored import digest, from_data, to_data
from loyalty.shops import (
    OrderState,
    ShopItem,
    ShopTerms,
    VoucherState,
    ends_at,
    last_day,
    number_of,
    order_state,
)
from loyalty.texts import Text
from tests.makers.programme_files import SMALL, checked_text, compiled, znak_kachestva

SHOP = """\
    shop:
      outlet: inn
      items:
        - {id: night, service: gifts, name: {ru: Ночь, en: A night}, price: 4999.90, valid_days: 365}
        - {id: dinner, service: gifts, name: Ужин, about: Два блюда., price: 1500, valid_days: 30}
"""


def small(shop: str = SHOP) -> str:
    """The small programme with a shop."""
    sold = SMALL.replace("    rules:\n", "      - {id: gifts, name: Подарки, channels: [SHOP]}\n    rules:\n")
    rule = "      - {services: [gifts], channels: [SHOP], discount: usual, accumulates: true}\n"
    return sold.replace("documents:\n", f"{rule}{shop}documents:\n")


def told(shop: str) -> list[str]:
    """What the check says of a shop, with the line."""
    return [f"{one.line}: {one.message} {one.mend}" for one in checked_text(small(shop)).faults]


def test_a_shop_is_read_kept_and_read_again() -> None:
    """A-081: outlet, goods, prices and days survive their way through the table of versions."""
    programme = compiled(small())
    expected = ShopTerms(
        "inn",
        (
            ShopItem("night", "gifts", Text("Ночь", "A night"), 499_990, 365),
            ShopItem("dinner", "gifts", Text("Ужин"), 150_000, 30, Text("Два блюда.")),
        ),
    )
    assert programme.partners_by_id["inn"].shop == expected
    assert from_data(to_data(programme), 1).partners_by_id["inn"].shop == expected
    assert list(programme.shops) == ["inn"]
    assert expected.item("dinner") == expected.items[1]
    assert expected.item("breakfast") is None
    assert "shop" not in to_data(compiled(SMALL))["partners"][0], "others keep their digest"
    assert digest(to_data(compiled(small()))) != digest(to_data(compiled(small(SHOP.replace("30}", "31}")))))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("outlet: inn", "outlet: desk", '"desk" is no outlet of this partner'),
        ("      outlet: inn\n", "", '"outlet" is missing'),
        ("service: gifts", "service: stay", '"stay" is not sold through SHOP here'),
        ("service: gifts", "service: gitfs", '"gitfs" is not sold through SHOP here'),
        ("id: dinner", "id: night", "this slug is already an item"),
        ("price: 1500", "price: 0.99", "would pay less than 1.00"),
        ("price: 1500", "price: 1.05", "would pay less than 1.00"),
        ("price: 1500", "price: 1000000.01", "it is above 1000000.00"),
        ("price: 1500", "price: -1", '"price" is no sum of money'),
        ("price: 1500, ", "", '"price" is missing'),
        ("valid_days: 30", "valid_days: 0", "not a whole number from 1 to 1095"),
        ("valid_days: 30", "valid_days: 1096", "not a whole number from 1 to 1095"),
        ("valid_days: 30", "valid_day: 30", "write `valid_days`"),
        ("name: Ужин", 'name: ""', '"name"'),
        ("items:", "item:", "write `items`"),
    ],
)
def test_what_is_wrong_with_a_shop_is_named_with_its_line(before: str, after: str, says: str) -> None:
    """A-081: whoever writes the file reads which line to mend, and how."""
    assert before in SHOP
    wrong = SHOP.replace(before, after, 1)
    faults = told(wrong)
    assert any(says in fault for fault in faults), faults
    text = small(wrong).splitlines()
    first = text.index("    shop:") + 1
    assert all(first <= int(fault.partition(":")[0]) <= first + wrong.count("\n") for fault in faults), faults


def test_a_discount_of_all_is_no_price() -> None:
    """A-081: where the rule of a tier leaves less than a rouble to pay, the file is refused, not the guest."""
    free = small().replace("usual: {first: 0, second: 7.5}", "usual: {first: 0, second: 100}")
    faults = [one.message for one in checked_text(free).faults]
    assert len([one for one in faults if "would pay less than 1.00" in one]) == 2, faults


def test_the_programme_of_the_repository_has_three_shops() -> None:
    """A-081: every item of every shop has a rule for every tier, and Игора's count towards a tier."""
    programme = znak_kachestva()
    assert list(programme.shops) == ["igora", "leningrad-center", "myasnoy-blok"]
    for partner in programme.shops.values():
        assert partner.shop is not None
        for item in partner.shop.items:
            rules = [programme.rule(partner.id, item.service, "SHOP", tier.id) for tier in programme.tiers]
            assert all(rule is not None and rule.accumulates for rule in rules)


def test_the_last_day_is_that_of_the_outlet() -> None:
    """A-081: paid late in the evening by UTC, it is the next day at the slope already."""
    item = ShopItem("pass", "ski", Text("Пасс"), 100, 10)
    paid = datetime(2026, 3, 14, 22, 30, tzinfo=UTC)
    assert last_day(item, paid, "Europe/Moscow") == date(2026, 3, 25)
    assert ends_at(date(2026, 3, 25), "Europe/Moscow") == datetime(2026, 3, 25, 21, tzinfo=UTC)


def test_an_order_is_what_its_vouchers_are() -> None:
    """A-081: one that can still be used keeps it open; what is written before they are issued stays."""
    issued, used = VoucherState.ISSUED, VoucherState.USED
    returned, expired = VoucherState.RETURNED, VoucherState.EXPIRED
    assert order_state(OrderState.PAID, ()) is OrderState.PAID
    assert order_state(OrderState.CANCELLED, ()) is OrderState.CANCELLED
    assert order_state(OrderState.ISSUED, (used, issued, returned)) is OrderState.ISSUED
    assert order_state(OrderState.ISSUED, (used, expired, returned)) is OrderState.USED
    assert order_state(OrderState.ISSUED, (expired, returned)) is OrderState.EXPIRED
    assert order_state(OrderState.ISSUED, (returned, returned)) is OrderState.RETURNED


def test_the_number_of_a_receipt_has_twelve_digits() -> None:
    assert number_of(7) == "0000-0000-0007"
    assert number_of(2**128 - 1) == "4317-6821-1455"
