"""What campaigns have given so far: their sums, the receipts of a span of days, the counters of budgets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from loyalty.money import print_money
from loyalty.promotions.occasion import Used
from models import database
from services import programmes
from services.promotions.totals import Given, given_by_campaign

_USED: Final = "SELECT campaign, discount, points, uses FROM campaign_budget"
_DAYS: Final = """
SELECT p.business_date AS day, count(DISTINCT p.id) AS receipts, sum(a.amount - a.refunded_amount)::bigint AS discount,
    sum(a.points - a.refunded_points)::bigint AS points
FROM discount_application AS a JOIN purchase AS p ON p.id = a.purchase_id
WHERE a.campaign = $1 AND p.business_date BETWEEN $2 AND $3 GROUP BY p.business_date ORDER BY p.business_date
"""


@dataclass(frozen=True, slots=True)
class GivenOn:
    """The same of the receipts of one business date."""

    day: date
    given: Given


async def used_by_campaign() -> Mapping[str, Used]:
    """What of bounds is gone, promises of open orders of restaurants included, of campaigns that have any."""
    rows = await database.fetch(_USED)
    return {row["campaign"]: Used(row["discount"], row["points"], row["uses"]) for row in rows}


async def days_of(campaign: str, since: date, until: date) -> list[GivenOn]:
    """What a campaign gave on receipts of these business dates, both inclusive; days without any are not there."""
    rows = await database.fetch(_DAYS, campaign, since, until)
    return [GivenOn(row["day"], Given(row["receipts"], row["discount"], row["points"])) for row in rows]


async def given(now: datetime) -> list[tuple[str, ...]]:
    """(campaign, receipts, roubles, points, roubles of its budget or nothing) of every campaign in force, by its slug."""
    programme = await programmes.current(now)
    if programme.promotions is None:
        return []
    by_campaign = await given_by_campaign()
    told: list[tuple[str, ...]] = []
    for slug, campaign in sorted(programme.promotions.by_id.items()):
        one = by_campaign.get(slug, Given())
        bound = None if campaign.budget is None else campaign.budget.discount
        bounded = "" if bound is None else print_money(bound)
        told.append((slug, str(one.receipts), print_money(one.discount), str(one.points), bounded))
    return told
