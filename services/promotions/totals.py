"""What campaigns gave, kept added up: a row a campaign, and what receipts have changed since the last night."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models import database

AT_ONCE: Final = 10_000
# One statement, so one view of the books: what is added up meanwhile stands in one of the two, never in both or in none.
_GIVEN: Final = """
SELECT campaign, sum(receipts)::bigint AS receipts, sum(discount)::bigint AS discount, sum(points)::bigint AS points FROM (
    SELECT campaign, receipts, discount, points FROM campaign_total
    UNION ALL SELECT campaign, receipts, discount, points FROM campaign_change
) AS c WHERE $1::text IS NULL OR campaign = $1 GROUP BY campaign
"""
_ADD_UP: Final = """
WITH taken AS (
    DELETE FROM campaign_change WHERE id IN (SELECT id FROM campaign_change ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING campaign, receipts, discount, points
), added AS (
    INSERT INTO campaign_total AS t (campaign, receipts, discount, points)
    SELECT campaign, sum(receipts), sum(discount), sum(points) FROM taken GROUP BY campaign ORDER BY campaign
    ON CONFLICT (campaign) DO UPDATE SET receipts = t.receipts + excluded.receipts,
        discount = t.discount + excluded.discount, points = t.points + excluded.points
)
SELECT count(*) FROM taken
"""


@dataclass(frozen=True, slots=True)
class Given:
    """What came of a campaign, less what was returned: receipts, kopecks off, gift points."""

    receipts: int = 0
    discount: int = 0
    points: int = 0


async def given_by_campaign(campaign: str | None = None) -> Mapping[str, Given]:
    """What campaigns gave, or one of them; those that gave nothing are not there."""
    rows = await database.fetch(_GIVEN, campaign)
    return {row["campaign"]: Given(row["receipts"], row["discount"], row["points"]) for row in rows}


async def add_up(_now: datetime) -> int:
    """Add to the sums what receipts and returns have changed since; say how many changes there were."""
    done = 0
    while found := await database.fetchval(_ADD_UP, AT_ONCE):
        done += found
    return done
