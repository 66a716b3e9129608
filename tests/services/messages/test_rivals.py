"""Adverts of several campaigns that come up for one member in the same moment."""

import asyncio
from datetime import datetime

from loyalty.messages import Cause, Channel
from loyalty.programme import DocumentKind
from models import database
from services.messages import cascade
from services.resources import Resources
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.joining import BOTH
from tests.makers.messages import make_reachable, message_row, plan_one
from tests.makers.scans import waiting


async def test_one_advert_a_day_holds_among_rivals(resources: Resources, now: datetime) -> None:
    """All of them are on their way to look before the first one is counted."""
    member = await make_reachable(resources, now, accepted=(*BOTH, DocumentKind.MARKETING))
    gateway = ScriptedGateway()
    gateways = make_gateways(gateway)
    adverts = [
        await plan_one(member, now, cause=Cause.MARKETING, channels=[Channel.SMS], text=f"Скидка {place}.")
        for place in range(6)
    ]
    async with database.lease() as elsewhere, elsewhere.transaction():
        await elsewhere.execute("SELECT 1 FROM member WHERE id = $1 FOR NO KEY UPDATE", member)
        rivals = [asyncio.create_task(cascade.advance(advert, resources, gateways, now)) for advert in adverts]
        await waiting(elsewhere, len(rivals))
    await asyncio.gather(*rivals)
    assert len(gateway.taken) == 1
    assert [(await message_row(advert))["reason"] for advert in adverts].count("TOO_MANY") == 5
