"""Entering the panel: a password, then six digits or a recovery code; one answer for the known and the unknown."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from loyalty import people
from loyalty.masks import masked_email
from loyalty.refusals import Code, Refusal
from loyalty.scopes import NOTHING
from models import database
from models.database import Record
from models.ids import uuid7
from services import audit, callers
from services.audit import Actor, Event
from services.callers import Caller
from services.resources import Resources
from services.sessions import digest
from services.signin import HOUR_SECONDS, LOGIN_LENGTH_MAX, MINUTE_SECONDS, ROW_WINDOW_SECONDS
from services.staff import second_factor, sessions
from services.work import Contention, Work, work

STEP_LIFE: Final = timedelta(minutes=5)
STEP_TOKEN: Final = "kp_"  # noqa: S105 - how the token of a step begins
TOKEN_BYTES: Final = 32
NAME_LENGTH_MAX: Final = 100

_HOLDER: Final = "SELECT id, password_hash FROM staff WHERE email = $1 AND status = 'ACTIVE'"
_REHASH: Final = "UPDATE staff SET password_hash = $3 WHERE id = $1 AND password_hash = $2"
_STEP: Final = """
INSERT INTO staff_step (id, staff_id, token_sha256, purpose, password_hash, created_at, expires_at)
SELECT $1, id, $3, 'SIGN_IN', password_hash, $4, $5 FROM staff
WHERE id = $2 AND status = 'ACTIVE' AND password_hash = $6
"""
# The password of the step is still the password, or the step is over: no sign-in outlives a change.
_FIND: Final = """
SELECT t.id, t.staff_id, a.name, a.totp_sealed FROM staff_step AS t JOIN staff AS a ON a.id = t.staff_id
WHERE t.token_sha256 = $1 AND t.purpose = 'SIGN_IN' AND t.used_at IS NULL AND t.expires_at > $2
    AND a.status = 'ACTIVE' AND a.password_hash = t.password_hash
"""
_LOCK: Final = f"{_FIND} FOR NO KEY UPDATE"
_USE: Final = "UPDATE staff_step SET used_at = $2 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Step:
    """A right password that waits for its second factor, by the token of one browser."""

    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """An opened session and its token, which is shown this once."""

    session_id: UUID
    token: str


async def sign_in(email: str, password: str, *, caller: Caller, resources: Resources, now: datetime) -> Step:
    """The first of two steps. Exactly one password hash is computed, whoever is or is not behind the address.

    Raises LIMIT_REACHED after too many tries, SIGN_IN_FAILED for anything wrong: an unknown address, one that is blocked
    or has not taken its invitation, a wrong password.
    """
    if not 0 < len(email.strip()) <= LOGIN_LENGTH_MAX:
        raise Refusal(Code.INVALID_INPUT, "sign_in.login", field="email")
    if not 0 < len(password) <= people.PASSWORD_LENGTH_MAX:
        raise Refusal(Code.INVALID_INPUT, "sign_in.password", field="password", length_max=people.PASSWORD_LENGTH_MAX)
    name = email.strip().lower()
    row = await database.fetchrow(_HOLDER, name)
    await _spend(name, caller, resources, now)
    right = await resources.hasher.verify(row["password_hash"] if row else None, password)
    if row is None or not right:
        await _note(resources, caller, "staff.signed_in", name, None if row is None else row["id"], now=now)
        raise Refusal(Code.SIGN_IN_FAILED, "staff.sign_in_failed")
    for door in ("staff.burst", "staff.hour", "staff.row"):
        await resources.limits.clear(callers.key(door, name))
    stale = resources.hasher.is_stale(row["password_hash"])
    fresh = await resources.hasher.hash(password) if stale else None
    token, ends = f"{STEP_TOKEN}{token_urlsafe(TOKEN_BYTES)}", now + STEP_LIFE
    async with work() as tx:
        if fresh is not None:
            await tx.execute(_REHASH, row["id"], row["password_hash"], fresh)
        if caller.session_id is not None:
            await tx.execute(sessions.END, caller.session_id, now)  # a browser has one session at a time
        known = fresh or row["password_hash"]
        if await tx.execute(_STEP, uuid7(), row["id"], digest(token), now, ends, known) != "INSERT 0 1":
            raise Contention  # changed while we looked: nobody goes on with a password that has ended
    return Step(token, ends)


async def enter_by_code(token: str, code: str, *, caller: Caller, resources: Resources, now: datetime) -> Entered:
    """The second step, by the six digits of an app. Each code opens one session, whoever comes at once.

    Raises TOKEN_NOT_ACCEPTED for a wrong or used code, UNAUTHENTICATED for a step that is over, LIMIT_REACHED after too
    many tries.
    """
    digits = second_factor.digits_of(code)
    step = await _step(token, resources, now)
    reached = second_factor.reached(resources.keyring, step["staff_id"], step["totp_sealed"], digits, now)

    async def accept(tx: Work) -> bool:
        return reached is not None and await second_factor.accept(tx, step["staff_id"], reached)

    return await _enter(token, step, accept, "staff.signed_in", caller=caller, resources=resources, now=now)


async def enter_by_recovery(token: str, code: str, *, caller: Caller, resources: Resources, now: datetime) -> Entered:
    """The second step, by one of the ten codes of a lost phone; it is used up. Raises as `enter_by_code` does."""
    kept = second_factor.recovery_digest(code)
    step = await _step(token, resources, now)

    async def accept(tx: Work) -> bool:
        return await second_factor.use_recovery_code(tx, step["staff_id"], kept, now)

    return await _enter(token, step, accept, "staff.recovered", caller=caller, resources=resources, now=now)


async def _step(token: str, resources: Resources, now: datetime) -> Record:
    """The step of a browser; its try at the second factor is counted before anything is compared."""
    step = await database.fetchrow(_FIND, digest(token), now)
    if step is None:
        raise _step_is_over()
    await second_factor.spend_try(resources, step["staff_id"], now)
    return step


async def _enter(
    token: str,
    step: Record,
    accept: Callable[[Work], Awaitable[bool]],
    action: str,
    *,
    caller: Caller,
    resources: Resources,
    now: datetime,
) -> Entered:
    staff_id: UUID = step["staff_id"]
    entered: Entered | None = None
    async with work() as tx:
        if await tx.fetchrow(_LOCK, digest(token), now) is None:  # a rival was quicker, or the password has changed
            raise _step_is_over()
        if await accept(tx):
            await tx.execute(_USE, step["id"], now)
            entered = Entered(*await sessions.open_session(tx, staff_id, caller, now))
            actor = Actor(id=staff_id, name=step["name"], access=NOTHING, address=caller.kept_address)
            await audit.write(tx, actor, Event(action=action, object_kind="staff", object_id=str(staff_id)), now)
    if entered is None:
        await _note(resources, caller, action, step["name"], staff_id, now=now)
        raise Refusal(Code.TOKEN_NOT_ACCEPTED, "staff.code_not_accepted", field="code")
    await second_factor.forgive_tries(resources, staff_id)
    return entered


async def _spend(name: str, caller: Caller, resources: Resources, now: datetime) -> None:
    policy = resources.policy
    await callers.spend_of_address(
        resources, "staff.ip", caller, limit=policy.sign_in_per_ip_minute, window_seconds=MINUTE_SECONDS, now=now
    )
    for door, limit, seconds in (
        ("staff.burst", policy.sign_in_burst, policy.sign_in_burst_seconds),
        ("staff.hour", policy.sign_in_per_account_hour, HOUR_SECONDS),
        ("staff.row", policy.sign_in_in_a_row, ROW_WINDOW_SECONDS),
    ):
        await callers.spend(resources, door, name, limit=limit, window_seconds=seconds, now=now)


async def _note(
    resources: Resources, caller: Caller, action: str, name: str, staff_id: UUID | None, *, now: datetime
) -> None:
    shown = masked_email(name) if "@" in name else name[:NAME_LENGTH_MAX]
    actor = Actor.unknown(name=shown, address=caller.kept_address)
    found = None if staff_id is None else str(staff_id)
    await audit.note(resources, actor, Event(action=action, object_kind="staff", object_id=found), now)


def _step_is_over() -> Refusal:
    return Refusal(Code.UNAUTHENTICATED, "staff.step_over")
