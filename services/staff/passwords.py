"""What passwords the staff may choose, and changing one's own."""

import asyncio
from datetime import datetime
from typing import Final
from uuid import UUID

from zxcvbn import zxcvbn

from loyalty import people
from loyalty.refusals import Code, Refusal
from models import database
from services import audit, callers
from services.audit import Actor, Event
from services.passwords import common_passwords
from services.resources import Resources
from services.staff import letters, second_factor, sessions
from services.staff.letter_words import Kind
from services.work import Contention, work

LENGTH_MIN: Final = 12
SCORE_MIN: Final = 3  # of 0..4: "safely unguessable, moderate protection from offline slow-hash"
ESTIMATED_LENGTH_MAX: Final = 72

_FACTS: Final = "SELECT email, name, phone, password_hash, totp_sealed FROM staff WHERE id = $1 AND status = 'ACTIVE'"
_LOCK: Final = "SELECT password_hash FROM staff WHERE id = $1 FOR NO KEY UPDATE"
_CHANGE: Final = "UPDATE staff SET password_hash = $2 WHERE id = $1"


async def good(password: str, *, email: str, name: str, phone: str | None, field: str = "password") -> str:
    """A password of twelve characters or more that guessers would not reach, or INVALID_INPUT that says why."""
    names = name.split()
    about = people.facts_about(
        email=email,
        phone=phone or "",
        last_name=names[0],
        first_name=names[1] if len(names) > 1 else "",
        patronymic=" ".join(names[2:]) or None,
    )
    chosen = people.password(password, common=common_passwords(), about=about, field=field, length_min=LENGTH_MIN)
    known = [email, email.partition("@")[0], *names]
    # Some ten milliseconds of work: off the loop.
    estimate = await asyncio.to_thread(zxcvbn, chosen[:ESTIMATED_LENGTH_MAX], user_inputs=known)
    if estimate["score"] < SCORE_MIN:
        raise Refusal(Code.INVALID_INPUT, "staff.password_weak", field=field)
    return chosen


async def change(
    actor: Actor, staff_id: UUID, *, current: str, password: str, code: str, resources: Resources, now: datetime
) -> None:
    """Set a new password by the old one and the second factor. Every other session ends at once.

    Raises SIGN_IN_FAILED for a wrong old password, TOKEN_NOT_ACCEPTED for a wrong code, INVALID_INPUT for a poor new one.
    """
    policy, digits = resources.policy, second_factor.digits_of(code)
    row = await database.fetchrow(_FACTS, staff_id)
    if row is None:
        raise Refusal(Code.UNAUTHENTICATED, "staff_unauthenticated")
    chosen = await good(password, email=row["email"], name=row["name"], phone=row["phone"])
    seconds, limit = policy.sign_in_burst_seconds, policy.sign_in_burst
    await callers.spend(resources, "staff.password", str(staff_id), limit=limit, window_seconds=seconds, now=now)
    if not await resources.hasher.verify(row["password_hash"], current[: people.PASSWORD_LENGTH_MAX + 1]):
        raise Refusal(Code.SIGN_IN_FAILED, "password.current", field="current")
    await second_factor.spend_try(resources, staff_id, now)
    step = second_factor.reached(resources.keyring, staff_id, row["totp_sealed"], digits, now)
    if step is None:
        raise Refusal(Code.TOKEN_NOT_ACCEPTED, "staff.code_not_accepted", field="code")
    password_hash = await resources.hasher.hash(chosen)
    async with work() as tx:
        if await tx.fetchval(_LOCK, staff_id) != row["password_hash"]:
            raise Contention  # a reset was quicker: what it set must not be undone by the password before it
        if not await second_factor.accept(tx, staff_id, step):
            raise Refusal(Code.TOKEN_NOT_ACCEPTED, "staff.code_not_accepted", field="code")
        await tx.execute(_CHANGE, staff_id, password_hash)
        await sessions.end_sessions(tx, staff_id, now, but=actor.session_id)
        await letters.ask(tx, Kind.PASSWORD_CHANGED, staff_id, now)
        event = Event(action="staff.password_changed", object_kind="staff", object_id=str(staff_id))
        await audit.write(tx, actor, event, now)
    await resources.limits.clear(callers.key("staff.password", str(staff_id)))
    await second_factor.forgive_tries(resources, staff_id)


async def regenerate_recovery_codes(
    actor: Actor, staff_id: UUID, *, code: str, resources: Resources, now: datetime
) -> list[str]:
    """Ten new recovery codes by the second factor; the old ones are void. Raises TOKEN_NOT_ACCEPTED for a wrong code."""
    digits = second_factor.digits_of(code)
    row = await database.fetchrow(_FACTS, staff_id)
    if row is None:
        raise Refusal(Code.UNAUTHENTICATED, "staff_unauthenticated")
    await second_factor.spend_try(resources, staff_id, now)
    step = second_factor.reached(resources.keyring, staff_id, row["totp_sealed"], digits, now)
    async with work() as tx:
        if step is None or not await second_factor.accept(tx, staff_id, step):
            raise Refusal(Code.TOKEN_NOT_ACCEPTED, "staff.code_not_accepted", field="code")
        codes = await second_factor.replace_recovery_codes(tx, staff_id, now)
        event = Event(action="staff.recovery_codes_made", object_kind="staff", object_id=str(staff_id))
        await audit.write(tx, actor, event, now)
    await second_factor.forgive_tries(resources, staff_id)
    return codes
