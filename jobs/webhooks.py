"""Telling partners by webhooks what happened at their tills."""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from integrations.ports import Unavailable
from jobs.registry import JobKind, Payload, Tools
from services.webhooks import delivering, spreading, watching

log = logging.getLogger(__name__)


async def spread(payload: Payload, _tools: Tools, now: datetime) -> None:
    """Make the deliveries of events."""
    await spreading.spread([UUID(event) for event in payload["events"]], now)


async def drain(payload: Payload, tools: Tools, now: datetime) -> None:
    """Deliver what waits for an address."""
    if tools.announcer is None:
        raise Unavailable("this process has no way out for webhooks")
    await delivering.drain(UUID(payload["endpoint"]), tools.resources, tools.announcer, now)


async def watch(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """Take up what nobody tells any more."""
    if taken := await watching.take_up(now):
        log.warning("webhooks whose job was gone are taken up", extra={"count": taken})


DRAIN: Final = JobKind(name=spreading.DRAIN, handle=drain, attempts_max=100)
WATCH: Final = JobKind(name="webhooks.watch", handle=watch)
KINDS = [JobKind(name=spreading.SPREAD, handle=spread), DRAIN, WATCH]
