"""Messages on their way, and what gateways report about them."""

from datetime import datetime
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services import onetime
from services.messages import cascade, codes, planning


async def send_code(payload: Payload, tools: Tools, now: datetime) -> None:
    """Plan the message of a code."""
    await codes.send(payload, tools.resources, now)


async def advance(payload: Payload, tools: Tools, now: datetime) -> None:
    """Do for a message what is to be done now."""
    await cascade.advance(UUID(payload["message_id"]), tools.resources, tools.gateways, now)


KINDS = [
    JobKind(name=onetime.JOB, handle=send_code),
    JobKind(name=planning.JOB, handle=advance),
]
