"""Erasing a member: one short transaction that closes the account, empties what is personal, and keeps the books."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import orjson

from loyalty.payments import FOLLOWED
from loyalty.refusals import Code, Refusal
from loyalty.scopes import NOTHING, PROGRAMME
from models import database
from models.ids import uuid7
from services import audit, callers, recovery
from services.audit import Actor, Event
from services.erasing import wiping
from services.erasing.rows import ErasureFacts, of_member
from services.families import leaving, locking
from services.resources import Resources
from services.staff.acting import acting, reason_of
from services.work import Work, again, work

RIGHT: Final = "user.manage"
JOB: Final = "member.wipe"
PATIENCE_SECONDS: Final = 2.0
# What was under way in the moment of the erasure, such as a sign-in, may write a row behind it; a gateway may report late.
# The last comes when nobody follows a payment any more that was not paid: its receipt had to go somewhere until then.
WIPED_AGAIN: Final = (timedelta(), timedelta(hours=1), timedelta(days=2), FOLLOWED + timedelta(days=1))
# Of these a hotel waits for the guest or for money.
BOOKED: Final = ("CREATING", "AWAITING_PAYMENT", "CONFIRMED", "CHECKED_IN", "CANCELLING")
AskedBy = Literal["MEMBER", "STAFF", "OPERATOR"]

_LOCK: Final = "SELECT status, number FROM member WHERE id = $1 FOR UPDATE"
_IS_BOOKED: Final = "SELECT EXISTS (SELECT 1 FROM booking WHERE member_id = $1 AND state = ANY ($2))"
# The receipt of money that goes back is sent to the payer: until it is back he has an address.
_PAYS: Final = """
SELECT EXISTS (SELECT 1 FROM payment AS p WHERE p.member_id = $1 AND (p.state IN ('OPENING', 'PENDING')
    OR EXISTS (SELECT 1 FROM payment_refund AS r WHERE r.payment_id = p.id AND r.state IN ('ASKING', 'PENDING'))))
    OR EXISTS (SELECT 1 FROM shop_order AS o LEFT JOIN shop_return AS b ON b.order_id = o.id
        WHERE o.member_id = $1 AND (o.state = 'PAID' OR b.state = 'ASKED'))
"""
_FREE: Final = """
SELECT free_points(id, 'RELEASED', $2) FROM (
    SELECT id FROM points_hold WHERE member_id = $1 AND status = 'ACTIVE' ORDER BY id
) AS h
"""
_SETTLE: Final = "SELECT settle_points($1, $2)"
_FORFEIT: Final = "SELECT forfeit_points($1, $2, $3)"
# Only what he has proved is his: under a number typed wrong stand the facts of somebody else. So is the address of before a
# change, while it is known and nobody else has proved it since.
_CONTACTS: Final = """
SELECT value FROM contact WHERE member_id = $1 AND verified_at IS NOT NULL
UNION
SELECT old_address FROM email_change AS e WHERE member_id = $1 AND old_address IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM contact WHERE kind = 'EMAIL' AND value = e.old_address AND verified_at IS NOT NULL AND member_id <> $1
)
"""
_KEEP: Final = """
INSERT INTO erasure (id, member_id, asked_by, staff_id, reason, at, forfeited, wiped)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
"""
# Profiles that were made one with his: their names are his too.
_MERGED: Final = """
WITH RECURSIVE chain (id) AS (
    SELECT id FROM member WHERE merged_into = $1 AND status = 'MERGED'
    UNION ALL
    SELECT m.id FROM chain AS c JOIN member AS m ON m.merged_into = c.id AND m.status = 'MERGED'
)
SELECT m.id FROM member AS m JOIN chain AS c ON c.id = m.id ORDER BY m.id FOR UPDATE OF m
"""
_REPEATED: Final = "UPDATE erasure SET repeated_at = $2 WHERE member_id = $1"
_STATUS: Final = "SELECT status FROM member WHERE id = $1"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """Whose data are to go, on whose word. `insists`: a booking that is under way does not stand in the way."""

    member: UUID
    asked_by: AskedBy
    now: datetime
    staff: UUID | None = None
    reason: str | None = None
    insists: bool = False


async def erase_me(member: UUID, session: UUID, password: str, resources: Resources, now: datetime) -> ErasureFacts:
    """Erase the member who asks, by the password. At once and for ever; this session ends with it.

    Raises SIGN_IN_FAILED for a wrong password, LIMIT_REACHED after too many, UNFINISHED while a booking is under way.
    """
    policy = resources.policy
    seconds, limit = policy.sign_in_burst_seconds, policy.sign_in_burst
    await callers.spend(resources, "erase.burst", str(session), limit=limit, window_seconds=seconds, now=now)
    if not await recovery.is_password_of(member, password, resources):
        raise Refusal(Code.SIGN_IN_FAILED, "erasing.password", field="password")
    order = Order(member, "MEMBER", now)

    async def once() -> None:
        async with work() as tx:
            await _carry_out(tx, resources, order)
            event = Event(action="member.erase", object_kind="member", object_id=str(member))
            await audit.write(tx, Actor(id=None, name="member", access=NOTHING), event, now)

    await again(once)
    return await _done(member)


async def erase(
    actor: Actor, member: UUID, *, reason: str, resources: Resources, now: datetime, insists: bool = False
) -> ErasureFacts:
    """Erase a member by one of the staff, or by the operator of the installation, who alone may insist.

    Raises FORBIDDEN, NOT_FOUND for somebody unknown, not confirmed or erased before, UNFINISHED, INVALID_INPUT for no reason.
    """
    why = reason_of(reason, field="input.reason")
    by: AskedBy = "OPERATOR" if actor.id is None else "STAFF"
    order = Order(member, by, now, staff=actor.id, reason=why, insists=insists and actor.id is None)

    async def once() -> None:
        async with acting(actor, RIGHT, "member.erase", resources=resources, now=now, reason=why) as act:
            act.require(PROGRAMME)
            await _carry_out(act.tx, resources, order)
            act.record("member", member, scope=PROGRAMME)

    await again(once)
    return await _done(member)


async def erase_again(members: Sequence[UUID], resources: Resources, now: datetime) -> list[UUID]:
    """Erase once more whoever an older state of the database, read back from a backup, knows by name; gives them."""
    done = []
    for member in members:
        status = await database.fetchval(_STATUS, member)
        if status in {None, "PENDING_CONFIRMATION"}:
            continue
        if status == "ERASED":
            await wipe_again(member, now)
            continue
        reason = "the database was read back from a backup of before the erasure"
        await erase(Actor.operator(), member, reason=reason, resources=resources, now=now, insists=True)
        done.append(member)
    return done


async def wipe_again(member: UUID, now: datetime) -> None:
    """Empty what was written behind an erasure, and the reports of gateways. Whoever is not erased is left alone."""

    async def once() -> None:
        async with work() as tx:
            row = await tx.fetchrow(_LOCK, member)
            if row is None or row["status"] != "ERASED":
                return
            await tx.execute(wiping.REPORTS, member)
            await tx.execute(wiping.LATE, member, now - FOLLOWED)
            await wiping.wipe(tx, member, [])
            await tx.execute(_REPEATED, member, now)

    await again(once)


async def _carry_out(tx: Work, resources: Resources, order: Order) -> None:
    """Close the account, write off its points, empty what is personal, and keep the record of it."""
    member, now = order.member, order.now
    await locking.lock_of(tx, member, PATIENCE_SECONDS)
    row = await tx.fetchrow(_LOCK, member)
    if row is None or row["status"] not in {"ACTIVE", "BLOCKED"}:
        raise Refusal(Code.NOT_FOUND, "member.not_found", field="input.member" if order.staff else None)
    if not order.insists and await tx.fetchval(_IS_BOOKED, member, list(BOOKED)):
        raise Refusal(Code.UNFINISHED, "erasing.booked")
    if not order.insists and await tx.fetchval(_PAYS, member):
        raise Refusal(Code.UNFINISHED, "erasing.pays")
    await tx.execute(_FREE, member, now)
    await leaving.part(tx, resources, member, PATIENCE_SECONDS, now)
    await tx.execute(_SETTLE, member, now)
    erasure = uuid7()
    forfeited: int = await tx.fetchval(_FORFEIT, member, erasure, now)
    for merged in await tx.fetch(_MERGED, member):
        await _empty(tx, order, merged["id"], uuid7(), 0)
    await _empty(tx, order, member, erasure, forfeited)


async def _empty(tx: Work, order: Order, member: UUID, erasure: UUID, forfeited: int) -> None:
    """Empty what is personal of one profile and keep the record of it."""
    contacts = [contact["value"] for contact in await tx.fetch(_CONTACTS, member)]
    told = orjson.dumps(await wiping.wipe(tx, member, contacts)).decode()
    await tx.execute(_KEEP, erasure, member, order.asked_by, order.staff, order.reason, order.now, forfeited, told)
    for place, later in enumerate(WIPED_AGAIN):
        key = f"{erasure}:{place}"
        await tx.enqueue(JOB, {"member_id": str(member)}, run_at=order.now + later, dedupe_key=key)
    # The list beside the backups is as old as the newest of them; this line lies elsewhere.
    tx.after_commit(lambda: log.info("member erased", extra={"member": str(member)}))


async def _done(member: UUID) -> ErasureFacts:
    found = await of_member(member)
    assert found is not None  # noqa: S101 - it has just been written
    return found
