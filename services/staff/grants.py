"""Giving and taking rights: nobody gives what they lack, nobody touches their own, two of them need a second holder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from loyalty import rights
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from loyalty.rights import NEED_TWO, RIGHTS
from loyalty.scopes import PROGRAMME, Access, Scope
from models import database
from models.ids import uuid7
from services.audit import Actor
from services.resources import Resources
from services.staff import four_eyes, people, roles
from services.staff.acting import Act, acting, reason_of
from services.staff.four_eyes import GrantRequestFacts
from services.staff.inviting import Changed
from services.staff.people import StaffFacts
from services.staff.roles import RoleFacts

GRANT: Final = "grant.manage"
GRANTS_MAX: Final = 60

_CLEAR: Final = "DELETE FROM staff_grant WHERE id = ANY ($1)"
_KEPT: Final = "SELECT id, role_id, right_code, scope FROM staff_grant WHERE staff_id = $1"
_GIVE: Final = """
INSERT INTO staff_grant (id, staff_id, role_id, right_code, scope, granted_at, granted_by)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_TOUCH: Final = "UPDATE staff SET version = version + 1, changed_at = $2, changed_by = $3 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A role or a single right to be held at a scope; exactly one of the two."""

    role: UUID | None
    right: str | None
    scope: Scope


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change adds and takes away, of effective rights."""

    added: tuple[tuple[str, Scope], ...]
    removed: tuple[tuple[str, Scope], ...]

    @property
    def needs_two(self) -> bool:
        """Whether a second holder has to approve."""
        return any(right in NEED_TWO for right, _ in self.added)

    @classmethod
    def between(cls, before: Access, after: Access) -> "Difference":
        """From one access to another."""
        return cls(after.minus(before), before.minus(after))


@dataclass(frozen=True, slots=True)
class Saved:
    """The grants stand."""

    staff: StaffFacts
    difference: Difference


async def place(
    programme: Programme, *, partner: str | None, outlet: str | None, till: UUID | None, field: str
) -> Scope:
    """The scope of the narrowest place that is named. Raises INVALID_INPUT for what the programme does not know."""
    if till is not None:
        row = await database.fetchrow("SELECT partner, outlet FROM till WHERE id = $1 AND revoked_at IS NULL", till)
        if row is None:
            raise Refusal(Code.INVALID_INPUT, "staff.unknown_till", field=f"{field}.till")
        found = Scope((row["partner"], row["outlet"], str(till)))
    elif outlet is not None:
        homes = [one.id for one in programme.partners if any(place.id == outlet for place in one.outlets)]
        if not homes:
            raise Refusal(Code.INVALID_INPUT, "staff.unknown_outlet", field=f"{field}.outlet")
        found = Scope((homes[0], outlet))
    elif partner is not None:
        if partner not in programme.partners_by_id:
            raise Refusal(Code.INVALID_INPUT, "staff.unknown_partner", field=f"{field}.partner")
        return Scope((partner,))
    else:
        return PROGRAMME
    if (partner not in {None, found.partner}) or (outlet not in {None, found.outlet}):
        raise Refusal(Code.INVALID_INPUT, "staff.places_differ", field=field)
    return found


async def preview(actor: Actor, staff_id: UUID, wanted: Sequence[Wanted]) -> Difference:
    """What saving these grants would change; nothing is saved. Raises what saving would raise."""
    subject = await people.one(actor.access, staff_id, right=GRANT)
    return await checked(actor.access, subject, wanted)


async def save(
    actor: Actor,
    staff_id: UUID,
    version: int,
    wanted: Sequence[Wanted],
    *,
    reason: str,
    resources: Resources,
    now: datetime,
) -> Saved | Changed | GrantRequestFacts:
    """Give somebody these grants and no others.

    What adds right 1 or 2 becomes a request that a second holder decides, and nothing changes before. Gives how the
    person stands where somebody was quicker. Raises FORBIDDEN for oneself and for any right, given or taken, that the
    actor does not hold there.
    """
    why = reason_of(reason, field="input.reason")
    async with acting(actor, GRANT, "staff.grant", resources=resources, now=now, reason=why, alone=True) as act:
        subject = await people.locked(act, staff_id)
        if subject.version != version:
            return Changed(subject)
        difference = await checked(act.actor.access, subject, wanted)
        if difference.needs_two and actor.id is not None:
            asked = [_plain(one) for one in wanted]
            return await four_eyes.ask(act, wanted=asked, difference=difference_as_json(difference), staff=subject)
        await write(act, subject, wanted)
        return Saved(await people.one(act.actor.access, staff_id, right=GRANT), difference)


async def write(act: Act, subject: StaffFacts, wanted: Iterable[Wanted]) -> None:
    """Make these the grants of somebody; those that stay keep their giver and day."""
    kept = {
        Wanted(row["role_id"], row["right_code"], Scope.parse(row["scope"])): row["id"]
        for row in await act.tx.fetch(_KEPT, subject.id)
    }
    names = await roles.by_id()
    asked = set(wanted)
    await act.tx.execute(_CLEAR, [kept[one] for one in kept if one not in asked])
    for one in asked - kept.keys():
        row = (one.role, one.right, str(one.scope))
        await act.tx.execute(_GIVE, uuid7(), subject.id, *row, act.now, act.actor.id)
    await act.tx.execute(_TOUCH, subject.id, act.now, act.actor.id)
    before, after = ({"grants": sorted(_told(one, names) for one in held)} for held in (kept, asked))
    act.record("staff", subject.id, scope=subject.home, before=before, after=after)


async def checked(access: Access, subject: StaffFacts, wanted: Sequence[Wanted]) -> Difference:
    """The difference that these grants make, if this access may make it."""
    if len(wanted) > GRANTS_MAX:
        raise Refusal(Code.INVALID_INPUT, "list.too_long", field="input.grants", most=GRANTS_MAX)
    known = await roles.by_id()
    after = _access(wanted, known)
    difference = Difference.between(subject.access, after)
    for right, scope in (*difference.added, *difference.removed):
        if not (access.within(right, scope) and access.within(GRANT, scope)):
            raise Refusal(Code.FORBIDDEN, "staff.right_not_yours", right=RIGHTS[right].name)
    for right, required, _ in rights.missing_requirements(after):
        name, needed = RIGHTS[right].name, RIGHTS[required].name
        raise Refusal(Code.INVALID_INPUT, "staff.right_requires", field="input.grants", right=name, required=needed)
    return difference


def _access(wanted: Sequence[Wanted], known: dict[UUID, RoleFacts]) -> Access:
    held: list[tuple[str, Scope]] = []
    for number, one in enumerate(wanted):
        field = f"input.grants.{number}"
        if (one.role is None) == (one.right is None):
            raise Refusal(Code.INVALID_INPUT, "staff.role_or_right", field=field)
        if one.role is not None and one.role not in known:
            raise Refusal(Code.INVALID_INPUT, "staff.role_not_found", field=f"{field}.role")
        codes = known[one.role].rights if one.role is not None else (one.right or "",)
        for code in codes:
            if code not in RIGHTS:
                raise Refusal(Code.INVALID_INPUT, "staff.right_not_found", field=f"{field}.right")
            if not rights.holdable(code, one.scope):
                raise Refusal(
                    Code.INVALID_INPUT, "staff.scope_too_narrow", field=f"{field}.scope", right=RIGHTS[code].name
                )
        held += [(code, one.scope) for code in codes]
    return rights.effective(held)


def difference_as_json(difference: Difference) -> dict[str, list[list[str]]]:
    """A difference as a request keeps it."""
    return {
        "added": [[right, str(scope)] for right, scope in difference.added],
        "removed": [[right, str(scope)] for right, scope in difference.removed],
    }


def _plain(one: Wanted) -> dict[str, Any]:
    return {"role": None if one.role is None else str(one.role), "right": one.right, "scope": str(one.scope)}


def _told(one: Wanted, names: dict[UUID, RoleFacts]) -> str:
    what = names[one.role].code if one.role in names else one.right
    return f"{what} @ {str(one.scope) or 'programme'}"
