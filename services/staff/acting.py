"""A unit of work of the staff: rights read anew inside it, events written with it, refusals noted beside it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.rights import RIGHTS
from loyalty.scopes import PROGRAMME, Scope
from loyalty.texts import clean
from services import audit, once
from services.audit import Actor, Event
from services.resources import Resources
from services.staff.sessions import HELD, access_of
from services.work import Work, work

REASON_LENGTH_MAX: Final = 500
REASON_LENGTH_MIN: Final = 3
# Whoever changes people or rights waits for whoever does: the last administrator is counted by one at a time.
_ALONE: Final = "SELECT pg_advisory_xact_lock(418430873971)"
_ACCESS: Final = f"""
SELECT {HELD} FROM staff AS a JOIN staff_session AS s ON s.staff_id = a.id
WHERE a.id = $1 AND a.status = 'ACTIVE' AND s.id = $2 AND s.revoked_at IS NULL
"""  # noqa: S608 - a constant

_ADMIN_LEFT: Final = """
SELECT EXISTS (
    SELECT 1 FROM staff_grant AS g JOIN staff AS a ON a.id = g.staff_id AND a.status = 'ACTIVE'
    LEFT JOIN staff_role AS o ON o.id = g.role_id
    WHERE g.scope = '' AND 'admin.manage' = ANY (coalesce(o.rights, ARRAY[g.right_code::text]))
)
"""


@dataclass(slots=True)
class Act:
    """An open unit: its transaction, who acts with which access, and what will be written down."""

    tx: Work
    actor: Actor
    right: str
    action: str
    reason: str | None
    now: datetime
    events: list[Event] = field(default_factory=list)

    def require(self, scope: Scope) -> None:
        """Go on only if the right is held for all of a place."""
        if not self.actor.access.within(self.right, scope):
            raise lacking(self.right)

    async def is_first(self, operation: str, key: str | None, *facts: object, about: UUID, field: str) -> bool:
        """Claim the actor's key of an operation on these facts; False where it was done before. Without a key it is the first.

        Raises KEY_REUSED where the key stands for other facts.
        """
        if key is None:
            return True
        row = claim_of(self.actor, operation, key, field=field)
        body = once.body_of(*facts)
        return await once.is_first(self.tx, row, operation, body=body, about=about, now=self.now, field=field)

    def record(
        self,
        object_kind: str,
        object_id: object,
        *,
        scope: Scope = PROGRAMME,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        action: str | None = None,
    ) -> None:
        """Have an event written with the unit: what was done to which object. Only what differs is kept."""
        self.events.append(
            Event(
                action=action or self.action,
                object_kind=object_kind,
                object_id=str(object_id),
                right=self.right,
                scope=scope,
                reason=self.reason,
                before=_differing(before, after),
                after=_differing(after, before),
            )
        )


@asynccontextmanager
async def acting(
    actor: Actor,
    right: str,
    action: str,
    *,
    resources: Resources,
    now: datetime,
    reason: str | None = None,
    alone: bool = False,
) -> AsyncIterator[Act]:
    """Open a unit for somebody with a right. Its events are the last that it writes, since the chain waits for them.

    `alone` is for changes of people and rights: they wait for each other, and none may leave the programme without
    somebody who administers all of it.

    Raises FORBIDDEN for whoever does not hold the right at this moment, UNAUTHENTICATED for whoever was blocked or signed
    out meanwhile. A FORBIDDEN of the unit is noted once nothing of it is left.
    """
    try:
        async with work() as tx:
            if alone:
                await tx.execute(_ALONE)
            had_administrator = alone and actor.id is not None and await tx.fetchval(_ADMIN_LEFT)
            now_acting = await _fresh(tx, actor)
            if not now_acting.access.holds(right):
                raise lacking(right)
            act = Act(tx, now_acting, right, action, reason, now)
            yield act
            if had_administrator and not await tx.fetchval(_ADMIN_LEFT):
                raise Refusal(Code.FORBIDDEN, "staff.last_administrator")
            for event in act.events:
                await audit.write(tx, actor, event, now)
    except Refusal as refusal:
        if refusal.code is Code.FORBIDDEN:
            event = Event(action=action, object_kind="refusal", right=right, reason=reason)
            await audit.note(resources, actor, event, now)
        raise


def reason_of(text: str, *, field: str = "reason") -> str:
    """Why something is done, in 3 to 500 characters on one line; it stands in the log."""
    reason = clean(text, field=field, length_max=REASON_LENGTH_MAX).strip()
    if len(reason) < REASON_LENGTH_MIN:
        raise Refusal(Code.INVALID_INPUT, "staff.reason", field=field, length_min=REASON_LENGTH_MIN)
    return reason


def claim_of(actor: Actor, operation: str, key: str, *, field: str = once.FIELD) -> UUID:
    """The row that a key of one of the staff claims."""
    return once.claim_of(actor.id or UUID(int=0), operation, once.key_text(key, field=field))


def lacking(right: str) -> Refusal:
    """The refusal of somebody who lacks a right, by its name."""
    return Refusal(Code.FORBIDDEN, "staff.right_lacking", right=RIGHTS[right].name)


async def _fresh(tx: Work, actor: Actor) -> Actor:
    if actor.id is None:
        return actor
    held = await tx.fetchval(_ACCESS, actor.id, actor.session_id)
    if held is None:
        raise Refusal(Code.UNAUTHENTICATED, "staff_unauthenticated")
    return replace(actor, access=access_of(held))


def _differing(mine: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if mine is None:
        return None
    return {name: value for name, value in mine.items() if other is None or other.get(name) != value}
