"""The act of an erasure, for whoever may erase."""

from uuid import UUID

import strawberry

from graph.context import Info
from graph.erasing.types import Erasure
from graph.permissions import needs
from services.erasing import rows
from services.erasing.erasing import RIGHT


@strawberry.type
class ErasingQueries:
    """The act of an erasure."""

    @strawberry.field(
        extensions=[needs(RIGHT)], description="The erasure of a member; null for one who was not erased."
    )
    async def erasure(self, info: Info, member: UUID) -> Erasure | None:
        """The erasure of a member."""
        facts = await rows.of_member(member)
        return None if facts is None else await Erasure.of(facts, info.context)
