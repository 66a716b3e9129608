"""Letters to members and to the staff."""

from datetime import datetime

from jobs.registry import JobKind, Payload, Tools
from services import letters
from services.messages import samples
from services.staff import letters as staff_letters
from services.status.contacts import NotedMailer


async def send(payload: Payload, tools: Tools, now: datetime) -> None:
    """Write and send one letter."""
    await letters.send(payload, tools.resources, _noted(tools), now)


async def send_to_staff(payload: Payload, tools: Tools, now: datetime) -> None:
    """Write and send one letter to somebody of the staff."""
    await staff_letters.send(payload, tools.resources, _noted(tools), now)


async def send_sample(payload: Payload, tools: Tools, now: datetime) -> None:
    """Send a sample of a letter to whoever of the staff asked."""
    await samples.send(payload, tools.resources, _noted(tools), now)


def _noted(tools: Tools) -> NotedMailer:
    return NotedMailer(tools.mailer, tools.resources.contacts)


KINDS = [
    JobKind(name=letters.JOB, handle=send),
    JobKind(name=staff_letters.JOB, handle=send_to_staff),
    JobKind(name=samples.JOB, handle=send_sample),
]
