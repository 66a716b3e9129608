"""Words of banks that came before their receipts."""

from datetime import datetime
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.instalments import reading


async def decide(payload: Payload, tools: Tools, now: datetime) -> None:
    """Carry out a word that was kept, now that its receipt has come. A word that comes too late changes nothing."""
    await reading.carry_out_kept(UUID(str(payload["word"])), tools.resources, now)


KINDS = [JobKind(name=reading.JOB, handle=decide)]
