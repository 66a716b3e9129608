"""Jobs that come round: by ten minutes, or when something is due. However many workers: once a round."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from jobs import bookings, control, messages, nightly, payments, points, restaurants, shop, tiers, webhooks
from loyalty.refusals import Refusal
from services.work import work

LOOK_SECONDS: Final = 60.0
OFTEN: Final = (
    messages.WATCH.name,
    control.LOOK.name,
    bookings.WATCH.name,
    restaurants.WATCH.name,
    payments.WATCH.name,
    webhooks.WATCH.name,
    shop.WATCH.name,
)
OFTEN_MINUTES: Final = 10
log = logging.getLogger(__name__)


async def write_often(now: datetime) -> int:
    """Write the jobs of these ten minutes that are not there yet; say how many."""
    round_of_now = f"{now:%Y-%m-%dT%H}:{now.minute // OFTEN_MINUTES}"
    written = 0
    async with work() as tx:
        for name in OFTEN:
            written += await tx.enqueue(name, {}, run_at=now, dedupe_key=round_of_now)
    return written


async def write_round(now: datetime) -> int:
    """Write whatever comes round at a moment and is not there yet; say how many jobs."""
    due = await points.write_due(now) + await tiers.write_due(now)
    return await write_often(now) + due + await nightly.write_due(now)


async def keep_time(clock: Callable[[], datetime], stop: asyncio.Event) -> None:
    """Look at the time once a minute until `stop`."""
    while not stop.is_set():
        try:
            await write_round(clock())
        except Refusal:
            log.info("the database does not answer; trying again")
        except Exception:
            log.exception("jobs that come round were not written")
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await stop.wait()
