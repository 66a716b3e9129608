"""The clockwork of tiers: looked at every minute, written where time has changed one; and ends that come soon, told by night."""

import logging
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.nightly import Night, Part, Step
from services.tiers import announcing, clockwork
from services.work import work

SETTLE: Final = "tiers.settle"
log = logging.getLogger(__name__)


async def settle(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """End tiers whose window or grant has ended, and begin what follows."""
    log.info("tiers settled", extra={"count": await clockwork.settle_due(now)})


async def write_due(now: datetime) -> bool:
    """Write this minute's job if there is anything to do; whether it was written. Tiers without an end have none."""
    if not await clockwork.is_due(now):
        return False
    async with work() as tx:
        return await tx.enqueue(SETTLE, {}, run_at=now, dedupe_key=now.replace(second=0, microsecond=0).isoformat())


async def settle_by_night(night: Night, _cursor: str) -> Part:
    """The same at night, a batch a part: what a minute's job could not do is done before anything is told of it."""
    members = await clockwork.settle_batch(night.now)
    return Part(done=members, is_over=members == 0)


async def look_ahead(night: Night, cursor: str) -> Part:
    """Find the tiers that end soon, some members a part, and have it told when it is day where their owner is."""
    found = await announcing.look(UUID(cursor) if cursor else UUID(int=0), night.now)
    return Part(done=found.announced, cursor=str(found.last or ""), is_over=found.last is None)


async def announce(payload: Payload, tools: Tools, now: datetime) -> None:
    """Write one announcement."""
    await announcing.announce(payload, tools.resources, now)


SETTLED: Final = Step("tiers.settle", settle_by_night)
ANNOUNCED: Final = Step("tiers.announce", look_ahead)
KINDS = [
    JobKind(name=SETTLE, handle=settle, lease=timedelta(hours=1)),
    JobKind(name=announcing.JOB, handle=announce),
]
