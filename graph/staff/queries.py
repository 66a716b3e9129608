"""Who is at the panel, whom a link invites, and the table of rights."""

from __future__ import annotations

import strawberry

from graph.context import Info, StaffViewer
from graph.permissions import public, staff
from graph.staff.results import StaffInvitation
from graph.staff.types import Right, Staff
from loyalty.rights import RIGHTS
from services import programmes
from services.staff import enrolling


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
