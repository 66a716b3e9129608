"""Changing one's address: asked with the password or a code, told to both addresses, done by whoever reads the new one.

The address of before stays until then. Nobody who asks hears whether somebody else has the new one: its owner gets a letter
that says so, and no secret leaves that would change anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from uuid import UUID

from loyalty import people
from loyalty.messages import Channel
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record, Violation
from models.ids import uuid7
from services import callers, letters, onetime, recovery, sessions
from services.callers import Caller
from services.entry.doors import below_input
from services.joining import DAY_SECONDS, HOUR_SECONDS
from services.letter_kinds import Kind
from services.letters import Asked
from services.onetime import Purpose
from services.openings.claiming import claim
from services.resources import Resources
from services.work import Contention, Work, work

KEPT: Final = timedelta(days=30)
# A phone is proved by whoever sits at an open page, and a letter tells the owner: only one of before this proves an owner.
SETTLED: Final = timedelta(days=7)

_LIVE: Final = """
SELECT id, address, session_id, asked_at, expires_at FROM email_change
WHERE member_id = $1 AND ended_at IS NULL AND expires_at > $2
"""
_MINE: Final = """
SELECT k.password_hash, c.value AS email, c.verified_at IS NOT NULL AS proved, p.value AS phone
FROM member AS m LEFT JOIN credential AS k ON k.member_id = m.id
LEFT JOIN contact AS c ON c.member_id = m.id AND c.kind = 'EMAIL'
LEFT JOIN contact AS p ON p.member_id = m.id AND p.kind = 'PHONE' AND p.verified_at IS NOT NULL WHERE m.id = $1
"""
_IS_BY_PHONE: Final = """
SELECT NOT EXISTS (SELECT 1 FROM contact WHERE member_id = $1 AND kind = 'EMAIL' AND verified_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM contact WHERE member_id = $1 AND kind = 'PHONE' AND verified_at <= $2)
"""
_LOCK_CREDENTIAL: Final = "SELECT password_hash FROM credential WHERE member_id = $1 FOR NO KEY UPDATE"
_LOCK: Final = "SELECT 1 FROM member WHERE id = $1 AND status IN ('ACTIVE', 'BLOCKED') FOR NO KEY UPDATE"
_END: Final = (
    "UPDATE email_change SET ended_at = $2 WHERE member_id = $1 AND ended_at IS NULL RETURNING address, session_id"
)
_KEEP: Final = """
INSERT INTO email_change (id, member_id, address, session_id, token_sha256, code_sha256, tries_left, asked_at, code_until,
    expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_TRY: Final = """
UPDATE email_change SET tries_left = tries_left - 1
WHERE member_id = $1 AND ended_at IS NULL AND tries_left > 0 AND code_until > $2 RETURNING id, code_sha256
"""
_BY_LINK: Final = """
SELECT e.id, e.done_at, c.value = e.address AS stands FROM email_change AS e
LEFT JOIN contact AS c ON c.member_id = e.member_id AND c.kind = 'EMAIL' AND c.verified_at IS NOT NULL
WHERE e.token_sha256 = $1 AND e.member_id = $2 AND e.expires_at > $3
"""
_DONE: Final = """
UPDATE email_change SET ended_at = $3, done_at = $3, old_address = $4
WHERE id = $1 AND member_id = $2 AND ended_at IS NULL AND expires_at > $3 RETURNING address
"""
_OLD: Final = "SELECT value, verified_at FROM contact WHERE member_id = $1 AND kind = 'EMAIL'"
_SET: Final = "UPDATE contact SET value = $2, verified_at = $3 WHERE member_id = $1 AND kind = 'EMAIL'"
_ADD: Final = """
INSERT INTO contact (id, member_id, kind, value, verified_at, created_at) VALUES ($1, $2, 'EMAIL', $3, $4, $4)
"""
# What went to the address of before opens nothing any more, and tells nobody the new one.
_FORGET: Final = ("DELETE FROM mail_token WHERE member_id = $1", "DELETE FROM mail_code WHERE member_id = $1")
_RETIRE: Final = "UPDATE one_time_code SET used_at = $2 WHERE member_id = $1 AND used_at IS NULL"
_SWEEP: Final = "DELETE FROM email_change WHERE id IN (SELECT id FROM email_change WHERE expires_at < $1 LIMIT $2)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What shows that the member asks and not a stranger at an open page: the password, or a code of `ask_code`."""

    password: str | None = None
    request: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that waits for its letter to be answered."""

    address: str
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """What whoever asked is told, whoever has the address: the change that waits, and when to ask again at the earliest."""

    pending: Pending
    resend_after: datetime


async def ask_code(
    member_id: UUID, session_id: UUID, *, caller: Caller, resources: Resources, now: datetime, again: str | None = None
) -> onetime.Asked:
    """Send whoever has no password a code to what they have proved, to ask for the change with.

    Against a proved address a phone counts once it has been proved for a week: whoever took a session proves one in it.
    Raises INVALID_INPUT for whoever has a password, LIMIT_REACHED, BUSY.
    """
    mine = await _mine(member_id)
    if mine["password_hash"] is not None:
        raise Refusal(Code.INVALID_INPUT, "email.by_password", field="request")
    subjects = {"member": str(member_id)} | ({} if mine["phone"] is None else {"number": mine["phone"]})
    await onetime.spend(Purpose.CHANGE_EMAIL, subjects, caller, resources, now)
    async with work() as tx:
        await _lock(tx, member_id)  # proving a phone takes it too, and ends this code
        by_phone = await tx.fetchval(_IS_BY_PHONE, member_id, now - SETTLED)
        return await onetime.ask_in(
            *(tx, Purpose.CHANGE_EMAIL),
            member_id=member_id,
            binding=session_id.bytes,
            resources=resources,
            now=now,
            channels=(Channel.SMS, Channel.EMAIL) if by_phone else (Channel.EMAIL,),
            request=again,
        )


async def request(
    typed: str,
    proof: Proof,
    member_id: UUID,
    session_id: UUID,
    *,
    caller: Caller,
    resources: Resources,
    now: datetime,
) -> Sent:
    """Send the new address a letter with a link and six digits, and tell the proved one of before.

    The same address asked for again in the same session needs no proof: another letter goes, with a new code. Another
    address ends the change before. Raises INVALID_INPUT, SIGN_IN_FAILED, TOKEN_NOT_ACCEPTED, LIMIT_REACHED, BUSY.
    """
    address = people.email(typed, field="input.email")
    mine = await _mine(member_id)
    if mine["proved"] and mine["email"] == address:
        raise Refusal(Code.INVALID_INPUT, "email.proved_already", field="input.email")
    live = await database.fetchrow(_LIVE, member_id, now)
    is_again = live is not None and live["address"] == address and live["session_id"] == session_id
    handle = None if is_again else await _checked(proof, mine, session_id, caller=caller, resources=resources, now=now)
    await _spend(address, member_id, caller, resources, now)
    policy = resources.policy
    change_id, expires_at = uuid7(), now + timedelta(hours=policy.link_hours)
    asked = Asked(Kind.EMAIL_CHANGE, change_id, member_id, now)
    token = letters.token_digest(letters.secret_of(asked, resources))
    code = letters.code_digest(member_id, letters.code_of(asked, resources), resources)
    kept = (address, session_id, token, code, policy.code_tries, now, now + timedelta(minutes=policy.code_minutes))
    async with work() as tx:
        # First, as a new password does: one that came while we looked must end what the one before it asked for.
        if await tx.fetchval(_LOCK_CREDENTIAL, member_id) != mine["password_hash"]:
            raise Contention
        await _lock(tx, member_id)
        if handle is not None:
            await _use(tx, handle, str(proof.code), member_id, session_id, resources=resources, now=now)
        ended = await tx.fetchrow(_END, member_id, now)
        if is_again and (ended is None or (ended["address"], ended["session_id"]) != (address, session_id)):
            raise Refusal(Code.TOKEN_NOT_ACCEPTED, "email.ended")  # ended while we looked: a new password, another page
        await tx.execute(_KEEP, change_id, member_id, *kept, expires_at)
        await letters.ask(tx, Kind.EMAIL_CHANGE, member_id, now, letter_id=change_id)
        if not is_again:
            await letters.ask(tx, Kind.EMAIL_ASKED, member_id, now, letter_id=change_id)
    return Sent(Pending(address, now, expires_at), now + timedelta(seconds=policy.resend_seconds))


async def confirm_by_link(token: str, member_id: UUID, session_id: UUID, now: datetime) -> str:
    """Make the address of a link the member's, and give it; the same link again gives it again.

    Raises TOKEN_NOT_ACCEPTED for a link that is unknown, too old, replaced, or another member's.
    """
    change = await database.fetchrow(_BY_LINK, letters.token_digest(token), member_id, now)
    if change is not None and change["done_at"] is not None and change["stands"]:
        return str((await _mine(member_id))["email"])
    if change is None:
        raise _link_not_accepted()
    address = await _done(change["id"], member_id, session_id, now)
    if address is None:
        raise _link_not_accepted()
    return address


async def confirm_by_code(
    code: str, member_id: UUID, session_id: UUID, *, caller: Caller, resources: Resources, now: datetime
) -> str:
    """Make the new address the member's by the six digits of its letter, and give it. Every try counts."""
    digits = onetime.digits_of(code)
    limit = resources.policy.code_tries_per_ip_hour
    await callers.spend_of_address(resources, "code.ip", caller, limit=limit, window_seconds=HOUR_SECONDS, now=now)
    change = await database.fetchrow(_TRY, member_id, now)
    if change is None or not compare_digest(change["code_sha256"], letters.code_digest(member_id, digits, resources)):
        raise _code_not_accepted()
    address = await _done(change["id"], member_id, session_id, now)
    if address is None:
        raise _code_not_accepted()
    return address


async def cancel(member_id: UUID, now: datetime) -> None:
    """Take the change back. Where none waits there is nothing to do."""
    async with work() as tx:
        await _lock(tx, member_id)
        await tx.fetchrow(_END, member_id, now)


async def pending_of(member_id: UUID, now: datetime) -> Pending | None:
    """The change that waits, if one does."""
    row = await database.fetchrow(_LIVE, member_id, now)
    return None if row is None else Pending(row["address"], row["asked_at"], row["expires_at"])


async def sweep(now: datetime) -> int:
    """Delete changes of a month ago, with the addresses they name, and say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


async def _done(change_id: UUID, member_id: UUID, session_id: UUID, now: datetime) -> str | None:
    try:
        async with work() as tx:
            return await _set(tx, change_id, member_id, session_id, now)
    except Violation as violation:
        if violation.constraint == "contact_verified":  # INV-12: another profile was quicker
            raise Refusal(Code.TOKEN_NOT_ACCEPTED, "join.address_taken") from None
        raise


async def _set(tx: Work, change_id: UUID, member_id: UUID, session_id: UUID, now: datetime) -> str | None:
    await _lock(tx, member_id)
    old = await tx.fetchrow(_OLD, member_id)
    was_proved = old is not None and old["verified_at"] is not None
    address = await tx.fetchval(
        _DONE, change_id, member_id, now, old["value"] if old is not None and was_proved else None
    )
    if address is None:
        return None
    if await tx.execute(_SET, member_id, address, now) == "UPDATE 0":
        await tx.execute(_ADD, uuid7(), member_id, address, now)
    for forget in _FORGET:
        await tx.execute(forget, member_id)
    await tx.execute(_RETIRE, member_id, now)
    await sessions.end_sessions(tx, member_id, now, but=session_id)
    await claim(tx, member_id, now)
    if was_proved:
        await letters.ask(tx, Kind.EMAIL_CHANGED, member_id, now, letter_id=change_id)
    else:
        await letters.ask(tx, Kind.WELCOME, member_id, now)
    return str(address)


async def _lock(tx: Work, member_id: UUID) -> None:
    """Lock the member. Raises NOT_FOUND for one who was erased, or made one with another, after the session was looked at."""
    if await tx.fetchval(_LOCK, member_id) is None:
        raise Refusal(Code.NOT_FOUND, "member.not_found")


async def _checked(
    proof: Proof, mine: Record, session_id: UUID, *, caller: Caller, resources: Resources, now: datetime
) -> str | None:
    """The request of the code to use up with the change, or None where the password was right."""
    if mine["password_hash"] is not None:
        if not proof.password:
            raise Refusal(Code.INVALID_INPUT, "email.by_password", field="input.password")
        await recovery.check_password(
            mine["password_hash"], proof.password, session_id, field="input.password", resources=resources, now=now
        )
        return None
    if proof.request is None or proof.code is None:
        raise Refusal(Code.INVALID_INPUT, "code.shape", field="input.code")
    with below_input():
        onetime.digits_of(proof.code)
        await onetime.count_try(proof.request, Purpose.CHANGE_EMAIL, caller=caller, resources=resources, now=now)
    return proof.request


async def _use(
    tx: Work, handle: str, code: str, member_id: UUID, session_id: UUID, *, resources: Resources, now: datetime
) -> None:
    with below_input():
        bound = await onetime.use(
            *(tx, handle, code, Purpose.CHANGE_EMAIL), binding=session_id.bytes, resources=resources, now=now
        )
        if bound.member_id != member_id:
            raise onetime.not_accepted()


async def _spend(address: str, member_id: UUID, caller: Caller, resources: Resources, now: datetime) -> None:
    """Count one letter, for known and unknown addresses alike, at the counters that joining has. Raises LIMIT_REACHED."""
    policy, day = resources.policy, DAY_SECONDS
    limit = policy.joins_per_ip_hour
    await callers.spend_of_address(resources, "join.ip", caller, limit=limit, window_seconds=HOUR_SECONDS, now=now)
    limit = policy.profile_changes_per_member_day
    await callers.spend(resources, "email.member", str(member_id), limit=limit, window_seconds=day, now=now)
    seconds = policy.resend_seconds
    await callers.spend(resources, "letter.again", address, limit=1, window_seconds=seconds, now=now)
    limit = policy.letters_per_address_day
    await callers.spend(resources, "letter.day", address, limit=limit, window_seconds=day, now=now)


async def _mine(member_id: UUID) -> Record:
    row = await database.fetchrow(_MINE, member_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, "member.not_found")
    return row


def _link_not_accepted() -> Refusal:
    return Refusal(Code.TOKEN_NOT_ACCEPTED, "email.link_not_accepted", field="token")


def _code_not_accepted() -> Refusal:
    return Refusal(Code.TOKEN_NOT_ACCEPTED, "email.code_not_accepted", field="code")
