"""How far ahead an end is told, in points and in tiers."""

from typing import Final

from loyalty.programme_file.reading import Fields, words_of

AHEAD_MAX: Final = 120


def announced_days(entry: Fields) -> tuple[int, ...]:
    """The field `announce_days`: how many days before an end its owner is told, the earliest first; none where left out."""
    words = words_of(entry, "announce_days", "[30, 7, 1]") if entry.has("announce_days") else ()
    days = [int(word.text) for word in words if word.text.isascii() and word.text.isdigit() and len(word.text) <= 3]  # noqa: PLR2004
    if len(days) != len(words) or not all(1 <= day <= AHEAD_MAX for day in days):
        message = f'"announce_days" are not whole numbers from 1 to {AHEAD_MAX}.'
        entry.wrong("announce_days", message, "write them such as `announce_days: [30, 7, 1]`.")
        return ()
    return tuple(sorted(days, reverse=True))
