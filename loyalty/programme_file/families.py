"""The families of a programme file: how many sit together, and what they share."""

from typing import Final

from loyalty.families import FamilyTerms
from loyalty.programme_file import shapes
from loyalty.programme_file.reading import Fields, fields_of

SEATS_MAX: Final = 10
INVITE_HOURS_MAX: Final = 720
SPEND_AFTER_DAYS_MAX: Final = 90
INVITE_HOURS: Final = 72
SPEND_AFTER_DAYS: Final = 7


def read_family(fields: Fields, tiers: int) -> FamilyTerms | None:
    """The section `family` of a programme with so many tiers; None where it has no families, or where it must be mended."""
    if not fields.has("family"):
        return None
    entry = fields_of(fields.by_key["family"], "family", shapes.FAMILY, fields.findings)
    if entry is None:
        return None
    seats, pool = entry.whole("seats", 2, SEATS_MAX), entry.flag("pool") if entry.has("pool") else False
    progress = entry.flag("progress") if entry.has("progress") else False
    if pool and not fields.has("points"):
        entry.wrong(
            "pool", "the programme has no points to put together.", "add the section `points`, or leave it out."
        )
    if progress and tiers == 1:
        entry.wrong("progress", "the programme has one tier, and nowhere to go to.", "add a tier, or leave it out.")
    hours = _optional(entry, "invite_hours", 1, INVITE_HOURS_MAX, INVITE_HOURS)
    days = _optional(entry, "spend_after_days", 0, SPEND_AFTER_DAYS_MAX, SPEND_AFTER_DAYS)
    if seats is None or pool is None or progress is None or hours is None or days is None:
        return None
    return FamilyTerms(seats=seats, pool=pool, invite_hours=hours, spend_after_days=days, progress=progress)


def _optional(entry: Fields, key: str, low: int, high: int, usual: int) -> int | None:
    return entry.whole(key, low, high) if entry.has(key) else usual
