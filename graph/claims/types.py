"""Claims as guests and the staff read them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.context import Context
from graph.problems import Problem
from graph.programme.types import Outlet, Partner, Service
from graph.scalars import Money
from graph.words import Locale, sentence
from loyalty.programme import Programme
from services import programmes
from services.claims import reading
from services.claims.crediting import BY_RULE
from services.claims.reading import Claim
from services.pos import moments
from services.pos.menu import CHANNEL


@strawberry.enum(description="What became of a claim. MATCHED is on its way to CREDITED.")
class ClaimStatus(StrEnum):
    """What became of a claim."""

    OPEN = "OPEN"
    MATCHED = "MATCHED"
    CREDITED = "CREDITED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


@strawberry.type(description="A receipt that a guest says is theirs.")
class PurchaseClaim:
    """A receipt that a guest says is theirs."""

    id: UUID
    partner: Partner
    outlet: Outlet
    receipt_number: str
    business_date: date
    net: Money
    status: ClaimStatus
    reason: str | None = strawberry.field(description="Why it was refused.")
    created_at: datetime
    decided_at: datetime | None
    purchase: UUID | None = strawberry.field(description="The purchase it became.")

    @classmethod
    def of(cls, claim: Claim, programme: Programme, locale: Locale) -> Self:
        """The claim as its guest reads it."""
        return cls(
            id=claim.id,
            partner=Partner.of(programme.partners_by_id[claim.partner], programme, locale),
            outlet=Outlet.of(programme.outlets_by_id[claim.outlet], locale),
            receipt_number=claim.receipt_number,
            business_date=claim.business_date,
            net=Money(claim.net),
            status=ClaimStatus(claim.status),
            reason=_reason(claim, locale),
            created_at=claim.created_at,
            decided_at=claim.decided_at,
            purchase=claim.purchase,
        )


@strawberry.type(description="A claim as the staff look at it: by card number, without a name.")
class ClaimEntry:
    """A claim as the staff look at it."""

    claim: PurchaseClaim
    member: str = strawberry.field(description="The number of the card.")
    fiscal_document: str | None = strawberry.field(description="Of the receipt's code, where it was scanned.")
    services: list[Service] = strawberry.field(description="What it may have been: sold at tills of the partner.")

    @classmethod
    def of(cls, claim: Claim, programme: Programme, locale: Locale) -> Self:
        """The claim as the staff read it."""
        sold = programme.partners_by_id[claim.partner].services
        return cls(
            claim=PurchaseClaim.of(claim, programme, locale),
            member=claim.member_number,
            fiscal_document=None if claim.fiscal_document is None else str(claim.fiscal_document),
            services=[Service.of(service, locale) for service in sold if CHANNEL in service.channels],
        )


@strawberry.type(description="A page of claims, the newest first.")
class ClaimPage:
    """A page of claims."""

    items: list[ClaimEntry]
    next: str | None


@strawberry.input(
    description="A receipt that was not counted. `fiscal` is the text of its code: day and sum must be those of the code."
)
class ClaimInput:
    """A receipt that was not counted."""

    idempotency_key: str
    outlet: strawberry.ID
    receipt_number: str
    business_date: date
    net: Money
    fiscal: str | None = None


@strawberry.type(description="The claim is written down, perhaps credited already.")
class PurchaseClaimed:
    """The claim is written down."""

    claim: PurchaseClaim


@strawberry.type(description="The claim is decided.")
class ClaimDecided:
    """The claim is decided."""

    entry: ClaimEntry


ClaimPurchaseResult = Annotated[PurchaseClaimed | Problem, strawberry.union("ClaimPurchaseResult")]
DecideClaimResult = Annotated[ClaimDecided | Problem, strawberry.union("DecideClaimResult")]


async def claims_of(member: UUID, context: Context) -> list[PurchaseClaim]:
    """A member's claims, as the programme names their places now."""
    found = await reading.mine(member)
    return [PurchaseClaim.of(one, await programme_of(one, context), context.locale) for one in found]


async def programme_of(claim: Claim, context: Context) -> Programme:
    """The version that names a claim's place: the one in force, else, where it was retired, that of the claim."""
    current = await programmes.current(context.now)
    return current if claim.outlet in current.outlets_by_id else await moments.programme_at(claim.created_at)


def _reason(claim: Claim, locale: Locale) -> str | None:
    if claim.reason is None or not claim.reason.startswith(BY_RULE):
        return claim.reason
    return sentence(claim.reason.removeprefix(BY_RULE), locale)
