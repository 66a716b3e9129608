"""Signing in by e-mail or phone and a password, with one answer and one amount of work for the known and the unknown."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import compare_digest, token_urlsafe
from typing import Final
from uuid import UUID

from loyalty import people
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services import callers, sessions
from services.callers import Caller
from services.phones import phone_or_none
from services.resources import Resources
from services.sessions import Transport
from services.work import Contention, Work, work

LOGIN_LENGTH_MAX: Final = 254
MARKER_LIFE: Final = timedelta(days=400)
ROW_WINDOW_SECONDS: Final = 365 * 86_400
HOUR_SECONDS: Final = 3600
MINUTE_SECONDS: Final = 60
# Finding somebody takes a twentieth of a millisecond longer than finding nobody; both take this long.
LOOKUP_SECONDS: Final = 0.005
NOBODY: Final = UUID(int=0)
log = logging.getLogger(__name__)

_BY_EMAIL: Final = """
SELECT m.id, m.status, c.verified_at, k.password_hash
FROM contact AS c JOIN member AS m ON m.id = c.member_id JOIN credential AS k ON k.member_id = m.id
WHERE c.kind = 'EMAIL' AND c.value = $1 AND m.status <> 'CLOSED'
    AND (c.verified_at IS NOT NULL OR m.status = 'PENDING_CONFIRMATION')
ORDER BY c.verified_at NULLS LAST, m.created_at DESC, m.id DESC LIMIT 1
"""
# Whoever verified the number, else whoever confirmed a profile that holds it, else the newest unconfirmed profile.
_BY_PHONE: Final = """
SELECT m.id, m.status, c.verified_at, k.password_hash
FROM contact AS c JOIN member AS m ON m.id = c.member_id JOIN credential AS k ON k.member_id = m.id
WHERE c.kind = 'PHONE' AND c.value = $1 AND m.status NOT IN ('CLOSED', 'MERGED')
ORDER BY c.verified_at NULLS LAST, m.status = 'PENDING_CONFIRMATION', m.created_at DESC, m.id DESC LIMIT 2
"""
_LOCK: Final = "SELECT password_hash FROM credential WHERE member_id = $1 FOR NO KEY UPDATE"
_REHASH: Final = "UPDATE credential SET password_hash = $2 WHERE member_id = $1"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An opened session: its token, and the marker by which this device is known the next time."""

    member_id: UUID
    session_id: UUID
    token: str
    marker: str


async def sign_in(
    login: str, password: str, transport: Transport, *, caller: Caller, resources: Resources, now: datetime
) -> SignedIn:
    """Open a session for whom the login and password belong to.

    Raises LIMIT_REACHED after too many tries, SIGN_IN_FAILED for anything wrong, NOT_CONFIRMED for the right password
    of a profile that waits for its letter. Exactly one password hash is computed, whoever is or is not behind the login.
    """
    if not 0 < len(login.strip()) <= LOGIN_LENGTH_MAX:
        raise Refusal(Code.INVALID_INPUT, "sign_in.login", field="login")
    if not 0 < len(password) <= people.PASSWORD_LENGTH_MAX:
        raise Refusal(Code.INVALID_INPUT, "sign_in.password", field="password", length_max=people.PASSWORD_LENGTH_MAX)
    name = spelling(login)
    row = await _holder(name)
    budget = _budget(name, row, caller, resources, now)
    await _spend(budget, caller, resources, now)
    right = await resources.hasher.verify(row["password_hash"] if row else None, password)
    if row is None or not right:
        await _count_failure(resources, now)
        raise Refusal(Code.SIGN_IN_FAILED, "sign_in.failed")
    await _forgive(budget, resources)
    if row["status"] == "PENDING_CONFIRMATION":
        raise Refusal(Code.NOT_CONFIRMED, "sign_in.not_confirmed")
    fresh = await resources.hasher.hash(password) if resources.hasher.is_stale(row["password_hash"]) else None
    async with work() as tx:
        if await tx.fetchval(_LOCK, row["id"]) != row["password_hash"]:
            raise Contention  # changed while we looked: no session may outlive the password it was opened with
        if fresh is not None:
            await tx.execute(_REHASH, row["id"], fresh)
        session_id, token = await open_for(tx, row["id"], transport, caller, now)
    return SignedIn(row["id"], session_id, token, mark(row["id"], resources, now))


async def open_for(tx: Work, member_id: UUID, transport: Transport, caller: Caller, now: datetime) -> tuple[UUID, str]:
    """A new session and its token, in the place of the one that the caller's browser had."""
    session_id, token = await sessions.open_session(tx, member_id, transport, caller, now)
    if transport == "COOKIE" and caller.transport == "COOKIE" and caller.session_id is not None:
        await _take_over(tx, caller.session_id, session_id, now, same=caller.member_id == member_id)
    return session_id, token


def spelling(login: str) -> str:
    """The one spelling of a login: an address in lower case, a phone in E.164, anything else as it is."""
    typed = login.strip()
    return typed.lower() if "@" in typed else phone_or_none(typed) or typed


def mark(member_id: UUID, resources: Resources, now: datetime) -> str:
    """A marker that says: somebody signed in as this member here before. It opens nothing and keeps no name."""
    nonce = f"{token_urlsafe(16)}.{int(now.timestamp())}"
    return f"{nonce}.{_signature(nonce, member_id, resources)}"


async def _holder(name: str) -> Record | None:
    """Whose password it has to be: nobody's where several confirmed profiles hold an unverified phone."""
    loop = asyncio.get_running_loop()
    told_at = loop.time() + LOOKUP_SECONDS
    rows = await database.fetch(_BY_EMAIL if "@" in name else _BY_PHONE, name)
    await asyncio.sleep(max(0.0, told_at - loop.time()))
    if not rows:
        return None
    first = rows[0]
    several = len(rows) > 1 and rows[1]["status"] != "PENDING_CONFIRMATION"
    unsettled = first["verified_at"] is None and first["status"] != "PENDING_CONFIRMATION" and several
    return None if unsettled else first


def _budget(name: str, row: Record | None, caller: Caller, resources: Resources, now: datetime) -> str:
    """Whose tries these are: a device that signed in here before has its own, so that nobody locks its owner out.

    All others share the budget of the login as it was typed, known or not: a budget per member would tell that an
    address and a phone belong together.
    """
    # Checked for nobody too, at the same cost: the signature is of the right member or it is of none.
    nonce = _nonce_of(caller.marker, row["id"] if row else NOBODY, resources, now)
    if row is not None and caller.member_id == row["id"]:
        return f"session|{caller.session_id}"
    return f"login|{name}" if nonce is None or row is None else f"device|{nonce}"


def _nonce_of(marker: str | None, member_id: UUID, resources: Resources, now: datetime) -> str | None:
    """The nonce of a marker that we made for this member and that is not too old."""
    nonce, _, signature = (marker or "").rpartition(".")
    if not compare_digest(signature.encode(), _signature(nonce, member_id, resources).encode()):
        return None
    made_at = int(nonce.rpartition(".")[2])  # ours, since the signature is
    return nonce if made_at > (now - MARKER_LIFE).timestamp() else None


async def _spend(budget: str, caller: Caller, resources: Resources, now: datetime) -> None:
    policy = resources.policy
    await callers.spend_of_address(
        resources, "signin.ip", caller, limit=policy.sign_in_per_ip_minute, window_seconds=MINUTE_SECONDS, now=now
    )
    for door, limit, seconds in (
        ("signin.burst", policy.sign_in_burst, policy.sign_in_burst_seconds),
        ("signin.hour", policy.sign_in_per_account_hour, HOUR_SECONDS),
        ("signin.row", policy.sign_in_in_a_row, ROW_WINDOW_SECONDS),
    ):
        await callers.spend(resources, door, budget, limit=limit, window_seconds=seconds, now=now)


async def _forgive(budget: str, resources: Resources) -> None:
    for door in ("signin.burst", "signin.hour", "signin.row"):
        await resources.limits.clear(callers.key(door, budget))


async def forgive_login(login: str, resources: Resources) -> None:
    """Forget the failures of a login whose owner has just proved to read its letters."""
    await _forgive(f"login|{spelling(login)}", resources)


async def _count_failure(resources: Resources, now: datetime) -> None:
    """Ring once an hour when the whole house sees too many failures. It refuses nobody: that would be a lock for all."""
    limit = resources.policy.sign_in_global_hour
    verdict = await resources.limits.hit("signin.failures", limit=limit, window_seconds=HOUR_SECONDS, now=now)
    if (
        not verdict.allowed
        and (await resources.limits.hit("signin.alarm", limit=1, window_seconds=HOUR_SECONDS, now=now)).allowed
    ):
        log.warning("sign-in failures beyond %d an hour", limit)


async def _take_over(tx: Work, earlier: UUID, session_id: UUID, now: datetime, *, same: bool) -> None:
    """End the browser's earlier session: it has one at a time. Its card key goes on with the new one of the same guest."""
    if same:
        await sessions.hand_over(tx, earlier, session_id, now)
    else:
        await sessions.end_session(tx, earlier, now)


def _signature(nonce: str, member_id: UUID, resources: Resources) -> str:
    return resources.keyring.mac("device-marker", nonce.encode() + member_id.bytes).hex()
