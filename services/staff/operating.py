"""What the operator of an installation does for its staff from the terminal: the first administrator, and a lost phone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Scope
from models import database
from models.database import Violation
from services.audit import Actor
from services.resources import Resources
from services.staff import grants, inviting, letters, people, roles
from services.staff.acting import acting, reason_of
from services.staff.grants import Wanted
from services.staff.inviting import Form
from services.staff.people import ADMIN, StaffFacts
from services.work import work

REASON: Final = "added from the terminal"
_LISTED: Final = 1000


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody of the staff and a link that opens one door once."""

    staff: StaffFacts
    link: str


async def add(
    form: Form, role: str, *, locale: Literal["ru", "en"] = "ru", resources: Resources, now: datetime
) -> Opened:
    """Add somebody with a role, at their partner or for the whole programme, and give a link instead of a letter.

    Raises INVALID_INPUT for a faulty form, an address that has an account, or a role that is wider than the partner,
    NOT_FOUND for an unknown role.
    """
    operator = Actor.operator()
    read = await inviting.read(form, now)
    scope = PROGRAMME if read.partner is None else Scope((read.partner,))
    try:
        async with acting(operator, ADMIN, "staff.add", resources=resources, now=now, reason=REASON, alone=True) as act:
            await roles.ensure_presets(act.tx, now)
            staff_id = await inviting.insert(act, read, locale)
            wanted = [Wanted((await roles.role_of_code(role)).id, None, scope)]
            subject = await people.one(operator.access, staff_id)
            await grants.checked(operator.access, subject, wanted)
            await grants.write(act, subject, wanted)
            link = await letters.hand_over(act.tx, staff_id, resources, now)
            return Opened(await people.one(operator.access, staff_id), link)
    except Violation as violation:
        raise inviting.taken(violation) from None


async def everybody() -> list[StaffFacts]:
    """Everybody of the staff, newest first."""
    return await people.page(Actor.operator().access, rows=_LISTED)


async def reset(email: str, *, reason: str, resources: Resources, now: datetime) -> Opened:
    """Make somebody's password and second factor void; a letter goes out, and the same way is given as a link.

    Raises NOT_FOUND for an address that nobody of the staff has.
    """
    staff_id = await database.fetchval("SELECT id FROM staff WHERE email = $1", email.strip().lower())
    if staff_id is None:
        raise Refusal(Code.NOT_FOUND, "staff.not_found", field="email")
    operator, why = Actor.operator(), reason_of(reason)
    found = await inviting.reset_access(operator, staff_id, reason=why, resources=resources, now=now)
    async with work() as tx:
        return Opened(found, await letters.hand_over(tx, staff_id, resources, now))
