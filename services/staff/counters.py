"""Tills as the staff run them: those of the places whose points of sale they manage, and no others (INV-22)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from loyalty.scopes import Access, Scope
from loyalty.texts import clean
from models import database
from models.database import Record
from services import programmes, tills
from services.audit import Actor
from services.resources import Resources
from services.staff import grants
from services.staff.acting import acting, reason_of
from services.tills import SCOPES, SCOPES_OF_BEFORE, SYSTEM_ONLY, TillKind

POS: Final = "pos.manage"
NAME_LENGTH_MAX: Final = 100

_SELECT: Final = (
    "SELECT id, name, partner, outlet, kind, channels, scopes, per_minute, created_at, revoked_at FROM till"
)
_PAGE: Final = f"""{_SELECT}
WHERE ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3)) AND ($4::text IS NULL OR partner = $4)
    AND ($5 OR partner = ANY ($6) OR outlet = ANY ($7))
ORDER BY created_at DESC, id DESC LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Counter:
    """A till as it is run; its key is nowhere."""

    id: UUID
    name: str
    scope: Scope
    kind: str
    channels: tuple[str, ...]
    created_at: datetime
    ended_at: datetime | None
    scopes: tuple[str, ...] = SCOPES
    per_minute: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterForm:
    """A till to be added."""

    name: str
    partner: str
    outlet: str
    kind: TillKind
    channels: tuple[str, ...]
    scopes: tuple[str, ...] = SCOPES
    per_minute: int | None = None


async def page(
    access: Access, *, rows: int, after: tuple[datetime, UUID] | None = None, partner: str | None = None
) -> list[Counter]:
    """At most `rows` tills of the places this access manages, the newest first, ended ones too."""
    at, last = after or (None, None)
    held = access.scopes.get(POS, ())
    partners = [scope.path[0] for scope in held if scope.partner is not None and scope.outlet is None]
    outlets = [scope.path[1] for scope in held if scope.outlet is not None]
    narrowed = (partner, access.everywhere(POS), partners, outlets)
    return [_counter(row) for row in await database.fetch(_PAGE, rows, at, last, *narrowed)]


async def add(
    actor: Actor, form: CounterForm, *, reason: str, resources: Resources, now: datetime
) -> tuple[Counter, str]:
    """Add a till and give its key, which is shown this once.

    Raises FORBIDDEN outside the actor's places, INVALID_INPUT for a faulty form.
    """
    why, programme = reason_of(reason, field="input.reason"), await programmes.current(now)
    name = clean(form.name, field="input.name", length_max=NAME_LENGTH_MAX).strip()
    scope = await _scope(programme, form)
    if not form.channels or (form.kind == "ORDINARY" and SYSTEM_ONLY.intersection(form.channels)):
        raise Refusal(Code.INVALID_INPUT, "till.channels", field="input.channels")
    tills.checked_scopes(form.scopes, form.per_minute, path="input.")
    async with acting(actor, POS, "till.add", resources=resources, now=now, reason=why) as act:
        act.require(scope)
        channels = list(dict.fromkeys(form.channels))
        till, key = await tills.add_till(
            name,
            form.partner,
            form.outlet,
            kind=form.kind,
            channels=channels,
            now=now,
            scopes=form.scopes,
            per_minute=form.per_minute,
        )
        kept = {"name": name, "kind": form.kind, "channels": channels, "scopes": list(till.scopes)}
        act.record("till", till.id, scope=scope, after=kept)
        return await _one(till.id), key


async def end(actor: Actor, till_id: UUID, *, reason: str, resources: Resources, now: datetime) -> Counter:
    """End a till, its key and its paired pages, at once. Ending it twice is no mistake.

    Raises NOT_FOUND for a till outside the actor's places, there or not.
    """
    why = reason_of(reason)
    async with acting(actor, POS, "till.end", resources=resources, now=now, reason=why) as act:
        row = await database.fetchrow(f"{_SELECT} WHERE id = $1", till_id)
        if row is None or not act.actor.access.within(POS, _counter(row).scope):
            raise Refusal(Code.NOT_FOUND, "staff.unknown_till", field="id")
        if await tills.revoke(till_id, now):
            found = _counter(row)
            act.record(
                "till", till_id, scope=found.scope, before={"name": found.name, "ended": False}, after={"ended": True}
            )
        return await _one(till_id)


async def _scope(programme: Programme, form: CounterForm) -> Scope:
    return await grants.place(programme, partner=form.partner, outlet=form.outlet, till=None, field="input")


async def _one(till_id: UUID) -> Counter:
    row = await database.fetchrow(f"{_SELECT} WHERE id = $1", till_id)
    assert row is not None  # noqa: S101 - tills are never deleted
    return _counter(row)


def _counter(row: Record) -> Counter:
    return Counter(
        id=row["id"],
        name=row["name"],
        scope=Scope((row["partner"], row["outlet"])),
        kind=row["kind"],
        channels=tuple(row["channels"]),
        created_at=row["created_at"],
        ended_at=row["revoked_at"],
        scopes=SCOPES_OF_BEFORE if row["scopes"] is None else tuple(row["scopes"]),
        per_minute=row["per_minute"],
    )
