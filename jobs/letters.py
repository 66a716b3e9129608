"""Letters to members."""

from datetime import datetime

from jobs.registry import JobKind, Payload, Tools
from services import letters


async def send(payload: Payload, tools: Tools, now: datetime) -> None:
    """Write and send one letter."""
    await letters.send(payload, tools.resources, tools.mailer, now)


KINDS = [JobKind(name=letters.JOB, handle=send)]
