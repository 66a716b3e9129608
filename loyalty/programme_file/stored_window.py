"""The window of a programme as plain data and back. A lifetime stays the one word it was before there were others."""

from collections.abc import Mapping
from typing import Any

from loyalty.windows import Fall, TierWindow, WindowKind

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
    }


def read_window_data(data: WindowData) -> TierWindow:
    """The terms of a version row."""
    if isinstance(data, str):
        return TierWindow(WindowKind(data))
    return TierWindow(**{**data, "kind": WindowKind(data["kind"]), "fall": Fall(data["fall"])})
