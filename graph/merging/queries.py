"""Merges of a member, and profiles that may be the same person's."""

from uuid import UUID

import strawberry

from graph.context import Info
from graph.merging.types import (
    LikelyDuplicate,
    LikelyPair,
    LikelyPairPage,
    Merge,
    MergePage,
    PairDismissal,
    PairDismissalPage,
)
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import needs
from services.merging import dismissing, reading, suspects
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
        said = await dismissing.of_member(member)
        return [LikelyDuplicate.of(found, said.get(found.id)) for found in await reading.alike(member)]

    @strawberry.field(
        extensions=[needs(RIGHT)],
        description="Pairs of active profiles with the same contact, or the same names and birth date, among all members. "
        "Pairs whose merge was undone, and dismissed ones, are left out.",
    )
    async def likely_pairs(self, info: Info, first: int = 20, after: str | None = None) -> LikelyPairPage:
        """Pairs of active profiles that may be one person's."""
        _ = info
        place = read_cursor(after)
        found = await suspects.find(page_size(first), None if place is None else place.id)
        following = None if found.next is None else str(Cursor(*found.next))
        return LikelyPairPage(items=[LikelyPair.of(pair) for pair in found.pairs], looked=found.looked, next=following)

    @strawberry.field(
        extensions=[needs(RIGHT)],
        description="Pairs of active profiles that were said to be two people's, newest first.",
    )
    async def dismissed_pairs(self, info: Info, first: int = 20, after: str | None = None) -> PairDismissalPage:
        """Pairs that were said to be two people's."""
        _ = info
        size, place = page_size(first), read_cursor(after)
        rows = await dismissing.page(rows=size + 1, after=None if place is None else (place.at, place.id))
        shown = rows[:size]
        following = str(Cursor(shown[-1].dismissed_at, shown[-1].id)) if len(rows) > size else None
        return PairDismissalPage(items=[PairDismissal.of(facts) for facts in shown], next=following)

    @strawberry.field(extensions=[needs(RIGHT)], description="Merges of all members, the newest first.")
    async def merge_history(self, info: Info, first: int = 20, after: str | None = None) -> MergePage:
        """Merges of all members."""
        size, place = page_size(first), read_cursor(after)
        behind = None if place is None else (place.at, place.id)
        rows = await reading.page(rows=size + 1, after=behind, now=info.context.now)
        shown = rows[:size]
        following = str(Cursor(shown[-1].merged_at, shown[-1].id)) if len(rows) > size else None
        return MergePage(items=[Merge.of(facts) for facts in shown], next=following)
