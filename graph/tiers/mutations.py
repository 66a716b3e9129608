"""Tiers given by hand."""

from uuid import UUID

import strawberry

from graph.context import Context, Info
from graph.permissions import needs
from graph.programme.types import Tier
from graph.tiers.types import (
    GrantTierInput,
    GrantTierResult,
    TierGrant,
    TierGranted,
    TierWithdrawn,
    WithdrawTierResult,
)
from services import programmes
from services.tiers import granting, history
from services.tiers.granting import RIGHT, Granted


@strawberry.type
class TierMutations:
    """Tiers given by hand."""

    @strawberry.mutation(
        extensions=[needs(RIGHT)],
        description="Give a member a tier until a day. It lifts and never lowers; one at a time.",
    )
    async def grant_tier(self, info: Info, input: GrantTierInput) -> GrantTierResult:  # noqa: A002 - the contract
        """Give a member a tier until a day."""
        context = info.context
        granted = await granting.grant(
            context.actor,
            input.member,
            tier=str(input.tier),
            last_day=input.until,
            reason=input.reason,
            resources=context.resources,
            now=context.now,
        )
        grant, tier = await _told(granted, context)
        return TierGranted(grant=grant, tier=tier)

    @strawberry.mutation(extensions=[needs(RIGHT)], description="Take a given tier back before its day.")
    async def withdraw_tier(self, info: Info, grant: UUID, reason: str) -> WithdrawTierResult:
        """Take a given tier back."""
        context = info.context
        granted = await granting.withdraw(
            context.actor, grant, reason=reason, resources=context.resources, now=context.now
        )
        told, tier = await _told(granted, context)
        return TierWithdrawn(grant=told, tier=tier)


async def _told(granted: Granted, context: Context) -> tuple[TierGrant, Tier]:
    programme = await programmes.current(context.now)
    found = await history.grant_by_id(granted.id, programme)
    grant = TierGrant.of(found, programme, context.locale)
    return grant, Tier.of(programme.tiers_by_id[granted.stands_at], context.locale)
