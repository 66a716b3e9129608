"""One-time codes: six digits for one purpose, one request and one thing, by SMS or e-mail.

The digits are derived from the code's id and a key that is not in the database, as a letter's are, so that a repeated
message repeats them; the database keeps a keyed digest. A code works once, with the request it was asked by, for five
minutes and five tries, and a member has one of a purpose at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from loyalty.messages import Channel
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services import callers
from services.callers import Caller
from services.resources import Resources
from services.work import Work, work

JOB: Final = "code.send"
DIGITS: Final = 6
TYPED_LENGTH_MAX: Final = 16
REQUEST_BYTES: Final = 24
HOUR_SECONDS: Final = 3600
DAY_SECONDS: Final = 86_400
KEPT: Final = timedelta(days=30)
# A code that is asked for again is said again while it lives long enough to be typed.
WORTH_REPEATING: Final = timedelta(seconds=90)


class Purpose(StrEnum):
    """What a code opens. One for another purpose opens nothing."""

    SIGN_IN = "SIGN_IN"
    BIND_PHONE = "BIND_PHONE"
    SPEND = "SPEND"
    JOIN = "JOIN"
    CHANGE = "CHANGE"
    CHANGE_EMAIL = "CHANGE_EMAIL"


@dataclass(frozen=True, slots=True)
class Asked:
    """What whoever asked for a code is told, known or not: the request to give back with it, and two moments."""

    request: str
    resend_after: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    """A code that was typed right: its row, whose it is, and the phone it proves."""

    code_id: UUID
    member_id: UUID
    address: str | None


_RETIRE: Final = """
UPDATE one_time_code SET used_at = $3 WHERE purpose = $1 AND member_id = $2 AND used_at IS NULL
"""
_KEEP: Final = """
INSERT INTO one_time_code (id, purpose, member_id, address, request_sha256, bound_sha256, code_sha256, tries_left,
    created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_OF_REQUEST: Final = """
SELECT id, expires_at FROM one_time_code
WHERE request_sha256 = $1 AND purpose = $2 AND bound_sha256 = $3 AND member_id IS NOT DISTINCT FROM $4
    AND address IS NOT DISTINCT FROM $5 AND used_at IS NULL AND tries_left > 0 AND expires_at > $6
"""
_TRY: Final = """
UPDATE one_time_code SET tries_left = tries_left - 1
WHERE request_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND tries_left > 0 AND expires_at > $3
"""
_USE: Final = """
SELECT id, member_id, address, bound_sha256, code_sha256 FROM one_time_code
WHERE request_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 FOR UPDATE
"""
_WAS_USED: Final = """
SELECT bound_sha256 FROM one_time_code
WHERE request_sha256 = $1 AND purpose = $2 AND used_at IS NOT NULL
"""
_HOLDER: Final = "SELECT member_id FROM one_time_code WHERE request_sha256 = $1 AND purpose = $2"
_SWEEP: Final = """
DELETE FROM one_time_code WHERE id IN (
    SELECT c.id FROM one_time_code AS c
    WHERE c.expires_at < $1 AND NOT EXISTS (SELECT 1 FROM message AS m WHERE m.code_id = c.id) LIMIT $2
)
"""


async def ask(
    purpose: Purpose,
    *,
    member_id: UUID | None,
    binding: bytes,
    resources: Resources,
    now: datetime,
    channels: Sequence[Channel] = (Channel.SMS, Channel.EMAIL),
    address: str | None = None,
    request: str | None = None,
) -> Asked:
    """Have a code sent. `member_id` None does the same work for nobody. Limits are the caller's: see `spend`.

    `binding` is what the code stands for beside its purpose; a code typed for something else is not accepted. With the
    `request` of an earlier answer the same code is sent again. Runs its own unit of work.
    """
    async with work() as tx:
        return await ask_in(
            *(tx, purpose),
            member_id=member_id,
            binding=binding,
            resources=resources,
            now=now,
            channels=channels,
            address=address,
            request=request,
        )


async def ask_in(
    tx: Work,
    purpose: Purpose,
    *,
    member_id: UUID | None,
    binding: bytes,
    resources: Resources,
    now: datetime,
    channels: Sequence[Channel] = (Channel.SMS, Channel.EMAIL),
    address: str | None = None,
    request: str | None = None,
    handle: str | None = None,
) -> Asked:
    """As `ask`, in the caller's unit of work. `handle` is the request to answer with, where the caller makes it."""
    policy = resources.policy
    bound = sha256(binding).digest()
    resend_after = now + timedelta(seconds=policy.resend_seconds)
    # A member's codes are made one after the other, so that no two of a purpose live at once.
    await tx.execute("SELECT 1 FROM member WHERE id = $1 FOR NO KEY UPDATE", member_id or uuid7())
    row = await tx.fetchrow(
        _OF_REQUEST, digest(request or ""), purpose.value, bound, member_id, address, now + WORTH_REPEATING
    )
    if row is not None and request is not None:
        code_id, handle, expires_at = row["id"], request, row["expires_at"]
    else:
        code_id, handle = uuid7(), handle or token_urlsafe(REQUEST_BYTES)
        expires_at = now + timedelta(seconds=policy.code_seconds)
        await tx.execute(_RETIRE, purpose.value, member_id, now)
        kept = (digest(handle), bound, code_digest(code_id, code_of(code_id, resources), resources))
        await tx.execute(_KEEP, code_id, purpose.value, member_id, address, *kept, policy.code_tries, now, expires_at)
    ways = [channel.value for channel in channels if channel in resources.channels]
    payload: dict[str, object] = {"code_id": str(code_id), "message_id": str(uuid7()), "channels": ways}
    await tx.enqueue(JOB, payload, run_at=now)
    return Asked(handle, resend_after, expires_at)


async def spend(
    purpose: Purpose, subjects: dict[str, str], caller: Caller, resources: Resources, now: datetime
) -> None:
    """Count one request: by the caller's address, and for each subject one a minute and a few a day.

    `subjects` are named texts: `number` is the phone or address a code goes to, whatever it is for, `member` whose it is.
    Known and unknown ones count alike. Raises LIMIT_REACHED.
    """
    policy, door = resources.policy, f"otp.{purpose.value.lower()}"
    await callers.spend_of_address(
        resources, "otp.ip", caller, limit=policy.codes_per_ip_hour, window_seconds=HOUR_SECONDS, now=now
    )
    await spend_subjects(door, subjects, resources, now)


async def spend_subjects(door: str, subjects: dict[str, str], resources: Resources, now: datetime) -> None:
    """Count one request for each subject alone: one a minute at this door, a few a day at all. Raises LIMIT_REACHED."""
    policy = resources.policy
    for name, subject in subjects.items():
        seconds = policy.resend_seconds
        await callers.spend(resources, f"{door}.{name}", subject, limit=1, window_seconds=seconds, now=now)
        limit = policy.codes_per_number_day
        await callers.spend(resources, f"otp.day.{name}", subject, limit=limit, window_seconds=DAY_SECONDS, now=now)


async def count_try(request: str, purpose: Purpose, *, caller: Caller, resources: Resources, now: datetime) -> None:
    """Take one of a code's tries, before it is looked at, so that parallel guesses cannot slip through together.

    Counted apart from the unit that uses the code, whose rollback must not give the try back. Raises LIMIT_REACHED.
    """
    policy = resources.policy
    await callers.spend_of_address(
        resources, "otp.try", caller, limit=policy.code_tries_per_ip_hour, window_seconds=HOUR_SECONDS, now=now
    )
    await take_try(request, purpose, now)


async def take_try(request: str, purpose: Purpose, now: datetime) -> None:
    """Take one of a code's tries, where the door counts its callers itself. Raises TOKEN_NOT_ACCEPTED without any left."""
    if await database.execute(_TRY, digest(request), purpose.value, now) != "UPDATE 1":
        raise not_accepted()


async def use(
    tx: Work, request: str, code: str, purpose: Purpose, *, binding: bytes, resources: Resources, now: datetime
) -> Bound:
    """Use a code up in the caller's unit of work. Raises TOKEN_NOT_ACCEPTED for anything that is not exactly it."""
    row = await tx.fetchrow(_USE, digest(request), purpose.value, now)
    if row is None or row["member_id"] is None or not _fits(row, digits_of(code), binding, resources):
        raise not_accepted()
    await tx.execute("UPDATE one_time_code SET used_at = $2 WHERE id = $1", row["id"], now)
    return Bound(row["id"], row["member_id"], row["address"])


async def was_used(request: str, purpose: Purpose, *, binding: bytes) -> bool:
    """Whether the code of a request has done for this thing what it was asked for, for whoever did not hear it."""
    bound = await database.fetchval(_WAS_USED, digest(request), purpose.value)
    return bound is not None and compare_digest(bound, sha256(binding).digest())


async def holder_of(tx: Work, request: str, purpose: Purpose) -> UUID | None:
    """Whose a request is, to lock whoever it is before the code is used; None for nobody's."""
    holder: UUID | None = await tx.fetchval(_HOLDER, digest(request), purpose.value)
    return holder


def digits_of(code: str) -> str:
    """Six digits as typed, with or without a space. Raises INVALID_INPUT."""
    digits = "".join(code.split()) if len(code) <= TYPED_LENGTH_MAX else code
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise Refusal(Code.INVALID_INPUT, "code.shape", field="code")
    return digits


def code_of(code_id: UUID, resources: Resources) -> str:
    """The six digits of a code."""
    number = int.from_bytes(resources.keyring.mac("one-time-code", code_id.bytes))
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def code_digest(code_id: UUID, code: str, resources: Resources) -> bytes:
    """What is kept of a code: keyed, since a million plain digests are counted through in a second."""
    return resources.keyring.mac("one-time-digest", code_id.bytes + code.encode())


def digest(request: str) -> bytes:
    """What is kept of a request: it is random enough for a plain hash."""
    return sha256(request.encode("utf-8", "surrogatepass")).digest()


def not_accepted() -> Refusal:
    """One refusal for a wrong, used, late or foreign code, and for one that was never sent."""
    return Refusal(Code.TOKEN_NOT_ACCEPTED, "code.not_accepted", field="code")


async def sweep(now: datetime) -> int:
    """Delete codes of a month ago, and say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


def _fits(row: Record, digits: str, binding: bytes, resources: Resources) -> bool:
    is_code = compare_digest(row["code_sha256"], code_digest(row["id"], digits, resources))
    is_bound = compare_digest(row["bound_sha256"], sha256(binding).digest())
    return is_code and is_bound
