"""Planning a message: a row and a job in the transaction that causes it, so it leaves if and only if that commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.messages import Cause, Channel
from models import database
from models.ids import uuid7
from services.resources import Policy
from services.work import Work

JOB: Final = "message.advance"
NOTICE_LIFE: Final = timedelta(hours=24)
ADVERT_LIFE: Final = timedelta(hours=72)

KEPT: Final = timedelta(days=180)

_SWEEP: Final = "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE created_at < $1 LIMIT $2)"
_PLAN: Final = """
INSERT INTO message (id, member_id, cause, code_id, subject, text, channels, wait_seconds, dedupe_key, by_day, state,
    created_at, expires_at, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'PLANNED', $11, $12, $11)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to be. `dedupe_key` makes it once in the life of the house: a second draft with it plans nothing.

    A code has its `code_id` and no text; everything else has a text, and a subject for the step by e-mail. A notice that
    can wait for the morning is sent `by_day`, as adverts always are.
    """

    member_id: UUID
    cause: Cause
    channels: Sequence[Channel]
    text: str | None = None
    subject: str | None = None
    code_id: UUID | None = None
    message_id: UUID | None = None
    dedupe_key: str | None = None
    by_day: bool = False
    expires_at: datetime | None = None


async def plan(tx: Work, draft: Draft, policy: Policy, now: datetime) -> UUID | None:
    """Write a message down and have it sent after the commit. None if one with its key was planned before.

    Consents, stopped addresses and hours are asked when it is sent, not here (INV-14).
    """
    message_id = draft.message_id or uuid7()
    ends = draft.expires_at or now + (ADVERT_LIFE if draft.cause is Cause.MARKETING else NOTICE_LIFE)
    said = (draft.cause.value, draft.code_id, draft.subject, draft.text)
    wait = wait_seconds(draft.cause, policy)
    channels = [channel.value for channel in draft.channels]
    kept = (channels, wait, draft.dedupe_key, draft.by_day)
    tag = await tx.execute(_PLAN, message_id, draft.member_id, *said, *kept, now, ends)
    if tag != "INSERT 0 1":
        return None
    await wake(tx, message_id, now)
    return message_id


async def sweep(now: datetime) -> int:
    """Delete messages of half a year ago with their attempts, and say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


async def wake(tx: Work, message_id: UUID, at: datetime) -> None:
    """Have somebody look at a message at a moment. Looking once too often does nothing."""
    await tx.enqueue(JOB, {"message_id": str(message_id)}, run_at=at)


def wait_seconds(cause: Cause, policy: Policy) -> int:
    """How long a channel may stay silent before the next one has its turn."""
    if cause is Cause.CODE:
        return policy.code_wait_seconds
    return policy.notice_wait_seconds if cause is Cause.SERVICE else policy.advert_wait_seconds


def cascade(available: Collection[Channel], *, but: Collection[Channel] = ()) -> list[Channel]:
    """The channels that there are, in the order of the cascade."""
    return [channel for channel in Channel if channel in available and channel not in but]
