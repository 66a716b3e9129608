"""Claiming a receipt, and deciding on a claim."""

from uuid import UUID

import strawberry

from graph.claims.types import (
    ClaimDecided,
    ClaimEntry,
    ClaimInput,
    ClaimPurchaseResult,
    DecideClaimResult,
    PurchaseClaim,
    PurchaseClaimed,
    programme_of,
)
from graph.context import Info
from graph.permissions import member, needs
from loyalty.refusals import Code, Refusal
from services import programmes
from services.claims import claiming, deciding
from services.claims.claiming import ClaimForm


@strawberry.type
class ClaimMutations:
    """Claiming a receipt, and deciding on a claim."""

    @strawberry.mutation(
        extensions=[member()],
        description="Say that a receipt is the member's. Credited at once where the restaurant told it, else looked at.",
    )
    async def claim_purchase(self, info: Info, input: ClaimInput) -> ClaimPurchaseResult:  # noqa: A002 - the contract
        """Say that a receipt is the member's."""
        context = info.context
        form = ClaimForm(
            key=input.idempotency_key,
            outlet=input.outlet,
            receipt_number=input.receipt_number,
            business_date=input.business_date,
            net=input.net,
            fiscal=input.fiscal,
        )
        made = await claiming.claim_purchase(context.resources, context.member.member_id, form, now=context.now)
        return PurchaseClaimed(claim=PurchaseClaim.of(made, await programmes.current(context.now), context.locale))

    @strawberry.mutation(
        extensions=[needs(deciding.MANAGE)],
        description="Credit an open claim as a sale of a service, or refuse it; the guest reads the reason of a refusal.",
    )
    async def decide_claim(
        self,
        info: Info,
        *,
        id: UUID,  # noqa: A002 - the contract
        approve: bool,
        reason: str,
        service: strawberry.ID | None = None,
        idempotency_key: str | None = None,
    ) -> DecideClaimResult:
        """Credit an open claim, or refuse it."""
        context = info.context
        actor, resources, now = context.actor, context.resources, context.now
        if approve and service is None:
            raise Refusal(Code.INVALID_INPUT, "claim.unknown_service", field="service")
        if approve:
            made = await deciding.approve(
                actor, id, service=str(service), reason=reason, resources=resources, now=now, key=idempotency_key
            )
        else:
            made = await deciding.reject(actor, id, reason=reason, resources=resources, now=now, key=idempotency_key)
        return ClaimDecided(entry=ClaimEntry.of(made, await programme_of(made, context), context.locale))
