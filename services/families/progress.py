"""What a change of who sits together does to tiers, where families share their progress."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from services import programmes
from services.tiers import clockwork
from services.work import Work


@asynccontextmanager
async def shifting(tx: Work, members: Sequence[UUID], now: datetime) -> AsyncIterator[None]:
    """Write the tiers of members before and after who of them sits together changes in the block. Their rows are locked."""
    programme = await programmes.settled(tx)
    if not programme.shares_progress:
        yield
        return
    await clockwork.settle(tx, programme, members, now)
    yield
    await clockwork.move(tx, programme, members, now)
