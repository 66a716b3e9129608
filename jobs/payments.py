"""Payments: what the acquirer is asked for after a commit, and what comes round."""

from datetime import datetime
from typing import Final
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.paid_for import SUBJECTS
from services.payments import events, following, opening, refunding, settling

ATTEMPTS_MAX: Final = 20


async def open_(payload: Payload, tools: Tools, now: datetime) -> None:
    """Have the acquirer open a payment."""
    await opening.ask_for_page(UUID(payload["payment_id"]), tools.resources, SUBJECTS, now)


async def look(payload: Payload, tools: Tools, now: datetime) -> None:
    """Ask how a payment stands."""
    await following.look(UUID(payload["payment_id"]), tools.resources, SUBJECTS, now)


async def refund(payload: Payload, tools: Tools, now: datetime) -> None:
    """Have the acquirer give money back."""
    await refunding.carry_out(UUID(payload["refund_id"]), tools.resources, SUBJECTS, now)


async def look_at_refund(payload: Payload, tools: Tools, now: datetime) -> None:
    """Ask how a refund stands."""
    await refunding.look(UUID(payload["refund_id"]), tools.resources, SUBJECTS, now)


async def work_off_events(_payload: Payload, tools: Tools, now: datetime) -> None:
    """Look at what the acquirer told of."""
    await events.work_off(tools.resources, SUBJECTS, now)


async def watch(_payload: Payload, _tools: Tools, now: datetime) -> None:
    """Take up what was forgotten half-way."""
    await following.watch(now)


WATCH: Final = JobKind(name=following.WATCH, handle=watch)
KINDS = [
    JobKind(name=opening.JOB, handle=open_, attempts_max=ATTEMPTS_MAX),
    JobKind(name=settling.LOOK, handle=look, attempts_max=ATTEMPTS_MAX),
    JobKind(name=refunding.JOB, handle=refund, attempts_max=ATTEMPTS_MAX),
    JobKind(name=refunding.LOOK, handle=look_at_refund, attempts_max=ATTEMPTS_MAX),
    JobKind(name=events.JOB, handle=work_off_events, attempts_max=ATTEMPTS_MAX),
    WATCH,
]
