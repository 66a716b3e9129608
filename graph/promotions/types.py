"""What came of each campaign that was tried for a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Self

import strawberry

from graph.quotes.reasons import Reason, reasons_of
from graph.scalars import Money, Points
from graph.words import Locale
from loyalty.programme import Programme
from loyalty.promotions.occasion import Outcome


@strawberry.enum(description="What came of a campaign.")
class PromotionState(StrEnum):
    """What came of a campaign."""

    APPLIED = "APPLIED"
    LOST = "LOST"
    MISSING = "MISSING"
    OVER = "OVER"


@strawberry.type(
    description=(
        "A campaign that was tried for this receipt: what it gave, or why it gave nothing and what is missing. Campaigns"
        " meant for other guests are not listed."
    )
)
class Promotion:
    """A campaign that was tried for this receipt."""

    campaign: strawberry.ID
    name: str
    state: PromotionState
    discount: Money
    points: Points
    reasons: list[Reason]

    @classmethod
    def of(cls, outcome: Outcome, programme: Programme, locale: Locale) -> Self:
        """An outcome in the reader's language, by the version that gave it."""
        name = outcome.campaign
        if programme.promotions is not None and name in programme.promotions.by_id:
            name = programme.promotions.by_id[name].name.in_locale(locale)
        return cls(
            campaign=strawberry.ID(outcome.campaign),
            name=name,
            state=PromotionState(outcome.state.value),
            discount=Money(outcome.discount),
            points=Points(outcome.points),
            reasons=reasons_of(outcome.reasons, programme, locale),
        )


def promotions_of(outcomes: Sequence[Outcome], programme: Programme, locale: Locale) -> list[Promotion]:
    """Every outcome of a receipt: first what applied, then what is missing, each in the order of priority."""
    order = list(PromotionState)
    told = [Promotion.of(one, programme, locale) for one in outcomes]
    return sorted(told, key=lambda one: order.index(one.state))
