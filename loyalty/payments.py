"""Payments by an acquirer: in which states they and their refunds stand, and how often one that waits is looked at."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

LEAST: Final = 100
"""Kopecks that are the least an acquirer takes: a rouble."""
OPENED_WITHIN: Final = timedelta(minutes=5)
"""For so long an acquirer may be unable to open a payment before nobody waits for its page any more."""
KEY_LIVES: Final = timedelta(hours=23)
"""How long a repeat with the same key surely finds what came of the first: an hour less than the acquirer promises."""
GRACE: Final = timedelta(minutes=30)
"""For so long past its end a payment waits for an acquirer that does not answer."""
FOLLOWED: Final = timedelta(days=3)
"""For so long after its end a payment that was not paid is asked for: who pays late gets the money back."""
SKEW: Final = timedelta(minutes=2)
"""So far the acquirer's clock may be from ours."""
SLOW: Final = timedelta(days=1)
"""A refund that the acquirer works on for longer than this is asked after by a person."""
UNDONE: Final = timedelta(hours=1)
"""What was paid and is not carried out for so long is shown to a person; it is tried by itself all the while."""
EVENTS_KEPT: Final = timedelta(days=30)
_FIRST: Final = timedelta(seconds=5)
_LAST: Final = timedelta(minutes=10)


class PaymentState(StrEnum):
    """Where a payment stands."""

    OPENING = "OPENING"
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    CANCELED = "CANCELED"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


class RefundState(StrEnum):
    """Where a refund stands."""

    ASKING = "ASKING"
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    CANCELED = "CANCELED"


def pause(age: timedelta) -> timedelta:
    """How long to wait before something of this age is asked for again: a quarter of it, 5 seconds to 10 minutes."""
    return min(max(age / 4, _FIRST), _LAST)
