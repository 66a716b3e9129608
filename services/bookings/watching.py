"""The round of the hotels, every ten minutes: none of its parts waits for another that cannot be done now."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, TypeAlias

from integrations.ports import Unavailable
from services.bookings import events, following, hotels
from services.resources import Resources

Part: TypeAlias = Callable[[Resources, datetime], Awaitable[None]]


async def watch(resources: Resources, now: datetime) -> None:
    """Read what changed, work off whatever waits, and read the hotels themselves. Raises `Unavailable` to come again."""
    if resources.hotels is None:
        return
    trouble: Unavailable | None = None
    for part in PARTS:
        try:
            await part(resources, now)
        except Unavailable as error:
            trouble = error
    if trouble is not None:
        raise trouble


async def _hotels(resources: Resources, now: datetime) -> None:
    """A hotel that was never read, or not since yesterday."""
    if await hotels.is_due(resources, now):
        await hotels.sync(resources, now)


# Texts and pictures come last: they take longest, and nobody waits for them.
PARTS: Final[tuple[Part, ...]] = (following.watch, events.work_off, _hotels)
