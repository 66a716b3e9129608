"""Months of settlement, closed by the nightly run when their time has come, and deposits watched behind them."""

import logging
from typing import Final

from jobs.upkeep import BOOKS
from services import nightly
from services.nightly import Night, Part, Step
from services.settlement import closing, prepaid

log = logging.getLogger(__name__)


async def close(night: Night, _cursor: str) -> Part:
    """Close the next month whose time has come. A month that is closed already stays as it is.

    Nothing is closed in a night whose books do not balance (domain.md E6, 8): the next night that finds them right does it.
    """
    if await nightly.has_trouble(night.day, BOOKS.name):
        return Part(trouble="the books do not balance: no month was closed")
    closed = await closing.close_due(night.now)
    if closed is None:
        return Part()
    log.info("settlement month closed", extra={"month": f"{closed.month:%Y-%m}", "count": closed.facts})
    return Part(done=1, cursor=f"{closed.month:%Y-%m}", is_over=False)


async def watch_deposits(night: Night, _cursor: str) -> Part:
    """Have somebody look at deposits that are used up."""
    return Part(done=await prepaid.watch(night.now))


CLOSED: Final = Step("settlement.close", close)
DEPOSITS: Final = Step("settlement.deposits", watch_deposits)
