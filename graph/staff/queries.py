"""Who is at the panel, whom a link invites, the table of rights; people, roles, requests and the log."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

import strawberry

from graph.context import Info, StaffViewer
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import needs, public, staff
from graph.staff.changes import GrantInput
from graph.staff.log import AuditEvent, AuditPage
from graph.staff.members import MemberCard
from graph.staff.people import GrantDiff, GrantRequest, Role, StaffMember, StaffPage, StaffStatus, View
from graph.staff.places import TillEntry, TillPage
from graph.staff.results import StaffInvitation
from graph.staff.types import Right, Staff
from graph.staff.wishes import wanted
from loyalty.refusals import Code, Refusal
from loyalty.rights import RIGHTS
from services import audit, programmes
from services.staff import counters, deciding, enrolling, lookups, people
from services.staff import grants as giving
from services.staff import roles as known_roles

ADMIN = "admin.manage"
GRANT = "grant.manage"


@strawberry.type
class StaffQueries:
    """Who is at the panel, whom a link invites, and the table of rights."""

    @strawberry.field(
        extensions=[public()], description="The person of the staff who asks; null when nobody is signed in."
    )
    async def viewer(self, info: Info) -> Staff | None:
        """The person of the staff who asks."""
        context = info.context
        if not isinstance(context.viewer, StaffViewer):
            return None
        return Staff.of(context.viewer.session, await programmes.current(context.now), context.locale, context.now)

    @strawberry.field(
        extensions=[public()], description="Whom a link invites; null for one that is unknown, used or too old."
    )
    async def staff_invitation(self, info: Info, token: str) -> StaffInvitation | None:
        """Whom a link invites."""
        found = await enrolling.invitation(token, info.context.now)
        if found is None:
            return None
        return StaffInvitation(email=found.email, name=found.name, expires_at=found.expires_at)

    @strawberry.field(extensions=[staff()], description="Every right there is, in order.")
    async def rights(self, info: Info) -> list[Right]:
        """Every right there is."""
        return [Right.of(right, info.context.locale) for right in RIGHTS.values()]

    @strawberry.field(
        extensions=[needs(ADMIN)], description="People of the places whose administrators the reader manages."
    )
    async def staff_members(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        search: str | None = None,
        status: StaffStatus | None = None,
    ) -> StaffPage:
        """People of the staff."""
        context = info.context
        size, place = page_size(first), read_cursor(after)
        rows = await people.page(
            context.staff.access,
            rows=size + 1,
            after=None if place is None else (place.at, place.id),
            search=search,
            status=None if status is None else status.value,
        )
        view, shown = await View.of(context), rows[:size]
        following = str(Cursor(shown[-1].created_at, shown[-1].id)) if len(rows) > size else None
        return StaffPage(items=[StaffMember.of(one, view) for one in shown], next=following)

    @strawberry.field(extensions=[needs(ADMIN)], description="Somebody of these people; null for anybody else.")
    async def staff_member(self, info: Info, id: UUID) -> StaffMember | None:  # noqa: A002 - the contract
        """Somebody of the staff."""
        try:
            found = await people.one(info.context.staff.access, id)
        except Refusal as refusal:
            if refusal.code is Code.NOT_FOUND:
                return None
            raise
        return StaffMember.of(found, await View.of(info.context))

    @strawberry.field(extensions=[needs(ADMIN)], description="Every role there is.")
    async def roles(self, info: Info) -> list[Role]:
        """Every role there is."""
        return [Role.of(role, info.context.locale) for role in await known_roles.seen_by(info.context.staff.access)]

    @strawberry.field(extensions=[needs(GRANT)], description="What saving these grants would change. Nothing is saved.")
    async def grant_preview(self, info: Info, staff: UUID, grants: list[GrantInput]) -> GrantDiff:
        """What saving these grants would change."""
        asked = await wanted(grants, info.context, field="grants")
        difference = await giving.preview(info.context.actor, staff, asked)
        return GrantDiff.of(difference, await View.of(info.context))

    @strawberry.field(extensions=[needs(GRANT)], description="What waits for a second holder, then what was decided.")
    async def grant_requests(self, info: Info) -> list[GrantRequest]:
        """What waits for a second holder."""
        found = await deciding.visible(info.context.actor)
        return await GrantRequest.several(found, await View.of(info.context))

    @strawberry.field(
        extensions=[needs(ADMIN)],
        description="The log of the places the reader administers, newest first. Dates are of UTC, both inclusive.",
    )
    async def audit_events(
        self,
        info: Info,
        *,
        first: int = 20,
        after: str | None = None,
        actor: UUID | None = None,
        right: strawberry.ID | None = None,
        object: Annotated[  # noqa: A002 - the contract
            str | None, strawberry.argument(description="The id of an object, or its kind, such as `staff`.")
        ] = None,
        from_: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
    ) -> AuditPage:
        """The log."""
        context = info.context
        size, place = page_size(first), read_cursor(after)
        filters = audit.Filters(
            actor=actor,
            right=right,
            object=object,
            since=None if from_ is None else _midnight(from_),
            until=None if to is None else _midnight(to) + timedelta(days=1),
            partners=context.staff.access.partners(ADMIN),
        )
        rows = await audit.page(rows=size + 1, after=None if place is None else (place.at, place.id), filters=filters)
        programme, shown = await programmes.current(context.now), rows[:size]
        following = str(Cursor(shown[-1].at, shown[-1].id)) if len(rows) > size else None
        return AuditPage(items=[AuditEvent.of(one, programme, context.locale) for one in shown], next=following)

    @strawberry.field(
        extensions=[needs("pos.manage")], description="Tills of the places the reader manages, the newest first."
    )
    async def tills(
        self, info: Info, first: int = 20, after: str | None = None, partner: strawberry.ID | None = None
    ) -> TillPage:
        """Tills of the places the reader manages."""
        context = info.context
        size, place = page_size(first), read_cursor(after)
        behind = None if place is None else (place.at, place.id)
        rows = await counters.page(context.staff.access, rows=size + 1, after=behind, partner=partner)
        programme, shown = await programmes.current(context.now), rows[:size]
        following = str(Cursor(shown[-1].created_at, shown[-1].id)) if len(rows) > size else None
        return TillPage(items=[TillEntry.of(one, programme, context.locale) for one in shown], next=following)

    @strawberry.field(
        extensions=[needs("card.view")],
        description="Members by the exact number of a card, a phone, an e-mail or an id.",
    )
    async def member_cards(self, info: Info, search: str) -> list[MemberCard]:
        """Members by what a guest can name."""
        found = await lookups.find(info.context.staff.access, search)
        return [await MemberCard.of(one, info.context) for one in found]

    @strawberry.field(extensions=[needs("card.view")], description="One member by the id; null for none.")
    async def member_card(self, info: Info, id: UUID) -> MemberCard | None:  # noqa: A002 - the contract
        """One member."""
        found = await lookups.one(info.context.staff.access, id)
        return None if found is None else await MemberCard.of(found, info.context)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
