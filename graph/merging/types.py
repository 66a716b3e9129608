"""Merges as they are asked for and told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from services.merging.dismissing import Dismissal
from services.merging.reading import Alike, MergeFacts
from services.merging.suspects import Pair, Suspect


@strawberry.enum(description="SEALED: it stands, and its time to be undone is over.")
class MergeState(StrEnum):
    """How a merge stands."""

    MERGED = "MERGED"
    UNDONE = "UNDONE"
    SEALED = "SEALED"


@strawberry.enum(description="What two profiles have in common.")
class MergeSign(StrEnum):
    """What two profiles have in common."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    NAMES = "NAMES"
    BIRTH_DATE = "BIRTH_DATE"


@strawberry.type(description="Two profiles of one person made one. The duplicate's id leads to the survivor for ever.")
class Merge:
    """Two profiles of one person made one."""

    id: UUID
    survivor: UUID
    survivor_number: str
    duplicate: UUID
    duplicate_number: str
    state: MergeState
    evidence: list[MergeSign]
    reason: str
    merged_at: datetime
    undoable_until: datetime
    undone_at: datetime | None
    undo_reason: str | None

    @classmethod
    def of(cls, facts: MergeFacts) -> Self:
        """The merge of these facts."""
        return cls(
            id=facts.id,
            survivor=facts.survivor,
            survivor_number=facts.survivor_number,
            duplicate=facts.duplicate,
            duplicate_number=facts.duplicate_number,
            state=MergeState(facts.state),
            evidence=[MergeSign(sign) for sign in facts.evidence],
            reason=facts.reason,
            merged_at=facts.merged_at,
            undoable_until=facts.undoable_until,
            undone_at=facts.undone_at,
            undo_reason=facts.undo_reason,
        )


@strawberry.type(
    description="Two profiles that somebody has said are two people's. They are suspected again only of more in common than `signs`."
)
class PairDismissal:
    """Two profiles that somebody has said are two people's."""

    id: UUID
    older: UUID
    older_number: str
    newer: UUID
    newer_number: str
    signs: list[MergeSign] = strawberry.field(description="What they had in common then.")
    reason: str
    dismissed_at: datetime
    restored_at: datetime | None = strawberry.field(description="Since when it is taken back.")
    restore_reason: str | None

    @classmethod
    def of(cls, facts: Dismissal) -> Self:
        """The dismissal of these facts."""
        return cls(
            id=facts.id,
            older=facts.older,
            older_number=facts.older_number,
            newer=facts.newer,
            newer_number=facts.newer_number,
            signs=[MergeSign(sign) for sign in facts.signs],
            reason=facts.reason,
            dismissed_at=facts.dismissed_at,
            restored_at=facts.restored_at,
            restore_reason=facts.restore_reason,
        )


@strawberry.type(description="Another active profile that may be the same person's.")
class LikelyDuplicate:
    """Another active profile that may be the same person's."""

    member: UUID
    number: str
    signs: list[MergeSign]
    dismissal: PairDismissal | None = strawberry.field(
        description="That they are two people's, said knowing all of `signs`. Then `likelyPairs` leaves them out."
    )

    @classmethod
    def of(cls, found: Alike, said: Dismissal | None) -> Self:
        """The profile that was found, and what was said of it."""
        return cls(
            member=found.id,
            number=found.number,
            signs=[MergeSign(sign) for sign in found.signs],
            dismissal=PairDismissal.of(said) if said is not None and said.covers(found.signs) else None,
        )


@strawberry.type(description="A page of dismissed pairs, the newest first.")
class PairDismissalPage:
    """A page of dismissed pairs, the newest first."""

    items: list[PairDismissal]
    next: str | None


@strawberry.type(description="A page of merges, the newest first.")
class MergePage:
    """A page of merges, the newest first."""

    items: list[Merge]
    next: str | None


@strawberry.type(description="One profile of a pair, masked.")
class PairedProfile:
    """One profile of a pair."""

    member: UUID
    number: str
    first_name: str
    last_name: str = strawberry.field(description="The initial.")
    email: str | None
    phone: str | None
    joined_at: datetime

    @classmethod
    def of(cls, found: Suspect) -> Self:
        """The profile that was found."""
        return cls(
            member=found.id,
            number=found.number,
            first_name=found.first_name,
            last_name=found.last_name,
            email=found.email,
            phone=found.phone,
            joined_at=found.joined_at,
        )


@strawberry.type(description="Two active profiles that may be one person's.")
class LikelyPair:
    """Two active profiles that may be one person's."""

    newer: PairedProfile
    older: PairedProfile
    signs: list[MergeSign]

    @classmethod
    def of(cls, pair: Pair) -> Self:
        """The pair that was found."""
        return cls(
            newer=PairedProfile.of(pair.newer),
            older=PairedProfile.of(pair.older),
            signs=[MergeSign(sign) for sign in pair.signs],
        )


@strawberry.type(
    description="Pairs, those who joined last first. Without items there may still be a `next`: so many were looked at."
)
class LikelyPairPage:
    """Pairs, those who joined last first."""

    items: list[LikelyPair]
    looked: int = strawberry.field(description="Members that this page looked at.")
    next: str | None


@strawberry.input(description="Which profile stays, which becomes part of it, and why.")
class MergeMembersInput:
    """Which profile stays, and which becomes part of it."""

    survivor: UUID
    duplicate: UUID
    reason: str
    idempotency_key: str | None = strawberry.field(
        default=None, description="The same key and wish hear of the same merge again, after a lost answer."
    )


@strawberry.type(description="The two profiles are one.")
class MembersMerged:
    """The two profiles are one."""

    merge: Merge


@strawberry.type(description="The two profiles are two again. What was made since stays with the survivor.")
class MergeUndone:
    """The two profiles are two again."""

    merge: Merge


@strawberry.input(description="Which two profiles are two people's, and why.")
class DismissPairInput:
    """Which two profiles are two people's, and why."""

    one: UUID
    other: UUID
    reason: str
    idempotency_key: str


@strawberry.type(description="The pair is suspected no more.")
class PairDismissed:
    """The pair is suspected no more."""

    dismissal: PairDismissal


@strawberry.type(description="The pair may be suspected again.")
class PairRestored:
    """The pair may be suspected again."""

    dismissal: PairDismissal


DismissPairResult = Annotated[PairDismissed | Problem, strawberry.union("DismissPairResult")]
RestorePairResult = Annotated[PairRestored | Problem, strawberry.union("RestorePairResult")]
MergeMembersResult = Annotated[MembersMerged | Problem, strawberry.union("MergeMembersResult")]
UndoMergeResult = Annotated[MergeUndone | Problem, strawberry.union("UndoMergeResult")]
