"""Messages on their way, and what gateways report about them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services import onetime
from services.messages import cascade, codes, planning, reports, stopping, watching


async def send_code(payload: Payload, tools: Tools, now: datetime) -> None:
    """Plan the message of a code."""
    await codes.send(payload, tools.resources, now)


async def advance(payload: Payload, tools: Tools, now: datetime) -> None:
    """Do for a message what is to be done now."""
    await cascade.advance(UUID(payload["message_id"]), tools.resources, tools.gateways, now)


async def read_report(payload: Payload, tools: Tools, now: datetime) -> None:
    """Work off what a gateway reported."""
    await reports.handle(UUID(payload["report_id"]), tools.gateways, now)


async def mirror_stop(payload: Payload, tools: Tools, _now: datetime) -> None:
    """Tell gateways of a number to which nothing is sent."""
    await stopping.mirror(UUID(payload["stop"]), tools.gateways)


async def watch(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Look at the accounts of the gateways, and at messages that nobody looks at any more."""
    await watching.look(tools.resources, tools.gateways, now)


WATCH: Final = JobKind(name="messages.watch", handle=watch)
KINDS = [
    JobKind(name=onetime.JOB, handle=send_code),
    JobKind(name=planning.JOB, handle=advance),
    JobKind(name=reports.JOB, handle=read_report, attempts_max=20),
    JobKind(name=stopping.JOB, handle=mirror_stop, attempts_max=20),
    WATCH,
]
