"""The two groups a campaign is measured by: whom its holdout leaves in, and whom it keeps out.

Every receipt of theirs counts, of other services and partners too: what a campaign takes from those would not show else.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from loyalty.promotions.campaigns import Campaign
from loyalty.promotions.holdout import is_held_out
from services.work import work

PAGE: Final = 1_000
SECONDS_MAX: Final = 3600.0
_GUESTS: Final = """
SELECT member_id, count(*) AS receipts, sum(net - refunded_net)::bigint AS net FROM purchase
WHERE business_date BETWEEN $1 AND $2 GROUP BY member_id
"""


@dataclass(slots=True)
class Group:
    """Guests with a receipt in a span of days: how many, with how many receipts, and what they paid, in kopecks."""

    guests: int = 0
    receipts: int = 0
    net: int = 0


@dataclass(slots=True)
class Groups:
    """Both of them."""

    exposed: Group
    held_out: Group


async def groups_of(campaign: Campaign, since: date, until: date) -> Groups:
    """Both groups over all receipts of these business dates, read page by page; nobody is held out where nobody may be."""
    groups = Groups(Group(), Group())
    async with work(isolation="repeatable_read", readonly=True, seconds=SECONDS_MAX) as tx:
        await tx.execute("SET LOCAL statement_timeout = 0")
        cursor = await tx.connection.cursor(_GUESTS, since, until)
        # The first page waits for every receipt, which is longer than the driver waits for a command.
        while rows := await cursor.fetch(PAGE, timeout=SECONDS_MAX):
            for row in rows:
                held = is_held_out(campaign.id, str(row["member_id"]), campaign.holdout)
                group = groups.held_out if held else groups.exposed
                group.guests += 1
                group.receipts += row["receipts"]
                group.net += row["net"]
    return groups
