"""Playing time: everything that is due between two moments, in the order of time, as if it had gone by."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from jobs.registry import Tools
from jobs.running import KINDS
from jobs.schedule import write_round
from jobs.worker import Worker
from loyalty.business_days import business_date
from loyalty.points import day_begins
from services import nightly, outbox, programmes
from services.points import clockwork as points
from services.tiers import clockwork as tiers

MINUTE: Final = timedelta(minutes=1)
ONE_DAY: Final = timedelta(days=1)
Moved = Callable[[datetime], Awaitable[None]]


async def play(tools: Tools, since: datetime, until: datetime, moved: Moved) -> int:
    """Play from one moment to another and say how many jobs ran.

    Time stands at each moment at which something is due until all of it is done; `moved` is told of each before. Rounds
    of some minutes are played when anything else is due, not for themselves.
    """
    moment, jobs = since, 0
    while True:
        await moved(moment)
        jobs += await _all_due(tools, moment)
        if moment >= until:
            return jobs
        moment = min(until, await _next(moment))


async def _all_due(tools: Tools, moment: datetime) -> int:
    worker, total = Worker(KINDS, tools, lambda: moment), 0
    while True:
        written, ran = await write_round(moment), 0
        while taken := await worker.take(moment):
            await worker.settled()
            ran += taken
        total += ran
        if not written + ran:
            return total


async def _next(moment: datetime) -> datetime:
    """The next moment at which anything may be due: a job, points, a tier, midnight; a minute later where something waits."""
    programme = await programmes.newest(moment)
    zone = nightly.WITHOUT_PROGRAMME if programme is None else programme.time_zone
    found = [day_begins(business_date(moment, zone) + ONE_DAY, zone)]
    dues = (await outbox.next_due(moment), await points.next_due(moment), await tiers.next_due(moment))
    found += [due for due in dues if due is not None]
    if await points.is_due(moment) or await tiers.is_due(moment) or await nightly.is_due(moment):
        found.append(moment.replace(second=0, microsecond=0) + MINUTE)
    return min(due for due in found if due > moment)
