"""What texts cost before they are sent: by gateway, channel, number and parts."""

import pytest

from loyalty.messages import Channel
from loyalty.tariffs import Price, Tariff, read_prices

TARIFF = Tariff(
    tuple(
        Price.parse(line)
        for line in ("smsaero:SMS=520", "smsaero:SMS:+375=1500", "smsaero:SMS:+3752=1600", "edna:VIBER=310")
    )
)
SMS, VIBER, EMAIL = Channel.SMS, Channel.VIBER, Channel.EMAIL


@pytest.mark.parametrize(
    ("gateway", "channel", "number", "text", "kopecks"),
    [
        ("smsaero", SMS, "+79211234567", "Код 482913", 520),
        ("smsaero", SMS, "+79211234567", "я" * 70, 520),
        ("smsaero", SMS, "+79211234567", "я" * 71, 1040),
        ("smsaero", SMS, "+79211234567", "a" * 160, 520),
        ("smsaero", SMS, "+79211234567", "a" * 161, 1040),
        ("smsaero", SMS, "+375331234567", "Код", 1500),
        ("smsaero", SMS, "+375291234567", "я" * 135, 4800),
        ("edna", VIBER, "+79211234567", "я" * 500, 310),
        ("edna", SMS, "+79211234567", "Код", None),
        ("smsaero", VIBER, "+79211234567", "Код", None),
        ("smtp", EMAIL, "anna@example.ru", "я" * 5000, 0),
    ],
)
def test_a_text_costs_its_parts_by_the_longest_prefix(
    gateway: str, channel: Channel, number: str, text: str, kopecks: int | None
) -> None:
    """A-227: an SMS by the part (70 or 67 letters with Cyrillic, 160 or 153 without), Viber by the message."""
    assert TARIFF.cost(gateway, channel, number, text) == kopecks


@pytest.mark.parametrize(
    "line",
    [
        "",
        "smsaero",
        "smsaero:SMS",
        "smsaero:SMS=",
        "smsaero:SMS=5.20",
        "smsaero:SMS=-1",
        "smsaero:SMS:7=1",
        ":SMS=1",
        "smsaero:EMAIL=1",
        "smsaero:SMS:+7:+8=1",
        "smsaero:SMS=٥",
        "smsaero:sms=520",
        "smsaero:SMS:+=5",
    ],
)
def test_what_is_no_price_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the setting tells what is wrong
        Price.parse(line)


def test_a_list_of_prices_is_read_or_told_what_is_wrong() -> None:
    found = read_prices("smsaero:SMS=520, edna:VIBER=310", among=("smsaero", "edna"))
    assert [(one.gateway, one.kopecks) for one in found] == [("smsaero", 520), ("edna", 310)]
    with pytest.raises(ValueError, match="no gateway of ours: carrier"):
        read_prices("carrier:SMS=1", among=("smsaero",))
    with pytest.raises(ValueError, match="two prices"):
        read_prices("smsaero:SMS=1,smsaero:SMS=2", among=("smsaero",))
    with pytest.raises(ValueError, match="in kopecks"):
        read_prices("smsaero:SMS=5.20", among=("smsaero",))
