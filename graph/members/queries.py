"""Who is signed in."""

from __future__ import annotations

import strawberry

from graph.context import Info, MemberViewer
from graph.members.types import Member
from graph.permissions import public


@strawberry.type
class MemberQueries:
    """Who is signed in."""

    @strawberry.field(extensions=[public()], description="The member who asks; null when nobody is signed in.")
    async def me(self, info: Info) -> Member | None:
        """The member who asks."""
        viewer = info.context.viewer
        facts = await info.context.loaders.member.load(viewer.member_id) if isinstance(viewer, MemberViewer) else None
        return None if facts is None else Member.of(facts)
