"""Back-tests of campaigns that the staff asked for."""

from datetime import datetime, timedelta
from uuid import UUID

from jobs.registry import JobKind, Payload, Tools
from services.promotions import backtests


async def backtest(payload: Payload, _tools: Tools, now: datetime) -> None:
    """Replay past receipts with and without a campaign."""
    await backtests.run(UUID(payload["test"]), now)


KINDS = [JobKind(name=backtests.JOB, handle=backtest, attempts_max=3, lease=timedelta(hours=6))]
