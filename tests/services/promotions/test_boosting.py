"""Tiers that campaigns give for a time: with the receipt, until a day, and gone with the receipt's return."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from loyalty.purchases import BasketLine
from models import database
from services import programmes
from services.ledger import check_books, standing_of
from services.purchases import Posted, Repriced, TenderPaid, post_purchase
from services.resources import Resources
from services.tiers import clockwork, history
from services.tiers.standing import tier_of
from services.tills import TillFacts
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.people import MadeMember
from tests.makers.purchases import command, make_purchase, make_quote
from tests.services.promotions.test_posting import budget, give_back

LIFT = "id: lift, name: {ru: Подъём, en: Lift}, when: {basket_min: 50}, gives: {tier: second, days: 10}"
BASKET: list[BasketLine] = bought(("bar", 40_00), ("spa", 20_00))


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    await make_shop(now, tmp_path, f"{LIFT}, budget: {{uses: 2}}, per_member: 5")
    return await make_desk(now)


async def tier(member: MadeMember, now: datetime) -> str:
    return (await tier_of(await programmes.current(now), member.id, now)).id


async def told(member: UUID, now: datetime) -> list[tuple[str, str, str | None]]:
    """(tier, reason, campaign) of the history, newest first."""
    rows = await history.page(member, await programmes.current(now), rows=10)
    return [(row.tier.id, row.reason, None if row.campaign is None else row.campaign.ru) for row in rows]


async def test_a_receipt_gives_a_tier_until_a_day_and_the_history_names_the_campaign(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-226, E5: the receipt keeps its price, the next one has the new tier's, and the clock ends it."""
    till, member = scene
    made = await make_purchase(resources, till, member, BASKET, now)
    (outcome,) = made.purchase.outcomes
    assert outcome["reasons"] == [{"code": "campaign_tier_given", "campaign": "lift", "tier": "second", "count": 10}]
    assert (outcome["discount"], outcome["points"], made.raised, made.tier) == (0, 0, True, "second")
    assert await tier(member, now) == "second"
    assert await told(member.id, now) == [("second", "CAMPAIGN", "Подъём"), ("first", "JOINED", None)]
    assert await budget("lift") == (0, 0, 1)
    again = await make_purchase(resources, till, member, BASKET, now)
    assert again.purchase.outcomes == []
    assert await budget("lift") == (0, 0, 1)
    ends: datetime = await database.fetchval("SELECT granted_until FROM member_standing")
    assert timedelta(days=10) < ends - now <= timedelta(days=11)
    before = ends - timedelta(seconds=1)
    assert (await tier(member, before), await tier(member, ends)) == ("second", "first")
    assert not await clockwork.is_due(before)
    await clockwork.settle_due(ends)
    assert (await told(member.id, ends))[0] == ("first", "GRANT_ENDED", None)
    assert await check_books(ends) == []


async def test_a_tier_goes_with_the_whole_return_and_stays_with_a_part(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-21: the use comes back to the budget with it, and the next receipt may bring it again."""
    till, member = scene
    made = await make_purchase(resources, till, member, BASKET, now)
    await give_back(resources, till, made, now, (0, 1000))
    assert await tier(member, now) == "second"
    await give_back(resources, till, made, now)
    assert (await tier(member, now), await budget("lift")) == ("first", (0, 0, 0))
    assert [row[1] for row in await told(member.id, now)] == ["REFUND", "CAMPAIGN", "JOINED"]
    assert (await standing_of(member.id)).grant is None
    await make_purchase(resources, till, member, BASKET, now)
    assert (await tier(member, now), await budget("lift")) == ("second", (0, 0, 1))
    assert await check_books(now) == []


async def test_a_budget_that_keeps_its_uses_keeps_no_tier(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-226: `on_return: KEEP` is about budgets; goods that came back hold no tier."""
    await make_shop(now, tmp_path, f"{LIFT}, budget: {{uses: 2}}, on_return: KEEP")
    till, member = await make_desk(now)
    await give_back(resources, till, await make_purchase(resources, till, member, BASKET, now), now)
    assert (await tier(member, now), await budget("lift")) == ("first", (0, 0, 1))


async def test_a_receipt_that_waits_for_a_bank_gives_no_tier(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-226: what is not paid yet brings nothing, and the receipt does not say that it did."""
    till, member = scene
    quoted = await make_quote(till, member, BASKET, now)
    paid = replace(
        command(quoted.id, quoted.priced.net, now), tenders=[TenderPaid("INSTALMENT", quoted.priced.net, waits=True)]
    )
    made = await post_purchase(resources, till, paid, now=now)
    assert isinstance(made, Posted)
    assert made.purchase.outcomes == []
    assert (await tier(member, now), await budget("lift")) == ("first", (0, 0, 0))
    assert await check_books(now) == []


async def test_whoever_stands_as_high_or_has_a_given_tier_hears_nothing(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-226: it never lowers, never lengthens, and takes no grant of the staff away."""
    till, member = scene
    quoted = await make_quote(till, member, BASKET, now)
    assert [outcome.campaign for outcome in quoted.priced.outcomes] == ["lift"]
    await make_purchase(resources, till, member, bought(("bar", 200_000_00)), now)
    assert await tier(member, now) == "second"
    later = await make_quote(till, member, BASKET, now)
    assert later.priced.outcomes == ()
    assert await told(member.id, now) == [("second", "PURCHASE", None), ("first", "JOINED", None)]


async def test_rivals_lift_one_member_once_and_a_budget_no_more_often_than_it_says(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-09: four receipts of one guest at once give one tier and take one use."""
    till, member = scene
    quotes = [await make_quote(till, member, BASKET, now) for _ in range(4)]
    made = await asyncio.gather(
        *(post_purchase(resources, till, command(quoted.id, quoted.priced.net, now), now=now) for quoted in quotes)
    )
    posted = [one for one in made if isinstance(one, Posted)]
    assert len(posted) + sum(isinstance(one, Repriced) for one in made) == len(quotes)
    assert sum(bool(one.purchase.outcomes) for one in posted) == 1
    assert await database.fetchval("SELECT count(*) FROM tier_grant") == 1
    assert await budget("lift") == (0, 0, 1)
    assert await check_books(now) == []
