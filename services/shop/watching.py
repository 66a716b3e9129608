"""Taking up what a job that was given up left half-way: who has paid gets vouchers, who returned them gets the money."""

from datetime import datetime, timedelta
from typing import Final

from services.shop.paying import ISSUE
from services.shop.returning import JOB as RETURN
from services.work import work

FORGOTTEN: Final = timedelta(minutes=15)
AT_ONCE: Final = 500
_ORDERS: Final = """
SELECT id FROM shop_order AS o WHERE state = 'PAID' AND changed_at < $1
    AND NOT EXISTS (SELECT 1 FROM job AS j WHERE j.status = 'READY' AND j.payload ->> 'order_id' = o.id::text)
ORDER BY changed_at LIMIT $2
"""
_RETURNS: Final = """
SELECT id FROM shop_return AS r WHERE state = 'ASKED' AND changed_at < $1
    AND NOT EXISTS (SELECT 1 FROM job AS j WHERE j.status = 'READY' AND j.payload ->> 'return_id' = r.id::text)
ORDER BY changed_at LIMIT $2
"""


async def take_up(now: datetime) -> int:
    """Have issued and given back what nobody does any more; say of how many. Nothing is done twice by it."""
    async with work() as tx:
        orders = await tx.fetch(_ORDERS, now - FORGOTTEN, AT_ONCE)
        returns = await tx.fetch(_RETURNS, now - FORGOTTEN, AT_ONCE)
        # Without a key: the job that was given up still has it.
        for row in orders:
            await tx.enqueue(ISSUE, {"order_id": str(row["id"])}, run_at=now)
        for row in returns:
            await tx.enqueue(RETURN, {"return_id": str(row["id"])}, run_at=now)
    return len(orders) + len(returns)
