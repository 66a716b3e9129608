"""Signing in by a one-time code: the same answer for every login, and the code goes where its owner has proved to be."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.messages import Channel
from loyalty.refusals import Code, Refusal
from models import database
from services import onetime, signin
from services.callers import Caller
from services.onetime import Asked, Purpose
from services.resources import Resources
from services.sessions import Transport
from services.signin import LOGIN_LENGTH_MAX, SignedIn
from services.work import work

BINDING: Final = b"sign-in"
# A proved e-mail or phone has one owner (INV-12). A phone nobody proved opens by the letters of its only holder.
_BY_EMAIL: Final = """
SELECT m.id FROM contact AS c JOIN member AS m ON m.id = c.member_id
WHERE c.kind = 'EMAIL' AND c.value = $1 AND c.verified_at IS NOT NULL AND m.status IN ('ACTIVE', 'BLOCKED') LIMIT 2
"""
_BY_PHONE: Final = """
SELECT m.id, c.verified_at FROM contact AS c JOIN member AS m ON m.id = c.member_id
WHERE c.kind = 'PHONE' AND c.value = $1 AND m.status IN ('ACTIVE', 'BLOCKED') ORDER BY c.verified_at NULLS LAST LIMIT 2
"""
_STATUS: Final = "SELECT status FROM member WHERE id = $1 FOR NO KEY UPDATE"


async def request(
    login: str, caller: Caller, resources: Resources, now: datetime, *, again: str | None = None
) -> Asked:
    """Have a code sent to whom a login belongs to. One answer and one amount of work for every login.

    A phone gets an SMS if its owner has proved it; otherwise, and when the SMS does not arrive, the code goes to the
    e-mail of the profile. `again` is the request of an earlier answer: the same code is sent once more.
    Raises INVALID_INPUT, LIMIT_REACHED, BUSY.
    """
    if not 0 < len(login.strip()) <= LOGIN_LENGTH_MAX:
        raise Refusal(Code.INVALID_INPUT, "sign_in.login", field="login")
    name = signin.spelling(login)
    await onetime.spend(Purpose.SIGN_IN, {"number": name}, caller, resources, now)
    by_email = "@" in name
    return await onetime.ask(
        Purpose.SIGN_IN,
        member_id=await _holder(name, by_email=by_email),
        binding=BINDING,
        resources=resources,
        now=now,
        channels=(Channel.EMAIL,) if by_email else (Channel.SMS, Channel.EMAIL),
        request=again,
    )


async def sign_in(
    handle: str, code: str, transport: Transport, *, caller: Caller, resources: Resources, now: datetime
) -> SignedIn:
    """Open a session by the code of a request. Raises TOKEN_NOT_ACCEPTED, LIMIT_REACHED, INVALID_INPUT for its shape."""
    onetime.digits_of(code)
    await onetime.count_try(handle, Purpose.SIGN_IN, caller=caller, resources=resources, now=now)
    async with work() as tx:
        bound = await onetime.use(*(tx, handle, code, Purpose.SIGN_IN), binding=BINDING, resources=resources, now=now)
        if await tx.fetchval(_STATUS, bound.member_id) not in {"ACTIVE", "BLOCKED"}:
            raise onetime.not_accepted()
        session_id, token = await signin.open_for(tx, bound.member_id, transport, caller, now)
    return SignedIn(bound.member_id, session_id, token, signin.mark(bound.member_id, resources, now))


async def _holder(name: str, *, by_email: bool) -> UUID | None:
    rows = await database.fetch(_BY_EMAIL if by_email else _BY_PHONE, name)
    unsettled = len(rows) > 1 and not by_email and rows[0]["verified_at"] is None
    return rows[0]["id"] if rows and not unsettled else None
