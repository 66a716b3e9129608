"""People of the staff: added by the operator, enrolled, signed in, and what their apps show."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

import pyotp

from loyalty.scopes import PROGRAMME, Scope
from services.audit import Actor
from services.resources import Resources
from services.staff import enrolling, grants, operating, people, sessions, signing_in
from services.staff.acting import acting
from services.staff.grants import Wanted
from services.staff.inviting import Form
from services.work import work
from tests.makers.joining import make_caller

PASSWORD = "синий трамвай и кофе 7"
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class MadeStaff:
    """Somebody with two factors."""

    id: UUID
    email: str
    secret: str
    recovery_codes: tuple[str, ...]
    enrolled_at: datetime

    def code(self, at: datetime) -> str:
        """The six digits at a moment."""
        return pyotp.TOTP(self.secret).at(at)


async def make_staff(
    resources: Resources, now: datetime, *, role: str = "owner", partner: str | None = None, email: str | None = None
) -> MadeStaff:
    """Somebody with a role who has taken the invitation, an hour ago. Needs a programme in force."""
    place, before = next(_NUMBERS), now - timedelta(hours=1)
    form = Form(email=email or f"staff{place}@example.ru", name=f"Ольга Петрова {place}", partner=partner)
    opened = await operating.add(form, role, resources=resources, now=before)
    token = opened.link.partition("?token=")[2]
    begun = await enrolling.start(token, PASSWORD, caller=make_caller(), resources=resources, now=before)
    code = pyotp.TOTP(begun.secret).at(before)
    _, codes = await enrolling.confirm(begun.token, code, caller=make_caller(), resources=resources, now=before)
    return MadeStaff(opened.staff.id, form.email, begun.secret, tuple(codes), before)


async def make_holder(
    resources: Resources, now: datetime, *held: tuple[str, Scope], partner: str | None = None
) -> MadeStaff:
    """Somebody with these rights and no others, singly."""
    made = await make_staff(resources, now, role="analyst", partner=partner)
    operator = Actor.operator()
    async with acting(operator, "grant.manage", "test", resources=resources, now=now, alone=True) as act:
        subject = await people.one(operator.access, made.id)
        await grants.write(act, subject, [Wanted(None, right, scope) for right, scope in held])
    return made


async def sign_in(resources: Resources, made: MadeStaff, now: datetime) -> signing_in.Entered:
    """Both steps."""
    step = await signing_in.sign_in(made.email, PASSWORD, caller=make_caller(), resources=resources, now=now)
    return await signing_in.enter_by_code(
        step.token, made.code(now), caller=make_caller(), resources=resources, now=now
    )


async def open_token(made: MadeStaff, now: datetime) -> str:
    """The token of an open session, without the steps that led to it."""
    async with work() as tx:
        _, token = await sessions.open_session(tx, made.id, make_caller(), now)
    return token


async def make_actor(made: MadeStaff, now: datetime) -> Actor:
    """Somebody as a request of theirs would act."""
    token = await open_token(made, now)
    session = await sessions.find_session(token, now)
    assert session is not None
    return Actor(id=made.id, name=session.name, access=session.access, session_id=session.id, address="203.0.113.7")


WHOLE = PROGRAMME
IGORA = Scope(("igora",))
