"""Letters to members and to the staff."""

from datetime import datetime

from jobs.registry import JobKind, Payload, Tools
from services import letters
from services.staff import letters as staff_letters


async def send(payload: Payload, tools: Tools, now: datetime) -> None:
    """Write and send one letter."""
    await letters.send(payload, tools.resources, tools.mailer, now)


async def send_to_staff(payload: Payload, tools: Tools, now: datetime) -> None:
    """Write and send one letter to somebody of the staff."""
    await staff_letters.send(payload, tools.resources, tools.mailer, now)


KINDS = [JobKind(name=letters.JOB, handle=send), JobKind(name=staff_letters.JOB, handle=send_to_staff)]
