"""The window of a programme as plain data and back. A lifetime stays the one word it was before there were others."""

from collections.abc import Mapping
from typing import Any

from loyalty.windows import AfterRefund, Fall, TierWindow, WindowKind

WindowData = str | Mapping[str, Any]


def window_data(window: TierWindow) -> WindowData:
    """The terms as they are kept with a version."""
    if not window.has_end:
        return window.kind.value
    return {
        "kind": window.kind.value,
        "days": window.days,
        "months": window.months,
        "from_month": window.from_month,
        "grace_days": window.grace_days,
        "fall": window.fall.value,
        # What stands as it stood before there was a choice is written as it was: the digest of old content stays.
        **({} if window.after_refund is AfterRefund.AT_ONCE else {"after_refund": window.after_refund.value}),
        **({"announce_days": list(window.announce_days)} if window.announce_days else {}),
    }


def read_window_data(data: WindowData) -> TierWindow:
    """The terms of a version row."""
    if isinstance(data, str):
        return TierWindow(WindowKind(data))
    read = {
        "kind": WindowKind(data["kind"]),
        "fall": Fall(data["fall"]),
        "after_refund": AfterRefund(data.get("after_refund", AfterRefund.AT_ONCE)),
        "announce_days": tuple(data.get("announce_days", ())),
    }
    return TierWindow(**{**data, **read})
