"""The first time: a link, a password, an app that shows six digits, and ten codes for the day the phone is lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.scopes import NOTHING
from models import database
from models.ids import uuid7
from services import audit, callers, programmes
from services.audit import Actor, Event
from services.callers import Caller
from services.letters import token_digest
from services.resources import Resources
from services.sessions import digest
from services.signin import HOUR_SECONDS
from services.staff import letters, passwords, second_factor, sessions
from services.staff.signing_in import STEP_TOKEN, TOKEN_BYTES, Entered
from services.work import work

STEP_LIFE: Final = timedelta(minutes=30)

_LINK: Final = """
SELECT l.id, l.expires_at, a.id AS staff_id, a.email, a.name, a.phone
FROM staff_link AS l JOIN staff AS a ON a.id = l.staff_id
WHERE l.token_sha256 = $1 AND l.used_at IS NULL AND l.expires_at > $2 AND a.status = 'INVITED'
"""
_STEP: Final = """
INSERT INTO staff_step (id, staff_id, token_sha256, purpose, password_hash, sealed, link_id, created_at, expires_at)
VALUES ($1, $2, $3, 'ENROL', $4, $5, $6, $7, $8)
"""
_FIND: Final = """
SELECT t.id, t.staff_id, t.password_hash, t.sealed, t.link_id, a.name
FROM staff_step AS t JOIN staff AS a ON a.id = t.staff_id
WHERE t.token_sha256 = $1 AND t.purpose = 'ENROL' AND t.used_at IS NULL AND t.expires_at > $2 AND a.status = 'INVITED'
"""
_USE_LINK: Final = "UPDATE staff_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL"
_ACTIVATE: Final = """
UPDATE staff SET status = 'ACTIVE', password_hash = $2, totp_sealed = $3, totp_step = $4, changed_at = $5
WHERE id = $1 AND status = 'INVITED'
"""


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom a link invites."""

    email: str
    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an app needs to show six digits, and the token that binds the enrolment to one browser."""

    token: str
    secret: str
    uri: str
    expires_at: datetime


async def invitation(token: str, now: datetime) -> Invitation | None:
    """Whom a link invites; None for one that is unknown, used or too old."""
    row = await database.fetchrow(_LINK, token_digest(token), now)
    return None if row is None else Invitation(row["email"], row["name"], row["expires_at"])


async def start(token: str, password: str, *, caller: Caller, resources: Resources, now: datetime) -> Enrolment:
    """Choose a password by a link and get the secret to enrol. Nothing counts before the first code proves it arrived.

    Raises TOKEN_NOT_ACCEPTED for a link that is unknown, used or too old, INVALID_INPUT for a poor password; after that
    the link still works.
    """
    limit = resources.policy.reset_per_ip_hour
    await callers.spend_of_address(resources, "staff.join", caller, limit=limit, window_seconds=HOUR_SECONDS, now=now)
    link = await database.fetchrow(_LINK, token_digest(token), now)
    if link is None:
        raise _link_not_accepted()
    staff_id: UUID = link["staff_id"]
    chosen = await passwords.good(password, email=link["email"], name=link["name"], phone=link["phone"])
    password_hash = await resources.hasher.hash(chosen)
    programme = await programmes.current(now)
    secret = second_factor.new_secret()
    uri = second_factor.uri_of(secret, link["email"], programme.name.ru)
    step, ends = f"{STEP_TOKEN}{token_urlsafe(TOKEN_BYTES)}", now + STEP_LIFE
    sealed = second_factor.seal(resources.keyring, staff_id, secret)
    await database.execute(_STEP, uuid7(), staff_id, digest(step), password_hash, sealed, link["id"], now, ends)
    return Enrolment(step, secret, uri, ends)


async def confirm(
    token: str, code: str, *, caller: Caller, resources: Resources, now: datetime
) -> tuple[Entered, list[str]]:
    """Take the first code: password and second factor count from here, and the link is used up.

    Gives the opened session and ten recovery codes, which are shown this once. Raises TOKEN_NOT_ACCEPTED for a wrong
    code (the enrolment goes on) and where somebody was quicker to use the link, UNAUTHENTICATED for one that is over.
    """
    digits = second_factor.digits_of(code)
    step = await database.fetchrow(_FIND, digest(token), now)
    if step is None:
        raise Refusal(Code.UNAUTHENTICATED, "staff.step_over")
    staff_id: UUID = step["staff_id"]
    await second_factor.spend_try(resources, staff_id, now)
    reached = second_factor.reached(resources.keyring, staff_id, step["sealed"], digits, now)
    if reached is None:
        raise Refusal(Code.TOKEN_NOT_ACCEPTED, "staff.code_not_accepted", field="code")
    async with work() as tx:
        activated = await tx.execute(_ACTIVATE, staff_id, step["password_hash"], step["sealed"], reached, now)
        if activated != "UPDATE 1" or await tx.execute(_USE_LINK, step["link_id"], now) != "UPDATE 1":
            raise _link_not_accepted()
        await letters.end_links(tx, staff_id, now)
        await tx.execute("UPDATE staff_step SET used_at = $2 WHERE staff_id = $1 AND used_at IS NULL", staff_id, now)
        codes = await second_factor.replace_recovery_codes(tx, staff_id, now)
        session_id, session = await sessions.open_session(tx, staff_id, caller, now)
        actor = Actor(id=staff_id, name=step["name"], access=NOTHING, address=caller.kept_address)
        await audit.write(tx, actor, Event(action="staff.enrolled", object_kind="staff", object_id=str(staff_id)), now)
    await second_factor.forgive_tries(resources, staff_id)
    return Entered(session_id, session), codes


def _link_not_accepted() -> Refusal:
    return Refusal(Code.TOKEN_NOT_ACCEPTED, "staff.link_not_accepted", field="token")
