"""Claims whose receipt was found: credited, whatever became of the process that found it."""

from datetime import datetime
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.claims import crediting
from services.pos.guestless import CREDIT


async def credit(payload: Payload, tools: Tools, now: datetime) -> None:
    """Credit one claim."""
    await crediting.credit_surely(tools.resources, UUID(str(payload["claim"])), now=now)


KINDS = [JobKind(name=CREDIT, handle=credit)]
"""The kinds of job this file handles."""
