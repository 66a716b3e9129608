"""Running the worker and the clock of its rounds together, inside another process or as one of its own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from jobs import (
    bookings,
    campaigns,
    claims,
    control,
    erasing,
    instalments,
    letters,
    messages,
    nightly,
    payments,
    points,
    restaurants,
    shop,
    tiers,
    webhooks,
)
from jobs.registry import Tools, registry
from jobs.schedule import keep_time
from jobs.worker import Worker

KINDS = registry(
    [
        *bookings.KINDS,
        *campaigns.KINDS,
        *claims.KINDS,
        *control.KINDS,
        *erasing.KINDS,
        *instalments.KINDS,
        *letters.KINDS,
        *messages.KINDS,
        *payments.KINDS,
        *points.KINDS,
        *restaurants.KINDS,
        *shop.KINDS,
        *tiers.KINDS,
        *nightly.KINDS,
        *webhooks.KINDS,
    ]
)
# Partners' addresses may be slow; letters and codes must not wait for them, so what calls them has places of its own.
APART = {webhooks.DRAIN.name: webhooks.DRAIN}
# The same of the restaurants' cloud: each call of one that hangs takes a place for twenty seconds.
CLOUD = {kind.name: kind for kind in restaurants.KINDS}
OURS = {name: kind for name, kind in KINDS.items() if name not in APART | CLOUD}


@asynccontextmanager
async def working(tools: Tools, clock: Callable[[], datetime]) -> AsyncIterator[None]:
    """Run jobs in the background of the block; at its end let them finish."""
    stop = asyncio.Event()
    tasks = [
        asyncio.create_task(Worker(OURS, tools, clock).run(stop), name="worker"),
        asyncio.create_task(Worker(APART, tools, clock).run(stop), name="worker of webhooks"),
        asyncio.create_task(Worker(CLOUD, tools, clock, parallel=4).run(stop), name="worker of restaurants"),
        asyncio.create_task(keep_time(clock, stop), name="rounds of jobs"),
    ]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
