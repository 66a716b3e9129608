"""Sessions of members: opened at sign-in, found by their token, ended one by one or all at once."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final, Literal, cast
from uuid import UUID

from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services.callers import Caller
from services.cards import KEY_LIFE, revoke_credentials
from services.work import Work, work

Transport = Literal["COOKIE", "BEARER"]

IDLE: Final = timedelta(days=30)
ABSOLUTE: Final = timedelta(days=90)
SEEN_EVERY: Final = timedelta(minutes=5)
SESSIONS_MAX: Final = 20
TOKEN_BYTES: Final = 32
KEPT: Final = timedelta(days=30)

_FIND: Final = """
SELECT s.id, s.member_id, s.transport, s.last_seen_at FROM session AS s JOIN member AS m ON m.id = s.member_id
WHERE s.token_sha256 = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.last_seen_at > $3
    AND m.status IN ('ACTIVE', 'BLOCKED')
"""
_SEEN: Final = "UPDATE session SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $3"
_OPEN: Final = """
INSERT INTO session (id, member_id, token_sha256, transport, created_at, last_seen_at, expires_at, address, agent)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8)
"""
_TOO_MANY: Final = """
SELECT id FROM session WHERE member_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND last_seen_at > $3
ORDER BY last_seen_at DESC, id DESC OFFSET $4
"""
_END: Final = "UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"
_END_ALL: Final = """
UPDATE session SET revoked_at = $2 WHERE member_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $3
"""
_SWEEP: Final = """
DELETE FROM session WHERE id IN (
    SELECT id FROM session WHERE expires_at < $1 OR revoked_at < $1 OR last_seen_at < $2 LIMIT $3
)
"""
_DEVICES: Final = """
SELECT s.id, s.agent, s.transport, s.created_at, s.last_seen_at, q.keys_issued_at
FROM session AS s
LEFT JOIN LATERAL (
    SELECT max(keys_issued_at) AS keys_issued_at FROM qr_credential WHERE session_id = s.id AND state = 'ACTIVE'
) AS q ON true
WHERE s.member_id = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.last_seen_at > $3
ORDER BY s.last_seen_at DESC, s.id DESC
"""


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """An open session: whose, and by which way its token travels."""

    session_id: UUID
    member_id: UUID
    transport: Transport


@dataclass(frozen=True, slots=True)
class Device:
    """An open session as its owner sees it, with the end of the card key it holds."""

    id: UUID
    agent: str
    transport: Transport
    created_at: datetime
    last_seen_at: datetime
    card_key_until: datetime | None


async def find_session(token: str, now: datetime) -> SessionFacts | None:
    """The open session of a token, or None. That it was seen is written down every few minutes, not at every request."""
    row = await database.fetchrow(_FIND, digest(token), now, now - IDLE)
    if row is None:
        return None
    if row["last_seen_at"] <= now - SEEN_EVERY:
        with suppress(Refusal):  # a busy database must not turn a guest away over a mark in a list
            await database.execute(_SEEN, row["id"], now, now)
    return SessionFacts(row["id"], row["member_id"], cast("Transport", row["transport"]))


async def open_session(
    tx: Work, member_id: UUID, transport: Transport, caller: Caller, now: datetime
) -> tuple[UUID, str]:
    """A new session and its token, which is shown this once. The longest unused one beyond the twentieth ends."""
    session_id, token = uuid7(), f"ks_{token_urlsafe(TOKEN_BYTES)}"
    place = (caller.kept_address, caller.kept_agent)
    await tx.execute(_OPEN, session_id, member_id, digest(token), transport, now, now + ABSOLUTE, *place)
    for row in await tx.fetch(_TOO_MANY, member_id, now, now - IDLE, SESSIONS_MAX):
        await end_session(tx, row["id"], now)
    return session_id, token


async def end_session(tx: Work, session_id: UUID, now: datetime) -> bool:
    """End a session and the card keys it issued. False if it had ended before."""
    ended = await tx.execute(_END, session_id, now) == "UPDATE 1"
    await revoke_credentials(tx, now, session_id=session_id)
    return ended


async def hand_over(tx: Work, session_id: UUID, successor: UUID, now: datetime) -> None:
    """End a session whose card keys go on with another one of the same member."""
    await tx.execute(_END, session_id, now)
    await tx.execute("UPDATE qr_credential SET session_id = $2 WHERE session_id = $1", session_id, successor)


async def end_sessions(tx: Work, member_id: UUID, now: datetime, *, but: UUID | None = None) -> None:
    """End the sessions of a member, all or all but one, and every card key: a new password must lock every old door."""
    await tx.execute(_END_ALL, member_id, now, but)
    await revoke_credentials(tx, now, member_id=member_id)


async def sign_out(session_id: UUID, now: datetime) -> None:
    """End the caller's own session with the card keys it issued. Ending it twice is no mistake."""
    async with work() as tx:
        await end_session(tx, session_id, now)


async def revoke_device(member_id: UUID, session_id: UUID, now: datetime) -> None:
    """End one of the member's own sessions. Raises NOT_FOUND for any other id, whoever it belongs to."""
    async with work() as tx:
        row = await tx.fetchrow(
            "SELECT revoked_at FROM session WHERE id = $1 AND member_id = $2", session_id, member_id
        )
        if row is None or row["revoked_at"] is not None or not await end_session(tx, session_id, now):
            raise Refusal(Code.NOT_FOUND, "device.not_found", field="id")


async def sweep(now: datetime) -> int:
    """Delete sessions that ended a month ago: they hold addresses of people. Say how many."""
    return await database.sweep(_SWEEP, now - KEPT, now - KEPT - IDLE)


async def devices_of(member_id: UUID, now: datetime) -> list[Device]:
    """The open sessions of a member, the one used last first."""
    return [
        Device(
            row["id"],
            row["agent"],
            cast("Transport", row["transport"]),
            row["created_at"],
            row["last_seen_at"],
            _until(row["keys_issued_at"], now),
        )
        for row in await database.fetch(_DEVICES, member_id, now, now - IDLE)
    ]


def digest(token: str) -> bytes:
    """What is kept of a token: it is random enough for a plain hash."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _until(keys_issued_at: datetime | None, now: datetime) -> datetime | None:
    until = None if keys_issued_at is None else keys_issued_at + KEY_LIFE
    return until if until is not None and until > now else None
