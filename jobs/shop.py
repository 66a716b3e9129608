"""The shop: vouchers of what was paid, and the books and money of what goes back."""

from datetime import datetime
from typing import Final
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.shop import issuing, paying, returning

ATTEMPTS_MAX: Final = 20


async def issue(payload: Payload, tools: Tools, now: datetime) -> None:
    """Issue the vouchers of a paid order."""
    await issuing.issue(UUID(payload["order_id"]), tools.resources, now)


async def give_back(payload: Payload, tools: Tools, now: datetime) -> None:
    """Carry out a return."""
    await returning.carry_out(UUID(payload["return_id"]), tools.resources, now)


KINDS = [
    JobKind(name=paying.ISSUE, handle=issue, attempts_max=ATTEMPTS_MAX),
    JobKind(name=returning.JOB, handle=give_back, attempts_max=ATTEMPTS_MAX),
]
