"""Making two profiles one, and two again."""

from uuid import UUID

import strawberry

from graph.context import Info
from graph.merging.types import (
    MembersMerged,
    Merge,
    MergeMembersInput,
    MergeMembersResult,
    MergeUndone,
    UndoMergeResult,
)
from graph.permissions import needs
from services.merging import merging
from services.merging.merging import RIGHT


@strawberry.type
class MergingMutations:
    """Making two profiles one, and two again."""

    @strawberry.mutation(
        extensions=[needs(RIGHT)], description="Make two profiles of one person one. It can be undone for a while."
    )
    async def merge_members(self, info: Info, input: MergeMembersInput) -> MergeMembersResult:  # noqa: A002 - the contract
        """Make two profiles of one person one."""
        context = info.context
        facts = await merging.merge(
            context.actor,
            input.survivor,
            input.duplicate,
            reason=input.reason,
            resources=context.resources,
            now=context.now,
            key=input.idempotency_key,
        )
        return MembersMerged(merge=Merge.of(facts))

    @strawberry.mutation(
        extensions=[needs(RIGHT)], description="Make them two again, unless what came along has been spent since."
    )
    async def undo_merge(
        self, info: Info, merge: UUID, reason: str, idempotency_key: str | None = None
    ) -> UndoMergeResult:
        """Make them two again."""
        context = info.context
        facts = await merging.undo(
            context.actor, merge, reason=reason, resources=context.resources, now=context.now, key=idempotency_key
        )
        return MergeUndone(merge=Merge.of(facts))
