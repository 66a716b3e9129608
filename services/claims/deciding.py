"""The staff's yes or no to a claim that no receipt was found for."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.scopes import SEPARATOR
from models import database
from services import letters, programmes
from services.audit import Actor
from services.claims import reading
from services.claims.crediting import TILL_OF, credit
from services.claims.reading import Claim
from services.letter_words import Kind
from services.pos.guestless import CREDIT
from services.pos.menu import CHANNEL
from services.resources import Resources
from services.staff.acting import Act, acting, reason_of
from services.staff.own import is_same_person

MANAGE: Final = "operation.manage"
OPERATION: Final = "decideClaim"
KEY: Final = "idempotencyKey"

_MATCH: Final = """
UPDATE purchase_claim SET status = 'MATCHED', service = $2, decided_by = $3 WHERE id = $1 AND status = 'OPEN' RETURNING 1
"""
_REFUSE: Final = """
UPDATE purchase_claim SET status = 'REJECTED', reason = $2, decided_by = $3, decided_at = $4
WHERE id = $1 AND status = 'OPEN' RETURNING member_id
"""
_AT_TILLS: Final = "SELECT EXISTS (SELECT 1 FROM staff_grant WHERE staff_id = $1 AND starts_with(scope, $2))"


async def approve(
    actor: Actor,
    claim: UUID,
    *,
    service: str,
    reason: str,
    resources: Resources,
    now: datetime,
    key: str | None = None,
) -> Claim:
    """Have a claim credited as a sale of one service.

    Four eyes: nobody says yes to a claim of their own, and nobody who stands at a till of the outlet to what may have been
    rung up there. With a key the same words hear of the claim again, as it stands by then. Raises NOT_FOUND for a claim
    outside the actor's places, there or not, FORBIDDEN for those two, INVALID_INPUT for a service that is not sold at tills
    there, an outlet without one, and a claim that was decided meanwhile, KEY_REUSED.
    """
    why = reason_of(reason)
    async with acting(actor, MANAGE, "claim.approve", resources=resources, now=now, reason=why) as act:
        found = await _found(act, claim)
        if await act.is_first(OPERATION, key, claim, service, why, about=claim, field=KEY):
            await _approve(act, found, service)
    await credit(resources, claim, now=now)
    return await _again(claim)


async def reject(
    actor: Actor, claim: UUID, *, reason: str, resources: Resources, now: datetime, key: str | None = None
) -> Claim:
    """Refuse a claim; its guest reads the reason. Raises, and hears a key again, as `approve` does."""
    why = reason_of(reason)
    async with acting(actor, MANAGE, "claim.reject", resources=resources, now=now, reason=why) as act:
        found = await _found(act, claim)
        if await act.is_first(OPERATION, key, claim, None, why, about=claim, field=KEY):
            await _reject(act, found, why)
    return await _again(claim)


async def _approve(act: Act, claim: Claim, service: str) -> None:
    await _be_another(act, claim)
    programme = await programmes.current(act.now)
    partner = programme.partners_by_id.get(claim.partner)
    sold = None if partner is None else partner.services_by_id.get(service)
    if sold is None or CHANNEL not in sold.channels:
        raise Refusal(Code.INVALID_INPUT, "claim.unknown_service", field="service")
    if await database.fetchval(TILL_OF, claim.outlet) is None:
        raise Refusal(Code.INVALID_INPUT, "claim.no_till", field="id")
    if await act.tx.fetchval(_MATCH, claim.id, service, act.actor.id) is None:
        raise _decided()
    await act.tx.enqueue(CREDIT, {"claim": str(claim.id)}, run_at=act.now)
    act.record("claim", claim.id, scope=claim.scope, before={"status": "OPEN"}, after={"status": "MATCHED"})


async def _reject(act: Act, claim: Claim, why: str) -> None:
    member = await act.tx.fetchval(_REFUSE, claim.id, why, act.actor.id, act.now)
    if member is None:
        raise _decided()
    await letters.ask(act.tx, Kind.CLAIM_REJECTED, member, act.now)
    act.record("claim", claim.id, scope=claim.scope, before={"status": "OPEN"}, after={"status": "REJECTED"})


async def _found(act: Act, claim: UUID) -> Claim:
    found = await reading.one(claim)
    if found is None or not act.actor.access.within(MANAGE, found.scope):
        raise Refusal(Code.NOT_FOUND, "claim.unknown", field="id")
    return found


async def _be_another(act: Act, claim: Claim) -> None:
    """Raises FORBIDDEN for the guest's own contacts, and for rights at a till of the outlet: whoever rang it up has them."""
    if await is_same_person(act.tx, claim.member_id, act.actor.id):
        raise Refusal(Code.FORBIDDEN, "claim.own", field="id")
    if await act.tx.fetchval(_AT_TILLS, act.actor.id, f"{claim.scope}{SEPARATOR}"):
        raise Refusal(Code.FORBIDDEN, "claim.rang_up", field="id")


async def _again(claim: UUID) -> Claim:
    found = await reading.one(claim)
    assert found is not None  # noqa: S101 - claims are never deleted
    return found


def _decided() -> Refusal:
    return Refusal(Code.INVALID_INPUT, "claim.decided", field="id")
