"""Saying of two profiles alike that they are two people's: the pair is suspected no more, until it has more in common."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME
from models import database
from models.database import Record
from models.ids import uuid7
from services import once
from services.audit import Actor
from services.merging import locking
from services.merging.merging import KEY, RIGHT
from services.merging.reading import evidence_of
from services.resources import Resources
from services.staff.acting import Act, acting, reason_of

_FACTS: Final = """
SELECT d.id, d.older_id, d.newer_id, d.signs, d.reason, d.dismissed_at, d.restored_at, d.restore_reason,
    o.number AS older_number, n.number AS newer_number
FROM dismissed_pair AS d JOIN member AS o ON o.id = d.older_id JOIN member AS n ON n.id = d.newer_id
"""
_ONE: Final = f"{_FACTS} WHERE d.id = $1"
_OF_PAIR: Final = f"{_FACTS} WHERE d.older_id = $1 AND d.newer_id = $2 ORDER BY d.dismissed_at DESC, d.id DESC LIMIT 1"
_OF_MEMBER: Final = f"{_FACTS} WHERE (d.older_id = $1 OR d.newer_id = $1) AND d.restored_at IS NULL"
# Two that were made one all the same are not told of: their merge is.
_PAGE: Final = f"""
{_FACTS} WHERE d.restored_at IS NULL AND o.status = 'ACTIVE' AND n.status = 'ACTIVE'
    AND ($1::timestamptz IS NULL OR (d.dismissed_at, d.id) < ($1, $2::uuid)) ORDER BY d.dismissed_at DESC, d.id DESC LIMIT $3
"""
_STANDING: Final = "SELECT id, signs FROM dismissed_pair WHERE older_id = $1 AND newer_id = $2 AND restored_at IS NULL"
_KEEP: Final = """
INSERT INTO dismissed_pair (id, older_id, newer_id, signs, reason, dismissed_by, dismissed_at)
VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7)
"""
_WIDEN: Final = """
UPDATE dismissed_pair SET signs = $2::jsonb, reason = $3, dismissed_by = $4, dismissed_at = $5 WHERE id = $1
"""
_LOCKED: Final = "SELECT older_id, newer_id, restored_at FROM dismissed_pair WHERE id = $1 FOR UPDATE"
_RESTORE: Final = "UPDATE dismissed_pair SET restored_at = $2, restored_by = $3, restore_reason = $4 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Two profiles that are not one person's by what they had in common then; `restored_at` once that is taken back."""

    id: UUID
    older: UUID
    older_number: str
    newer: UUID
    newer_number: str
    signs: tuple[str, ...]
    reason: str
    dismissed_at: datetime
    restored_at: datetime | None
    restore_reason: str | None

    def covers(self, signs: tuple[str, ...]) -> bool:
        """Whether it was said knowing all of these."""
        return set(signs) <= set(self.signs)


@dataclass(frozen=True, slots=True)
class DismissCommand:
    """Which two profiles are two people's, why, and the key of the command."""

    one: UUID
    other: UUID
    reason: str
    key: str


async def dismiss(actor: Actor, wish: DismissCommand, *, resources: Resources, now: datetime) -> Dismissal:
    """Say that two profiles are two people's; said already by all they have in common, nothing is written anew.

    Raises FORBIDDEN; KEY_REUSED; INVALID_INPUT for one and the same, and for two with nothing in common; NOT_FOUND for whoever is
    not an active member.
    """
    why = reason_of(wish.reason, field="input.reason")
    if wish.one == wish.other:
        raise Refusal(Code.INVALID_INPUT, "merging.same", field="input.other")
    older, newer = sorted((wish.one, wish.other))
    async with acting(actor, RIGHT, "member.apart", resources=resources, now=now, reason=why) as act:
        act.require(PROGRAMME)
        if await act.is_first("dismissPair", wish.key, older, newer, why, about=newer, field=once.FIELD):
            await _dismiss(act, wish, older, newer, why)
    row = await database.fetchrow(_OF_PAIR, older, newer)
    assert row is not None  # noqa: S101 - it was said
    return _facts(row)


async def restore(
    actor: Actor, dismissal: UUID, *, reason: str, key: str, resources: Resources, now: datetime
) -> Dismissal:
    """Take it back: the pair may be suspected again. Raises FORBIDDEN; KEY_REUSED; NOT_FOUND; INVALID_INPUT where it was before."""
    why = reason_of(reason)
    async with acting(actor, RIGHT, "member.alike", resources=resources, now=now, reason=why) as act:
        act.require(PROGRAMME)
        if await act.is_first("restorePair", key, dismissal, why, about=dismissal, field=KEY):
            row = await act.tx.fetchrow(_LOCKED, dismissal)
            if row is None:
                raise _unknown()
            if row["restored_at"] is not None:
                raise Refusal(Code.INVALID_INPUT, "merging.restored", field="dismissal")
            await act.tx.execute(_RESTORE, dismissal, now, act.actor.id, why)
            act.record("member", row["newer_id"], before={"not_the_same_as": str(row["older_id"])})
    row = await database.fetchrow(_ONE, dismissal)
    assert row is not None  # noqa: S101 - it was there
    return _facts(row)


async def of_member(member: UUID) -> dict[UUID, Dismissal]:
    """What stands about a member and others, by the other one."""
    found = [_facts(row) for row in await database.fetch(_OF_MEMBER, member)]
    return {(one.newer if one.older == member else one.older): one for one in found}


async def page(*, rows: int, after: tuple[datetime, UUID] | None) -> list[Dismissal]:
    """What stands about two active profiles, the newest first, after the (moment, id) of one."""
    at, dismissal = after or (None, None)
    return [_facts(row) for row in await database.fetch(_PAGE, at, dismissal, rows)]


async def _dismiss(act: Act, wish: DismissCommand, older: UUID, newer: UUID, why: str) -> None:
    tx = act.tx
    there = await locking.statuses(tx, [older, newer])
    for member, field in ((wish.one, "input.one"), (wish.other, "input.other")):
        if there.get(member) != "ACTIVE":
            raise Refusal(Code.NOT_FOUND, "member.not_found", field=field)
    signs = await evidence_of(tx, older, newer)
    if not signs:
        raise Refusal(Code.INVALID_INPUT, "merging.not_alike", field="input.other")
    standing, told = await tx.fetchrow(_STANDING, older, newer), orjson.dumps(signs).decode()
    if standing is None:
        await tx.execute(_KEEP, uuid7(), older, newer, told, why, act.actor.id, act.now)
    elif set(signs) <= set(orjson.loads(standing["signs"])):
        return
    else:
        await tx.execute(_WIDEN, standing["id"], told, why, act.actor.id, act.now)
    act.record("member", newer, after={"not_the_same_as": str(older), "evidence": signs})


def _unknown() -> Refusal:
    return Refusal(Code.NOT_FOUND, "merging.unknown_dismissal", field="dismissal")


def _facts(row: Record) -> Dismissal:
    return Dismissal(
        id=row["id"],
        older=row["older_id"],
        older_number=row["older_number"],
        newer=row["newer_id"],
        newer_number=row["newer_number"],
        signs=tuple(orjson.loads(row["signs"])),
        reason=row["reason"],
        dismissed_at=row["dismissed_at"],
        restored_at=row["restored_at"],
        restore_reason=row["restore_reason"],
    )
