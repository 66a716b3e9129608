"""Erasures as they are asked for and told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.context import Context
from graph.problems import Problem
from graph.scalars import Points
from services import programmes
from services.erasing import act
from services.erasing.rows import ErasureFacts


@strawberry.enum(description="On whose word a member was erased.")
class ErasureAskedBy(StrEnum):
    """On whose word a member was erased."""

    MEMBER = "MEMBER"
    STAFF = "STAFF"
    OPERATOR = "OPERATOR"


@strawberry.type(description="That a member's personal data were erased. The books stay, under a pseudonym.")
class Erasure:
    """That a member's personal data were erased."""

    id: UUID
    member: UUID
    number: str
    at: datetime
    asked_by: ErasureAskedBy
    reason: str | None
    points_forfeited: Points = strawberry.field(description="What the member had left, written off.")
    act: str = strawberry.field(description="The act as plain text in the reader's language, ready to be printed.")

    @classmethod
    async def of(cls, facts: ErasureFacts, context: Context) -> Self:
        """The erasure of these facts."""
        programme = await programmes.current(context.now)
        return cls(
            id=facts.id,
            member=facts.member,
            number=facts.number,
            at=facts.at,
            asked_by=ErasureAskedBy(facts.asked_by),
            reason=facts.reason,
            points_forfeited=Points(facts.forfeited),
            act=act.text_of(facts, programme, context.locale),
        )


@strawberry.input(description="Whose personal data are to be erased, and why.")
class EraseMemberInput:
    """Whose personal data are to be erased."""

    member: UUID
    reason: str


@strawberry.type(description="The personal data are gone and the account is closed. There is no way back.")
class MemberErased:
    """The personal data are gone."""

    erasure: Erasure


EraseMeResult = Annotated[MemberErased | Problem, strawberry.union("EraseMeResult")]
EraseMemberResult = Annotated[MemberErased | Problem, strawberry.union("EraseMemberResult")]
