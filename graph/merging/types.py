"""Merges as they are asked for and told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
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


@strawberry.type(description="Another active profile that may be the same person's.")
class LikelyDuplicate:
    """Another active profile that may be the same person's."""

    member: UUID
    number: str
    signs: list[MergeSign]

    @classmethod
    def of(cls, found: Alike) -> Self:
        """The profile that was found."""
        return cls(member=found.id, number=found.number, signs=[MergeSign(sign) for sign in found.signs])


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


MergeMembersResult = Annotated[MembersMerged | Problem, strawberry.union("MergeMembersResult")]
UndoMergeResult = Annotated[MergeUndone | Problem, strawberry.union("UndoMergeResult")]
