"""What orders of restaurants are promised of counted campaigns: put aside with the price, since a guest who has paid keeps it.

A till hears CHANGED before it takes money; a restaurant tells what was paid afterwards, without network perhaps days
later. So the promise itself moves the counters, and closing, cancelling, another price or time moves them back.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from loyalty.programme import Programme
from loyalty.promotions.occasion import Used
from loyalty.purchases import Priced
from models import database
from services.promotions.writing import uses_of

SWEPT_AT_ONCE: Final = 500

_OWN: Final = "SELECT campaign, discount, points, member_id = $2 AS is_mine FROM campaign_hold WHERE order_id = $1"
_HOLD: Final = "SELECT hold_promotions($1, $2, $3::jsonb, $4, $5)"
_FREE: Final = "SELECT free_promotions($1)"
_ENDED: Final = "SELECT DISTINCT order_id FROM campaign_hold WHERE expires_at < $1 ORDER BY order_id LIMIT $2"


async def own(order: UUID, member: UUID) -> Mapping[str, Used]:
    """What an order has put aside, by campaign: its next price takes the place of it. A use is the guest's it was for."""
    rows = await database.fetch(_OWN, order, member)
    return {row["campaign"]: Used(row["discount"], row["points"], 1, int(row["is_mine"])) for row in rows}


async def hold(
    order: UUID, member: UUID, programme: Programme, priced: Priced, *, now: datetime, life: timedelta
) -> bool:
    """Put aside what a price takes, instead of what the order had. False where others were first: price it again."""
    wanted = orjson.dumps(uses_of(programme, priced)).decode()
    held: bool = await database.fetchval(_HOLD, order, member, wanted, now, now + life)
    return held


async def free(order: UUID) -> None:
    """Give back what an order has put aside, if anything."""
    await database.execute(_FREE, order)


async def sweep(now: datetime) -> int:
    """Give back what orders have put aside that nobody closed in time; say of how many orders."""
    swept = 0
    while rows := await database.fetch(_ENDED, now, SWEPT_AT_ONCE):
        for row in rows:
            await free(row["order_id"])
        swept += len(rows)
    return swept
