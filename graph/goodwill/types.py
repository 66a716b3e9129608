"""Points moved by hand, as the staff reads them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.context import Context
from graph.problems import Problem
from graph.scalars import Points
from loyalty.goodwill import left
from services import programmes
from services.goodwill import reading
from services.goodwill.reading import PointsGrant as Facts


@strawberry.enum(description="What became of points that somebody wanted to move by hand.")
class PointsGrantState(StrEnum):
    """What became of points that somebody wanted to move by hand."""

    WAITING = "WAITING"
    DONE = "DONE"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


@strawberry.type(
    description="Points that one of the staff gives by hand, or takes: at once, or once somebody else said yes."
)
class PointsGrant:
    """Points that one of the staff gives by hand, or takes."""

    id: UUID
    member: UUID
    number: str = strawberry.field(description="Of the member's card.")
    points: Points = strawberry.field(description="Below zero: taken.")
    reason: str = strawberry.field(description="The member reads it. Empty once the member was erased.")
    state: PointsGrantState
    asked_by: str
    asked_at: datetime
    expires_at: datetime | None = strawberry.field(
        description="Until when it waits; null for what needed no second yes."
    )
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    mine: bool = strawberry.field(description="Asked for by the reader, who may only take it back.")

    @classmethod
    def of(cls, facts: Facts, context: Context) -> Self:
        """The grant as it stands now."""
        return cls(
            id=facts.id,
            member=facts.member,
            number=facts.number,
            points=Points(facts.points),
            reason=facts.reason,
            state=PointsGrantState(facts.state_at(context.now)),
            asked_by=facts.asker,
            asked_at=facts.asked_at,
            expires_at=facts.expires_at,
            decided_by=facts.decider,
            decided_at=facts.decided_at,
            decision_reason=facts.decision_reason,
            mine=facts.asked_by == context.staff.staff_id,
        )


@strawberry.type(description="A page of points moved by hand, the newest first.")
class PointsGrantPage:
    """A page of points moved by hand."""

    items: list[PointsGrant]
    next: str | None


@strawberry.type(description="What may be moved of a member by hand today, and what was.")
class PointsByHand:
    """What may be moved of a member by hand today, and what was."""

    approve_above: Points = strawberry.field(description="More in a day waits for somebody else's yes.")
    left_to_give: Points = strawberry.field(description="Of what may be given today.")
    left_to_take: Points = strawberry.field(description="Of what may be taken today.")
    grants: list[PointsGrant] = strawberry.field(description="What waits, then the newest; ten at most.")

    @classmethod
    async def of(cls, member: UUID, context: Context) -> Self | None:
        """What the reader may do with a member's points; None without the right, or where the programme moves none."""
        programme, viewer = await programmes.current(context.now), context.staff
        terms = None if programme.points is None else programme.points.goodwill
        if terms is None or not reading.may_read(viewer.access):
            return None
        rest = [
            left(terms, await reading.moved(member, viewer.staff_id, sign, context.now, programme.time_zone))
            for sign in (1, -1)
        ]
        return cls(
            approve_above=Points(terms.approve_above),
            left_to_give=Points(rest[0]),
            left_to_take=Points(rest[1]),
            grants=[PointsGrant.of(one, context) for one in await reading.of_member(member)],
        )


@strawberry.input(description="Points for a member, below zero to take some. The member reads the reason.")
class GrantPointsInput:
    """Points for a member."""

    idempotency_key: str
    member: UUID
    points: Points
    reason: str


@strawberry.type(
    description="The points are given or taken, or wait for somebody else's yes: `grant.state` says which."
)
class PointsGranted:
    """The points are given or taken, or wait."""

    grant: PointsGrant


@strawberry.type(description="It is decided.")
class PointsGrantDecided:
    """It is decided."""

    grant: PointsGrant


GrantPointsResult = Annotated[PointsGranted | Problem, strawberry.union("GrantPointsResult")]
DecidePointsGrantResult = Annotated[PointsGrantDecided | Problem, strawberry.union("DecidePointsGrantResult")]
