"""Changing a password: by a letter when it is forgotten, by the old one when it is known."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty import people
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services import callers, letters, sessions, signin
from services.callers import Caller
from services.joining import DAY_SECONDS, HOUR_SECONDS, LetterSent
from services.letter_words import Kind
from services.passwords import common_passwords
from services.resources import Resources
from services.work import Contention, Work, work

_READERS: Final = """
SELECT m.id, m.status FROM contact AS c JOIN member AS m ON m.id = c.member_id
WHERE c.kind = 'EMAIL' AND c.value = $1 AND m.status <> 'CLOSED'
    AND (c.verified_at IS NOT NULL OR m.status = 'PENDING_CONFIRMATION')
ORDER BY c.verified_at NULLS LAST, m.created_at DESC, m.id DESC LIMIT 1
"""
_BY_LINK: Final = """
SELECT t.member_id FROM mail_token AS t JOIN member AS m ON m.id = t.member_id
WHERE t.token_sha256 = $1 AND t.purpose = 'RESET' AND t.used_at IS NULL AND t.expires_at > $2
    AND m.status IN ('ACTIVE', 'BLOCKED')
"""
_USE_LINK: Final = """
UPDATE mail_token SET used_at = $2
WHERE token_sha256 = $1 AND purpose = 'RESET' AND used_at IS NULL AND expires_at > $2 RETURNING member_id
"""
_USE_OTHERS: Final = """
UPDATE mail_token SET used_at = $2 WHERE member_id = $1 AND purpose = 'RESET' AND used_at IS NULL
"""
_FACTS: Final = """
SELECT m.last_name, m.first_name, m.patronymic, k.password_hash,
    (SELECT value FROM contact WHERE member_id = m.id AND kind = 'EMAIL') AS email,
    (SELECT value FROM contact WHERE member_id = m.id AND kind = 'PHONE') AS phone
FROM member AS m LEFT JOIN credential AS k ON k.member_id = m.id WHERE m.id = $1
"""
# Whoever asked for another address did so by the password of before.
_END_CHANGE: Final = "UPDATE email_change SET ended_at = $2 WHERE member_id = $1 AND ended_at IS NULL"
_LOCK: Final = "SELECT password_hash FROM credential WHERE member_id = $1 FOR NO KEY UPDATE"
# Whoever joined at a till has none before the first letter.
_CHANGE: Final = """
INSERT INTO credential (member_id, password_hash, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (member_id) DO UPDATE SET password_hash = EXCLUDED.password_hash, changed_at = EXCLUDED.changed_at
"""


async def request_reset(email: str, caller: Caller, resources: Resources, now: datetime) -> LetterSent:
    """Send a link to choose a new password. One answer and one amount of work for every address.

    A profile that was never confirmed gets its confirmation letter instead: that comes first.
    """
    address = people.email(email, field="email")
    policy = resources.policy
    seconds = policy.resend_seconds
    await callers.spend_of_address(
        resources, "reset.ip", caller, limit=policy.reset_per_ip_hour, window_seconds=HOUR_SECONDS, now=now
    )
    await callers.spend(resources, "reset.again", address, limit=1, window_seconds=seconds, now=now)
    limit = policy.letters_per_address_day
    await callers.spend(resources, "letter.day", address, limit=limit, window_seconds=DAY_SECONDS, now=now)
    async with work() as tx:
        reader = await tx.fetchrow(_READERS, address)
        if reader is None:
            await letters.ask_for_nobody(tx, now)
        elif reader["status"] == "PENDING_CONFIRMATION":
            await letters.ask(tx, Kind.CONFIRMATION, reader["id"], now)
        else:
            await letters.ask(tx, Kind.RESET, reader["id"], now)
    return LetterSent(address, now + timedelta(seconds=seconds))


async def reset_password(token: str, password: str, caller: Caller, resources: Resources, now: datetime) -> str:
    """Set a new password by the link of a letter, once; every session and card key of the member ends.

    Raises TOKEN_NOT_ACCEPTED for a link that is unknown, used or half an hour old, INVALID_INPUT for a poor password;
    after that the link still works.
    """
    policy = resources.policy
    await callers.spend_of_address(
        resources, "reset.ip", caller, limit=policy.reset_per_ip_hour, window_seconds=HOUR_SECONDS, now=now
    )
    digest = letters.token_digest(token)
    member_id: UUID | None = await database.fetchval(_BY_LINK, digest, now)
    if member_id is None:
        raise _link_not_accepted()
    facts = await _facts(member_id)
    password_hash = await resources.hasher.hash(_good(password, facts))
    async with work() as tx:
        await tx.execute(_LOCK, member_id)  # first, so that two links of one member do not wait for each other
        if await tx.fetchval(_USE_LINK, digest, now) is None:  # a rival was quicker
            raise _link_not_accepted()
        await tx.execute(_USE_OTHERS, member_id, now)
        await _set(tx, member_id, password_hash, now)
        await sessions.end_sessions(tx, member_id, now)
    # Whoever reads the letters is the owner: what others failed at before is forgotten.
    for login in (facts["email"], facts["phone"]):
        if login is not None:
            await signin.forgive_login(login, resources)
    return str(facts["email"])


async def change_password(
    member_id: UUID, session_id: UUID, *, current: str, password: str, resources: Resources, now: datetime
) -> None:
    """Set a new password by the old one. Every other session ends, and every card key, this device's too.

    Raises SIGN_IN_FAILED for a wrong old password, LIMIT_REACHED after too many, INVALID_INPUT for a poor new one.
    """
    facts = await _facts(member_id)
    chosen = _good(password, facts)
    await check_password(facts["password_hash"], current, session_id, field="current", resources=resources, now=now)
    password_hash = await resources.hasher.hash(chosen)
    async with work() as tx:
        if await tx.fetchval(_LOCK, member_id) != facts["password_hash"]:
            raise Contention  # a reset was quicker: what it set must not be undone by the password before it
        await _set(tx, member_id, password_hash, now)
        await sessions.end_sessions(tx, member_id, now, but=session_id)


async def is_password_of(member_id: UUID, password: str, resources: Resources) -> bool:
    """Whether this is the member's password. Without one nothing is, at the same cost."""
    kept = await database.fetchval("SELECT password_hash FROM credential WHERE member_id = $1", member_id)
    return await resources.hasher.verify(kept, password[: people.PASSWORD_LENGTH_MAX + 1])


async def has_password(member_id: UUID) -> bool:
    """Whether a member has chosen a password."""
    return bool(await database.fetchval("SELECT 1 FROM credential WHERE member_id = $1", member_id))


async def check_password(
    password_hash: str | None, typed: str, session_id: UUID, *, field: str, resources: Resources, now: datetime
) -> None:
    """Return for the right password of whoever is signed in. Every try of the session counts until one is right.

    Raises SIGN_IN_FAILED, and LIMIT_REACHED after too many.
    """
    policy, subject = resources.policy, str(session_id)
    limit, seconds = policy.sign_in_burst, policy.sign_in_burst_seconds
    await callers.spend(resources, "password.burst", subject, limit=limit, window_seconds=seconds, now=now)
    if not await resources.hasher.verify(password_hash, typed[: people.PASSWORD_LENGTH_MAX + 1]):
        raise Refusal(Code.SIGN_IN_FAILED, "password.current", field=field)
    await resources.limits.clear(callers.key("password.burst", subject))


async def _facts(member_id: UUID) -> Record:
    row = await database.fetchrow(_FACTS, member_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, "member.not_found")
    return row


def _good(password: str, facts: Record) -> str:
    about = people.facts_about(
        email=facts["email"],
        phone=facts["phone"] or "",
        last_name=facts["last_name"],
        first_name=facts["first_name"],
        patronymic=facts["patronymic"],
    )
    return people.password(password, common=common_passwords(), about=about, field="password")


async def _set(tx: Work, member_id: UUID, password_hash: str, now: datetime) -> None:
    await tx.execute(_CHANGE, member_id, password_hash, now)
    await tx.execute(_END_CHANGE, member_id, now)
    await letters.ask(tx, Kind.PASSWORD_CHANGED, member_id, now)


def _link_not_accepted() -> Refusal:
    return Refusal(Code.TOKEN_NOT_ACCEPTED, "password.link_not_accepted", field="token")
