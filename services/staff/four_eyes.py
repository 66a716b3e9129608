"""Requests for rights 1 and 2: whoever asks does not decide, and nothing changes before somebody else did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.scopes import Scope
from models import database
from models.database import Record
from models.ids import uuid7
from services.staff.acting import Act
from services.staff.people import StaffFacts
from services.staff.roles import RoleFacts

LIFE: Final = timedelta(days=7)
SHOWN: Final = 100

_ASK: Final = """
INSERT INTO grant_request (id, staff_id, role_id, version, wanted, difference, reason, requested_by, requested_at,
    expires_at, state)
VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $9, $10, 'WAITING')
"""
# A new request takes the place of one that waits: its asker has thought again, or somebody else has.
_REPLACE: Final = """
UPDATE grant_request SET state = 'STALE', decided_at = $3
WHERE state = 'WAITING' AND staff_id IS NOT DISTINCT FROM $1 AND role_id IS NOT DISTINCT FROM $2
"""
_SELECT: Final = """
SELECT r.*, (SELECT name FROM staff WHERE id = r.requested_by) AS asker,
    (SELECT status FROM staff WHERE id = r.requested_by) AS asker_status,
    (SELECT name FROM staff WHERE id = r.decided_by) AS decider
FROM grant_request AS r
"""
_DECIDE: Final = """
UPDATE grant_request SET state = $2, decided_by = $3, decided_at = $4, decision_reason = $5 WHERE id = $1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRequestFacts:
    """A change that waits for a second holder, or what became of it."""

    id: UUID
    staff_id: UUID | None
    role_id: UUID | None
    version: int
    wanted: Any
    added: tuple[tuple[str, Scope], ...]
    removed: tuple[tuple[str, Scope], ...]
    reason: str
    state: str
    requested_by: UUID
    asker: str
    asker_is_active: bool
    requested_at: datetime
    expires_at: datetime
    decider: str | None
    decided_at: datetime | None

    def state_at(self, now: datetime) -> str:
        """WAITING, APPROVED, REJECTED, STALE, or EXPIRED for one that waited too long."""
        return "EXPIRED" if self.state == "WAITING" and self.expires_at <= now else self.state


async def ask(
    act: Act,
    *,
    wanted: object,
    difference: Mapping[str, Sequence[Sequence[str]]],
    staff: StaffFacts | None = None,
    role: RoleFacts | None = None,
) -> GrantRequestFacts:
    """Write a request for a change of somebody's grants or of a role's rights, in the unit that would have made it."""
    about = (None if staff is None else staff.id, None if role is None else role.id)
    version = staff.version if staff is not None else role.version if role is not None else 0
    request_id = uuid7()
    await act.tx.execute(_REPLACE, *about, act.now)
    values = (orjson.dumps(wanted).decode(), orjson.dumps(dict(difference)).decode(), act.reason, act.actor.id)
    await act.tx.execute(_ASK, request_id, *about, version, *values, act.now, act.now + LIFE)
    after = {"added": [" @ ".join((right, scope or "programme")) for right, scope in difference["added"]]}
    act.record("grant_request", request_id, action="grant.request", after=after)
    return await one(request_id)


async def one(request_id: UUID) -> GrantRequestFacts:
    """A request. Raises NOT_FOUND."""
    row = await database.fetchrow(f"{_SELECT} WHERE r.id = $1", request_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, "staff.request_not_found", field="id")
    return _facts(row)


async def latest() -> list[GrantRequestFacts]:
    """What waits, then what was decided last."""
    rows = await database.fetch(
        f"{_SELECT} ORDER BY r.state = 'WAITING' DESC, r.requested_at DESC, r.id DESC LIMIT $1", SHOWN
    )
    return [_facts(row) for row in rows]


def be_another(act: Act, *people: UUID | None) -> None:
    """Go on only if whoever acts is none of these. Raises FORBIDDEN."""
    if act.actor.id in people:
        raise Refusal(Code.FORBIDDEN, "staff.four_eyes")


async def decide(act: Act, request: GrantRequestFacts, state: str) -> None:
    """Write what became of a request."""
    await act.tx.execute(_DECIDE, request.id, state, act.actor.id, act.now, act.reason)
    act.record("grant_request", request.id, before={"state": "WAITING"}, after={"state": state})


def _facts(row: Record) -> GrantRequestFacts:
    pairs = orjson.loads(row["difference"])
    return GrantRequestFacts(
        id=row["id"],
        staff_id=row["staff_id"],
        role_id=row["role_id"],
        version=row["version"],
        wanted=orjson.loads(row["wanted"]),
        added=tuple((right, Scope.parse(scope)) for right, scope in pairs["added"]),
        removed=tuple((right, Scope.parse(scope)) for right, scope in pairs["removed"]),
        reason=row["reason"],
        state=row["state"],
        requested_by=row["requested_by"],
        asker=row["asker"],
        asker_is_active=row["asker_status"] == "ACTIVE",
        requested_at=row["requested_at"],
        expires_at=row["expires_at"],
        decider=row["decider"],
        decided_at=row["decided_at"],
    )
