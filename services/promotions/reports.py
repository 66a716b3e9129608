"""What campaigns have given so far, from the rows of receipts and the counters of budgets."""

from datetime import datetime
from typing import Final

from loyalty.money import print_money
from models import database
from services import programmes

_GIVEN: Final = """
SELECT campaign, count(DISTINCT purchase_id) AS receipts, sum(amount - refunded_amount)::bigint AS discount,
    sum(points - refunded_points)::bigint AS points
FROM discount_application WHERE campaign IS NOT NULL GROUP BY campaign
"""


async def given(now: datetime) -> list[tuple[str, ...]]:
    """(campaign, receipts, roubles, points, roubles of its budget or nothing) of every campaign in force, by its slug."""
    programme = await programmes.current(now)
    if programme.promotions is None:
        return []
    rows = {row["campaign"]: row for row in await database.fetch(_GIVEN)}
    told: list[tuple[str, ...]] = []
    for slug, campaign in sorted(programme.promotions.by_id.items()):
        row = rows.get(slug)
        receipts, discount, points = (0, 0, 0) if row is None else (row["receipts"], row["discount"], row["points"])
        bound = None if campaign.budget is None else campaign.budget.discount
        told.append(
            (slug, str(receipts), print_money(discount), str(points), "" if bound is None else print_money(bound))
        )
    return told
