"""Making and cancelling promo codes, and trying a campaign on past receipts."""

from __future__ import annotations

from uuid import UUID

import strawberry

from graph.context import Info
from graph.permissions import needs
from graph.promotions.backtests import (
    CampaignBacktest,
    CampaignBacktestStarted,
    StartCampaignBacktestInput,
    StartCampaignBacktestResult,
)
from graph.promotions.batches import (
    CancelPromoBatchResult,
    MakePromoCodesInput,
    MakePromoCodesResult,
    PromoBatch,
    PromoBatchCancelled,
    PromoCodesMade,
)
from services import programmes
from services.promotions import backtests, batches
from services.promotions.batches import RIGHT
from services.promotions.making import Order


@strawberry.type
class PromotionMutations:
    """Promo codes and back-tests."""

    @strawberry.mutation(
        extensions=[needs(RIGHT)],
        description="Make promo codes of a campaign that takes them. They are in the answer and nowhere else.",
    )
    async def make_promo_codes(self, info: Info, input: MakePromoCodesInput) -> MakePromoCodesResult:  # noqa: A002 - the contract
        """Make promo codes."""
        context = info.context
        order = Order(str(input.campaign), input.label, input.count, input.uses, code=input.code)
        made, codes = await batches.make(
            context.actor,
            order,
            input.until,
            reason=input.reason,
            resources=context.resources,
            now=context.now,
            key=input.idempotency_key,
        )
        return PromoCodesMade(batch=PromoBatch.of(made, await programmes.current(context.now)), codes=codes)

    @strawberry.mutation(extensions=[needs(RIGHT)], description="Let no code of a batch open anything any more.")
    async def cancel_promo_batch(self, info: Info, batch: UUID, reason: str) -> CancelPromoBatchResult:
        """Cancel a batch."""
        context = info.context
        await batches.cancel(context.actor, batch, reason=reason, resources=context.resources, now=context.now)
        return PromoBatchCancelled(batch=batch, at=context.now)

    @strawberry.mutation(
        extensions=[needs(RIGHT)],
        description="Hold a campaign against its own absence over past receipts, in the background; one test at a time.",
    )
    async def start_campaign_backtest(
        self,
        info: Info,
        input: StartCampaignBacktestInput,  # noqa: A002 - the contract
    ) -> StartCampaignBacktestResult:
        """Try a campaign on past receipts."""
        context = info.context
        started = await backtests.start(
            context.actor,
            str(input.campaign),
            input.since,
            input.until,
            codes=input.with_codes,
            resources=context.resources,
            now=context.now,
        )
        programme = await programmes.current(context.now)
        return CampaignBacktestStarted(backtest=CampaignBacktest.of(started, programme, context.locale))
