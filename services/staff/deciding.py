"""Deciding a request for rights 1 and 2: by a second holder, on what still stands as it stood when it was asked for."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.rights import RIGHTS
from loyalty.scopes import Scope
from services.audit import Actor
from services.resources import Resources
from services.staff import four_eyes, grants, people, role_changes, roles
from services.staff.acting import Act, acting, reason_of
from services.staff.four_eyes import GrantRequestFacts
from services.staff.grants import GRANT, Wanted

WAITING: Final = "WAITING"


async def visible(actor: Actor) -> list[GrantRequestFacts]:
    """The requests of places whose rights the actor manages: what waits, then what was decided last."""
    return [one for one in await four_eyes.latest() if _is_within(actor, one)]


async def decide(
    actor: Actor, request_id: UUID, *, approve: bool, reason: str, resources: Resources, now: datetime
) -> GrantRequestFacts:
    """Approve or reject what another one asked for; one's own may only be taken back.

    Approved, it is made at once, unless what it changes was changed meanwhile or its asker was kept out: then it is STALE
    and nothing happens. Raises FORBIDDEN for one's own approval, for a request about oneself and for whoever lacks what it
    gives, NOT_FOUND for a request outside the actor's places, INVALID_INPUT for one that waits no more.
    """
    why = reason_of(reason)
    async with acting(actor, GRANT, "grant.decide", resources=resources, now=now, reason=why, alone=True) as act:
        request = await four_eyes.one(request_id)
        if not _is_within(act.actor, request):
            raise Refusal(Code.NOT_FOUND, "staff.request_not_found", field="id")
        if request.state_at(now) != WAITING:
            raise Refusal(Code.INVALID_INPUT, "staff.request_decided", field="id")
        if not approve:
            await four_eyes.decide(act, request, "REJECTED")
            return await four_eyes.one(request_id)
        four_eyes.be_another(act, request.requested_by, request.staff_id)
        for right, scope in (*request.added, *request.removed):
            if not act.actor.access.within(right, scope):
                raise Refusal(Code.FORBIDDEN, "staff.right_not_yours", right=RIGHTS[right].name)
        state = "APPROVED" if request.asker_is_active and await _carried_out(act, request) else "STALE"
        await four_eyes.decide(act, request, state)
        return await four_eyes.one(request_id)


async def _carried_out(act: Act, request: GrantRequestFacts) -> bool:
    """Make the change. False if it is no longer the one that was asked for."""
    if request.role_id is not None:
        role = (await roles.by_id()).get(request.role_id)
        if role is None or role.version != request.version:
            return False
        await role_changes.write(act, role, role_changes.form_of_request(request.wanted))
        return True
    assert request.staff_id is not None  # noqa: S101 - a constraint of the table
    subject = await people.locked(act, request.staff_id)
    wanted = [_wanted(one) for one in request.wanted]
    if subject.version != request.version:
        return False
    # A role may have come to mean something else since: what is approved is what was shown.
    difference = await grants.checked(act.actor.access, subject, wanted)
    if (difference.added, difference.removed) != (request.added, request.removed):
        return False
    await grants.write(act, subject, wanted)
    return True


def _wanted(one: dict[str, str | None]) -> Wanted:
    role = one["role"]
    return Wanted(None if role is None else UUID(role), one["right"], Scope.parse(one["scope"] or ""))


def _is_within(actor: Actor, request: GrantRequestFacts) -> bool:
    return all(actor.access.within(GRANT, scope) for _, scope in (*request.added, *request.removed))
