"""Restaurants' cloud: its inbox, what comes round, members it is told of, and the nightly comparison."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from integrations.ports import Unavailable
from jobs.registry import JobKind, Payload, Tools
from services.nightly import Night, Part, Step
from services.resources import Resources
from services.restaurants import events, guests, orders, reconciling, watching
from services.restaurants.rows import cloud_of

ATTEMPTS_MAX: Final = 20
HOUR: Final = timedelta(hours=1)
COMPARED_DAYS: Final = 2
_DIFFERS: Final = "differs"


async def work_off_events(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Read what the cloud's events point at."""
    await events.work_off(tools.resources, now)


async def work_off_orders(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Make purchases of ended orders."""
    await orders.work_off(tools.resources, now)


async def watch(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Read what changed at the restaurants, and have members told who may be."""
    await watching.watch(tools.resources, now)
    if tools.resources.tells_guests:
        await tell_all(tools.resources, now)


async def tell_all(resources: Resources, now: datetime) -> int:
    """Have members told of whom the cloud has not heard as they are now, as many as a day has room for; says how many."""
    told, after = 0, guests.FIRST
    while True:
        members, following = await guests.due(cloud_of(resources).name, after)
        await guests.ask(members, now, before=told)
        told += len(members)
        if following is None or told >= guests.A_DAY:
            return told
        after = following


async def tell_guest(payload: Payload, tools: Tools, now: datetime) -> None:
    """Tell the cloud of a member."""
    await guests.tell(tools.resources, UUID(payload["member"]), now)


async def compare_by_night(night: Night, cursor: str) -> Part:
    """Compare the last two days with the cloud. What differs rings; a cloud that is away is a trouble, not a stop."""
    if night.resources.restaurants is None:
        return Part()
    at, _, before = cursor.partition("|")
    back, trouble = int(at or COMPARED_DAYS), ""
    try:
        found = await reconciling.compare_day(night.resources, night.day - timedelta(days=back), night.now)
    except Unavailable:
        found, trouble = 0, "the restaurants' cloud could not be asked"
    differs = bool(found) or before == _DIFFERS
    is_over = back <= 1 or bool(trouble)
    if is_over and differs:
        # A trouble ends the step: it is said once all the days have been looked at.
        told = f"{await reconciling.count_open()} orders differ: kunak iiko report"
        trouble = f"{told}; {trouble}" if trouble else told
    cursor = f"{back - 1}|{_DIFFERS if differs else ''}"
    return Part(done=found, cursor=cursor, is_over=is_over, trouble=trouble or None)


COMPARED: Final = Step("restaurants.compare", compare_by_night)
WATCH: Final = JobKind(name=watching.WATCH, handle=watch, lease=HOUR)
KINDS = [
    JobKind(name=events.JOB, handle=work_off_events, attempts_max=ATTEMPTS_MAX),
    JobKind(name=orders.JOB, handle=work_off_orders, attempts_max=ATTEMPTS_MAX),
    JobKind(name=guests.JOB, handle=tell_guest, attempts_max=ATTEMPTS_MAX),
    WATCH,
]
