"""Making two profiles one, and two again."""

from uuid import UUID

import strawberry

from graph.context import Info
from graph.merging.types import (
    DismissPairInput,
    DismissPairResult,
    MembersMerged,
    Merge,
    MergeMembersInput,
    MergeMembersResult,
    MergeUndone,
    PairDismissal,
    PairDismissed,
    PairRestored,
    RestorePairResult,
    UndoMergeResult,
)
from graph.permissions import needs
from services.merging import dismissing, merging
from services.merging.dismissing import DismissCommand
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

    @strawberry.mutation(
        extensions=[needs(RIGHT)],
        description="Say that two profiles alike are two people's: they are suspected no more until they have more in common.",
    )
    async def dismiss_pair(self, info: Info, input: DismissPairInput) -> DismissPairResult:  # noqa: A002 - the contract
        """Say that two profiles alike are two people's."""
        context = info.context
        wish = DismissCommand(input.one, input.other, input.reason, input.idempotency_key)
        said = await dismissing.dismiss(context.actor, wish, resources=context.resources, now=context.now)
        return PairDismissed(dismissal=PairDismissal.of(said))

    @strawberry.mutation(extensions=[needs(RIGHT)], description="Take that back.")
    async def restore_pair(self, info: Info, dismissal: UUID, reason: str, idempotency_key: str) -> RestorePairResult:
        """Take it back that two profiles are two people's."""
        context = info.context
        said = await dismissing.restore(
            context.actor,
            dismissal,
            reason=reason,
            key=idempotency_key,
            resources=context.resources,
            now=context.now,
        )
        return PairRestored(dismissal=PairDismissal.of(said))
