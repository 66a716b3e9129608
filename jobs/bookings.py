"""Hotels and bookings: what the booking engine is asked for after a commit, and what comes round."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.bookings import cancelling, confirming, counting, events, following, watching
from services.nightly import Night, Part, Step
from services.work import work

ATTEMPTS_MAX: Final = 20
HOUR: Final = timedelta(hours=1)
# All that waits is worked off by one job, and the engine answers ten questions a second.
EVENTS_LEASE: Final = timedelta(minutes=5)


async def create(payload: Payload, tools: Tools, now: datetime) -> None:
    """Make a booking."""
    await confirming.create(UUID(payload["booking_id"]), tools.resources, now)


async def cancel(payload: Payload, tools: Tools, now: datetime) -> None:
    """Cancel a booking."""
    await cancelling.carry_out(UUID(payload["booking_id"]), tools.resources, now)


async def refresh(payload: Payload, tools: Tools, now: datetime) -> None:
    """Bring a booking to what its hotel says of it."""
    await following.refresh(UUID(payload["booking_id"]), tools.resources, now)


async def count(payload: Payload, tools: Tools, now: datetime) -> None:
    """Count a stay whose time has come."""
    await counting.count(UUID(payload["booking_id"]), tools.resources, now)


async def work_off_events(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Apply what hotels' systems posted."""
    await events.work_off(tools.resources, now)


async def watch(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Read what changed at the hotels, work off what waits, and read a hotel itself that was not since yesterday."""
    await watching.watch(tools.resources, now)


async def count_by_night(night: Night, _cursor: str) -> Part:
    """Have every stay counted whose delay is over; the engine is asked by the jobs, not here."""
    due = await following.due(night.now)
    async with work() as tx:
        for booking in due:
            await tx.enqueue(following.COUNT, {"booking_id": str(booking)}, run_at=night.now)
    return Part(done=len(due))


COUNTED: Final = Step("bookings.count", count_by_night)
WATCH: Final = JobKind(name=following.WATCH, handle=watch, lease=HOUR)
KINDS = [
    JobKind(name=confirming.JOB, handle=create, attempts_max=ATTEMPTS_MAX),
    JobKind(name=cancelling.JOB, handle=cancel, attempts_max=ATTEMPTS_MAX),
    JobKind(name=confirming.REFRESH, handle=refresh, attempts_max=ATTEMPTS_MAX),
    JobKind(name=following.COUNT, handle=count, attempts_max=ATTEMPTS_MAX),
    JobKind(name=events.JOB, handle=work_off_events, attempts_max=ATTEMPTS_MAX, lease=EVENTS_LEASE),
    WATCH,
]
