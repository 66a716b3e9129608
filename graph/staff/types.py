"""The person at the panel, rights, and the places where they hold."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from graph.words import Locale
from loyalty import rights as table
from loyalty.programme import Programme
from loyalty.rights import RightGroup
from loyalty.scopes import Scope as Place
from loyalty.scopes import ScopeKind
from loyalty.texts import Text
from services.staff import people
from services.staff.sessions import IDLE, StaffSession

strawberry.enum(ScopeKind, description="How wide a scope is, the widest first.")
strawberry.enum(RightGroup, description="The groups of the table of rights, in the order they are shown.")
_WHOLE = Text("Вся программа", "Whole programme")
_TILL = Text("касса", "till")


@strawberry.type(description="Where a right holds.")
class Scope:
    """Where a right holds."""

    kind: ScopeKind
    partner: strawberry.ID | None
    outlet: strawberry.ID | None
    till: strawberry.ID | None
    name: str = strawberry.field(description="As people call it, in the reader's language.")

    @classmethod
    def of(cls, place: Place, programme: Programme, locale: Locale) -> Self:
        """A place as the programme names it now; one that was retired is called by its id."""
        names = [_WHOLE.in_locale(locale)] if place.partner is None else []
        for slug, known in ((place.partner, programme.partners_by_id), (place.outlet, programme.outlets_by_id)):
            if slug is not None:
                names.append(known[slug].name.in_locale(locale) if slug in known else slug)
        if place.till is not None:
            names.append(f"{_TILL.in_locale(locale)} {place.till[-12:]}")
        return cls(
            kind=place.kind,
            partner=_id(place.partner),
            outlet=_id(place.outlet),
            till=_id(place.till),
            name=" · ".join(names),
        )


@strawberry.type(description="A right that is held, and where.")
class HeldRight:
    """A right that is held, and where."""

    code: strawberry.ID
    scope: Scope

    @classmethod
    def of(cls, pair: tuple[str, Place], programme: Programme, locale: Locale) -> Self:
        """A pair of right and place."""
        return cls(code=strawberry.ID(pair[0]), scope=Scope.of(pair[1], programme, locale))


@strawberry.type(description="A right of the closed table.")
class Right:
    """A right of the closed table."""

    code: strawberry.ID
    number: int | None = strawberry.field(description="Its place in the list of 23; null for those that came later.")
    name: str
    group: RightGroup
    group_name: str
    requires: list[strawberry.ID] = strawberry.field(description="Rights it stands on, to be held where it is held.")
    scopes: list[ScopeKind] = strawberry.field(description="How wide it may be held.")
    needs_two: bool = strawberry.field(description="Whether a second holder approves its granting.")

    @classmethod
    def of(cls, right: table.Right, locale: Locale) -> Self:
        """A row of the table."""
        return cls(
            code=strawberry.ID(right.code),
            number=right.number,
            name=right.name.in_locale(locale),
            group=right.group,
            group_name=table.GROUP_NAMES[right.group].in_locale(locale),
            requires=[strawberry.ID(code) for code in right.requires],
            scopes=list(right.scopes),
            needs_two=right.needs_two,
        )


@strawberry.type(description="The person of the staff who asks, with the rights of this moment.")
class Staff:
    """The person of the staff who asks."""

    id: UUID
    email: str
    name: str
    phone: str | None
    partner: strawberry.ID | None = strawberry.field(description="The asset the person belongs to.")
    rights: list[HeldRight] = strawberry.field(
        description="By roles and singly; a right may stand with several scopes."
    )
    session_ends_at: datetime = strawberry.field(description="When the session ends, however much it is used.")
    session_seconds: int = strawberry.field(description="Whole seconds until then: the clock of a page may be wrong.")
    idle_seconds: int = strawberry.field(description="After how long without a request it ends.")
    recovery_codes_left: int

    @strawberry.field(
        description="Whom to ask for a right: names of at most three who may grant in the whole programme."
    )
    async def administrators(self) -> list[str]:
        """Whom to ask for a right."""
        return await people.administrators()

    @classmethod
    def of(cls, session: StaffSession, programme: Programme, locale: Locale, now: datetime) -> Self:
        """The person behind a session."""
        return cls(
            id=session.staff_id,
            email=session.email,
            name=session.name,
            phone=session.phone,
            partner=_id(session.partner),
            rights=[HeldRight.of(pair, programme, locale) for pair in session.access.pairs],
            session_ends_at=session.expires_at,
            session_seconds=int((session.expires_at - now).total_seconds()),
            idle_seconds=int(IDLE.total_seconds()),
            recovery_codes_left=session.recovery_codes_left,
        )


def _id(slug: str | None) -> strawberry.ID | None:
    return None if slug is None else strawberry.ID(slug)
