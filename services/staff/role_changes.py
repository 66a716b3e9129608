"""Changing what a role means: for everybody who holds it at once, so by whoever holds all of it everywhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty import rights
from loyalty.refusals import Code, Refusal
from loyalty.rights import NEED_TWO, RIGHTS
from loyalty.scopes import PROGRAMME, Scope
from loyalty.texts import clean
from models.database import Violation
from models.ids import uuid7
from services.audit import Actor
from services.resources import Resources
from services.staff import four_eyes, roles
from services.staff.acting import Act, acting, reason_of
from services.staff.four_eyes import GrantRequestFacts
from services.staff.grants import GRANT
from services.staff.roles import RoleFacts

NAME_LENGTH_MAX: Final = 100
CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]", re.ASCII)

_INSERT: Final = """
INSERT INTO staff_role (id, code, name_ru, name_en, rights, version, changed_at, changed_by)
VALUES ($1, $2, $3, $4, $5, 1, $6, $7)
"""
_UPDATE: Final = """
UPDATE staff_role SET code = $2, name_ru = $3, name_en = $4, rights = $5, version = version + 1, changed_at = $6,
    changed_by = $7 WHERE id = $1
"""
_SCOPES: Final = "SELECT DISTINCT scope FROM staff_grant WHERE role_id = $1"
_HOLDS: Final = "SELECT 1 FROM staff_grant WHERE role_id = $1 AND staff_id = $2 LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleForm:
    """A role as it is to be."""

    code: str
    name_ru: str
    name_en: str
    rights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """Somebody changed the role meanwhile; this is how it stands now."""

    role: RoleFacts


@dataclass(frozen=True, slots=True)
class RoleSaved:
    """The role, and the request that its change waits in, where it gives right 1 or 2 to somebody."""

    role: RoleFacts
    request: GrantRequestFacts | None = None


async def save(
    actor: Actor,
    role_id: UUID | None,
    version: int | None,
    form: RoleForm,
    *,
    reason: str,
    resources: Resources,
    now: datetime,
) -> RoleSaved | RoleChanged:
    """Make a role, or change one for everybody who holds it.

    Raises FORBIDDEN for whoever lacks a right that is added or taken, anywhere in the programme, and for a role that the
    actor holds; INVALID_INPUT for a faulty form. Gives how the role stands where somebody was quicker.
    """
    read, why = _read(form), reason_of(reason, field="input.reason")
    try:
        async with acting(actor, GRANT, "role.save", resources=resources, now=now, reason=why, alone=True) as act:
            act.require(PROGRAMME)
            before = None if role_id is None else (await roles.by_id()).get(role_id)
            if role_id is not None and before is None:
                raise Refusal(Code.NOT_FOUND, "staff.role_not_found", field="input.id")
            if before is not None and before.version != version:
                return RoleChanged(before)
            added = await _checked(act, before, read)
            if before is not None and before.holders and added & NEED_TWO:
                wanted = {"code": read.code, "ru": read.name_ru, "en": read.name_en, "rights": list(read.rights)}
                pairs = {"added": [[code, ""] for code in sorted(added)], "removed": _lost(before, read)}
                return RoleSaved(before, await four_eyes.ask(act, wanted=wanted, difference=pairs, role=before))
            return RoleSaved(await write(act, before, read))
    except Violation as violation:
        if violation.constraint.startswith("uid_staff_role") or "code" in violation.constraint:
            raise Refusal(Code.INVALID_INPUT, "staff.role_code_taken", field="input.code") from None
        raise


async def write(act: Act, before: RoleFacts | None, form: RoleForm) -> RoleFacts:
    """Keep a role as it is to be, and write down what changed."""
    role_id = uuid7() if before is None else before.id
    values = (form.code, form.name_ru, form.name_en, list(form.rights), act.now, act.actor.id)
    await act.tx.execute(_INSERT if before is None else _UPDATE, role_id, *values)
    was = None if before is None else {"code": before.code, "name": before.name.ru, "rights": sorted(before.rights)}
    act.record(
        "role", role_id, before=was, after={"code": form.code, "name": form.name_ru, "rights": sorted(form.rights)}
    )
    return (await roles.by_id())[role_id]


async def _checked(act: Act, before: RoleFacts | None, form: RoleForm) -> frozenset[str]:
    """The rights that are added, if the actor may make this change."""
    held = frozenset(() if before is None else before.rights)
    wanted = frozenset(form.rights)
    if before is not None:
        if await act.tx.fetchval(_HOLDS, before.id, act.actor.id):
            raise Refusal(Code.FORBIDDEN, "staff.oneself")
        for row in await act.tx.fetch(_SCOPES, before.id):
            scope = Scope.parse(row["scope"])
            for code in sorted(wanted):
                if not rights.holdable(code, scope):
                    raise Refusal(
                        Code.INVALID_INPUT, "staff.role_held_narrower", field="input.rights", right=RIGHTS[code].name
                    )
    for code in sorted(held ^ wanted):
        if code in RIGHTS and not act.actor.access.everywhere(code):
            raise Refusal(Code.FORBIDDEN, "staff.right_not_yours", right=RIGHTS[code].name)
    access = rights.effective((code, PROGRAMME) for code in wanted)
    for right, required, _ in rights.missing_requirements(access):
        name, needed = RIGHTS[right].name, RIGHTS[required].name
        raise Refusal(Code.INVALID_INPUT, "staff.right_requires", field="input.rights", right=name, required=needed)
    return wanted - held


def _lost(before: RoleFacts, form: RoleForm) -> Sequence[Sequence[str]]:
    return [[code, ""] for code in sorted(set(before.rights) - set(form.rights))]


def _read(form: RoleForm) -> RoleForm:
    if not CODE.fullmatch(form.code):
        raise Refusal(Code.INVALID_INPUT, "staff.role_code", field="input.code")
    if not form.rights or len(form.rights) > len(RIGHTS):
        raise Refusal(Code.INVALID_INPUT, "staff.role_empty", field="input.rights")
    for number, code in enumerate(form.rights):
        if code not in RIGHTS:
            raise Refusal(Code.INVALID_INPUT, "staff.right_not_found", field=f"input.rights.{number}")
    return RoleForm(
        code=form.code,
        name_ru=clean(form.name_ru, field="input.nameRu", length_max=NAME_LENGTH_MAX).strip(),
        name_en=clean(form.name_en, field="input.nameEn", length_max=NAME_LENGTH_MAX).strip(),
        rights=tuple(code for code in RIGHTS if code in set(form.rights)),
    )


def form_of_request(wanted: dict[str, object]) -> RoleForm:
    """The role that a request asks for."""
    asked = wanted["rights"]
    codes = tuple(str(code) for code in asked) if isinstance(asked, list) else ()
    return RoleForm(code=str(wanted["code"]), name_ru=str(wanted["ru"]), name_en=str(wanted["en"]), rights=codes)
