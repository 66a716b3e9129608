"""Merges as they are asked for and told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from services.merging.reading import Alike, MergeFacts


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
    duplicate: UUID
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
            duplicate=facts.duplicate,
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


@strawberry.input(description="Which profile stays, which becomes part of it, and why.")
class MergeMembersInput:
    """Which profile stays, and which becomes part of it."""

    survivor: UUID
    duplicate: UUID
    reason: str


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
