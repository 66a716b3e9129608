"""The shop: vouchers of what was paid, and the books and money of what goes back."""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.shop import issuing, paying, returning, watching

ATTEMPTS_MAX: Final = 20
log = logging.getLogger(__name__)


async def issue(payload: Payload, tools: Tools, now: datetime) -> None:
    """Issue the vouchers of a paid order."""
    await issuing.issue(UUID(payload["order_id"]), tools.resources, now)


async def give_back(payload: Payload, tools: Tools, now: datetime) -> None:
    """Carry out a return."""
    await returning.carry_out(UUID(payload["return_id"]), tools.resources, now)


async def watch(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """Take up what was given up half-way."""
    if taken := await watching.take_up(now):
        log.warning("orders and returns of the shop whose job was gone are taken up", extra={"count": taken})


WATCH: Final = JobKind(name="shop.watch", handle=watch)
KINDS = [
    JobKind(name=paying.ISSUE, handle=issue, attempts_max=ATTEMPTS_MAX),
    JobKind(name=returning.JOB, handle=give_back, attempts_max=ATTEMPTS_MAX),
    WATCH,
]
