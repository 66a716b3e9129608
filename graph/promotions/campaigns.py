"""Campaigns of the version in force as the staff read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, Self

import strawberry

from graph.context import Context, Info
from graph.promotions.backtests import CampaignBacktest
from graph.promotions.batches import PromoBatch
from graph.promotions.describing import told_gift, told_terms
from graph.scalars import Money, Points
from loyalty.business_days import business_date
from loyalty.money import print_percent
from loyalty.programme import Programme
from loyalty.promotions import campaigns as rules
from loyalty.promotions.occasion import NOTHING_USED, Used
from loyalty.promotions.standing import Standing, standing_of
from loyalty.refusals import Code, Refusal
from services import programmes
from services.promotions import backtests, batches, reports, totals
from services.promotions.reports import GivenOn
from services.promotions.totals import Given

DAYS_SHOWN: Final = 30
strawberry.enum(
    Standing, name="CampaignStanding", description="Where a campaign stands today, by its dates and budget."
)


@strawberry.type(description="One thing that a campaign asks for, in the reader's language.")
class CampaignTerm:
    """One thing that a campaign asks for."""

    name: str
    text: str


@strawberry.type(description="What a campaign gave, less what was returned.")
class CampaignGiven:
    """What a campaign gave."""

    receipts: int
    discount: Money
    points: Points

    @classmethod
    def of(cls, given: Given) -> Self:
        """What came of a campaign."""
        return cls(receipts=given.receipts, discount=Money(given.discount), points=Points(given.points))


@strawberry.type(description="The most a campaign gives away in all, and what of it is gone. Null: no such bound.")
class CampaignBudget:
    """The most a campaign gives away in all."""

    discount: Money | None
    points: Points | None
    uses: Points | None = strawberry.field(description="Receipts.")
    discount_used: Money
    points_used: Points
    uses_used: Points

    @classmethod
    def of(cls, budget: rules.Budget, used: Used) -> Self:
        """The bounds of a campaign."""
        return cls(
            discount=None if budget.discount is None else Money(budget.discount),
            points=None if budget.points is None else Points(budget.points),
            uses=None if budget.uses is None else Points(budget.uses),
            discount_used=Money(used.discount),
            points_used=Points(used.points),
            uses_used=Points(used.uses),
        )


@strawberry.type(description="What a campaign gave on receipts of one business date.")
class CampaignDay:
    """What a campaign gave on receipts of one business date."""

    day: date
    given: CampaignGiven

    @classmethod
    def of(cls, one: GivenOn) -> Self:
        """A day with receipts."""
        return cls(day=one.day, given=CampaignGiven.of(one.given))


@strawberry.type(description="A campaign of the programme file in force. It is edited there, and read here.")
class Campaign:
    """A campaign of the programme file in force."""

    id: strawberry.ID
    name: str
    standing: Standing
    since: date | None = strawberry.field(name="from", description="Local days of the outlet, both inclusive.")
    until: date | None = strawberry.field(name="to")
    priority: int
    gives: str = strawberry.field(description="In plain words.")
    terms: list[CampaignTerm] = strawberry.field(description="All of them must hold.")
    needs_code: bool
    keeps_on_return: bool = strawberry.field(description="Whether a return leaves the budget as it is.")
    holdout: str = strawberry.field(description="Percent of members who are kept out, to measure it by.")
    budget: CampaignBudget | None
    given: CampaignGiven

    @strawberry.field(
        description="Day by day, the oldest first; days without receipts are left out. A month up to today where no dates are named, a year at most."
    )
    async def days(
        self,
        info: Info,
        since: Annotated[date | None, strawberry.argument(name="from")] = None,
        to: date | None = None,
    ) -> list[CampaignDay]:
        """What it gave day by day."""
        programme = await programmes.current(info.context.now)
        last = to or business_date(info.context.now, programme.time_zone)
        first = since or last - timedelta(days=DAYS_SHOWN - 1)
        if not first <= last < first + timedelta(days=backtests.DAYS_MAX):
            raise Refusal(Code.INVALID_INPUT, "promo.span", field="to", most=backtests.DAYS_MAX)
        return [CampaignDay.of(one) for one in await reports.days_of(self.id, first, last)]

    @strawberry.field(description="Batches of its promo codes, the newest first; fifty at most.")
    async def batches(self, info: Info) -> list[PromoBatch]:
        """Batches of its promo codes."""
        programme = await programmes.current(info.context.now)
        return [PromoBatch.of(one, programme) for one in await batches.batches_of(self.id)]

    @strawberry.field(description="How it did on past receipts, the newest test first; twenty at most.")
    async def backtests(self, info: Info) -> list[CampaignBacktest]:
        """Its back-tests."""
        context = info.context
        programme = await programmes.current(context.now)
        found = await backtests.of_campaign(self.id, context.now)
        return [CampaignBacktest.of(one, programme, context.locale) for one in found]

    @classmethod
    def of(cls, campaign: rules.Campaign, view: View) -> Self:
        """A campaign in the reader's language."""
        programme, locale = view.programme, view.context.locale
        used = view.used.get(campaign.id, NOTHING_USED)
        return cls(
            id=strawberry.ID(campaign.id),
            name=campaign.name.in_locale(locale),
            standing=standing_of(campaign, used, business_date(view.context.now, programme.time_zone)),
            since=campaign.starts,
            until=campaign.ends,
            priority=campaign.priority,
            gives=told_gift(campaign, programme, locale),
            terms=[CampaignTerm(name=name, text=text) for name, text in told_terms(campaign, programme, locale)],
            needs_code=campaign.needs_code,
            keeps_on_return=campaign.on_return is rules.OnReturn.KEEP,
            holdout=print_percent(campaign.holdout),
            budget=None if campaign.budget is None else CampaignBudget.of(campaign.budget, used),
            given=CampaignGiven.of(view.given.get(campaign.id, Given())),
        )


@dataclass(frozen=True, slots=True)
class View:
    """What campaigns are read with: the version in force, what they gave and what of their bounds is gone."""

    context: Context
    programme: Programme
    given: Mapping[str, Given]
    used: Mapping[str, Used]

    @classmethod
    async def of(cls, context: Context, campaign: str | None = None) -> Self:
        """What is known of every campaign, or of one."""
        programme = await programmes.current(context.now)
        return cls(context, programme, await totals.given_by_campaign(campaign), await reports.used_by_campaign())
