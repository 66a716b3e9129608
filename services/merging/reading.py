"""Merges as they are read, what two profiles have in common, and where an old id leads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services.work import Work

FOUND_MAX: Final = 10
_CASES: Final = """
SELECT c.id, c.survivor_id, c.duplicate_id, c.state, c.evidence, c.reason, c.merged_at, c.undoable_until, c.undone_at,
    c.undo_reason, s.number AS survivor_number, d.number AS duplicate_number
FROM merge_case AS c JOIN member AS s ON s.id = c.survivor_id JOIN member AS d ON d.id = c.duplicate_id
"""
_NEWEST_FIRST: Final = "ORDER BY c.merged_at DESC, c.id DESC"
_ONE: Final = f"{_CASES} WHERE c.id = $1"
_OF_MEMBER: Final = f"{_CASES} WHERE c.survivor_id = $1 OR c.duplicate_id = $1 {_NEWEST_FIRST}"
_PAGE: Final = f"""
{_CASES} WHERE $1::timestamptz IS NULL OR (c.merged_at, c.id) < ($1, $2::uuid) {_NEWEST_FIRST} LIMIT $3
"""
# What `m` and `o` have in common. Names in any letters, Ё as Е: people write them so.
COMMON: Final = """
    coalesce((SELECT max(value) FROM contact WHERE member_id = o.id AND kind = 'PHONE')
        = (SELECT max(value) FROM contact WHERE member_id = m.id AND kind = 'PHONE'), false) AS "PHONE",
    coalesce((SELECT max(value) FROM contact WHERE member_id = o.id AND kind = 'EMAIL')
        = (SELECT max(value) FROM contact WHERE member_id = m.id AND kind = 'EMAIL'), false) AS "EMAIL",
    translate(lower(m.last_name || '|' || m.first_name), 'ё', 'е')
        = translate(lower(o.last_name || '|' || o.first_name), 'ё', 'е') AS "NAMES",
    coalesce(m.birth_date = o.birth_date, false) AS "BIRTH_DATE"
"""
_ALIKE: Final = f"""
SELECT m.id, m.number, {COMMON}
FROM member AS o JOIN member AS m ON m.id <> o.id AND m.id = ANY ($2::uuid[]) WHERE o.id = $1
"""  # noqa: S608 - a constant
_CANDIDATES: Final = """
SELECT near.id FROM (
    (SELECT shared.id FROM contact AS a CROSS JOIN LATERAL (
        SELECT b.member_id AS id FROM contact AS b JOIN member AS m ON m.id = b.member_id
        WHERE b.kind = a.kind AND b.value = a.value AND b.member_id <> $1 AND m.status = 'ACTIVE'
        ORDER BY b.member_id DESC LIMIT $2
    ) AS shared WHERE a.member_id = $1)
    UNION
    (SELECT m.id FROM member AS o JOIN member AS m
        ON m.birth_date = o.birth_date AND m.last_name = o.last_name AND m.first_name = o.first_name
    WHERE o.id = $1 AND m.status = 'ACTIVE' AND m.id <> $1 ORDER BY m.id DESC LIMIT $2)
) AS near ORDER BY near.id DESC LIMIT $2
"""
_SIGNS: Final = ("PHONE", "EMAIL", "NAMES", "BIRTH_DATE")
_RESOLVE: Final = """
WITH RECURSIVE chain (id, merged_into) AS (
    SELECT id, merged_into FROM member WHERE id = $1
    UNION ALL
    SELECT m.id, m.merged_into FROM chain AS c JOIN member AS m ON m.id = c.merged_into
)
SELECT id FROM chain WHERE merged_into IS NULL
"""


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """A merge as it stands: MERGED, SEALED once its time to be undone is over, or UNDONE."""

    id: UUID
    survivor: UUID
    survivor_number: str
    duplicate: UUID
    duplicate_number: str
    state: str
    evidence: tuple[str, ...]
    reason: str
    merged_at: datetime
    undoable_until: datetime
    undone_at: datetime | None
    undo_reason: str | None


@dataclass(frozen=True, slots=True)
class Alike:
    """Another active profile, and what it has in common: PHONE, EMAIL, NAMES, BIRTH_DATE."""

    id: UUID
    number: str
    signs: tuple[str, ...]


async def find(case: UUID, now: datetime) -> MergeFacts:
    """One merge. Raises NOT_FOUND."""
    row = await database.fetchrow(_ONE, case)
    if row is None:
        raise Refusal(Code.NOT_FOUND, "merging.unknown", field="merge")
    return _facts(row, now)


async def of_member(member: UUID, now: datetime) -> list[MergeFacts]:
    """Every merge that a member took part in, as either of the two, the newest first."""
    return [_facts(row, now) for row in await database.fetch(_OF_MEMBER, member)]


async def page(*, rows: int, after: tuple[datetime, UUID] | None, now: datetime) -> list[MergeFacts]:
    """Merges of all members, the newest first, after the (moment, id) of one."""
    at, case = after or (None, None)
    return [_facts(row, now) for row in await database.fetch(_PAGE, at, case, rows)]


async def alike(member: UUID) -> list[Alike]:
    """Active profiles that may be the same person's: one contact, or names and birth date; ten at most."""
    ids = [row["id"] for row in await database.fetch(_CANDIDATES, member, FOUND_MAX)]
    return [Alike(row["id"], row["number"], signs_of(row)) for row in await database.fetch(_ALIKE, member, ids)]


async def evidence_of(tx: Work, one: UUID, other: UUID) -> list[str]:
    """What two profiles have in common."""
    row = await tx.fetchrow(_ALIKE, one, [other])
    return [] if row is None else list(signs_of(row))


async def resolve(member: UUID) -> UUID | None:
    """The profile that an id leads to, through every merge that stands; None for an id nobody ever had."""
    found: UUID | None = await database.fetchval(_RESOLVE, member)
    return found


def signs_of(row: Record) -> tuple[str, ...]:
    """What the columns of COMMON say."""
    return tuple(sign for sign in _SIGNS if row[sign])


def _facts(row: Record, now: datetime) -> MergeFacts:
    is_sealed = row["state"] == "MERGED" and now >= row["undoable_until"]
    return MergeFacts(
        id=row["id"],
        survivor=row["survivor_id"],
        survivor_number=row["survivor_number"],
        duplicate=row["duplicate_id"],
        duplicate_number=row["duplicate_number"],
        state="SEALED" if is_sealed else row["state"],
        evidence=tuple(orjson.loads(row["evidence"])),
        reason=row["reason"],
        merged_at=row["merged_at"],
        undoable_until=row["undoable_until"],
        undone_at=row["undone_at"],
        undo_reason=row["undo_reason"],
    )
