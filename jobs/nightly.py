"""The nightly run as a job: looked at every minute, written while tonight's is not finished and nobody works on it.

A subject joins with a `Step` of its own in `STEPS`, in the order in which things have to happen.
"""

from datetime import datetime, timedelta
from typing import Final

from jobs import bookings, points, restaurants, settlement, tiers, upkeep
from jobs.registry import JobKind, Payload, Tools
from services import nightly
from services.work import work

RUN: Final = "nightly.run"
STEPS: Final = (
    points.SETTLED,
    bookings.COUNTED,
    restaurants.COMPARED,
    tiers.SETTLED,
    points.ANNOUNCED,
    tiers.ANNOUNCED,
    # A closed month never changes: the books are looked at before.
    upkeep.BOOKS,
    settlement.CLOSED,
    settlement.DEPOSITS,
    *upkeep.STEPS,
)


async def run(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Begin tonight's run or go on with it."""
    await nightly.go_on(STEPS, tools.resources, now)


async def write_due(now: datetime) -> bool:
    """Write this minute's job if tonight's run waits for somebody; whether it was written.

    Within a minute a run whose worker was killed is taken up, without waiting for the end of the dead one's lease.
    """
    if not await nightly.is_due(now):
        return False
    async with work() as tx:
        return await tx.enqueue(RUN, {}, run_at=now, dedupe_key=now.replace(second=0, microsecond=0).isoformat())


KINDS = [JobKind(name=RUN, handle=run, lease=timedelta(hours=1))]
