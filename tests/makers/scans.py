"""Scans of a code, what they are refused with, and rivals that wait for a lock."""

import asyncio
from datetime import datetime
from uuid import uuid4

import pytest

from loyalty.refusals import Refusal
from models import database
from services.identify import Identified, identify
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.patience import PATIENCE_SECONDS


async def scan(resources: Resources, till: TillFacts, code: str, now: datetime) -> Identified:
    """A fresh scan at a till."""
    return await identify(resources, till, scan_id=uuid4(), code=code, now=now)


async def refused(resources: Resources, till: TillFacts, code: str, now: datetime) -> Refusal:
    """The refusal of a scan that must give no ticket."""
    tickets = await database.fetchval("SELECT count(*) FROM scan_ticket")
    with pytest.raises(Refusal) as caught:
        await scan(resources, till, code, now)
    assert await database.fetchval("SELECT count(*) FROM scan_ticket") == tickets
    return caught.value


async def waiting(elsewhere: database.Connection, many: int) -> None:
    """Return when so many statements of this database wait for a lock."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await elsewhere.execute("SELECT pg_stat_clear_snapshot()")
            if many == await elsewhere.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ):
                return
            await asyncio.sleep(0.01)
