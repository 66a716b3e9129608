"""The window of a programme file: for how long a counted purchase supports a tier, and how a tier ends."""

from dataclasses import replace
from typing import Final

from loyalty.programme_file import shapes
from loyalty.programme_file.announced import announced_days
from loyalty.programme_file.nodes import Scalar
from loyalty.programme_file.reading import Fields, fields_of
from loyalty.windows import AfterRefund, Fall, TierWindow, WindowKind

DAYS_MAX: Final = 3650
MONTHS_MAX: Final = 120
GRACE_DAYS_MAX: Final = 300
EXAMPLE: Final = "{kind: ROLLING, months: 12}"


def read_window(fields: Fields) -> TierWindow | None:
    """The fields `tier_window`, a word or a map of terms, and `tier_after_refund`; None where one must be mended."""
    window, after = _window(fields), fields.one_of("tier_after_refund", AfterRefund)
    if window is None or after is None:
        return None
    if after is AfterRefund.PERIOD_END and not window.has_end:
        fields.wrong(
            "tier_after_refund",
            "a tier that has no end would outlive every return.",
            "write `tier_after_refund: AT_ONCE`, or give `tier_window` an end.",
        )
    return replace(window, after_refund=after)


def _window(fields: Fields) -> TierWindow | None:
    node = fields.needed("tier_window", WindowKind.LIFETIME.value)
    if node is None:
        return None
    if isinstance(node, Scalar):
        kind = fields.one_of("tier_window", WindowKind)
        if kind is WindowKind.ROLLING:
            fields.wrong("tier_window", "a rolling window has a length.", f"write `tier_window: {EXAMPLE}`.")
            return None
        return None if kind is None else TierWindow(kind)
    entry = fields_of(node, "tier_window", shapes.TIER_WINDOW, fields.findings)
    kind = None if entry is None else entry.one_of("kind", WindowKind)
    return None if entry is None or kind is None else _terms(entry, kind)


def _terms(entry: Fields, kind: WindowKind) -> TierWindow:
    days, months = _optional(entry, "days", 1, DAYS_MAX), _optional(entry, "months", 1, MONTHS_MAX)
    first, grace = _optional(entry, "from_month", 1, 12), _optional(entry, "grace_days", 0, GRACE_DAYS_MAX) or 0
    fall = (entry.one_of("fall", Fall) if entry.has("fall") else None) or Fall.TO_FACTS
    if kind is not WindowKind.ROLLING:
        _refuse(entry, ("days", "months"), "only a rolling window has a length of its own")
    elif entry.has("days") == entry.has("months"):
        entry.wrong("kind", "a rolling window has one length.", "write either `days: 365` or `months: 12`.")
    elif fall is Fall.ONE_STEP and not grace:
        entry.wrong(
            "fall",
            "without grace every step of a rolling window would fall on one day.",
            "write how long each step holds, such as `grace_days: 30`, or `fall: TO_FACTS`.",
        )
    if kind is not WindowKind.CALENDAR:
        _refuse(entry, ("from_month",), "only a calendar window begins with a month")
    if kind is WindowKind.LIFETIME:
        _refuse(entry, ("grace_days", "fall", "announce_days"), "a tier that has no end needs none of this")
    terms = TierWindow(kind, days=days, months=months, from_month=first or 1, grace_days=grace, fall=fall)
    return replace(terms, announce_days=announced_days(entry))


def _refuse(entry: Fields, keys: tuple[str, ...], why: str) -> None:
    for key in keys:
        if entry.has(key):
            entry.wrong(key, f'"{key}" has no meaning here: {why}.', "leave it out, or choose another kind.")


def _optional(entry: Fields, key: str, low: int, high: int) -> int | None:
    return entry.whole(key, low, high) if entry.has(key) else None
