"""Merges of a member, and profiles that may be the same person's."""

from uuid import UUID

import strawberry

from graph.context import Info
from graph.merging.types import LikelyDuplicate, Merge
from graph.permissions import needs
from services.merging import reading
from services.merging.merging import RIGHT


@strawberry.type
class MergingQueries:
    """Merges of a member, and profiles that may be the same person's."""

    @strawberry.field(
        extensions=[needs(RIGHT)],
        description="Every merge that a member took part in, as either of the two; newest first.",
    )
    async def merges(self, info: Info, member: UUID) -> list[Merge]:
        """Every merge that a member took part in."""
        return [Merge.of(facts) for facts in await reading.of_member(member, info.context.now)]

    @strawberry.field(
        extensions=[needs(RIGHT)],
        description="Active profiles with the same contact, or the same names and birth date; ten at most.",
    )
    async def likely_duplicates(self, info: Info, member: UUID) -> list[LikelyDuplicate]:
        """Active profiles that may be the same person's."""
        _ = info
        return [LikelyDuplicate.of(found) for found in await reading.alike(member)]
