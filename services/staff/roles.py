"""Roles: named sets of rights, which an installation starts with and then changes as it likes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.rights import PRESETS
from loyalty.scopes import Access
from loyalty.texts import Text
from models import database
from models.database import Record
from models.ids import uuid7
from services.staff.people import ADMIN
from services.work import Work

_PRESET: Final = """
INSERT INTO staff_role (id, code, name_ru, name_en, rights, version, changed_at) VALUES ($1, $2, $3, $4, $5, 1, $6)
ON CONFLICT (code) DO NOTHING
"""
SELECT: Final = """
SELECT o.id, o.code, o.name_ru, o.name_en, o.rights, o.version, o.changed_at,
    (SELECT name FROM staff WHERE id = o.changed_by) AS changed_by,
    (SELECT count(DISTINCT g.staff_id) FROM staff_grant AS g WHERE g.role_id = o.id) AS holders
FROM staff_role AS o
"""
_HOLDERS: Final = """
SELECT g.role_id, count(DISTINCT a.id) AS holders FROM staff_grant AS g JOIN staff AS a ON a.id = g.staff_id
WHERE a.partner = ANY ($1) GROUP BY g.role_id
"""


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """A role, how many people hold it, and who changed it last."""

    id: UUID
    code: str
    name: Text
    rights: tuple[str, ...]
    version: int
    changed_at: datetime
    changed_by: str | None
    holders: int


async def all_roles() -> list[RoleFacts]:
    """Every role, in the order of their making."""
    return [facts_of(row) for row in await database.fetch(f"{SELECT} ORDER BY o.id")]


async def seen_by(access: Access) -> list[RoleFacts]:
    """Every role, with its holders among the people whom this access administers (INV-22)."""
    mine, found = access.partners(ADMIN), await all_roles()
    if mine is None:
        return found
    holders = {row["role_id"]: row["holders"] for row in await database.fetch(_HOLDERS, sorted(mine))}
    return [replace(role, holders=holders.get(role.id, 0)) for role in found]


async def by_id() -> dict[UUID, RoleFacts]:
    """Every role by its id; there are few."""
    return {role.id: role for role in await all_roles()}


async def ensure_presets(tx: Work, now: datetime) -> None:
    """Write the roles an installation starts with, those that are not there. A role that was changed stays changed."""
    for preset in PRESETS:
        names = (preset.name.ru, preset.name.en or preset.name.ru)
        await tx.execute(_PRESET, uuid7(), preset.code, *names, list(preset.rights), now)


async def role_of_code(code: str) -> RoleFacts:
    """The role of a code. Raises NOT_FOUND."""
    row = await database.fetchrow(f"{SELECT} WHERE o.code = $1", code)
    if row is None:
        raise Refusal(Code.NOT_FOUND, "staff.role_not_found", field="role")
    return facts_of(row)


def facts_of(row: Record) -> RoleFacts:
    """A row of `SELECT`."""
    return RoleFacts(
        id=row["id"],
        code=row["code"],
        name=Text(row["name_ru"], row["name_en"]),
        rights=tuple(row["rights"]),
        version=row["version"],
        changed_at=row["changed_at"],
        changed_by=row["changed_by"],
        holders=row["holders"],
    )
