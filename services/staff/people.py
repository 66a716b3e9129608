"""People of the staff as administrators see them: lists, invitations, changes, blocks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Access, Scope
from models import database
from models.database import Record
from services.audit import Actor
from services.staff.acting import Act
from services.staff.sessions import HELD, access_of

ADMIN: Final = "admin.manage"
_SELECT: Final = f"""
SELECT a.id, a.email, a.name, a.phone, a.partner, a.comment, a.locale, a.status, a.version, a.created_at, a.changed_at,
    (SELECT name FROM staff WHERE id = a.changed_by) AS changed_by,
    (SELECT max(last_seen_at) FROM staff_session WHERE staff_id = a.id) AS last_seen_at,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role_id, 'right', g.right_code, 'scope', g.scope,
        'at', g.granted_at, 'by', b.name) ORDER BY g.granted_at, g.id), '[]')
     FROM staff_grant AS g LEFT JOIN staff AS b ON b.id = g.granted_by WHERE g.staff_id = a.id) AS grants,
    {HELD} AS held
FROM staff AS a
"""  # noqa: S608 - a constant
_PAGE: Final = f"""{_SELECT}
WHERE ($2::timestamptz IS NULL OR (a.created_at, a.id) < ($2, $3)) AND ($4::text[] IS NULL OR a.partner = ANY ($4))
    AND ($5::text IS NULL OR a.status = $5)
    AND ($6::text IS NULL OR position(lower($6) IN lower(a.name)) > 0 OR position(lower($6) IN a.email) > 0)
ORDER BY a.created_at DESC, a.id DESC LIMIT $1
"""
_GRANTERS: Final = """
SELECT DISTINCT ON (a.id) a.id, a.name FROM staff_grant AS g JOIN staff AS a ON a.id = g.staff_id AND a.status = 'ACTIVE'
LEFT JOIN staff_role AS o ON o.id = g.role_id
WHERE g.scope = '' AND 'grant.manage' = ANY (coalesce(o.rights, ARRAY[g.right_code::text])) ORDER BY a.id LIMIT 3
"""


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A role or a single right that somebody holds, where, since when and by whom; no giver: the operator."""

    role: UUID | None
    right: str | None
    scope: Scope
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFacts:
    """Somebody of the staff."""

    id: UUID
    email: str
    name: str
    phone: str | None
    partner: str | None
    comment: str
    locale: str
    status: str
    version: int
    created_at: datetime
    changed_at: datetime
    changed_by: str | None
    last_seen_at: datetime | None
    grants: tuple[GrantFacts, ...]
    access: Access

    @property
    def home(self) -> Scope:
        """Where the person belongs: whoever administers that place administers the person."""
        return PROGRAMME if self.partner is None else Scope((self.partner,))


async def page(
    access: Access,
    *,
    rows: int,
    after: tuple[datetime, UUID] | None = None,
    search: str | None = None,
    status: str | None = None,
) -> list[StaffFacts]:
    """At most `rows` people, newest first, of the places whose administrators may be managed with this access."""
    at, last = after or (None, None)
    partners = access.partners(ADMIN)
    narrowed = (None if partners is None else sorted(partners), status, search)
    return [facts_of(row) for row in await database.fetch(_PAGE, rows, at, last, *narrowed)]


async def one(access: Access, staff_id: UUID, *, right: str = ADMIN) -> StaffFacts:
    """Somebody of a place that this access administers. Raises NOT_FOUND for everybody else, there or not."""
    row = await database.fetchrow(f"{_SELECT} WHERE a.id = $1", staff_id)
    found = None if row is None else facts_of(row)
    if found is None or not access.within(right, found.home):
        raise Refusal(Code.NOT_FOUND, "staff.not_found", field="id")
    return found


async def by_id(ids: Collection[UUID]) -> dict[UUID, StaffFacts]:
    """People by their ids, which stand in something that the reader may see."""
    rows = await database.fetch(f"{_SELECT} WHERE a.id = ANY ($1)", list(ids))
    return {row["id"]: facts_of(row) for row in rows}


async def locked(act: Act, staff_id: UUID) -> StaffFacts:
    """Somebody to be changed by the one who acts.

    Raises NOT_FOUND outside the actor's places, FORBIDDEN for oneself and for whoever holds what the actor lacks: a right
    cannot be taken over by taking over its holder.
    """
    await act.tx.execute("SELECT 1 FROM staff WHERE id = $1 FOR NO KEY UPDATE", staff_id)
    found = await one(act.actor.access, staff_id, right=act.right)
    if found.id == act.actor.id:
        raise Refusal(Code.FORBIDDEN, "staff.oneself")
    if not act.actor.access.covers(found.access):
        raise Refusal(Code.FORBIDDEN, "staff.beyond")
    return found


def is_editable(actor: Actor, found: StaffFacts) -> bool:
    """Whether `locked` would let this person be changed."""
    return found.id != actor.id and actor.access.within(ADMIN, found.home) and actor.access.covers(found.access)


async def administrators() -> list[str]:
    """Names of at most three people who may grant rights in the whole programme, whoever was here longest first."""
    return [row["name"] for row in await database.fetch(_GRANTERS)]


def facts_of(row: Record) -> StaffFacts:
    """A row of the staff."""
    plain: Mapping[str, Any] = {name: value for name, value in row.items() if name not in {"grants", "held"}}
    return StaffFacts(
        **plain,
        grants=tuple(
            GrantFacts(
                role=None if grant["role"] is None else UUID(grant["role"]),
                right=grant["right"],
                scope=Scope.parse(grant["scope"]),
                at=datetime.fromisoformat(grant["at"]),
                by=grant["by"],
            )
            for grant in orjson.loads(row["grants"])
        ),
        access=access_of(row["held"]),
    )
