"""The rules of families as anybody may read them."""

from typing import Self

import strawberry

from loyalty.families import FamilyTerms


@strawberry.type(description="How many sit in a family, and what they share.")
class FamilyRules:
    """How many sit in a family, and what they share."""

    seats: int = strawberry.field(description="The head counted in.")
    pool: bool = strawberry.field(description="Whether a family has a pool of points.")
    shares_progress: bool = strawberry.field(description="Whether what counts for one counts towards everybody's tier.")
    invite_hours: int
    spend_after_days: int = strawberry.field(description="After joining; whoever founded it waits for nothing.")

    @classmethod
    def of(cls, terms: FamilyTerms | None) -> Self | None:
        """The rules; None where the programme has no families."""
        if terms is None:
            return None
        return cls(
            seats=terms.seats,
            pool=terms.pool,
            shares_progress=terms.progress,
            invite_hours=terms.invite_hours,
            spend_after_days=terms.spend_after_days,
        )
