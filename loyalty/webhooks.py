"""What partners are told by webhooks, when a failed delivery is tried again, and which addresses may be entered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from loyalty.refusals import Code, Refusal
from loyalty.texts import clean

URL_MAX: Final = 500
SPREAD_MAX: Final = 200
"""How many thousandths of a wait are added by chance at most, so that what failed together does not come back together."""
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
# The schedule that Standard Webhooks 1.0 gives as its example: three days and three hours in ten tries.
WAITS: Final = (
    timedelta(seconds=5),
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
PAUSE: Final = timedelta(seconds=5)
PAUSE_MAX: Final = 10 * _MINUTE
DISABLED_AFTER: Final = timedelta(days=5)
RETRY_AFTER_MAX: Final = timedelta(days=1)


class EventType(StrEnum):
    """What happened, as `type` of the body says it."""

    PURCHASE_POSTED = "purchase.posted"
    PURCHASE_REFUNDED = "purchase.refunded"
    TIER_CHANGED = "member.tier_changed"
    TEST = "webhook.test"


SUBSCRIBED: Final = (EventType.PURCHASE_POSTED, EventType.PURCHASE_REFUNDED, EventType.TIER_CHANGED)
"""What an address may ask for. A test event comes to whoever asks for one."""


def next_try(tries: int, now: datetime, *, spread: int, asked: int | None = None) -> datetime | None:
    """When a delivery that failed `tries` times is tried again; None when it has been tried often enough.

    `spread` is a number of thousandths from 0 to `SPREAD_MAX`, `asked` the seconds that the other side asked to wait.
    """
    if tries > len(WAITS):
        return None
    wait = WAITS[tries - 1] * (1000 + spread) // 1000
    return now + max(wait, _asked(asked))


def pause(failures: int, *, asked: int | None = None) -> timedelta:
    """How long an address that failed so many rounds in a row is left alone, whatever waits for it."""
    doubled: timedelta = PAUSE * (1 << min(failures - 1, 10))
    return max(min(doubled, PAUSE_MAX), _asked(asked))


def checked_url(text: str, *, field: str, is_plain_allowed: bool = False) -> str:
    """An address that may be entered: https without a name, a fragment or unreadable letters.

    Where it leads is looked at before every request. Raises INVALID_INPUT.
    """
    url = clean(text, field=field, length_max=URL_MAX).strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refusal(Code.INVALID_INPUT, "webhooks.url", field=field) from None
    schemes = ("https", "http") if is_plain_allowed else ("https",)
    is_whole = parts.scheme in schemes and parts.hostname and url.isascii() and " " not in url and port != 0
    if not is_whole or parts.username is not None or parts.password is not None or parts.fragment:
        raise Refusal(Code.INVALID_INPUT, "webhooks.url", field=field)
    return url


def checked_events(events: Sequence[str], *, field: str) -> list[str]:
    """The events an address asks for, each once in the order of the list. Raises INVALID_INPUT for none.

    Whoever names the test event with the others loses nothing: it comes to every address when somebody asks for it.
    """
    wanted = [kind.value for kind in SUBSCRIBED if kind.value in events]
    if not wanted or not set(events) <= {kind.value for kind in EventType}:
        raise Refusal(Code.INVALID_INPUT, "webhooks.events", field=field)
    return wanted


def _asked(seconds: int | None) -> timedelta:
    return timedelta(0) if seconds is None else min(timedelta(seconds=seconds), RETRY_AFTER_MAX)
