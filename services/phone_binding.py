"""Proving a phone number: a code to it, typed by the member in the session that asked for it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.messages import Channel
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Violation
from models.ids import uuid7
from services import letters, onetime
from services.callers import Caller
from services.letter_words import Kind
from services.messages import budget
from services.onetime import Asked, Purpose
from services.openings.claiming import claim
from services.phones import phone
from services.resources import Resources
from services.work import Work, work

_PROVED: Final = "SELECT value FROM contact WHERE member_id = $1 AND kind = 'PHONE' AND verified_at IS NOT NULL"
_LOCK: Final = "SELECT status FROM member WHERE id = $1 FOR NO KEY UPDATE"
_PROVE: Final = "UPDATE contact SET value = $2, verified_at = $3 WHERE member_id = $1 AND kind = 'PHONE'"
# Where the code goes that changes the address was looked at before: it must not come to this number.
_RETIRE: Final = """
UPDATE one_time_code SET used_at = $2 WHERE member_id = $1 AND purpose = 'CHANGE_EMAIL' AND used_at IS NULL
"""
_ADD: Final = """
INSERT INTO contact (id, member_id, kind, value, verified_at, created_at) VALUES ($1, $2, 'PHONE', $3, $4, $4)
"""


async def request(
    typed: str,
    member_id: UUID,
    session_id: UUID,
    *,
    caller: Caller,
    resources: Resources,
    now: datetime,
    again: str | None = None,
) -> Asked:
    """Send a code to a number that the member wants to prove, his own of before or a new one.

    Whether somebody else has proved it is not said here. Raises INVALID_INPUT, LIMIT_REACHED, BUSY.
    """
    number = phone(typed, field="phone")
    if Channel.SMS not in resources.channels:
        raise Refusal(Code.INVALID_INPUT, "phone.no_sms", field="phone")
    if not budget.is_served(number, resources):
        raise Refusal(Code.INVALID_INPUT, "phone.not_served", field="phone")
    if await database.fetchval(_PROVED, member_id) == number:
        raise Refusal(Code.INVALID_INPUT, "phone.proved_already", field="phone")
    await onetime.spend(Purpose.BIND_PHONE, {"number": number, "member": str(member_id)}, caller, resources, now)
    if await budget.is_spent(number, resources, now):
        raise Refusal(Code.LIMIT_REACHED, "phone.budget", retryable=True, retry_after_seconds=budget.HOUR_SECONDS)
    return await onetime.ask(
        Purpose.BIND_PHONE,
        member_id=member_id,
        binding=session_id.bytes,
        resources=resources,
        now=now,
        channels=(Channel.SMS,),
        address=number,
        request=again,
    )


async def confirm(
    handle: str,
    code: str,
    member_id: UUID,
    session_id: UUID,
    *,
    caller: Caller,
    resources: Resources,
    now: datetime,
) -> str:
    """Make the number of a request the member's proved phone, and give it. A letter tells the owner of the profile.

    Raises TOKEN_NOT_ACCEPTED, and INVALID_INPUT where another member has proved the number (INV-12).
    """
    onetime.digits_of(code)
    await onetime.count_try(handle, Purpose.BIND_PHONE, caller=caller, resources=resources, now=now)
    try:
        async with work() as tx:
            await tx.execute(_LOCK, member_id)
            bound = await onetime.use(
                *(tx, handle, code, Purpose.BIND_PHONE), binding=session_id.bytes, resources=resources, now=now
            )
            if bound.member_id != member_id or bound.address is None:
                raise onetime.not_accepted()
            await prove(tx, member_id, bound.address, now)
    except Violation as violation:
        if violation.constraint == "contact_verified":
            raise Refusal(Code.INVALID_INPUT, "phone.taken", field="code") from None
        raise
    return bound.address


async def prove(tx: Work, member_id: UUID, number: str, now: datetime) -> None:
    """Make a number the member's proved phone, whatever the channel. The member's row is locked.

    Raises the violation `contact_verified` where another member has proved it (INV-12).
    """
    if await tx.execute(_PROVE, member_id, number, now) == "UPDATE 0":
        await tx.execute(_ADD, uuid7(), member_id, number, now)
    await tx.execute(_RETIRE, member_id, now)
    await claim(tx, member_id, now)
    await letters.ask(tx, Kind.PHONE_CHANGED, member_id, now)
