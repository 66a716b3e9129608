"""What the link of an invitation says, and the family that a member sits in."""

from __future__ import annotations

from uuid import UUID

import strawberry

from graph.context import Context, Info
from graph.families.types import Family, FamilyInvitation
from graph.permissions import public
from services import programmes
from services.families import inviting, reading


@strawberry.type
class FamilyQueries:
    """What the link of an invitation says."""

    @strawberry.field(
        extensions=[public()],
        description="What the link of an invitation says, to anybody who has it; null for one that was never given.",
    )
    async def family_invitation(self, info: Info, token: str) -> FamilyInvitation | None:
        """What the link of an invitation says."""
        shown = await inviting.look(token, info.context.now)
        return None if shown is None else FamilyInvitation.of(shown)


async def family_of(member_id: UUID, context: Context) -> Family | None:
    """The family a member sits in; None for none, and in a programme without families."""
    programme = await programmes.current(context.now)
    found = await reading.family_of(context.resources, member_id, programme, context.now)
    return None if found is None else Family.of(found, programme, context.locale)
