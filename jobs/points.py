"""The clockwork of points: looked at every minute, written where something is due; and what ends soon, told by night."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.nightly import Night, Part, Step
from services.points import announcing, clockwork
from services.work import work

SETTLE: Final = "points.settle"
log = logging.getLogger(__name__)


async def settle(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """Free reservations that ran out, make points usable, and end those whose day is over."""
    log.info("points settled", extra={"count": await clockwork.settle_due(now)})


async def write_due(now: datetime) -> bool:
    """Write this minute's job if there is anything to do; whether it was written. A programme without points has none."""
    if not await clockwork.is_due(now):
        return False
    async with work() as tx:
        return await tx.enqueue(SETTLE, {}, run_at=now, dedupe_key=now.replace(second=0, microsecond=0).isoformat())


async def settle_by_night(night: Night, _cursor: str) -> Part:
    """The same at night, a batch or a pool a part: what a minute's job could not do is done before anything is told of it."""
    steps = await clockwork.settle_batch(night.now) or await clockwork.settle_pool(night.now)
    return Part(done=steps, is_over=steps == 0)


async def look_ahead(night: Night, cursor: str) -> Part:
    """Find what ends soon, some members a part, and have it told when it is day where its owner is."""
    found = await announcing.look(UUID(cursor) if cursor else UUID(int=0), night.now)
    return Part(done=found.announced, cursor=str(found.last or ""), is_over=found.last is None)


async def announce(payload: Payload, tools: Tools, now: datetime) -> None:
    """Write one announcement."""
    await announcing.announce(payload, tools.resources, now)


SETTLED: Final = Step("points.settle", settle_by_night)
ANNOUNCED: Final = Step("points.announce", look_ahead)
KINDS = [
    JobKind(name=SETTLE, handle=settle, lease=timedelta(hours=1)),
    JobKind(name=announcing.JOB, handle=announce),
]
