"""Batches of promo codes as the staff read and make them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from loyalty.points import last_day
from loyalty.programme import Programme
from services.promotions.batches import Batch


@strawberry.type(
    description="Promo codes that were made together. The codes themselves were told once, when they were made."
)
class PromoBatch:
    """Promo codes that were made together."""

    id: UUID
    label: str
    codes: int
    uses: int = strawberry.field(description="Of each code.")
    used: int = strawberry.field(description="Of all of them together.")
    last_day: date | None = strawberry.field(description="Null: as long as the campaign.")
    created_at: datetime
    cancelled_at: datetime | None

    @classmethod
    def of(cls, batch: Batch, programme: Programme) -> Self:
        """The batch as it stands."""
        return cls(
            id=batch.id,
            label=batch.label,
            codes=batch.codes,
            uses=batch.uses,
            used=batch.used,
            last_day=None if batch.ends_at is None else last_day(batch.ends_at, programme.time_zone),
            created_at=batch.created_at,
            cancelled_at=batch.cancelled_at,
        )


@strawberry.input(
    description="Promo codes to be made: invented ones, a thousand at most, or one of your own with `code`."
)
class MakePromoCodesInput:
    """Promo codes to be made."""

    campaign: strawberry.ID
    label: str = strawberry.field(description="What the batch is called in lists.")
    count: int = 1
    uses: int = strawberry.field(default=1, description="How often each may be used.")
    until: date | None = strawberry.field(default=None, description="The last day they open something.")
    code: str | None = strawberry.field(default=None, description="This very code, for everybody who knows it.")
    reason: str
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="The same key and wish from the same person make one batch and hear its codes again; without a key every call makes another.",
    )


@strawberry.type(
    description="The codes are made. They are in this answer, in that of its repetition under the same key, and nowhere else: only their digests are kept."
)
class PromoCodesMade:
    """The codes are made."""

    batch: PromoBatch
    codes: list[str]


@strawberry.type(description="No code of the batch opens anything any more. What was given by it stands.")
class PromoBatchCancelled:
    """The batch is cancelled."""

    batch: UUID
    at: datetime


MakePromoCodesResult = Annotated[PromoCodesMade | Problem, strawberry.union("MakePromoCodesResult")]
CancelPromoBatchResult = Annotated[PromoBatchCancelled | Problem, strawberry.union("CancelPromoBatchResult")]
