"""Bringing people of the staff in, changing what is known of them, and keeping them out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from loyalty import people as spelling
from loyalty.masks import masked_email, masked_phone
from loyalty.refusals import Code, Refusal
from loyalty.rights import NEED_TWO
from loyalty.scopes import PROGRAMME, Scope
from loyalty.texts import clean
from models.database import Violation
from models.ids import uuid7
from services import programmes
from services.audit import Actor
from services.phones import phone as phone_of
from services.resources import Resources
from services.staff import letters, people, sessions
from services.staff.acting import Act, acting, reason_of
from services.staff.letter_words import Kind
from services.staff.people import ADMIN, StaffFacts

NAME_LENGTH_MAX: Final = 100
COMMENT_LENGTH_MAX: Final = 500

_INSERT: Final = """
INSERT INTO staff (id, email, name, phone, partner, comment, locale, status, totp_step, version, created_at, changed_at,
    changed_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'INVITED', 0, 1, $8, $8, $9)
"""
_UPDATE: Final = """
UPDATE staff SET email = $2, name = $3, phone = $4, partner = $5, comment = $6, version = version + 1, changed_at = $7,
    changed_by = $8 WHERE id = $1
"""
_STATUS: Final = """
UPDATE staff SET status = $2, version = version + 1, changed_at = $3, changed_by = $4 WHERE id = $1
"""
_RESET: Final = """
UPDATE staff SET status = 'INVITED', password_hash = NULL, totp_sealed = NULL, version = version + 1, changed_at = $2,
    changed_by = $3 WHERE id = $1
"""
_UNBLOCK: Final = """
UPDATE staff SET status = CASE WHEN totp_sealed IS NULL THEN 'INVITED' ELSE 'ACTIVE' END, version = version + 1,
    changed_at = $2, changed_by = $3 WHERE id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The administrator's card of the seed (A-113..A-116): e-mail, phone, asset, comment, and a name."""

    email: str
    name: str
    phone: str | None = None
    partner: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """Somebody changed the person meanwhile; this is how it stands now."""

    staff: StaffFacts


async def invite(
    actor: Actor, form: Form, *, locale: Literal["ru", "en"], reason: str, resources: Resources, now: datetime
) -> StaffFacts:
    """Invite somebody by letter. They hold no right yet: granting is another right.

    Raises INVALID_INPUT for a faulty form and for an address that has an account, FORBIDDEN outside the actor's places.
    """
    written = await read(form, now)
    why = reason_of(reason, field="input.reason")
    try:
        async with acting(actor, ADMIN, "staff.invite", resources=resources, now=now, reason=why, alone=True) as act:
            act.require(_home(written))
            staff_id = await insert(act, written, locale)
            await letters.ask(act.tx, Kind.INVITATION, staff_id, now)
            return await people.one(act.actor.access, staff_id)
    except Violation as violation:
        raise taken(violation) from None


async def insert(act: Act, form: Form, locale: str) -> UUID:
    """A new person, who has no way in yet."""
    staff_id = uuid7()
    values = (form.email, form.name, form.phone, form.partner, form.comment, locale)
    await act.tx.execute(_INSERT, staff_id, *values, act.now, act.actor.id)
    act.record("staff", staff_id, scope=_home(form), after=_logged(form))
    return staff_id


async def update(
    actor: Actor, staff_id: UUID, version: int, form: Form, *, reason: str, resources: Resources, now: datetime
) -> StaffFacts | Changed:
    """Change what is known of somebody; the whole form. Gives how it stands where somebody was quicker.

    The address of whoever manages people or rights stays: with it and a reset one administrator would become another.
    """
    written = await read(form, now)
    why = reason_of(reason, field="input.reason")
    try:
        async with acting(actor, ADMIN, "staff.update", resources=resources, now=now, reason=why, alone=True) as act:
            before = await people.locked(act, staff_id)
            if before.version != version:
                return Changed(before)
            act.require(_home(written))
            if written.email != before.email and any(before.access.holds(right) for right in NEED_TWO):
                raise Refusal(Code.FORBIDDEN, "staff.address_stays", field="input.email")
            values = (written.email, written.name, written.phone, written.partner, written.comment)
            await act.tx.execute(_UPDATE, staff_id, *values, now, actor.id)
            if written.email != before.email:
                await letters.end_links(act.tx, staff_id, now)
                if before.status == "INVITED":
                    await letters.ask(act.tx, Kind.INVITATION, staff_id, now)
            act.record("staff", staff_id, scope=before.home, before=_logged(_form_of(before)), after=_logged(written))
            return await people.one(act.actor.access, staff_id)
    except Violation as violation:
        raise taken(violation) from None


async def block(actor: Actor, staff_id: UUID, *, reason: str, resources: Resources, now: datetime) -> StaffFacts:
    """Keep somebody out: every session ends at once. Blocking twice is no mistake."""
    why = reason_of(reason)
    async with acting(actor, ADMIN, "staff.block", resources=resources, now=now, reason=why, alone=True) as act:
        before = await people.locked(act, staff_id)
        if before.status != "BLOCKED":
            await act.tx.execute(_STATUS, staff_id, "BLOCKED", now, actor.id)
            await _shut(act, staff_id)
            act.record(
                "staff", staff_id, scope=before.home, before={"status": before.status}, after={"status": "BLOCKED"}
            )
        return await people.one(act.actor.access, staff_id)


async def unblock(actor: Actor, staff_id: UUID, *, reason: str, resources: Resources, now: datetime) -> StaffFacts:
    """Let somebody in again, with the password and the second factor they had."""
    why = reason_of(reason)
    async with acting(actor, ADMIN, "staff.unblock", resources=resources, now=now, reason=why, alone=True) as act:
        before = await people.locked(act, staff_id)
        if before.status == "BLOCKED":
            await act.tx.execute(_UNBLOCK, staff_id, now, actor.id)
            after = await people.one(act.actor.access, staff_id)
            act.record(
                "staff", staff_id, scope=before.home, before={"status": "BLOCKED"}, after={"status": after.status}
            )
            if after.status == "INVITED":
                await letters.ask(act.tx, Kind.INVITATION, staff_id, now)
        return await people.one(act.actor.access, staff_id)


async def reset_access(actor: Actor, staff_id: UUID, *, reason: str, resources: Resources, now: datetime) -> StaffFacts:
    """Make password and second factor void and send a link to choose both anew: for a lost phone or a forgotten password.

    Somebody who was invited gets another letter. Raises INVALID_INPUT for somebody who is blocked.
    """
    why = reason_of(reason)
    async with acting(actor, ADMIN, "staff.reset_access", resources=resources, now=now, reason=why, alone=True) as act:
        before = await people.locked(act, staff_id)
        if before.status == "BLOCKED":
            raise Refusal(Code.INVALID_INPUT, "staff.is_blocked", field="id")
        await act.tx.execute(_RESET, staff_id, now, actor.id)
        await _shut(act, staff_id)
        await act.tx.execute("DELETE FROM staff_recovery_code WHERE staff_id = $1", staff_id)
        kind = Kind.INVITATION if before.status == "INVITED" else Kind.ACCESS_RESET
        await letters.ask(act.tx, kind, staff_id, now)
        act.record("staff", staff_id, scope=before.home, before={"status": before.status}, after={"status": "INVITED"})
        return await people.one(act.actor.access, staff_id)


async def _shut(act: Act, staff_id: UUID) -> None:
    await sessions.end_sessions(act.tx, staff_id, act.now)
    await letters.end_links(act.tx, staff_id, act.now)


async def read(form: Form, now: datetime) -> Form:
    """The form in the spelling that is kept. Raises INVALID_INPUT."""
    programme = await programmes.current(now)
    if form.partner is not None and form.partner not in programme.partners_by_id:
        raise Refusal(Code.INVALID_INPUT, "staff.unknown_partner", field="input.partner")
    comment = (form.comment or "").strip()
    return Form(
        email=spelling.email(form.email, field="input.email"),
        name=" ".join(clean(form.name, field="input.name", length_max=NAME_LENGTH_MAX).split()),
        phone=phone_of(form.phone, field="input.phone") if form.phone and form.phone.strip() else None,
        partner=form.partner,
        comment=clean(comment, field="input.comment", length_max=COMMENT_LENGTH_MAX, lines=True) if comment else "",
    )


def _home(form: Form) -> Scope:
    return PROGRAMME if form.partner is None else Scope((form.partner,))


def _form_of(found: StaffFacts) -> Form:
    return Form(email=found.email, name=found.name, phone=found.phone, partner=found.partner, comment=found.comment)


def _logged(form: Form) -> dict[str, Any]:
    return {
        "email": masked_email(form.email),
        "name": form.name,
        "phone": None if form.phone is None else masked_phone(form.phone),
        "partner": form.partner,
        "comment": form.comment,
    }


def taken(violation: Violation) -> Exception:
    """An address that has an account as the refusal it is; any other violation as it came."""
    if violation.constraint == "staff_email":
        return Refusal(Code.INVALID_INPUT, "staff.email_taken", field="input.email")
    return violation
