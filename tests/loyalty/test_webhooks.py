"""When a delivery is tried again, how long an address is left alone, and which addresses may be entered."""

from datetime import UTC, datetime, timedelta

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.webhooks import SPREAD_MAX, WAITS, checked_events, checked_url, next_try, pause

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def test_ten_tries_over_three_days() -> None:
    """A-087: the schedule of Standard Webhooks 1.0, with a spread of a fifth at most."""
    at, moments = NOW, []
    tries = 1
    while (following := next_try(tries, at, spread=0)) is not None:
        at, tries = following, tries + 1
        moments.append(at - NOW)
    assert tries == 10
    assert moments[0] == timedelta(seconds=5)
    assert moments[-1] == timedelta(hours=75, minutes=35, seconds=5)
    for place, wait in enumerate(WAITS, start=1):
        latest = next_try(place, NOW, spread=SPREAD_MAX)
        assert latest is not None
        assert latest - NOW == wait * 12 / 10


def test_what_the_other_side_asks_for_is_kept_within_a_day() -> None:
    assert next_try(1, NOW, spread=0, asked=600) == NOW + timedelta(minutes=10)
    assert next_try(5, NOW, spread=0, asked=600) == NOW + timedelta(hours=5)
    assert next_try(1, NOW, spread=0, asked=10**9) == NOW + timedelta(days=1)
    assert pause(1, asked=600) == timedelta(minutes=10)


def test_an_address_that_fails_is_left_alone_for_longer_and_longer() -> None:
    pauses = [pause(failures) for failures in range(1, 12)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=5)
    assert pauses[-1] == timedelta(minutes=10)
    assert pause(10_000) == timedelta(minutes=10)


@pytest.mark.parametrize(
    "url",
    [
        "https://partner.test/hooks",
        "https://partner.test:8443/hooks?from=kunak",
        " https://xn--e1aybc.xn--p1ai/h ",
    ],
)
def test_an_address_is_kept_as_it_was_entered(url: str) -> None:
    assert checked_url(url, field="input.url") == url.strip()


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.test/hooks",
        "ftp://partner.test/hooks",
        "partner.test/hooks",
        "https://",
        "https:///hooks",
        "https://user@partner.test/hooks",
        "https://user:word@partner.test/hooks",
        "https://partner.test/hooks#part",
        "https://partner.test:0/",
        "https://partner.test:99999/",
        "https://партнёр.test/",
        "https://partner.test/a b",
        "https://[::1/",
        "https://partner.test/\nhost: other",
        "https://partner.test/" + "a" * 500,
        "",
    ],
)
def test_what_is_no_such_address_is_refused(url: str) -> None:
    with pytest.raises(Refusal) as caught:
        checked_url(url, field="input.url")
    assert (caught.value.code, caught.value.field) == (Code.INVALID_INPUT, "input.url")


def test_without_encryption_only_where_a_network_of_our_own_is_named() -> None:
    assert checked_url("http://10.0.0.7/hooks", field="url", is_plain_allowed=True) == "http://10.0.0.7/hooks"


@pytest.mark.parametrize("events", [[], ["purchase.sold"], ["webhook.test"], ["purchase.posted", "other"]])
def test_an_address_asks_for_known_events(events: list[str]) -> None:
    with pytest.raises(Refusal):
        checked_events(events, field="events")


def test_events_are_kept_once_and_in_order() -> None:
    asked = ["member.tier_changed", "purchase.posted", "purchase.posted"]
    assert checked_events(asked, field="events") == ["purchase.posted", "member.tier_changed"]
    assert checked_events([*asked, "webhook.test"], field="events") == ["purchase.posted", "member.tier_changed"]
