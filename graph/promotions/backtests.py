"""Back-tests as the staff read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.problems import Problem
from graph.scalars import Money, Points
from graph.words import Locale
from loyalty.programme import Programme
from loyalty.promotions.backtest import Basket, CampaignCost
from services.promotions.backtests import BacktestFacts, Result, State
from services.promotions.groups import Group

strawberry.enum(State, name="CampaignBacktestState", description="How a back-test stands.")


@strawberry.type(description="What one campaign would have given.")
class BacktestCost:
    """What one campaign would have given."""

    campaign: strawberry.ID
    name: str
    receipts: int
    discount: Money
    points: Points = strawberry.field(description="Gifts.")
    more_points: Points = strawberry.field(
        description="What a multiplier would have brought beyond the usual points, all of each receipt paid with money."
    )

    @classmethod
    def of(cls, slug: str, cost: CampaignCost, programme: Programme, locale: Locale) -> Self:
        """The cost of a campaign, by its name as of now."""
        known = None if programme.promotions is None else programme.promotions.by_id.get(slug)
        return cls(
            campaign=strawberry.ID(slug),
            name=slug if known is None else known.name.in_locale(locale),
            receipts=cost.receipts,
            discount=Money(cost.discount),
            points=Points(cost.points),
            more_points=Points(cost.more),
        )


@strawberry.type(description="A receipt by what would have been taken off it.")
class BacktestBasket:
    """A receipt by what would have been taken off it."""

    receipt: str = strawberry.field(description="Its outlet and number.")
    gross: Money
    discount: Money = strawberry.field(description="Beyond what it got without the campaign.")

    @classmethod
    def of(cls, basket: Basket, programme: Programme, locale: Locale) -> Self:
        """The basket of a result, its outlet by its name as of now."""
        slug, _, number = basket.number.partition(" ")
        outlet = programme.outlets_by_id.get(slug)
        told = basket.number if outlet is None else f"{outlet.name.in_locale(locale)}, {number}"
        return cls(receipt=told, gross=Money(basket.gross), discount=Money(basket.discount))


@strawberry.type(
    description="Every guest of the tried days, whatever was bought and wherever: those the holdout leaves in, or those it keeps out."
)
class BacktestGroup:
    """One of the two groups a campaign is measured by."""

    held_out: bool
    guests: int
    receipts: int
    net: Money = strawberry.field(description="What they paid in these days, less what was returned.")

    @classmethod
    def of(cls, group: Group, *, held_out: bool) -> Self:
        """A group of a result."""
        return cls(held_out=held_out, guests=group.guests, receipts=group.receipts, net=Money(group.net))


@strawberry.type(description="What the receipts of the tried days would have come to with the campaign, and without.")
class CampaignBacktestResult:
    """What a back-test found."""

    receipts: int
    unpriced: int = strawberry.field(description="Receipts with a service that is sold no more; they are left out.")
    gross: Money
    discount_without: Money
    discount_with: Money
    cost: Money = strawberry.field(description="The difference of both.")
    points_cost: Points = strawberry.field(
        description="Gift points and points of multipliers with the campaign, less those without."
    )
    members_moved: int = strawberry.field(description="Members who would stand in another tier today.")
    costs: list[BacktestCost] = strawberry.field(
        description="What each campaign of the version in force would have given."
    )
    top_baskets: list[BacktestBasket] = strawberry.field(description="Ten at most, the largest difference first.")
    groups: list[BacktestGroup] = strawberry.field(description="Empty for a campaign that keeps nobody out.")

    @classmethod
    def of(cls, result: Result, programme: Programme, locale: Locale) -> Self:
        """The result of a back-test."""
        groups = result.groups
        return cls(
            receipts=result.receipts,
            unpriced=result.unpriced,
            gross=Money(result.gross),
            discount_without=Money(result.before),
            discount_with=Money(result.after),
            cost=Money(result.after - result.before),
            points_cost=Points(result.points),
            members_moved=result.moved,
            costs=[BacktestCost.of(slug, cost, programme, locale) for slug, cost in sorted(result.costs.items())],
            top_baskets=[BacktestBasket.of(basket, programme, locale) for basket in result.baskets],
            groups=[]
            if groups is None
            else [
                BacktestGroup.of(groups.exposed, held_out=False),
                BacktestGroup.of(groups.held_out, held_out=True),
            ],
        )


@strawberry.type(description="A campaign held against its own absence over past receipts, by a job in the background.")
class CampaignBacktest:
    """A back-test."""

    id: UUID
    campaign: strawberry.ID
    since: date = strawberry.field(name="from", description="Business dates, both inclusive.")
    until: date = strawberry.field(name="to")
    with_codes: bool = strawberry.field(description="As if every guest had shown the promo codes.")
    asked_at: datetime
    state: State
    done: int = strawberry.field(description="Receipts that were priced.")
    total: int | None = strawberry.field(description="Of how many; null until it has begun.")
    result: CampaignBacktestResult | None

    @classmethod
    def of(cls, facts: BacktestFacts, programme: Programme, locale: Locale) -> Self:
        """The back-test as it stands."""
        result = facts.result
        return cls(
            id=facts.id,
            campaign=strawberry.ID(facts.campaign),
            since=facts.since,
            until=facts.until,
            with_codes=facts.with_codes,
            asked_at=facts.asked_at,
            state=facts.state,
            done=facts.done,
            total=facts.total,
            result=None if result is None else CampaignBacktestResult.of(result, programme, locale),
        )


@strawberry.input(
    description="A campaign in force, and the business dates to try it on, both inclusive; a year at most."
)
class StartCampaignBacktestInput:
    """A back-test to be started."""

    campaign: strawberry.ID
    since: date = strawberry.field(name="from")
    until: date = strawberry.field(name="to")
    with_codes: bool = False


@strawberry.type(description="The back-test is written down and runs in the background. It changes nothing.")
class CampaignBacktestStarted:
    """The back-test runs."""

    backtest: CampaignBacktest


StartCampaignBacktestResult = Annotated[
    CampaignBacktestStarted | Problem, strawberry.union("StartCampaignBacktestResult")
]
