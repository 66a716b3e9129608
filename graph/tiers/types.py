"""A member's tiers in time."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.programme.types import Tier
from graph.scalars import Money
from graph.words import Locale, sentence
from loyalty import tiers
from loyalty.points import last_day
from loyalty.programme import Programme
from services.tiers.history import GrantFacts, PeriodFacts


@strawberry.enum(description="Why a tier began.")
class TierReason(StrEnum):
    """Why a tier began."""

    JOINED = "JOINED"
    PURCHASE = "PURCHASE"
    REFUND = "REFUND"
    PROGRAMME = "PROGRAMME"
    GRANT = "GRANT"
    GRANT_ENDED = "GRANT_ENDED"
    FAMILY = "FAMILY"
    WINDOW = "WINDOW"
    IMPORT = "IMPORT"
    MERGED = "MERGED"
    CAMPAIGN = "CAMPAIGN"


@strawberry.type(description="What keeps a tier beyond its end.")
class TierKeep:
    """What keeps a tier beyond its end."""

    left: Money
    by: date = strawberry.field(description="The last day of the programme's zone on which a purchase helps.")


@strawberry.type(description="Until when the tier of now holds, if nothing is bought or returned meanwhile.")
class TierTerm:
    """Until when the tier of now holds."""

    until: date | None = strawberry.field(description="Its last day; null where time alone never takes it.")
    granted: bool = strawberry.field(description="Whether a grant by hand holds it above what purchases say.")
    keep: TierKeep | None = strawberry.field(description="Null where it has no end, or a purchase of now cannot help.")

    @classmethod
    def of(cls, stand: tiers.Stand, programme: Programme) -> Self:
        """The term of a standing."""
        return cls(
            until=None if stand.until is None else last_day(stand.until, programme.time_zone),
            granted=stand.is_granted,
            keep=None if stand.keep is None else TierKeep(left=Money(stand.keep.left), by=stand.keep.by),
        )


@strawberry.type(description="A stretch of a member's history.")
class TierPeriod:
    """A stretch of a member's history."""

    id: UUID
    tier: Tier
    since: datetime
    until: datetime | None = strawberry.field(description="Null for the tier of now.")
    reason: TierReason
    message: str = strawberry.field(description="The reason in the reader's language.")

    @classmethod
    def of(cls, facts: PeriodFacts, locale: Locale) -> Self:
        """The stretch as it is read."""
        return cls(
            id=facts.id,
            tier=Tier.of(facts.tier, locale),
            since=facts.since,
            until=facts.until,
            reason=TierReason(facts.reason),
            message=sentence(
                f"tiers.reason.{facts.reason}",
                locale,
                {} if facts.campaign is None else {"campaign": facts.campaign.in_locale(locale)},
            ),
        )


@strawberry.type(
    description="A page of a member's history, newest first. Pass `next` as `after` to go on; null at the end."
)
class TierHistory:
    """A page of a member's history."""

    items: list[TierPeriod]
    next: str | None


@strawberry.type(description="A tier given by hand. It lifts and never lowers.")
class TierGrant:
    """A tier given by hand."""

    id: UUID
    member: UUID
    tier: Tier
    until: date = strawberry.field(description="The last day it holds, of the programme's zone.")
    reason: str
    granted_at: datetime

    @classmethod
    def of(cls, facts: GrantFacts, programme: Programme, locale: Locale) -> Self:
        """The grant as the staff read it."""
        return cls(
            id=facts.id,
            member=facts.member,
            tier=Tier.of(facts.tier, locale),
            until=last_day(facts.until, programme.time_zone),
            reason=facts.reason,
            granted_at=facts.granted_at,
        )


@strawberry.input(description="A tier for a member until a day.")
class GrantTierInput:
    """A tier for a member until a day."""

    member: UUID
    tier: strawberry.ID
    until: date = strawberry.field(description="The last day it holds, of the programme's zone.")
    reason: str


@strawberry.type(description="The tier is given.")
class TierGranted:
    """The tier is given."""

    grant: TierGrant
    tier: Tier = strawberry.field(description="The member's tier afterwards: never below the one before.")


@strawberry.type(description="The given tier is taken back; what purchases say holds at once.")
class TierWithdrawn:
    """The given tier is taken back."""

    grant: TierGrant
    tier: Tier = strawberry.field(description="The member's tier afterwards.")


GrantTierResult = Annotated[TierGranted | Problem, strawberry.union("GrantTierResult")]
WithdrawTierResult = Annotated[TierWithdrawn | Problem, strawberry.union("WithdrawTierResult")]
