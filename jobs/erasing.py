"""What was written behind an erasure, and what gateways tell late, is emptied as well."""

from datetime import datetime
from typing import Final
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.erasing import erasing


async def wipe_again(payload: Payload, _tools: Tools, now: datetime) -> None:
    """Empty once more what is personal of an erased member."""
    await erasing.wipe_again(UUID(str(payload["member_id"])), now)


KINDS: Final = [JobKind(name=erasing.JOB, handle=wipe_again)]
"""The kinds of job this file handles."""
