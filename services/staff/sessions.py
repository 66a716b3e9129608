"""Sessions of the staff: fifteen minutes without a request end one, eight hours end any, rights are read at each request."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

import orjson

from loyalty import rights
from loyalty.refusals import Refusal
from loyalty.scopes import Access, Scope
from models import database
from models.ids import uuid7
from services.callers import Caller
from services.sessions import digest
from services.work import Work, work

IDLE: Final = timedelta(minutes=15)
ABSOLUTE: Final = timedelta(hours=8)
SEEN_EVERY: Final = timedelta(seconds=30)
SESSIONS_MAX: Final = 5
TOKEN_BYTES: Final = 32
KEPT: Final = timedelta(days=30)

HELD: Final = """
(SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_array(h.code, g.scope)), '[]')
 FROM staff_grant AS g LEFT JOIN staff_role AS o ON o.id = g.role_id
 CROSS JOIN LATERAL unnest(coalesce(o.rights, ARRAY[g.right_code::text])) AS h (code) WHERE g.staff_id = a.id)
"""
"""Every right that somebody (`a`) holds, by roles and singly, as pairs of code and scope."""
_FIND: Final = f"""
SELECT s.id, s.staff_id, s.last_seen_at, s.expires_at, a.email, a.name, a.phone, a.partner,
    (SELECT count(*) FROM staff_recovery_code AS c WHERE c.staff_id = a.id AND c.used_at IS NULL) AS codes_left,
    {HELD} AS held
FROM staff_session AS s JOIN staff AS a ON a.id = s.staff_id
WHERE s.token_sha256 = $1 AND s.revoked_at IS NULL AND s.expires_at > $2 AND s.last_seen_at > $3 AND a.status = 'ACTIVE'
"""  # noqa: S608 - a constant of this file
_SEEN: Final = "UPDATE staff_session SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2"
_OPEN: Final = """
INSERT INTO staff_session (id, staff_id, token_sha256, created_at, last_seen_at, expires_at, address, agent)
VALUES ($1, $2, $3, $4, $4, $5, $6, $7)
"""
_TOO_MANY: Final = """
UPDATE staff_session SET revoked_at = $2 WHERE id IN (
    SELECT id FROM staff_session WHERE staff_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND last_seen_at > $3
    ORDER BY last_seen_at DESC, id DESC OFFSET $4
)
"""
END: Final = "UPDATE staff_session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL"
_END_ALL: Final = """
UPDATE staff_session SET revoked_at = $2 WHERE staff_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $3
"""
_SWEEP: Final = """
DELETE FROM staff_session WHERE id IN (SELECT id FROM staff_session WHERE expires_at < $1 OR revoked_at < $1 LIMIT $2)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSession:
    """Who is signed in, by an open session, and what they may do at this moment."""

    id: UUID
    staff_id: UUID
    email: str
    name: str
    phone: str | None
    partner: str | None
    access: Access
    expires_at: datetime
    recovery_codes_left: int


async def find_session(token: str, now: datetime) -> StaffSession | None:
    """The open session of a token with the rights of now, or None. That it was seen is written every half minute."""
    row = await database.fetchrow(_FIND, digest(token), now, now - IDLE)
    if row is None:
        return None
    if row["last_seen_at"] <= now - SEEN_EVERY:
        with suppress(Refusal):  # a busy database must not turn anybody away over a mark
            await database.execute(_SEEN, row["id"], now)
    return StaffSession(
        id=row["id"],
        staff_id=row["staff_id"],
        email=row["email"],
        name=row["name"],
        phone=row["phone"],
        partner=row["partner"],
        access=access_of(row["held"]),
        expires_at=row["expires_at"],
        recovery_codes_left=row["codes_left"],
    )


def access_of(held: str) -> Access:
    """What the pairs of `HELD` open."""
    return rights.effective((code, Scope.parse(scope)) for code, scope in orjson.loads(held))


async def open_session(tx: Work, staff_id: UUID, caller: Caller, now: datetime) -> tuple[UUID, str]:
    """A new session and its token, which is shown this once. The longest unused one beyond the fifth ends."""
    session_id, token = uuid7(), f"ka_{token_urlsafe(TOKEN_BYTES)}"
    place = (caller.kept_address, caller.kept_agent)
    await tx.execute(_OPEN, session_id, staff_id, digest(token), now, now + ABSOLUTE, *place)
    await tx.execute(_TOO_MANY, staff_id, now, now - IDLE, SESSIONS_MAX)
    return session_id, token


async def end_sessions(tx: Work, staff_id: UUID, now: datetime, *, but: UUID | None = None) -> None:
    """End the sessions of somebody, all or all but one."""
    await tx.execute(_END_ALL, staff_id, now, but)


async def sign_out(session_id: UUID, now: datetime) -> None:
    """End the caller's own session. Ending it twice is no mistake."""
    async with work() as tx:
        await tx.execute(END, session_id, now)


async def sweep(now: datetime) -> int:
    """Delete sessions that ended a month ago: they hold addresses of people. Say how many."""
    return await database.sweep(_SWEEP, now - KEPT)
